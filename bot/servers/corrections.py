"""Whether an answer that was given still stands, now that the articles are others."""

from __future__ import annotations

from enum import IntEnum

from bot.languages import N_, _
from bot.qa.answer import Answer
from bot.qa.candidates import Candidate
from bot.qa.meaning.wording import Wording
from bot.qa.questions import QuestionKind
from bot.servers.keeping import restored
from bot.servers.records.given import GivenAnswer, GivenQuote
from index.archive import Archive
from index.article import Article, Passage, ScoredPassage
from index.errors import ArticleNotFoundError

MORE_CONFIDENT = 0.1
"""By how much another answer must be the more probable one before it replaces one that was given.
Below that, what changes is as often the reader's mood as the evidence."""

ANSWERED_NOW = N_("The articles answer this now.")
GONE = N_("An article that was quoted here is no longer in the archive.")
CHANGED = N_("An article that was quoted here has been changed.")
OTHERWISE = N_("The articles say something else now.")
_FORMER = "{note} Until then, the answer was: {former}"

_BEFORE = 200  # code points of the former answer that a note repeats


class Support(IntEnum):
    """What became of the quotes of an answer; the largest counts."""

    UNCHANGED = 0
    CHANGED = 1
    """A quoted article serves with another text, in which the quote does not stand."""
    GONE = 2
    """A quoted article does not serve any more."""


def correction(given: GivenAnswer, now: Answer, archive: Archive) -> str:
    """Why `given` is to be replaced by `now`, as people read it; "" if it stands.

    It is replaced if it was an abstention and there is an answer now; if one of its quotes is gone
    or changed; or if the answer is another one, by the rule that the reader merges spans by, and
    more probable by MORE_CONFIDENT. That the reader now abstains is alone no reason. What an
    article said that is gone is not repeated. Blocking.
    """
    if not given.answered:
        return ANSWERED_NOW if now.answered else ""
    support = support_of(given, archive)
    if support is Support.GONE:
        return GONE
    other = now.answered and not same_answer(given, now, archive)
    if support is Support.CHANGED:
        return _with_former(CHANGED, given) if other or not now.answered else CHANGED
    if other and now.confidence >= given.confidence + MORE_CONFIDENT:
        return _with_former(OTHERWISE, given)
    return ""


def support_of(given: GivenAnswer, archive: Archive) -> Support:
    """How its quotes stand in the serving generation. Blocking."""
    return max((_support(quote, archive) for quote in given.quotes), default=Support.UNCHANGED)


def _support(quote: GivenQuote, archive: Archive) -> Support:
    try:
        serving = [one.number for one in archive.revisions(quote.article_id) if one.serving]
        if not serving:
            return Support.GONE
        if quote.revision in serving:
            return Support.UNCHANGED
        text = archive.article(quote.article_id).text
    except ArticleNotFoundError:
        return Support.GONE
    try:
        former = archive.article_revision(quote.article_id, quote.revision)
    except ArticleNotFoundError:
        return Support.CHANGED
    quoted = former.text[quote.start : quote.end]
    return Support.UNCHANGED if quoted in text else Support.CHANGED


def same_answer(given: GivenAnswer, now: Answer, archive: Archive) -> bool:
    """Whether both say the same, by the rule that the reader merges spans by. Blocking."""
    kind = QuestionKind(now.kind) if now.kind else None
    before = restored(given.asked_as, given, archive).answer
    return Wording.of(_candidate(before), kind).same(Wording.of(_candidate(now), kind))


def _candidate(answer: Answer) -> Candidate:
    """The words of an answer where they stand, as dates count from the day of their article."""
    for citation in answer.citations:
        start, end = citation.answer_start, citation.answer_end
        if start is None or end is None:
            start, end = citation.start, citation.end
        article = citation.article
        if article.text[start:end] == answer.answer:
            return _spanning(article, (start, end), (citation.start, citation.end))
    article = Article("answer", "", None, "", "", answer.answer)
    whole = 0, len(answer.answer)
    return _spanning(article, whole, whole)


def _spanning(article: Article, words: tuple[int, int], quote: tuple[int, int]) -> Candidate:
    found = ScoredPassage(Passage(0, article, *quote), 0.0)
    return Candidate(found, 0, *words, quote, 0.0)


def _with_former(note: str, given: GivenAnswer) -> str:
    former = given.answer if len(given.answer) <= _BEFORE else given.answer[: _BEFORE - 1] + "…"
    return _FORMER.format(note=note, former=former)


def translated(note: str) -> str:
    """What `correction` said, which the ledger keeps in English, in the language in force."""
    for reason in (ANSWERED_NOW, GONE, CHANGED, OTHERWISE):
        if note == reason:
            return _(reason)
        start = _FORMER.format(note=reason, former="")
        if note.startswith(start):
            former = note.removeprefix(start)
            return _("{note} Until then, the answer was: {former}").format(
                note=_(reason), former=former
            )
    return note
