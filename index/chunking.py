"""Cuts an article into passages of whole sentences that fit the embedding model.

Paragraphs stay together where they fit. The one thing that is ever cut inside a sentence is a
sentence which alone is longer than a passage may be; it is cut at white space, and inside a
word only where a single word is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.sentences import Span, paragraph_spans, trimmed

CountTokens = Callable[[Sequence[str]], Sequence[int]]
"""Tokens of each text, counted with the embedding model's tokenizer, special tokens left out."""


@dataclass(frozen=True)
class Chunker:
    """Passages of at most `max_tokens` tokens, each repeating up to `overlap` of the one before.

    `overlap` counts tokens too and is filled with whole sentences. Raises ValueError where it
    leaves no room for anything new.
    """

    count_tokens: CountTokens
    max_tokens: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens is {self.max_tokens}: a passage needs at least 1 token")
        if not 0 <= self.overlap <= self.max_tokens // 2:
            raise ValueError(
                f"overlap is {self.overlap}: choose 0 to {self.max_tokens // 2}, "
                f"half of the {self.max_tokens} tokens of a passage"
            )

    def spans(self, text: str) -> list[Span]:
        """Start and end of each passage of `text` in code points, in order.

        Every visible character lies in at least one of them.
        """
        chunks: list[Span] = []
        current: list[_Sized] = []
        for paragraph in self._sized_paragraphs(text):
            # A paragraph that would fit a passage of its own is not torn between two.
            if _total(paragraph) <= self.max_tokens < _total(current) + _total(paragraph):
                current = self._close(chunks, current, _total(paragraph))
            for sentence in paragraph:
                if current and _total(current) + sentence.tokens > self.max_tokens:
                    current = self._close(chunks, current, sentence.tokens)
                current.append(sentence)
        if current:
            chunks.append((current[0].start, current[-1].end))
        return [(piece.start, piece.end) for piece in self._fitted(text, chunks)]

    def _sized_paragraphs(self, text: str) -> list[list[_Sized]]:
        """Each paragraph's sentences, an over-long one in pieces, with their token counts."""
        paragraphs = paragraph_spans(text)
        starts = {paragraph[0][0] for paragraph in paragraphs}
        sized: list[list[_Sized]] = []
        for piece in self._fitted(text, [span for paragraph in paragraphs for span in paragraph]):
            if piece.start in starts:
                sized.append([])
            sized[-1].append(piece)
        return sized

    def _close(self, chunks: list[Span], current: list[_Sized], needed: int) -> list[_Sized]:
        """Ends a passage; returns the sentences that the next one repeats."""
        if not current:
            return []
        chunks.append((current[0].start, current[-1].end))
        kept: list[_Sized] = []
        room = min(self.overlap, self.max_tokens - needed)
        for sentence in reversed(current[1:]):
            room -= sentence.tokens
            if room < 0:
                break
            kept.insert(0, sentence)
        return kept

    def _fitted(self, text: str, spans: list[Span]) -> list[_Sized]:
        """The spans with their sizes, each that is too long for a passage in pieces.

        Joined sentences can only be too long with a tokenizer whose counts do not add up.
        """
        pieces: list[_Sized] = []
        counts = self.count_tokens([text[start:end] for start, end in spans])
        for (start, end), tokens in zip(spans, counts, strict=True):
            if tokens <= self.max_tokens or end - start <= 1:
                pieces.append(_Sized(start, end, tokens))
            else:
                middle = _cut_near_middle(text, start, end)
                halves = (trimmed(text, start, middle), trimmed(text, middle, end))
                pieces += self._fitted(text, [half for half in halves if half])
        return pieces


@dataclass(frozen=True)
class _Sized:
    start: int
    end: int
    tokens: int


def _total(sentences: Sequence[_Sized]) -> int:
    return sum(sentence.tokens for sentence in sentences)


def _cut_near_middle(text: str, start: int, end: int) -> int:
    """The white space nearest to the middle of a span, or the middle itself."""
    middle = (start + end) // 2
    for distance in range(min(middle - start, end - middle)):
        for position in (middle - distance, middle + distance):
            if start < position < end and text[position].isspace():
                return position
    return middle
