"""What a bot sees and may do in channels, threads, guilds and direct messages."""

from __future__ import annotations

import io

import discord
import pytest
from fake_clients import connected
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, OWNER_ID, STRANGER_ID

ME = f"<@{BOT_ID}>"
ALL_WITH_CONTENT = discord.Intents(
    guilds=True, guild_messages=True, dm_messages=True, message_content=True
)


def text_channel(client: discord.Client, id: int = CHANNEL_ID) -> discord.TextChannel:
    channel = client.get_channel(id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_what_is_hidden_without_the_intent(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        mine = int(fake.earlier("an answer")["id"])
        file = fake.upload("a.txt", b"x")
        claim = await fake.say("secret", author=STRANGER_ID, attachments=[file])
        await fake.say("reply with ping", reply_to=mine)
        await fake.say("reply without", reply_to=mine, ping=False)
        await fake.say(f"{ME} is this true?", reply_to=int(claim["id"]))
        await fake.say_privately("in private", attachments=[file])
        await fake.say(f"{ME} last")
        await fake.until(lambda: client.seen and client.seen[-1].content == f"{ME} last")
        shown = [(m.content, len(m.attachments)) for m in client.seen[:-1]]
        assert shown == [
            ("", 0),
            ("reply with ping", 0),
            ("", 0),
            (f"{ME} is this true?", 0),
            ("in private", 1),
        ]
        asked = client.seen[3].reference
        assert asked and isinstance(asked.resolved, discord.Message)
        assert asked.resolved.content == ""
        assert (await text_channel(client).fetch_message(int(claim["id"]))).content == ""


async def test_what_is_shown_with_the_intent(fake: FakeDiscord) -> None:
    fake.refuse_intents = 0
    async with connected(fake, intents=ALL_WITH_CONTENT) as client:
        await fake.say("not for the bot")
        await fake.until(lambda: client.seen)
        assert client.seen[0].content == "not for the bot"
        assert client.application_flags.gateway_message_content_limited
        assert [one["intents"] for one in fake.identified] == [ALL_WITH_CONTENT.value]


@pytest.mark.parametrize("missing", ["embed_links", "send_messages", "attach_files"])
async def test_a_permission_that_the_bot_lacks(fake: FakeDiscord, missing: str) -> None:
    await fake.deny(CHANNEL_ID, BOT_ID, missing)
    async with connected(fake) as client:
        channel = text_channel(client)
        embed = discord.Embed(title="x")
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send(embed=embed, file=discord.File(io.BytesIO(b"in"), "x.txt"))
        assert refused.value.code == 50013
        await fake.allow(CHANNEL_ID, BOT_ID, missing)
        sent = await channel.send(embed=embed, file=discord.File(io.BytesIO(b"in"), "x.txt"))
        assert await sent.attachments[0].read() == b"in"


async def test_channels_it_cannot_see_or_read_back(fake: FakeDiscord) -> None:
    asked = await fake.say(f"{ME} why?")
    async with connected(fake) as client:
        channel = text_channel(client)
        await fake.deny(CHANNEL_ID, BOT_ID, "read_message_history")
        question = channel.get_partial_message(int(asked["id"]))
        with pytest.raises(discord.Forbidden) as refused:
            await question.reply("because")
        assert refused.value.code == 160002
        assert [one async for one in channel.history()] == []
        await fake.deny(CHANNEL_ID, BOT_ID, "view_channel")
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("x")
        assert refused.value.code == 50001


async def test_messages_that_are_gone_or_not_its_own(fake: FakeDiscord) -> None:
    theirs = await fake.say("x", author=STRANGER_ID)
    async with connected(fake) as client:
        channel = text_channel(client)
        mine = await channel.send("a")
        assert (await mine.edit(content="b")).content == "b"
        await fake.remove_message(mine.id)
        for wrong, code in ((mine.id, 10008), (int(theirs["id"]), 50005)):
            with pytest.raises(discord.HTTPException) as refused:
                await channel.get_partial_message(wrong).edit(content="c")
            assert refused.value.code == code
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await channel.send("x", reference=mine)
        await channel.send("x", reference=mine.to_reference(fail_if_not_exists=False))
        await (await channel.send("short-lived")).delete()
        assert "short-lived" not in [m["content"] for m in fake.messages.values()]
        once = [await channel.send("same", nonce=7) for _ in range(2)]
        assert once[0].id == once[1].id


async def test_threads(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        channel = text_channel(client)
        message = await channel.send("answer")
        thread = await message.create_thread(name="follow-up")
        assert thread.id == message.id
        with pytest.raises(discord.HTTPException) as refused:
            await message.create_thread(name="again")
        assert refused.value.code == 160004
        with pytest.raises(discord.HTTPException) as refused:
            await channel.create_thread(name="x" * 101)
        assert refused.value.code == 50035
        await thread.add_user(discord.Object(STRANGER_ID))
        assert [one.id for one in await thread.fetch_members()] == [BOT_ID, STRANGER_ID]
        said = await thread.send("here")
        await thread.edit(archived=True, name="done")
        assert [one.name async for one in channel.archived_threads()] == ["done"]
        with pytest.raises(discord.HTTPException) as refused:
            await said.edit(content="corrected")
        assert refused.value.code == 50083
        await thread.send("open again")
        assert not fake.channels[thread.id]["thread_metadata"]["archived"]
        await fake.deny(CHANNEL_ID, BOT_ID, "create_public_threads")
        with pytest.raises(discord.Forbidden):
            await channel.create_thread(name="x", type=discord.ChannelType.public_thread)


async def test_guilds_come_and_go(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        other = await fake.new_guild("Elsewhere", members=[STRANGER_ID])
        await fake.say(f"{ME} there?", channel=fake.general(other), author=STRANGER_ID)
        await fake.until(lambda: client.seen)
        assert client.seen[0].guild and client.seen[0].guild.id == other.id
        channel = text_channel(client, fake.general(other))
        await fake.bot_leaves(other.id)
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("x")
        assert refused.value.code == 50001
        await fake.bot_joins(other.id)
        await channel.send("back")
        member = await channel.guild.fetch_member(STRANGER_ID)
        assert not member.guild_permissions.manage_guild
        with pytest.raises(discord.NotFound):
            await channel.guild.fetch_member(999)


async def test_direct_messages(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        user = await client.fetch_user(OWNER_ID)
        sent = await user.send("hello")
        assert fake.guild_of(sent.channel.id) is None
        fake.closed_to_bot.add(OWNER_ID)
        with pytest.raises(discord.Forbidden) as refused:
            await user.send("hello")
        assert refused.value.code == 50007


async def test_an_unknown_route_is_noted(fake: FakeDiscord) -> None:
    async with connected(fake) as client:
        with pytest.raises(discord.NotFound):
            await text_channel(client).invites()
    assert len(fake.unhandled) == 1
    fake.unhandled.clear()
