"""Texts for a reading model out of the passages found, and the spans that it finds in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.article import Article, ScoredPassage
from index.sentences import Span, sentence_spans

CONTEXT_LIMIT = 1_800
"""Code points up to which passages that touch are read as one text."""

_NEIGHBOURHOOD = 1_000  # code points before and after a passage that are looked at for sentences


@dataclass(frozen=True)
class Candidate:
    """A span that may answer a question: `article.text[start:end]`, in code points.

    `quote` is the sentence, or the sentences, around it, as offsets of the same text. Raises
    ValueError if the span is empty, lies outside the text or is not within the quote.
    """

    scored: ScoredPassage
    """The passage found by the search that led here."""
    rank: int
    """Of that passage in the search result, from 0."""
    start: int
    end: int
    quote: Span
    score: float
    """Log-odds of the span against "no answer here", comparable over the texts of a question."""

    def __post_init__(self) -> None:
        first, last = self.quote
        if not 0 <= first <= self.start < self.end <= last <= len(self.article.text):
            raise ValueError(
                f"the span [{self.start}:{self.end}] with the quote [{first}:{last}] does not fit "
                f"the text of {self.article.id} ({len(self.article.text)} code points)"
            )

    @property
    def article(self) -> Article:
        return self.scored.passage.article

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def quote_text(self) -> str:
        return self.article.text[self.quote[0] : self.quote[1]]


@dataclass(frozen=True)
class Context:
    """A text for the model to read: `article.text[start:end]`, made of one or more passages."""

    article: Article
    start: int
    end: int
    found: tuple[tuple[int, ScoredPassage], ...]
    """The passages in it with their ranks in the search result, the best rank first."""

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def rank(self) -> int:
        """The best rank of its passages."""
        return self.found[0][0]

    def in_article(self, start: int, end: int) -> Span:
        """Offsets in `text` as offsets in the article's text. ValueError if they are not in it."""
        if not 0 <= start <= end <= self.end - self.start:
            raise ValueError(f"[{start}:{end}] is not in a text of {self.end - self.start}")
        return self.start + start, self.start + end

    def passage_of(self, start: int, end: int) -> tuple[int, ScoredPassage]:
        """Rank and passage with most of the article's `[start:end]`, else the nearest to it.

        Of equals the one of the better rank.
        """

        def distance(found: tuple[int, ScoredPassage]) -> tuple[int, int, int]:
            rank, scored = found
            passage = scored.passage
            shared = min(end, passage.end) - max(start, passage.start)
            return -max(shared, 0), max(-shared, 0), rank

        return min(self.found, key=distance)


_Found = tuple[int, ScoredPassage]


def contexts_of(passages: Sequence[ScoredPassage], *, neighbours: int = 0) -> list[Context]:
    """The texts to read for a search result, the one with the best-ranked passage first.

    Passages of one article that overlap, or have only white space between them, become one text
    of at most CONTEXT_LIMIT code points; a longer passage is a text by itself. `neighbours` is the
    number of sentences before and after each passage that are read with it, as far as the limit
    allows. Every passage lies wholly within exactly one of the texts that name it.
    """
    by_article: dict[str, dict[Span, tuple[int, ScoredPassage]]] = {}
    for rank, scored in enumerate(passages):
        passage = scored.passage
        spans = by_article.setdefault(passage.article.id, {})
        spans.setdefault((passage.start, passage.end), (rank, scored))
    contexts = [
        context
        for spans in by_article.values()
        for context in _joined(list(spans.values()), neighbours)
    ]
    return sorted(contexts, key=lambda context: (context.rank, context.start))


def _joined(found: Sequence[_Found], neighbours: int) -> Iterator[Context]:
    article = found[0][1].passage.article
    pieces: list[tuple[Span, _Found]] = []
    for rank, scored in found:
        passage = scored.passage
        span = _widened(article.text, passage.start, passage.end, neighbours)
        pieces.append((span, (rank, scored)))
    pieces.sort(key=lambda piece: (piece[0], piece[1][0]))
    start, end = pieces[0][0]
    group = [pieces[0][1]]
    for (first, last), here in pieces[1:]:
        touches = not article.text[end:first].strip()
        if touches and max(end, last) - start <= CONTEXT_LIMIT:
            end = max(end, last)
            group.append(here)
        else:
            yield _context(article, start, end, group)
            start, end, group = first, last, [here]
    yield _context(article, start, end, group)


def _context(article: Article, start: int, end: int, group: Sequence[_Found]) -> Context:
    return Context(article, start, end, tuple(sorted(group, key=lambda found: found[0])))


def _widened(text: str, start: int, end: int, sentences: int) -> Span:
    """The span with up to `sentences` whole sentences more on each side, within the limit."""
    if sentences < 1:
        return start, end
    opening = max(0, start - _NEIGHBOURHOOD)
    before = [opening + first for first, _ in sentence_spans(text[opening:start])]
    if opening:
        before = before[1:]  # the window may begin inside a sentence
    closing = min(len(text), end + _NEIGHBOURHOOD)
    after = [end + last for _, last in sentence_spans(text[end:closing])]
    if closing < len(text):
        after = after[:-1]
    # The nearest first on both sides, so that a limit cuts off what is farthest.
    for step in range(sentences):
        if step < len(before) and end - before[-1 - step] <= CONTEXT_LIMIT:
            start = before[-1 - step]
        if step < len(after) and after[step] - start <= CONTEXT_LIMIT:
            end = after[step]
    return start, end
