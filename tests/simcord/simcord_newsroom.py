"""A server on SimCord, and what people see and do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import simcord

from bot.client import DatelineBot

SERVER = 300


@dataclass(frozen=True)
class Newsroom:
    """A server with a channel and two people; `owner` may manage it, `reader` may not."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    owner: simcord.MemberActor
    reader: simcord.MemberActor


def awaits_builds(env: simcord.Env, bot: DatelineBot) -> None:
    """Tells SimCord what the bot's task for watches and corrections waits for: it takes any wait
    that nobody declares for work that is not done.
    """
    news = bot._aftermath.news
    bot._aftermath.news = lambda timeout_s: env.external_wait(  # type: ignore[method-assign]
        news(timeout_s), reason="the next build"
    )


def response(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """What the bot said, which there must be."""
    assert result.response is not None, result
    return result.response


async def ask(
    who: simcord.MemberActor, channel: simcord.ChannelHandle, **options: Any
) -> simcord.ResponseMessage:
    return response(
        await who.slash(channel, "ask", question="Which village was raided?", **options)
    )


async def press(
    who: simcord.MemberActor, message: simcord.ResponseMessage, label: str
) -> simcord.ResponseMessage:
    return response(await who.click(message, custom_id=buttons(message)[label]))


def words(message: simcord.ResponseMessage) -> str:
    """A message's content and what its embeds say."""
    parts: list[str | None] = [message.content]
    for embed in message.embeds:
        parts += [embed.title, embed.description]
        parts += [f"{field.name}: {field.value}" for field in embed.fields]
        parts.append(embed.footer.text)
    return "\n".join(filter(None, parts))


def buttons(message: simcord.ResponseMessage) -> dict[str, str]:
    """The labels (or emoji) of a message's buttons that can be pressed, and their ids."""
    return {
        item.get("label") or item["emoji"]["name"]: item["custom_id"]
        for row in message.components
        for item in row["components"]
        if not item.get("disabled")
    }
