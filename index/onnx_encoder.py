"""Runs an exported sentence embedding model in ONNX Runtime. Thread-safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelFileError

BATCH_TOKENS = 4096
"""Most tokens of a batch, padding included: larger ones leave the processor's caches."""


class OnnxEncoder:
    """Texts to vectors of length 1, with texts over `max_seq_length` tokens cut off there."""

    def __init__(self, model: Path, tokenizer: Path, max_seq_length: int) -> None:
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise plain Exceptions
            raise ModelFileError(f"the model in {model.parent} cannot be read: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_seq_length)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32, shape (number of texts, dimension); texts of like length share a batch."""
        return self._run(self._tokenized(texts))

    def encode_blocks(self, texts: Sequence[str], size: int) -> Iterator[NDArray[np.float32]]:
        """The same, `size` texts at a time; while one block is run, the next is tokenized."""
        with ThreadPoolExecutor(1) as pool:
            following = pool.submit(self._tokenized, texts[:size])
            for first in range(0, len(texts), size):
                encodings = following.result()
                following = pool.submit(self._tokenized, texts[first + size : first + 2 * size])
                yield self._run(encodings)

    def _tokenized(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch_fast(list(texts))

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        rows: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(encodings)
        for batch in _batches(encodings):
            ids = np.zeros((len(batch), max(len(encodings[i].ids) for i in batch)), np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                length = len(encodings[i].ids)
                ids[row, :length] = encodings[i].ids
                mask[row, :length] = 1
            inputs = {"input_ids": ids, "attention_mask": mask}
            for i, vector in zip(batch, self._session.run(None, inputs)[0], strict=True):
                rows[i] = vector / max(float(np.linalg.norm(vector)), 1e-12)
        return np.stack(rows).astype(np.float32, copy=False)


def _batches(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """Indexes of texts sorted by length, cut where a padded batch would exceed BATCH_TOKENS."""
    batch: list[int] = []
    for i in sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids)):
        if batch and (len(batch) + 1) * len(encodings[i].ids) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
