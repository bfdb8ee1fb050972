"""An answer as Discord messages.

Content rather than an embed: an embed is hidden from people who turned previews off, and refused
in channels where the bot may not embed links. Every string that comes from an article or a person
passes `bot.ui.visible` and `bot.ui.markdown` here; nothing else in a message is from outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from bot.qa.answer import Answer, AnswerReading, Citation, name_copies
from bot.qa.citations import quote_link
from bot.ui.limits import MAX_MESSAGES, MESSAGE, units
from bot.ui.links import safe_link
from bot.ui.markdown import bold, masked_link, pack, shorten, split, subtext
from bot.ui.quotes import block_quote
from bot.ui.visible import inline, lines
from index.article import Article, ArticleReference, ScoredPassage
from index.errors import DatelineError

NO_ANSWER = "No answer found in the articles."
CLOSEST = "Closest, but no answer found:"
DISAGREE = "The articles disagree:"
UNSUPPORTED = "No quote from an article supports this answer."

# Room for each part, in units, chosen so that the question fits into one message with a piece of
# the answer, and a citation at its largest with at least 600 units of its quote.
_QUESTION = 300
_ANSWER_PIECE = 1500
_ANSWER_PIECES = 2
_SUPPLEMENT = 120
_READING = 200
_QUOTE = 900
_TITLE = 200
_SOURCE = 100
_COPY = 80
_EXCERPT = 220
_MOST_CITATIONS = 20
_MOST_PASSAGES = 3
_PROBLEM = 500
_MOST_READ = 20_000  # code points of one field that are looked at: no article stalls the bot


def render_answer(answer: Answer, *, show_question: bool) -> list[str]:
    """The messages for `answer`, in order: 1 to MAX_MESSAGES, each within Discord's limit.

    `show_question` puts the question first, for where it is not seen above the answer.
    """
    question = [subtext("Question: " + _line(answer.question, _QUESTION))] if show_question else []
    text = lines(answer.answer[:_MOST_READ])
    if not answer.answered or not text:
        return pack([*question, *_abstention(answer.passages)], MESSAGE)
    if answer.readings:
        return _disagreement(answer, question)
    head = [*question, *_answer(text, answer.supplement)]
    citations = _distinct(answer.citations)
    blocks = [
        _citation(citation, answer.also_in(citation), numbered=len(citations) > 1)
        for citation in citations[:_MOST_CITATIONS]
    ]
    while True:
        footer = _footer(answer, left_out=len(citations) - len(blocks))
        messages = pack([*head, *blocks, footer], MESSAGE)
        if len(messages) <= MAX_MESSAGES:
            return messages
        blocks.pop()


def render_problem(error: DatelineError) -> str:
    """What a person asked for that cannot be, and the mend; it may name what articles say."""
    problem = str(error)
    return _line(problem[:1].upper() + problem[1:], _PROBLEM)


def _answer(text: str, supplement: str) -> Iterator[str]:
    # One pair of markers a line: emphasis across paragraphs is where Markdown parsers differ.
    text = "\n".join(line for line in text.split("\n") if line)
    between = "**\n**"
    *pieces, last = split(text, _ANSWER_PIECE, _ANSWER_PIECES, line_break=between)
    yield from map(bold, pieces)
    added = _line(supplement, _SUPPLEMENT)
    yield bold(last) + (f" \\({added}\\)" if added else "")


def _disagreement(answer: Answer, question: Sequence[str]) -> list[str]:
    """All that the articles say, each with its best quote."""
    readings = answer.readings_by_date
    blocks = [_reading(reading, answer) for reading in readings[:_MOST_CITATIONS]]
    while True:
        left_out = len(readings) - len(blocks)
        noun = "reading" if left_out == 1 else "readings"
        footer = [subtext(f"{left_out} more {noun} not shown")] if left_out else []
        messages = pack([*question, bold(DISAGREE), *blocks, *footer], MESSAGE)
        if len(messages) <= MAX_MESSAGES:
            return messages
        blocks.pop()


def _reading(reading: AnswerReading, answer: Answer) -> str:
    stories = "1 article" if reading.stories == 1 else f"{reading.stories} independent articles"
    facts = (_day(reading.date), stories, _confidence(reading.confidence))
    said = bold(_line(reading.answer, _READING) or "\ufffd")
    head = f"{said} · {' · '.join(filter(None, facts))}\n"
    citation = reading.citations[0]
    room = MESSAGE - units(head)
    return head + _citation(citation, answer.also_in(citation), numbered=False, room=room)


def _distinct(citations: Iterable[Citation]) -> list[Citation]:
    spans = {
        (citation.article.id, citation.start, citation.end): citation
        for citation in reversed(list(citations))
    }
    return list(reversed(spans.values()))


def _citation(
    citation: Citation,
    copies: Sequence[ArticleReference],
    *,
    numbered: bool,
    room: int = MESSAGE,
) -> str:
    article = citation.article
    number = f"\\[{citation.n}\\] " if numbered else ""
    link = _link(article, citation.link, "open at the quote")
    below = f"\n— {number}{_place(article, citation.page, link)}"
    if copies:
        below += "\n" + subtext(name_copies(copies, lambda copy: _copy(copy, article)))
    limit = min(_QUOTE, room - units(below))
    return block_quote(citation.quote, limit, _emphasis(citation)) + below


def _emphasis(citation: Citation) -> tuple[int, int] | None:
    """The answer's words in the quote, where they are only a part of it."""
    start, end = citation.answer_start, citation.answer_end
    if start is None or end is None or (start, end) == (citation.start, citation.end):
        return None
    return start - citation.start, end - citation.start


