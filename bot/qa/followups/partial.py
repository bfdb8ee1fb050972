"""Messages that are parts of questions: by what they lack, not by what they could mean."""

from __future__ import annotations

from bot.qa.followups.entities import entities
from bot.qa.followups.times import time_phrases
from bot.qa.followups.vocabulary import BARE_VERBS, PARTICIPLES
from bot.qa.meaning.content import content_words
from bot.qa.question_words import AUXILIARIES, QUESTION_WORDS, tokens
from index.names import COMMON_WORDS

_MOST_WORDS = 5
_MOST_CONTENT = 2


def is_partial(message: str, *, led: bool, follows: bool) -> bool:
    """Whether `message` says too little to be searched: "who helped?", "in which city?".

    `led` tells that "and" or the like stood before it; `follows` that there are turns before it.
    """
    words = [word.lower() for word in tokens(message) if word[0].isalnum()]
    if not words or len(words) > _MOST_WORDS or not follows:
        return False
    clause = AUXILIARIES & set(words)
    if led and not clause and len(words) < 4 and not QUESTION_WORDS & set(words):
        return True
    if not QUESTION_WORDS & set(words):
        return False
    if any(each.name for each in entities(message)) or time_phrases(message):
        return False
    content = content_words(message) - QUESTION_WORDS - AUXILIARIES
    return len(content) <= _MOST_CONTENT and all(_common(word) for word in content)


def _common(word: str) -> bool:
    """Whether the word alone is no subject to search for."""
    known = COMMON_WORDS | BARE_VERBS | PARTICIPLES
    return len(word) < 4 or word in known or word.endswith("ed")
