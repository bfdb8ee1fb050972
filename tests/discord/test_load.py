"""Many people in several servers at once: everybody gets their own answer, and one."""

from __future__ import annotations

from collections import Counter

from fake_discord import FakeDiscord
from fake_load import Ask, all_answered, answers, fire, report
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID
from roomy_bot import answers_to, echoed, is_echo, question_of, roomy_bot
from scripted import ScriptedPipeline

from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings

PEOPLE, EACH, SERVERS = 40, 5, 5


async def test_each_question_is_answered_once(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
) -> None:
    fake.ack_window_s = fake.wait_s = 120  # how fast this machine is, is not the question here
    pipeline.script = echoed
    people = [fake.new_user(f"person{n}") for n in range(PEOPLE)]
    async with roomy_bot(fake, settings, servers):
        guilds = [await fake.new_guild(f"Server {n}", members=people) for n in range(1, SERVERS)]
        where = [CHANNEL_ID, *map(fake.general, guilds)]
        for person in people:
            fake.add_member(person, GUILD_ID)
        asks = [
            Ask("ask", {"question": f"Who is number {n}?"}, user=person, channel=where[n % SERVERS])
            for n, person in enumerate(people * EACH)
        ]
        fired = await fire(fake, asks)
        await all_answered(fake, fired, is_answer=is_echo)
    told = report(fake, fired)
    assert (told.unanswered, told.answered_twice) == ((), ())
    for ask, asked in zip(asks, fired, strict=True):
        assert answers(fake, asked, answers_to(question_of(ask))) == 1
    assert Counter(pipeline.asked) == Counter(map(question_of, asks))
    for guild in (GUILD_ID, *(guild.id for guild in guilds)):
        given = servers.server(guild).records.ledger
        kept = [given.by_id(id) for id in range(1, len(asks) // SERVERS + 1)]
        assert all(one and one.state == "answered" and one.message_id for one in kept)
        assert given.by_id(len(kept) + 1) is None, "another server's question"


async def test_the_same_question_of_one_moment(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
) -> None:
    """It may be looked up once, but everybody gets an answer, by command and by mention."""
    fake.ack_window_s = fake.wait_s = 120
    pipeline.script = echoed
    question = "Who is number one?"
    async with roomy_bot(fake, settings, servers):
        said = [await fake.say(f"<@{BOT_ID}> {question}") for _ in range(10)]
        fired = await fire(fake, [Ask("ask", {"question": question})] * 10)
        await all_answered(fake, fired, is_answer=answers_to(question))
        await fake.replies(len(said) + len(fired))
    replied = [m for m in fake.messages.values() if is_echo(m) and "message_reference" in m]
    ids = [one["message_reference"]["message_id"] for one in replied]
    assert sorted(map(str, ids)) == sorted(one["id"] for one in said)
    assert report(fake, fired).answered_twice == ()
    assert len(pipeline.asked) <= 20
