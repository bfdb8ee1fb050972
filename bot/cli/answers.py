"""An answer for a person at a terminal: its words, what proves them, and what else is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.cli.output import Output, plain, plain_line
from bot.qa.answer import Answer, AnswerReading, Citation, iso_date, name_copies
from index.article import Article, ArticleReference, ScoredPassage

CLOSEST_SHOWN = 3

# Noncharacters, which no text is exchanged with: they mark the answer's words until the lines are
# made, where they become bold or nothing. An article's own are dropped from what is shown.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_NO_MARKS = str.maketrans("", "", _OPEN + _CLOSE)


def show_answer(output: Output, answer: Answer) -> None:
    """Print `answer` for a person. On a terminal the answer's words in a quote are bold.

    Elsewhere nothing marks them: what is written to a file or a pipe is the article's text.
    """
    text = "\n".join(_readable(answer))
    if sys.stdout.isatty():
        _print_with_bold(text)
    else:
        output.line(text.translate(_NO_MARKS))


def place_of(scored: ScoredPassage) -> str:
    passage = scored.passage
    return byline(passage.article, passage.article.page_at(passage.start))


def byline(article: Article | ArticleReference, page: int | None = None) -> str:
    """Title, date, source and page of an article, on one line."""
    parts = (
        article.title or article.id,
        iso_date(article.date) or "",
        article.source,
        f"page {page}" if page else "",
    )
    return ", ".join(cleaned for part in parts if (cleaned := _one_line(part)))


def indented(text: str) -> str:
    lines = (" ".join(line.split()) for line in plain(text).split("\n"))
    return "\n".join(f"    {line}" for line in lines if line)


def _readable(answer: Answer) -> Iterator[str]:
    if not answer.answered:
        yield from _abstention(answer)
    elif answer.readings:
        yield "The articles disagree:"
        for reading in answer.readings_by_date:
            yield from _reading(reading, answer)
    else:
        supplement = _one_line(answer.supplement)
        yield plain(_unmarked(answer.answer)) + (f" ({supplement})" if supplement else "")
        for citation in answer.citations:
            yield from _citation(citation, answer)


def _abstention(answer: Answer) -> Iterator[str]:
    yield "No answer found."
    if answer.passages:
        yield "The closest passages:"
    for scored in answer.passages[:CLOSEST_SHOWN]:
        yield f"\n- {place_of(scored)}"
        yield indented(_unmarked(scored.passage.text))


def _reading(reading: AnswerReading, answer: Answer) -> Iterator[str]:
    stories = "1 article" if reading.stories == 1 else f"{reading.stories} independent articles"
    facts = ", ".join(filter(None, (iso_date(reading.date), stories)))
    yield f"\n- {_one_line(reading.answer)} ({facts})"
    for citation in reading.citations:
        yield from _citation(citation, answer)


def _citation(citation: Citation, answer: Answer) -> Iterator[str]:
    yield f"\n[{citation.n}] {byline(citation.article, citation.page)}"
    yield indented(f"“{_marked(citation)}”")
    if link := citation.link or citation.article.url:
        yield f"    {_one_line(link)}"
    if copies := name_copies(answer.also_in(citation), byline):
        yield f"    {copies}"


def _marked(citation: Citation) -> str:
    """The quote, the answer's words between marks where they are only a part of it."""
    text, start, end = citation.article.text, citation.answer_start, citation.answer_end
    if start is None or end is None or (start, end) == (citation.start, citation.end):
        return _unmarked(citation.quote)
    before, words = text[citation.start : start], text[start:end]
    inner = words.strip()
    if not inner:
        return _unmarked(citation.quote)
    # White space stays outside: the marks must not part it into two.
    left, _, right = words.partition(inner)
    after = right + text[end : citation.end]
    return f"{_unmarked(before + left)}{_OPEN}{_unmarked(inner)}{_CLOSE}{_unmarked(after)}"


def _unmarked(text: str) -> str:
    return text.translate(_NO_MARKS)


def _one_line(text: str) -> str:
    return plain_line(_unmarked(text))


def _print_with_bold(text: str) -> None:
    from rich.console import Console
    from rich.text import Text

    shown = Text()
    for part in plain(text).split(_OPEN):
        words, close, rest = part.partition(_CLOSE)
        if close:
            shown.append(words, style="bold").append(rest)
        else:
            shown.append(words)
    # Long lines are left to the terminal, which can join them again when they are copied.
    Console(highlight=False, soft_wrap=True).print(shown)