def _link(article: Article, exact: str, label: str) -> str:
    """A link to `exact`; to the article where that cannot be shown."""
    if link := safe_link(exact):
        return masked_link(label, link)
    link = safe_link(article.url)  # a long quote makes a long link: this one may still fit
    return masked_link("open the article", link) if link else ""


def _place(article: Article, page: int | None, link: str) -> str:
    """Title, source, date, page and link: what a reader needs to find the article again."""
    names = [_line(article.title, _TITLE), _line(article.source, _SOURCE), _day(article.date)]
    if not any((*names, link)):
        names = ["article " + _line(article.id, _TITLE)]
    return " · ".join(filter(None, (*names, f"page {page}" if page else "", link)))


def _copy(copy: ArticleReference, of: Article) -> str:
    """A copy by its source and date; by its title where it came out in the same source."""
    source = _line(copy.source, _COPY) if copy.source != of.source else ""
    name = source or _line(copy.title, _COPY) or "article " + _line(copy.id, _COPY)
    return ", ".join(filter(None, (name, _day(copy.date))))


def _day(date: dt.date | None) -> str:
    return date.isoformat() if date else ""


def _footer(answer: Answer, *, left_out: int) -> str:
    notes = [_confidence(answer.confidence).capitalize()]
    if not answer.citations:
        notes.append(UNSUPPORTED)
    if left_out:
        notes.append(f"{left_out} more {'citation' if left_out == 1 else 'citations'} not shown")
    return subtext(" · ".join(notes))


def _confidence(confidence: float) -> str:
    return f"confidence {min(max(confidence, 0.0), 1.0):.0%}"


def _abstention(passages: Iterable[ScoredPassage]) -> Iterator[str]:
    yield bold(NO_ANSWER)
    closest = list(passages)[:_MOST_PASSAGES]
    if closest:
        yield CLOSEST
    for scored in closest:
        passage = scored.passage
        excerpt = _line(passage.text, _EXCERPT) or "\ufffd"
        article, page = passage.article, passage.article.page_at(passage.start)
        exact = quote_link(article.url, passage.text, page)
        link = _link(article, exact, "open at this passage")
        yield f"> {excerpt}\n— {_place(article, page, link)}"


def _line(text: str, limit: int) -> str:
    return shorten(inline(text[:_MOST_READ]), limit)
