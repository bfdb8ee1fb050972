"""A message of a conversation as a whole question, or what is missing to make it one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.languages import _
from bot.qa.followups import asking, exchanges, relations
from bot.qa.followups.courtesies import is_courtesy, is_reaction, without_courtesy
from bot.qa.followups.focus import owner
from bot.qa.followups.partial import is_partial
from bot.qa.followups.pronouns import replaced, replacements
from bot.qa.followups.resolution import CLASS_OF, Ambiguity
from bot.qa.followups.turns import MAX_MESSAGE, Completion, Turn, bounded

_LEAD = re.compile(
    r"(?:(?:and|but|or|so|also|then|ok|okay|well|hm+)[, ]+)*"
    r"(?P<about>(?:what|how) about |(?:the )?same (?:question )?(?:for|with|but) "
    r"|(?:no[, ]+|sorry[, ]+)*i (?:meant|mean) |no[, ]+|sorry[, ]+)?",
    re.IGNORECASE,
)
_POSSESSIVE = ("his", "her", "its", "their")


def complete(message: str, turns: Sequence[Turn]) -> Completion:
    """`message` as a question that can be searched by itself, by what the `turns` before tell.

    Oldest turn first. Never raises, and never guesses: where more than one completion, or none,
    fits, the result is unclear and names the word that hangs, with the readings if there are any.
    """
    text = " ".join(message[:MAX_MESSAGE].split())
    known = bounded(turns)
    if not text or is_courtesy(text):
        return Completion(text, asks=False)
    asked = without_courtesy(text)
    if is_reaction(asked):
        return Completion(text, unclear=_("what to look for with “{words}”").format(words=asked))
    lead = _LEAD.match(asked)
    led = lead.end() if lead else 0
    fragment = asked[led:]
    try:
        made = _fragment(fragment, known, led=led > 0, question="?" in asked)
        made = made or _pronouns(asked, known)
    except Ambiguity as found:
        return _unclear(asked, found)
    if made is None and is_partial(fragment, led=led > 0, follows=bool(known)):
        return _nothing_said(fragment)
    return made or Completion(asked)


def _fragment(
    fragment: str, turns: Sequence[Turn], *, led: bool, question: bool
) -> Completion | None:
    """What an elliptical message completes to; None if the message is a clause of its own."""
    last = _last_whole(turns)
    if asking.is_lone(fragment) or asking.happens(fragment):
        made = asking.asked_again(fragment, last) if last else None
        if made:
            return _completed(made, f"{fragment.strip(' ?')}: of the last question")
        if asking.happens(fragment) and turns:
            return None
        return Completion(fragment, unclear=_("what “{words}” asks about").format(words=fragment))
    if related := relations.related(fragment, turns, last):
        return _completed(*related)
    put = exchanges.exchanged(fragment, last.asked_as) if last else None
    if put and put.question:
        return _completed(put.question, put.understood)
    if put:
        return Completion(fragment, unclear=put.understood, options=put.options)
    if (led or question) and (exchanges.is_fragment(fragment) or exchanges.points(fragment)):
        return _nothing_said(fragment)
    return None


def _nothing_said(fragment: str) -> Completion:
    words = fragment.strip(" ?")
    return Completion(fragment, unclear=_("what is asked about “{words}”").format(words=words))


def _pronouns(asked: str, turns: Sequence[Turn]) -> Completion | None:
    changes = replacements(asked, turns)
    if not changes:
        return None
    understood = dict.fromkeys(change.understood for change in changes)
    return _completed(replaced(asked, changes), ", ".join(understood))


def _last_whole(turns: Sequence[Turn]) -> Turn | None:
    """The latest turn whose question is a clause: keywords and fragments can lend nothing."""
    return next((turn for turn in reversed(turns) if len(turn.asked_as.split()) > 2), None)


def _completed(question: str, understood: str) -> Completion:
    question = question[:1].upper() + question[1:].rstrip(" .!")
    question += "" if question.endswith("?") else "?"
    return Completion(question, changed=True, understood=understood)


def _unclear(asked: str, found: Ambiguity) -> Completion:
    options = []
    pattern = re.compile(rf"\b{re.escape(found.word)}\b", re.IGNORECASE)
    if found.word in CLASS_OF or found.word.startswith("that "):
        for each in found.candidates:
            text = owner(each) if found.word in _POSSESSIVE else each.text
            options.append(pattern.sub(lambda found, text=text: text, asked, count=1))  # type: ignore[misc]
    who = _(" or ").join(each.text for each in found.candidates)
    missing = (
        _("“{word}”: {candidates}").format(word=found.word, candidates=who)
        if who
        else _("“{words}”").format(words=found.word)
    )
    return Completion(asked, unclear=missing, options=tuple(options))
