"""What is kept about a person, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.languages import N_, NP_, _, ngettext
from bot.servers.records.privacy import Kept
from bot.servers.records.settings import ServerSettings
from bot.ui.cards import GREY
from bot.ui.numbers import count as number
from bot.ui.parts import left_out
from bot.ui.settings_card import days

KEPT = N_(
    "Questions that you ask me here, with the answers, the quotes and the messages they stand in; "
    "what you say to me in threads and direct messages, so that I can follow; your votes on "
    "answers, and the questions that you watch. With each, your Discord id, not your name."
)
READ = N_(
    "I read messages only where I am addressed: commands, mentions, replies to me, messages that "
    "you have me check, and threads that I opened."
)
HOW_TO_FORGET = N_(
    "`/forget me` removes all of this at once, also from my messages and from the names of threads "
    "that I opened, as far as Discord lets me. What you wrote yourself stays until you remove it, "
    "and a thread that I may not rename keeps your question as its name."
)
CONFIRM = N_(
    "This removes your questions, their answers, your votes and your watches from this server's "
    "records, my answers from the channels, and your questions from the names of threads that I "
    "opened. It cannot be taken back."
)
_MOST_THREADS = 20
REMOVED = N_("This answer was removed at the wish of the person who asked.")


def privacy_card(settings: ServerSettings, about_you: Kept) -> discord.Embed:
    card = discord.Embed(title=_("What I keep about you on this server"), colour=GREY)
    card.add_field(name=_("What is kept"), value=_(KEPT), inline=False)
    how_long = _("{days} after the question was asked; a watch until it ends.").format(
        days=days(settings.retention_days)
    )
    card.add_field(name=_("For how long"), value=how_long, inline=False)
    card.add_field(name=_("What is read"), value=_(READ), inline=False)
    card.add_field(name=_("About you now"), value=counted(about_you), inline=False)
    card.add_field(name=_("How to have it removed"), value=_(HOW_TO_FORGET), inline=False)
    return card


def counted(kept: Kept) -> str:
    """ "3 questions, 1 vote"; "nothing"."""
    counts = (
        (kept.questions, NP_("{count} question", "{count} questions")),
        (kept.turns, NP_("{count} turn of conversations", "{count} turns of conversations")),
        (kept.votes, NP_("{count} vote", "{count} votes")),
        (kept.watches, NP_("{count} watch", "{count} watches")),
        (
            kept.golden,
            NP_("{count} golden question with your id", "{count} golden questions with your id"),
        ),
        (kept.builds, NP_("{count} build with your id", "{count} builds with your id")),
        (kept.offers, NP_("{count} question asked back", "{count} questions asked back")),
        (
            kept.threads,
            NP_("{count} thread named after a question", "{count} threads named after a question"),
        ),
    )
    named = (
        ngettext(*forms, count).format(count=number(count)) for count, forms in counts if count
    )
    return ", ".join(named) or _("nothing")


def forgotten(removed: Kept, messages: int, still_named: Sequence[int] = ()) -> str:
    """What `/forget me` did; `still_named` are threads that keep a question as their name."""
    if not removed:
        return _("There was nothing about you in this server's records.")
    said = _("Removed: {what}.").format(what=counted(removed))
    if messages:
        said += " " + ngettext(
            "I am now taking the answers out of {count} message of mine. Private "
            "answers are only on your screen: dismiss them there.",
            "I am now taking the answers out of {count} messages of mine. Private "
            "answers are only on your screen: dismiss them there.",
            messages,
        ).format(count=number(messages))
    if still_named:
        shown = [f"<#{id}>" for id in still_named[:_MOST_THREADS]]
        more = left_out(len(still_named) - len(shown), "thread")
        said += " " + ngettext(
            "I may not rename {count} thread named after your questions; "
            "whoever manages threads here can: {threads}.",
            "I may not rename {count} threads named after your questions; "
            "whoever manages threads here can: {threads}.",
            len(still_named),
        ).format(
            count=number(len(still_named)), threads=", ".join([*shown, *([more] if more else [])])
        )
    return said
