"""What is kept about a person, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.servers.records.privacy import Kept
from bot.servers.records.settings import ServerSettings
from bot.ui.cards import GREY
from bot.ui.parts import left_out
from bot.ui.settings_card import days

KEPT = (
    "Questions that you ask me here, with the answers, the quotes and the messages they stand in; "
    "what you say to me in threads and direct messages, so that I can follow; your votes on "
    "answers, and the questions that you watch. With each, your Discord id, not your name."
)
READ = (
    "I read messages only where I am addressed: commands, mentions, replies to me, messages that "
    "you have me check, and threads that I opened."
)
HOW_TO_FORGET = (
    "`/forget me` removes all of this at once, also from my messages and from the names of threads "
    "that I opened, as far as Discord lets me. What you wrote yourself stays until you remove it, "
    "and a thread that I may not rename keeps your question as its name."
)
CONFIRM = (
    "This removes your questions, their answers, your votes and your watches from this server's "
    "records, my answers from the channels, and your questions from the names of threads that I "
    "opened. It cannot be taken back."
)
_MOST_THREADS = 20
REMOVED = "This answer was removed at the wish of the person who asked."


def privacy_card(settings: ServerSettings, about_you: Kept) -> discord.Embed:
    card = discord.Embed(title="What I keep about you on this server", colour=GREY)
    card.add_field(name="What is kept", value=KEPT, inline=False)
    how_long = (
        f"{days(settings.retention_days)} after the question was asked; a watch until it ends."
    )
    card.add_field(name="For how long", value=how_long, inline=False)
    card.add_field(name="What is read", value=READ, inline=False)
    card.add_field(name="About you now", value=counted(about_you), inline=False)
    card.add_field(name="How to have it removed", value=HOW_TO_FORGET, inline=False)
    return card


def counted(kept: Kept) -> str:
    """ "3 questions, 1 vote"; "nothing"."""
    counts = (
        (kept.questions, "question"),
        (kept.turns, "turn of conversations"),
        (kept.votes, "vote"),
        (kept.watches, "watch"),
        (kept.golden, "golden question with your id"),
        (kept.builds, "build with your id"),
        (kept.offers, "question asked back"),
        (kept.threads, "thread named after a question"),
    )
    return ", ".join(_plural(count, noun) for count, noun in counts if count) or "nothing"


def forgotten(removed: Kept, messages: int, still_named: Sequence[int] = ()) -> str:
    """What `/forget me` did; `still_named` are threads that keep a question as their name."""
    if not removed:
        return "There was nothing about you in this server's records."
    said = f"Removed: {counted(removed)}."
    if messages:
        said += (
            f" I am now taking the answers out of {_plural(messages, 'message')} of mine. Private "
            "answers are only on your screen: dismiss them there."
        )
    if still_named:
        shown = [f"<#{id}>" for id in still_named[:_MOST_THREADS]]
        more = left_out(len(still_named) - len(shown), "thread")
        said += (
            f" I may not rename {_plural(len(still_named), 'thread')} named after your questions; "
            f"whoever manages threads here can: {', '.join([*shown, *([more] if more else [])])}."
        )
    return said


def _plural(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    first, _, rest = noun.partition(" ")
    plural = f"{first}es" if first.endswith("ch") else f"{first}s"
    if first == "golden":
        return f"{count:,} golden questions with your id"
    return f"{count:,} {plural}" + (f" {rest}" if rest else "")
