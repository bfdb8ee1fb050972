"""What the bot says beside answers: fixed sentences, so nothing in them is hostile."""

from __future__ import annotations

import datetime as dt
import math

from bot.ui.limits import MAX_QUESTION

NO_INDEX = (
    "There are no articles here yet, so there is nothing to search. Whoever manages this server "
    "can add some with `/articles add`."
)
NOT_SEARCHABLE = (
    "The articles cannot be searched right now. Whoever runs this bot finds the reason in its log."
)
SOMETHING_WENT_WRONG = (
    "Something went wrong, and the question was not answered. Whoever runs this bot finds the "
    "reason in its log."
)
BUSY = "Too many questions are waiting. Please ask again in a minute."
TOO_SLOW = "The answer took too long, so I stopped waiting for it. Please ask again later."
SHUTTING_DOWN = "The bot is shutting down. Please ask again when it is back."
USAGE = (
    "Ask a question about the news articles: `/ask question:` followed by it, "
    "or mention me and write it in the same message."
)
CANNOT_SEE = (
    "Discord does not show me that message. Open its menu, choose Apps and then "
    "Check against articles: then I can read it."
)
NO_DIRECT_MESSAGES = "I don't answer direct messages. Please ask in a server, with `/ask`."
NOT_KEPT = "I no longer know this answer, so its buttons do nothing. Please ask again."
NO_LONGER_THERE = "The articles that this answer stood on have been removed. Please ask again."
OFFER_NOT_KEPT = "I no longer know that question. Please ask it as a whole."
ONLY_THE_ASKER = (
    "Only the person who asked can choose what was meant. Please ask your own question."
)
CHOSEN_BEFORE = "That was chosen already: the answer is on its way, or was given."
NO_THREAD = "I can't open a thread here."
THANKS = "Thank you. That helps those who keep the articles."
QUESTION_TOO_LONG = f"That question is too long: at most {MAX_QUESTION} characters, please."


def too_often(wait_s: float) -> str:
    """When to ask again."""
    seconds = max(1, math.ceil(wait_s))
    when = "in a second" if seconds == 1 else f"in {seconds} seconds"
    return f"That was a lot of questions. Please ask again {when}."


def waiting(ahead: int) -> str:
    """What is shown of a question that takes long."""
    if ahead <= 0:
        return "Reading the articles…"
    noun = "question is" if ahead == 1 else "questions are"
    return f"Waiting: {ahead} {noun} being answered first."


def watched(until: dt.date) -> str:
    """That a question is watched, and how to end that."""
    return (
        f"I'll answer here when the articles do, until {until.day} {until:%B %Y}. "
        "`/watches` lists what you watch and ends it."
    )
