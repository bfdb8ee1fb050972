"""What an answer is made of when people see it, whether as content or as a card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from bot.qa.answer import AnswerReading, Citation
from bot.ui.markdown import bold, shorten, split, subtext
from bot.ui.visible import inline, lines
from index.article import Article, ArticleReference

NO_ANSWER = "No answer found in the articles."
CLOSEST = "Closest, but no answer found:"
DISAGREE = "The articles disagree:"
UNSUPPORTED = "No quote from an article supports this answer."
NOTHING_VISIBLE = "\ufffd"

MOST_CITATIONS = 20
MOST_PASSAGES = 3
QUESTION = 300
SUPPLEMENT = 120
READING = 200
_TITLE = 200
_SOURCE = 100
_COPY = 80
_MOST_READ = 20_000  # code points of one answer that are looked at: no article stalls the bot
_READ_FOR_EACH = 8  # of a line's, for each unit that is shown: a card has dozens of them

Composed = TypeVar("Composed")


def one_line(text: str, limit: int) -> str:
    """`text` from outside, harmless, on one line of at most `limit` units."""
    return shorten(inline(text[: _READ_FOR_EACH * limit]), limit)


def question_line(question: str, name: str = "Question") -> str:
    return subtext(f"{name}: {one_line(question, QUESTION)}")


def answer_text(answer: str) -> str:
    """The answer's words, visible and without empty lines; "" if there is nothing to see."""
    return "\n".join(line for line in lines(answer[:_MOST_READ]).split("\n") if line)


def answer_lines(text: str, supplement: str, limit: int, most: int = 1) -> Iterator[str]:
    """`text` in bold, in at most `most` pieces of about `limit` units, and the supplement."""
    # One pair of markers a line: emphasis across paragraphs is where Markdown parsers differ.
    *pieces, last = split(text, limit, most, line_break="**\n**")
    yield from map(bold, pieces)
    added = one_line(supplement, SUPPLEMENT)
    yield bold(last) + (f" \\({added}\\)" if added else "")


def stories(reading: AnswerReading) -> str:
    return "1 article" if reading.stories == 1 else f"{reading.stories} independent articles"


def left_out(count: int, noun: str) -> str:
    """ "2 more citations not shown"; "" for none."""
    return f"{count} more {noun}{'' if count == 1 else 's'} not shown" if count else ""


def distinct(citations: Iterable[Citation]) -> list[Citation]:
    """The citations, each quote once."""
    spans = {
        (citation.article.id, citation.start, citation.end): citation
        for citation in reversed(list(citations))
    }
    return list(reversed(spans.values()))


def emphasis(citation: Citation) -> tuple[int, int] | None:
    """The answer's words in the quote, where they are only a part of it."""
    start, end = citation.answer_start, citation.answer_end
    if start is None or end is None or (start, end) == (citation.start, citation.end):
        return None
    return start - citation.start, end - citation.start


def names(article: Article, day: Callable[[dt.date], str]) -> list[str]:
    """Title, source and date, those that there are."""
    parts = [one_line(article.title, _TITLE), one_line(article.source, _SOURCE)]
    return [*filter(None, parts), *([day(article.date)] if article.date else [])]


def id_name(article: Article | ArticleReference, limit: int = _TITLE) -> str:
    """What an article is called that has no title, source or date."""
    return "article " + one_line(article.id, limit)


def copy_name(copy: ArticleReference, of: Article, day: Callable[[dt.date], str]) -> str:
    """A copy by its source and date; by its title where it came out in the same source."""
    source = one_line(copy.source, _COPY) if copy.source != of.source else ""
    name = source or one_line(copy.title, _COPY) or id_name(copy, _COPY)
    return f"{name}, {day(copy.date)}" if copy.date else name


def fit(
    blocks: Sequence[str],
    compose: Callable[[Sequence[str]], Composed],
    fits: Callable[[Composed], bool],
) -> Composed:
    """What `compose` makes of as many of the first `blocks` as fit; of none if one does not."""
    for kept in range(len(blocks), 0, -1):
        composed = compose(blocks[:kept])
        if fits(composed):
            return composed
    return compose(())
