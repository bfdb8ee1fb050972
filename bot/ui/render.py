"""An answer as Discord messages.

Content rather than an embed: an embed is hidden from people who turned previews off, and refused
in channels where the bot may not embed links. Every string that comes from an article or a person
passes `bot.ui.visible` and `bot.ui.markdown` here; nothing else in a message is from outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from bot.qa.answer import Answer, Citation
from bot.qa.citations import text_fragment_link
from bot.ui.limits import MAX_MESSAGES, MESSAGE
from bot.ui.links import safe_link
from bot.ui.markdown import bold, masked_link, pack, shorten, split, subtext
from bot.ui.visible import inline, lines
from index.article import Article, ScoredPassage

NO_ANSWER = "No answer found in the articles."
CLOSEST = "Closest, but no answer found:"
UNSUPPORTED = "No quote from an article supports this answer."

# Room for each part, in units, chosen so that a citation at its largest fits into one message,
# and so do the question with a piece of the answer.
_QUESTION = 300
_ANSWER_PIECE = 1500
_ANSWER_PIECES = 2
_QUOTE = 900
_QUOTE_LINES = 24
_TITLE = 200
_SOURCE = 100
_EXCERPT = 220
_MOST_CITATIONS = 20
_MOST_PASSAGES = 3
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
        _citation(citation, numbered=len(citations) > 1) for citation in citations[:_MOST_CITATIONS]
    ]
    while True:
        footer = _footer(answer, left_out=len(citations) - len(blocks))
        messages = pack([*head, *blocks, footer], MESSAGE)
        if len(messages) <= MAX_MESSAGES:
            return messages
        blocks.pop()


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


def _citation(citation: Citation, *, numbered: bool) -> str:
    number = f"\\[{citation.n}\\] " if numbered else ""
    link = safe_link(citation.link)
    label = "open at the quote"
    if not link:  # a long quote makes a long link: the plain one may still fit
        link, label = safe_link(citation.article.url), "open the article"
    place = _place(citation.article, link, label)
    return f"{_block_quote(citation.quote)}\n— {number}{place}"


def _block_quote(quote: str) -> str:
    shown = lines(quote[:_MOST_READ]) or "\ufffd"
    rows = shown.split("\n")
    kept = "\n".join(rows[:_QUOTE_LINES]).rstrip("\n")
    cut_off = len(rows) > _QUOTE_LINES or len(quote) > _MOST_READ
    text = shorten(kept, _QUOTE, line_break="\n> ")
    if cut_off and not text.endswith("…"):
        text += "…"
    return f"> {text}"


def _place(article: Article, link: str, label: str) -> str:
    """Title, source, date and link: what a reader needs to find the article again."""
    parts = [
        _line(article.title, _TITLE),
        _line(article.source, _SOURCE),
        _day(article.date),
        masked_link(label, link) if link else "",
    ]
    named = [part for part in parts if part]
    return " · ".join(named) if named else "article " + _line(article.id, _TITLE)


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
        link = safe_link(text_fragment_link(passage.article.url, passage.text))
        label = "open at this passage"
        if not link:
            link, label = safe_link(passage.article.url), "open the article"
        yield f"> {excerpt}\n— {_place(passage.article, link, label)}"


def _line(text: str, limit: int) -> str:
    return shorten(inline(text[:_MOST_READ]), limit)
