"""Texts as token ids with their offsets, kept in small arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.qa.reading.windows import MAX_QUESTION_TOKENS
from index.sentences import sentence_spans

CLS, SEP = "[CLS]", "[SEP]"

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class EncodedText:
    """A text's tokens: ids (n,), offsets in code points (n, 2), first tokens of sentences (s,)."""

    ids: Ids
    offsets: Ids
    sentences: Ids

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and the last token of `text[start:end]`; None where no token is inside."""
        first = int(np.searchsorted(self.offsets[:, 1], start, side="right"))
        last = int(np.searchsorted(self.offsets[:, 0], end, side="left")) - 1
        return (first, last) if first <= last else None

    def sentence_of(self, token: int) -> tuple[int, int]:
        """Tokens [begin, end) of the sentence that holds `token`."""
        n = int(np.searchsorted(self.sentences, token, side="right"))
        end = int(self.sentences[n]) if n < len(self.sentences) else len(self.ids)
        return int(self.sentences[n - 1]), end


def encode_texts(tokenizer: Tokenizer, texts: Sequence[str]) -> list[EncodedText]:
    """Without special tokens, and not truncated."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoded = []
    for text, encoding in zip(
        texts, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True
    ):
        offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
        starts = [start for start, _ in sentence_spans(text)]
        first = np.searchsorted(offsets[:, 1], starts, side="right")
        sentences = np.unique(np.append(first[first < len(offsets)], 0)).astype(np.int32)
        encoded.append(EncodedText(np.array(encoding.ids, np.int32), offsets, sentences))
    return encoded


def encode_questions(tokenizer: Tokenizer, questions: Sequence[str]) -> list[Ids]:
    """Token ids of each question, at most MAX_QUESTION_TOKENS."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encodings = tokenizer.encode_batch([q.strip() for q in questions], add_special_tokens=False)
    return [np.array(one.ids[:MAX_QUESTION_TOKENS], np.int32) for one in encodings]
