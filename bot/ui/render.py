"""An answer as Discord messages.

Content rather than an embed: an embed is hidden from people who turned previews off, and refused
in channels where the bot may not embed links. Every string that comes from an article or a person
passes `bot.ui.visible` and `bot.ui.markdown` here; nothing else in a message is from outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from bot.qa.answer import Answer, Citation, name_copies
from bot.qa.citations import quote_link
from bot.ui.limits import MAX_MESSAGES, MESSAGE, units
from bot.ui.links import safe_link
from bot.ui.markdown import bold, masked_link, pack, shorten, split, subtext
from bot.ui.visible import inline, lines
from index.article import Article, ArticleReference, ScoredPassage
from index.errors import DatelineError

NO_ANSWER = "No answer found in the articles."
CLOSEST = "Closest, but no answer found:"
UNSUPPORTED = "No quote from an article supports this answer."

# Room for each part, in units, chosen so that the question fits into one message with a piece of
# the answer, and a citation at its largest with at least 600 units of its quote.
_QUESTION = 300
_ANSWER_PIECE = 1500
_ANSWER_PIECES = 2
_QUOTE = 900
_QUOTE_LINES = 24
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
    head = [*question, *_answer(text)]
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


def _answer(text: str) -> Iterator[str]:
    # One pair of markers a line: emphasis across paragraphs is where Markdown parsers differ.
    text = "\n".join(line for line in text.split("\n") if line)
    between = "**\n**"
    for piece in split(text, _ANSWER_PIECE, _ANSWER_PIECES, line_break=between):
        yield bold(piece)


def _distinct(citations: Iterable[Citation]) -> list[Citation]:
    spans = {
        (citation.article.id, citation.start, citation.end): citation
        for citation in reversed(list(citations))
    }
    return list(reversed(spans.values()))


def _citation(citation: Citation, copies: Sequence[ArticleReference], *, numbered: bool) -> str:
    article = citation.article
    number = f"\\[{citation.n}\\] " if numbered else ""
    link = _link(article, citation.link, "open at the quote")
    below = f"\n— {number}{_place(article, citation.page, link)}"
    if copies:
        below += "\n" + subtext(name_copies(copies, lambda copy: _copy(copy, article)))
    return _block_quote(citation.quote, min(_QUOTE, MESSAGE - units(below))) + below


def _block_quote(quote: str, limit: int) -> str:
    shown = lines(quote[:_MOST_READ]) or "\ufffd"
    rows = shown.split("\n")
    kept = "\n".join(rows[:_QUOTE_LINES]).rstrip("\n")
    cut_off = len(rows) > _QUOTE_LINES or len(quote) > _MOST_READ
    text = shorten(kept, limit - units("> …"), line_break="\n> ")
    if cut_off and not text.endswith("…"):
        text += "…"
    return f"> {text}"


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
    confidence = min(max(answer.confidence, 0.0), 1.0)
    notes = [f"Confidence {confidence:.0%}"]
    if not answer.citations:
        notes.append(UNSUPPORTED)
    if left_out:
        notes.append(f"{left_out} more {'citation' if left_out == 1 else 'citations'} not shown")
    return subtext(" · ".join(notes))


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
