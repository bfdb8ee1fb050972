"""Who is offered which command, and who is refused, by the permissions that SimCord computes."""

from __future__ import annotations

import discord
import pytest
import simcord
from scripted import ScriptedPipeline
from simcord_newsroom import Newsroom, ask, buttons, press, response, words

from bot.servers.permissions import MAY_NOT_ASK, MAY_NOT_MANAGE, NOT_HERE

FOR_ALL = {"ask", "articles list", "articles search", "articles show", "watches", "privacy"}
FOR_ALL |= {"forget me", "help", "status"}
MANAGING = {"index rebuild", "index rollback", "golden add", "golden list", "settings show"}


async def test_what_is_offered(newsroom: Newsroom) -> None:
    for who, managing in ((newsroom.owner, MANAGING), (newsroom.reader, set())):
        offered = set(who.available_commands(newsroom.channel))
        assert offered >= FOR_ALL
        assert offered & MANAGING == managing


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("golden list", {}),
        ("index rollback", {}),
        ("settings retention", {"days": 1}),
    ],
)
async def test_managing_is_not_offered_by_default(
    newsroom: Newsroom, command: str, options: dict[str, int]
) -> None:
    with pytest.raises(simcord.SetupError, match="not visible to this user"):
        await newsroom.reader.slash(newsroom.channel, command, **options)


async def test_manage_server_is_what_it_takes(newsroom: Newsroom) -> None:
    role = newsroom.guild.create_role("editors", permissions=discord.Permissions(manage_guild=True))
    editor = newsroom.guild.add_member(newsroom.env.create_user("carol"), roles=[role])
    shown = response(await editor.slash(newsroom.channel, "settings show"))
    assert shown.ephemeral
    assert "everybody" in words(shown)
    assert "golden list" in editor.available_commands(newsroom.channel)


async def test_being_offered_a_command_is_not_being_let(newsroom: Newsroom) -> None:
    """A server's own command permissions offer; who manages, the bot itself decides."""
    commands = newsroom.env.bot.tree  # type: ignore[attr-defined]
    (golden,) = (one for one in await commands.fetch_commands() if one.name == "golden")
    newsroom.guild.set_command_permissions(golden, {newsroom.reader: True})
    shown = response(await newsroom.reader.slash(newsroom.channel, "golden list"))
    assert (shown.content, shown.ephemeral) == (MAY_NOT_MANAGE, True)
    newsroom.guild.set_command_permissions(golden, {newsroom.owner: False, newsroom.reader: False})
    assert "golden list" not in newsroom.reader.available_commands(newsroom.channel)


async def test_a_named_role_manages_once_it_is_offered(newsroom: Newsroom) -> None:
    role = newsroom.guild.create_role("desk")
    clerk = newsroom.guild.add_member(newsroom.env.create_user("dora"), roles=[role])
    added = await clerk.slash(newsroom.channel, "articles add", url="https://news.example/a")
    assert response(added).content == MAY_NOT_MANAGE
    await newsroom.owner.slash(
        newsroom.channel, "settings roles", right="manage", change="add", role=role
    )
    added = await clerk.slash(newsroom.channel, "articles add")
    assert "Attach a file" in response(added).content


async def test_a_channel_where_nothing_is_answered(
    newsroom: Newsroom, pipeline: ScriptedPipeline
) -> None:
    quiet = newsroom.guild.create_text_channel("quiet")
    message = await ask(newsroom.owner, newsroom.channel)
    await newsroom.owner.slash(
        newsroom.channel, "settings channels", change="add", channel=newsroom.channel
    )
    refused = await ask(newsroom.reader, quiet)
    assert (refused.content, refused.ephemeral) == (NOT_HERE, True)
    assert "Muluk Saray" in words(await ask(newsroom.reader, newsroom.channel))
    assert pipeline.asked == ["Which village was raided?"] * 2
    assert "87%" in words(await press(newsroom.reader, message, "Why"))


async def test_buttons_are_for_those_who_may_ask(newsroom: Newsroom) -> None:
    message = await ask(newsroom.owner, newsroom.channel)
    role = newsroom.guild.create_role("desk")
    await newsroom.owner.slash(
        newsroom.channel, "settings roles", right="ask", change="add", role=role
    )
    for label in ("Passages", "Why", "Cite", "Watch this question"):
        refused = await press(newsroom.reader, message, label)
        assert (refused.content, refused.ephemeral) == (MAY_NOT_ASK, True)
    clerk = newsroom.guild.add_member(newsroom.env.create_user("dora"), roles=[role])
    assert "87%" in words(await press(clerk, message, "Why"))


async def test_where_the_bot_may_not_embed(newsroom: Newsroom) -> None:
    """An answer is said in plain text there, and its buttons are the same."""
    denied = discord.PermissionOverwrite(embed_links=False)
    bare = newsroom.guild.create_text_channel(
        "bare", overwrites={newsroom.guild.default_role: denied}
    )
    message = await ask(newsroom.owner, bare)
    assert message.embeds == []
    assert "**Muluk Saray**" in message.content
    assert "Cite" in buttons(message)
