"""What the bot says beside answers: fixed sentences, so nothing in them is hostile.

The constants are English; `bot.cogs.failures` says them in the language in force.
"""

from __future__ import annotations

import datetime as dt
import math

from bot.languages import N_, Message, _, ngettext
from bot.ui.dates import long_day
from bot.ui.limits import MAX_QUESTION

NO_INDEX = N_(
    "There are no articles here yet, so there is nothing to search. Whoever manages this server "
    "can add some with `/articles add`."
)
NOT_SEARCHABLE = N_(
    "The articles cannot be searched right now. Whoever runs this bot finds the reason in its log."
)
SOMETHING_WENT_WRONG = N_(
    "Something went wrong, and the question was not answered. Whoever runs this bot finds the "
    "reason in its log."
)
BUSY = N_("Too many questions are waiting. Please ask again in a minute.")
TOO_SLOW = N_("The answer took too long, so I stopped waiting for it. Please ask again later.")
SHUTTING_DOWN = N_("The bot is shutting down. Please ask again when it is back.")
USAGE = N_(
    "Ask a question about the news articles: `/ask question:` followed by it, "
    "or mention me and write it in the same message."
)
CANNOT_SEE = N_(
    "Discord does not show me that message. Open its menu, choose Apps and then "
    "Check against articles: then I can read it."
)
NO_DIRECT_MESSAGES = N_("I don't answer direct messages. Please ask in a server, with `/ask`.")
NOT_KEPT = N_("I no longer know this answer, so its buttons do nothing. Please ask again.")
NO_LONGER_THERE = N_("The articles that this answer stood on have been removed. Please ask again.")
OFFER_NOT_KEPT = N_("I no longer know that question. Please ask it as a whole.")
ONLY_THE_ASKER = N_(
    "Only the person who asked can choose what was meant. Please ask your own question."
)
CHOSEN_BEFORE = N_("That was chosen already: the answer is on its way, or was given.")
NO_THREAD = N_("I can't open a thread here.")
THANKS = N_("Thank you. That helps those who keep the articles.")
QUESTION_TOO_LONG = Message(
    N_("That question is too long: at most {most} characters, please."), most=MAX_QUESTION
)


def too_often(wait_s: float) -> str:
    """When to ask again."""
    seconds = max(1, math.ceil(wait_s))
    return (
        _("That was a lot of questions. Please ask again in a second.")
        if seconds == 1
        else ngettext(
            "That was a lot of questions. Please ask again in {count} second.",
            "That was a lot of questions. Please ask again in {count} seconds.",
            seconds,
        ).format(count=seconds)
    )


def waiting(ahead: int) -> str:
    """What is shown of a question that takes long."""
    if ahead <= 0:
        return _("Reading the articles…")
    return ngettext(
        "Waiting: {count} question is being answered first.",
        "Waiting: {count} questions are being answered first.",
        ahead,
    ).format(count=ahead)


def watched(until: dt.date) -> str:
    """That a question is watched, and how to end that."""
    return _(
        "I'll answer here when the articles do, until {day}. "
        "`/watches` lists what you watch and ends it."
    ).format(day=long_day(until))
