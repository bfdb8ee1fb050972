"""What an answer is made of when people see it, whether as content or as a card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from bot.languages import N_, NP_, _, ngettext
from bot.qa.answer import AnswerReading, Citation
from bot.ui.markdown import bold, shorten, split, subtext
from bot.ui.visible import inline, lines
from index.article import Article, ArticleReference

NO_ANSWER = N_("No answer found in the articles.")
CLOSEST = N_("Closest, but no answer found:")
DISAGREE = N_("The articles disagree:")
UNSUPPORTED = N_("No quote from an article supports this answer.")
QUESTION_LINE = N_("Question: {text}")
SEARCHING_LINE = N_("Searching: {text}")
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

Listed = Literal[
    "article", "change", "channel", "citation", "command", "failure", "passage", "question",
    "reading", "role", "thread",
]  # fmt: skip
_LEFT_OUT: Mapping[Listed, tuple[str, str]] = {
    "article": NP_("{count} more article not shown", "{count} more articles not shown"),
    "change": NP_("{count} more change not shown", "{count} more changes not shown"),
    "channel": NP_("{count} more channel not shown", "{count} more channels not shown"),
    "citation": NP_("{count} more citation not shown", "{count} more citations not shown"),
    "command": NP_("{count} more command not shown", "{count} more commands not shown"),
    "failure": NP_("{count} more failure not shown", "{count} more failures not shown"),
    "passage": NP_("{count} more passage not shown", "{count} more passages not shown"),
    "question": NP_("{count} more question not shown", "{count} more questions not shown"),
    "reading": NP_("{count} more reading not shown", "{count} more readings not shown"),
    "role": NP_("{count} more role not shown", "{count} more roles not shown"),
    "thread": NP_("{count} more thread not shown", "{count} more threads not shown"),
}


def one_line(text: str, limit: int) -> str:
    """`text` from outside, harmless, on one line of at most `limit` units."""
    return shorten(inline(text[: _READ_FOR_EACH * limit]), limit)


def question_line(question: str, line: str = QUESTION_LINE) -> str:
    return subtext(_(line).format(text=one_line(question, QUESTION)))


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
    count = reading.stories
    return ngettext("{count} article", "{count} independent articles", count).format(count=count)


def left_out(count: int, noun: Listed) -> str:
    """ "2 more citations not shown"; "" for none."""
    return ngettext(*_LEFT_OUT[noun], count).format(count=count) if count else ""


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
    return _("article {id}").format(id=one_line(article.id, limit))


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
