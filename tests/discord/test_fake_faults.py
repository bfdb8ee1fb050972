"""What goes wrong on purpose, seen by a real client."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest
from fake_clients import PlainClient, connected
from fake_discord import FakeDiscord
from fake_gateway import RESUMABLE
from fake_load import Ask, all_answered, fire, report
from fake_payloads import BOT_ID, CHANNEL_ID
from test_fake_messages import text_channel

ME = f"<@{BOT_ID}>"


def with_echo(client: PlainClient) -> None:
    @client.tree.command(description="Says it again.")
    async def echo(interaction: discord.Interaction[PlainClient], text: str) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=text)


async def test_rate_limits(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        channel = text_channel(client)
        for everywhere in (False, True):
            refused = fake.refuse_next(
                "POST", "/messages", status=429, retry_after=0.01, is_global=everywhere
            )
            await channel.send("x")
            assert refused.struck == 1
        limit = fake.limit_rate("POST", "/messages", requests=2, per_s=0.1)
        await asyncio.gather(*(channel.send(str(n)) for n in range(6)))
        assert limit.refused == 0, "discord.py reads the headers and waits"
        assert sum(m["content"].isdecimal() for m in fake.messages.values()) == 6


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_dropped_connection(fake: FakeDiscord, carried_out: bool) -> None:
    async with connected(fake) as client:
        fake.drop_next("POST", "/messages", carried_out=carried_out)
        with pytest.raises((aiohttp.ClientError, OSError)):
            await text_channel(client).send("once", nonce=1)
        assert len(fake.messages) == carried_out
        await text_channel(client).send("once", nonce=1)
        assert len(fake.messages) == 1


async def test_an_error_although_it_was_done(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        fake.refuse_next("POST", "/messages", status=502, carried_out=True)
        await text_channel(client).send("once")  # discord.py tries again with the same nonce
        assert len(fake.requested("POST", "/messages")) == 2
        assert len(fake.messages) == 1


async def test_a_followup_that_was_sent_although_it_failed(fake: FakeDiscord) -> None:
    """Webhooks know no nonce: what discord.py tries again is there twice."""
    async with connected(fake, with_echo) as client:
        asked = await fake.invoke("echo", text="x")
        await fake.answered(asked)
        fake.refuse_next("POST", "/webhooks/", status=500, carried_out=True)
        webhook = discord.Webhook.partial(BOT_ID, asked.token, client=client)
        await webhook.send("more", allowed_mentions=discord.AllowedMentions.none())
        assert [m["content"] for m in fake.messages.values()] == ["x", "more", "more"]
    assert report(fake, [asked]).answered_twice == (asked,)


async def test_a_slow_answer(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        hold = fake.hold_next("POST", "/messages")
        sending = asyncio.create_task(text_channel(client).send("x"))
        await hold.entered.wait()
        assert fake.messages == {}
        hold.released.set()
        assert (await sending).content == "x"


async def test_faults_by_chance_are_the_same_with_the_same_seed(fake: FakeDiscord) -> None:
    def struck() -> list[bool]:
        fake.faults.at_random(seed=1, rate=0.3, kinds=["500", "dropped after"])
        return [fake.faults.due("POST", "/channels/1/messages") is not None for _ in range(50)]

    first = struck()
    assert first == struck() and 5 < sum(first) < 25
    assert not any(fake.faults.due("GET", "/users/@me") for _ in range(50))
    fake.faults.stop()
    assert fake.faults.due("POST", "/channels/1/messages") is None


async def test_nothing_is_lost_when_the_gateway_shakes(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        shaking = asyncio.create_task(fake.shake_gateway(seed=3, times=12))
        wanted = []
        while not shaking.done():
            wanted.append(f"{ME} {len(wanted)}")
            await fake.say(wanted[-1])
            before = fake.heartbeats
            await fake.until(lambda before=before: fake.heartbeats > before or shaking.done())
        await shaking
        await fake.until(lambda: len(client.seen) >= len(wanted))
        assert [message.content for message in client.seen] == wanted
        assert (fake.identifies, fake.resumes) == (1, 12)


@pytest.mark.parametrize("code", RESUMABLE)
async def test_close_codes(fake: FakeDiscord, code: int) -> None:
    async with connected(fake):
        await fake.close_gateway(code)
        await fake.until(lambda: fake.resumes == 1)


async def test_heartbeats_that_nobody_acknowledges(fake: FakeDiscord) -> None:
    """The client's `heartbeat_timeout` is 1 second here."""
    fake.acks_heartbeats = False
    async with connected(fake):
        await fake.until(lambda: fake.resumes == 1)
        fake.acks_heartbeats = True


async def test_load_is_answered_once(fake: FakeDiscord) -> None:
    fake.ack_window_s = fake.wait_s  # how fast this machine is, is not the question here
    async with connected(fake, with_echo):
        other = await fake.new_guild("Elsewhere", members=[BOT_ID])
        where = (CHANNEL_ID, fake.general(other))
        asks = [Ask("echo", {"text": str(n)}, channel=where[n % 2]) for n in range(40)]
        fired = await fire(fake, asks)
        await all_answered(fake, fired)
    told = report(fake, fired)
    assert (told.unanswered, told.answered_twice) == ((), ())
    assert len(told.acknowledged_after_s) == 40
    assert 0 < told.percentile_s(0.5) <= told.percentile_s(0.99) <= fake.ack_window_s


async def test_load_counts_what_came_twice(fake: FakeDiscord) -> None:
    def with_double(client: PlainClient) -> None:
        @client.tree.command(description="Says it twice.")
        async def echo(interaction: discord.Interaction[PlainClient], text: str) -> None:
            await interaction.response.send_message(text)
            await interaction.followup.send(text)

    async with connected(fake, with_double):
        fired = await fire(fake, [Ask("echo", {"text": "x"})])
        await fake.replies(2)
    assert report(fake, fired).answered_twice == tuple(fired)
