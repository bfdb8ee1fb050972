"""A model of no weights with EmbeddingModel's interface: quick, and the same in every process."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from index.embedding import ModelFingerprint, Vectors

DIMENSION = 24


class FakeModel:
    """A text's vector is the sum of its words' random vectors; a token is a word."""

    precision = "float32"

    def __init__(self, name: str = "fake", max_tokens: int = 64, weights: str = "w1") -> None:
        self.name = name
        self.max_tokens = max_tokens
        self.weights = weights
        self.documents: list[str] = []
        """Every text that was embedded as a document, in order."""

    @property
    def fingerprint(self) -> ModelFingerprint:
        return ModelFingerprint(self.name, self.weights, DIMENSION)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        self.documents += texts
        return self.encode_queries(texts)

    def encode_document_blocks(self, texts: Sequence[str], size: int) -> Iterator[Vectors]:
        for first in range(0, len(texts), size):
            yield self.encode_documents(texts[first : first + size])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row] += _of_word(word)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


@cache
def _of_word(word: str) -> Vectors:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIMENSION)
