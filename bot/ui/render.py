"""An answer as Discord messages of plain content: for where the bot may not embed links.

`bot.ui.cards` shows the same as a card. Every string that comes from an article or a person
passes `bot.ui.visible` and `bot.ui.markdown` here; nothing else in a message is from outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.languages import _
from bot.qa.answer import Answer, AnswerReading, Citation, name_copies
from bot.qa.citations import quote_link
from bot.ui.limits import MAX_MESSAGES, MESSAGE, units
from bot.ui.links import safe_link
from bot.ui.markdown import bold, masked_link, pack, subtext
from bot.ui.numbers import percent
from bot.ui.parts import (
    CLOSEST,
    DISAGREE,
    MOST_CITATIONS,
    MOST_PASSAGES,
    NO_ANSWER,
    NOTHING_VISIBLE,
    READING,
    UNSUPPORTED,
    answer_lines,
    answer_text,
    copy_name,
    distinct,
    emphasis,
    fit,
    id_name,
    left_out,
    names,
    one_line,
    question_line,
    stories,
)
from bot.ui.quotes import block_quote
from index.article import Article, ArticleReference, ScoredPassage
from index.errors import DatelineError
from index.filtering import EmptyRangeError, UnknownNameError

__all__ = ["DISAGREE", "NO_ANSWER", "UNSUPPORTED", "render_answer", "render_problem"]

# Room for each part, in units, chosen so that the question fits into one message with a piece of
# the answer, and a citation at its largest with at least 600 units of its quote.
_ANSWER_PIECE = 1500
_ANSWER_PIECES = 2
_QUOTE = 900
_EXCERPT = 220
_PROBLEM = 500


def render_answer(answer: Answer, *, show_question: bool) -> list[str]:
    """The messages for `answer`, in order: 1 to MAX_MESSAGES, each within Discord's limit.

    `show_question` puts the question first, for where it is not seen above the answer.
    """
    question = [question_line(answer.question)] if show_question else []
    text = answer_text(answer.answer)
    if not answer.answered or not text:
        return pack([*question, *_abstention(answer.passages)], MESSAGE)
    if answer.readings:
        return _disagreement(answer, question)
    head = [*question, *answer_lines(text, answer.supplement, _ANSWER_PIECE, _ANSWER_PIECES)]
    citations = distinct(answer.citations)
    blocks = [
        _citation(citation, answer.also_in(citation), numbered=len(citations) > 1)
        for citation in citations[:MOST_CITATIONS]
    ]
    return _messages(head, blocks, lambda shown: _footer(answer, len(citations) - len(shown)))


def render_problem(error: DatelineError) -> str:
    """What a person asked for that cannot be, and the mend; it may name what articles say."""
    problem = _problem(error)
    return one_line(problem[:1].upper() + problem[1:], _PROBLEM)


def _problem(error: DatelineError) -> str:
    if isinstance(error, EmptyRangeError):
        return _("no day is both since {since} and until {until}: swap the two").format(
            since=error.since, until=error.until
        )
    if not isinstance(error, UnknownNameError):
        return str(error)
    noun = {"source": _("source"), "tag": _("tag")}.get(error.noun, _("article set"))
    if not error.known:
        return _("no article has the {noun} {name}: no article has a {noun}").format(
            noun=noun, name=repr(error.name)
        )
    known = ", ".join(map(repr, error.known))
    return _("no article has the {noun} {name}: try {known}").format(
        noun=noun, name=repr(error.name), known=known
    )


def _messages(
    head: Sequence[str], blocks: Sequence[str], footer: Callable[[Sequence[str]], str]
) -> list[str]:
    """As many of the blocks as fit, with the footer for those that are shown ("" for none)."""
    return fit(
        blocks,
        lambda shown: pack([*head, *shown, *filter(None, [footer(shown)])], MESSAGE),
        lambda messages: len(messages) <= MAX_MESSAGES,
    )


def _disagreement(answer: Answer, question: Sequence[str]) -> list[str]:
    """All that the articles say, each with its best quote."""
    readings = answer.readings_by_date
    blocks = [_reading(reading, answer) for reading in readings[:MOST_CITATIONS]]

    def footer(shown: Sequence[str]) -> str:
        more = left_out(len(readings) - len(shown), "reading")
        return subtext(more) if more else ""

    return _messages([*question, bold(_(DISAGREE))], blocks, footer)


def _reading(reading: AnswerReading, answer: Answer) -> str:
    facts = (_day(reading.date), stories(reading), _confidence(reading.confidence))
    said = bold(one_line(reading.answer, READING) or NOTHING_VISIBLE)
    head = f"{said} · {' · '.join(filter(None, facts))}\n"
    citation = reading.citations[0]
    room = MESSAGE - units(head)
    return head + _citation(citation, answer.also_in(citation), numbered=False, room=room)


def _citation(
    citation: Citation,
    copies: Sequence[ArticleReference],
    *,
    numbered: bool,
    room: int = MESSAGE,
) -> str:
    article = citation.article
    number = f"\\[{citation.n}\\] " if numbered else ""
    link = _link(article, citation.link, _("open at the quote"))
    below = f"\n— {number}{_place(article, citation.page, link)}"
    if copies:
        below += "\n" + subtext(name_copies(copies, lambda copy: copy_name(copy, article, _day)))
    limit = min(_QUOTE, room - units(below))
    return block_quote(citation.quote, limit, emphasis(citation)) + below


def _link(article: Article, exact: str, label: str) -> str:
    """A link to `exact`; to the article where that cannot be shown."""
    if link := safe_link(exact):
        return masked_link(label, link)
    link = safe_link(article.url)  # a long quote makes a long link: this one may still fit
    return masked_link(_("open the article"), link) if link else ""


def _place(article: Article, page: int | None, link: str) -> str:
    """Title, source, date, page and link: what a reader needs to find the article again."""
    known = names(article, _day)
    if not known and not link:
        known = [id_name(article)]
    return " · ".join(
        filter(None, (*known, _("page {page}").format(page=page) if page else "", link))
    )


def _day(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def _footer(answer: Answer, more: int) -> str:
    notes = [_confidence(answer.confidence).capitalize()]
    if not answer.citations:
        notes.append(_(UNSUPPORTED))
    notes.append(left_out(more, "citation"))
    return subtext(" · ".join(filter(None, notes)))


def _confidence(confidence: float) -> str:
    return _("confidence {share}").format(share=percent(min(max(confidence, 0.0), 1.0)))


def _abstention(passages: Iterable[ScoredPassage]) -> Iterator[str]:
    yield bold(_(NO_ANSWER))
    closest = list(passages)[:MOST_PASSAGES]
    if closest:
        yield _(CLOSEST)
    for scored in closest:
        passage = scored.passage
        excerpt = one_line(passage.text, _EXCERPT) or NOTHING_VISIBLE
        article, page = passage.article, passage.article.page_at(passage.start)
        exact = quote_link(article.url, passage.text, page)
        link = _link(article, exact, _("open at this passage"))
        yield f"> {excerpt}\n— {_place(article, page, link)}"
