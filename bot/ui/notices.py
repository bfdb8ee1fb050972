"""What the bot says beside answers: fixed sentences, so nothing in them is hostile."""

from __future__ import annotations

from bot.ui.limits import MAX_QUESTION

NO_INDEX = (
    "There is no index yet, so there is nothing to search. "
    "Whoever runs this bot can build one with `dateline index PATH`."
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
QUESTION_TOO_LONG = f"That question is too long: at most {MAX_QUESTION} characters, please."
