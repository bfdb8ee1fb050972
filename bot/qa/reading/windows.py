"""What a model reads at once: a question and a part of a text, between special tokens.

Built here and not by the tokenizer, so that a part can begin with a sentence, as the parts do that
the reader was trained on, and so that "[SEP]" written in an article stays six characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.sentences import sentence_spans

MAX_TOKENS = 320
"""Of a window, question and special tokens included."""

MAX_QUESTION_TOKENS = 64
"""Of a longer question the beginning is read."""

LEAST_TOKENS = 64
"""A smaller window would hold no answer beside a question."""

MAX_ANSWER_TOKENS = 30

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Tokens:
    """A text's tokens: ids (n,); offsets (n, 2) in code points; visible (n,), bool, which of them
    stand for more than white space; sentences (s,), the first tokens of sentences, 0 among them.
    """

    ids: Ids
    offsets: Ids
    visible: NDArray[np.bool_]
    sentences: Ids


@dataclass(frozen=True)
class Window:
    """One input of the model: ids and types (tokens,), and which part of the text it holds.

    `ids[context + i]` is the text's token `begin + i`, up to the token `end`, exclusive.
    """

    ids: Ids
    types: Ids
    context: int
    begin: int
    end: int


class WindowBuilder:
    """Tokenizes questions and texts, and puts them together as the tokenizer's pairs are.

    Thread-safe. Raises ValueError if the tokenizer puts anything before its first special token,
    which is where the logits for "no answer" are, or if `max_tokens` leaves no room for a text.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        if max_tokens < LEAST_TOKENS:
            raise ValueError(
                f"a window of {max_tokens} tokens is too small: {LEAST_TOKENS} or more"
            )
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._special = _SpecialTokens.of(tokenizer)
        # Text is never a special token, whatever it spells.
        self._tokenizer.encode_special_tokens = True
        self._max_tokens = max_tokens
        self._max_question = min(MAX_QUESTION_TOKENS, max_tokens // 4)

    def question(self, question: str) -> Ids:
        """Its token ids, cut off after MAX_QUESTION_TOKENS, or a quarter of a small window."""
        encoding = self._tokenizer.encode(question.strip(), add_special_tokens=False)
        return np.array(encoding.ids[: self._max_question], np.int64)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            _tokens(text, encoding.ids, encoding.offsets)
            for text, encoding in zip(texts, encodings, strict=True)
        ]

    def windows(self, question: Ids, tokens: Tokens) -> Iterator[Window]:
        """The text in windows that overlap by about half; none if it has no tokens."""
        special = self._special
        head = np.concatenate([special.before, question, special.between])
        room = self._max_tokens - len(head) - len(special.after)
        for begin, end in parts(tokens.sentences, len(tokens.ids), room):
            ids = np.concatenate([head, tokens.ids[begin:end], special.after])
            types = np.full(len(ids), special.text_type, np.int64)
            types[: len(head)] = special.question_type
            yield Window(ids, types, len(head), begin, end)


def parts(sentences: Sequence[int] | Ids, count: int, room: int) -> Iterator[tuple[int, int]]:
    """Tokens [begin, end) of the windows of a text of `count` tokens, each `room` at most.

    A part begins and ends with a sentence, unless one is longer than half of the room. Each
    begins about half of the room after the one before, and so that every MAX_ANSWER_TOKENS
    tokens in a row are together in one part.
    """
    begin, stride = 0, room // 2
    while count - begin > room:
        end = _last(sentences, begin + stride + MAX_ANSWER_TOKENS, begin + room) or begin + room
        yield begin, end
        furthest = min(begin + stride, end - MAX_ANSWER_TOKENS + 1)
        begin = _last(sentences, begin + 1, furthest) or furthest
    if count:
        yield begin, count


def _last(sentences: Sequence[int] | Ids, least: int, most: int) -> int:
    """The last sentence start from `least` to `most`, or 0."""
    n = int(np.searchsorted(sentences, most, side="right"))
    return int(sentences[n - 1]) if n and sentences[n - 1] >= least else 0


def _tokens(text: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Tokens:
    places = np.array(offsets, np.int64).reshape(-1, 2)
    visible = np.array([bool(text[start:end].strip()) for start, end in offsets], np.bool_)
    starts = [start for start, _ in sentence_spans(text)]
    first = np.searchsorted(places[:, 1], starts, side="right")
    sentences = np.unique(np.append(first[first < len(places)], 0)).astype(np.int64)
    return Tokens(np.array(ids, np.int64), places, visible, sentences)


@dataclass(frozen=True)
class _SpecialTokens:
    """What a tokenizer puts around a pair, read off one that it has put together."""

    before: Ids
    between: Ids
    after: Ids
    question_type: int
    text_type: int

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Self:
        pair = tokenizer.encode("a", "a")
        sequences = [-1 if sequence is None else sequence for sequence in pair.sequence_ids]
        if 0 not in sequences or 1 not in sequences:
            raise ValueError("the tokenizer makes no pairs of a question and a text")
        first, second = sequences.index(0), sequences.index(1)
        last_first = len(sequences) - 1 - sequences[::-1].index(0)
        last_second = len(sequences) - 1 - sequences[::-1].index(1)
        if first == 0 or second < last_first:
            raise ValueError("the tokenizer begins with no special token")
        ids = np.array(pair.ids, np.int64)
        return cls(
            ids[:first],
            ids[last_first + 1 : second],
            ids[last_second + 1 :],
            pair.type_ids[first],
            pair.type_ids[second],
        )
