"""A person or thing named by its relation to an earlier one: "and his predecessor?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.qa.followups.entities import Entity, entities
from bot.qa.followups.focus import distinct, owner
from bot.qa.followups.resolution import antecedent
from bot.qa.followups.turns import Turn
from bot.qa.followups.vocabulary import RELATIONS
from bot.qa.question_words import PERSON_NOUNS, head_noun

_OWNED = re.compile(r"(?P<whose>his|her|its|their) (?P<what>[\w' -]{2,60}?)\s*\??", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|did|had|[^\W\d_]{3,}ed|led|won|shot|held|became)\b", re.I)


def related(fragment: str, turns: Sequence[Turn], last: Turn | None) -> tuple[str, str] | None:
    """The question that `fragment` completes to, and what was understood; None for no such one.

    A person takes the place of the one in the last question ("where was X's predecessor
    killed?"); anything else is asked for by itself ("what was X's party?"). Raises
    resolution.Ambiguity where the pronoun fits nothing, or more than one thing.
    """
    found = _OWNED.fullmatch(" ".join(fragment.split()))
    if found is None:
        return None
    head = head_noun(found["what"].split())
    if head is None or head[1] != len(found["what"].split()):
        return None
    word = found["whose"].lower()
    meant = antecedent(word, turns)
    phrase = f"{owner(meant)} {found['what']}"
    person = head[0] in RELATIONS or head[0] in PERSON_NOUNS
    understood = f"{word} = {meant.text}"
    if person and last is not None:
        places = [
            each
            for each in distinct(entities(last.asked_as))
            if each.text == meant.text and not each.inner
        ]
        if len(places) == 1 and last.asked_as.count(meant.text) == 1:
            return _exchanged(last.asked_as, places[0], phrase), understood
    plural = head[0] != found["what"].split()[-1].lower()
    past = last is not None and _PAST.search(last.asked_as) is not None
    verb = ("were" if plural else "was") if past else ("are" if plural else "is")
    return f"{'Who' if person else 'What'} {verb} {phrase}?", understood


def _exchanged(question: str, old: Entity, new: str) -> str:
    return question[: old.start] + new + question[old.end :]
