"""Runs an exported reader in ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.qa.reading.decoding import Logits, read_windows
from bot.qa.reading.spans import Span
from bot.qa.reading.windows import MAX_TOKENS, Window, WindowBuilder
from index.errors import ModelFileError

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start", "end")


class OnnxSpanModel:
    """A SpanModel of three inputs and two outputs, all of shape (windows, tokens).

    Raises ModelFileError if the files cannot be read as such a model and its tokenizer.
    """

    def __init__(self, model: Path, tokenizer: Path, max_tokens: int = MAX_TOKENS) -> None:
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # several windows are run at once instead
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._builder = WindowBuilder(Tokenizer.from_file(str(tokenizer)), max_tokens)
        except Exception as error:  # both libraries raise plain Exceptions
            raise ModelFileError(f"the reader in {model.parent} cannot be read: {error}") from error
        # One for all who ask at the same time: more threads than cores would only take turns.
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="read")
        for what, expected, found in (
            ("inputs", INPUTS, self._session.get_inputs()),
            ("outputs", OUTPUTS, self._session.get_outputs()),
        ):
            names = {one.name for one in found}
            if names != set(expected):
                raise ModelFileError(
                    f"{model} is no reader: its {what} are {', '.join(sorted(names))}, not "
                    f"{', '.join(sorted(expected))}"
                )

    def spans(
        self, question: str, texts: Sequence[str], *, best: int = 5, extents: bool = False
    ) -> list[list[Span]]:
        """As SpanModel says.

        A window is run by itself: in a batch, int8 arithmetic takes its scale from all of them, so
        that a text's score would depend on its neighbours. It is faster, too: ten passages on two
        cores take 0.33 s, each on one core; 0.43 s, each on both; 0.60 s in batches of four. Even
        windows of one length gain nothing together: from 128 tokens on, 16 at once take as much
        processor time each as one alone, within a quarter of it.
        """
        return read_windows(
            self._builder,
            self._logits,
            question,
            texts,
            best=best,
            extents=extents,
            across=self._pool,
        )

    def _logits(self, window: Window) -> tuple[Logits, Logits]:
        inputs = {
            "input_ids": window.ids[None],
            "attention_mask": np.ones((1, len(window.ids)), np.int64),
            "token_type_ids": window.types[None],
        }
        start, end = self._session.run(list(OUTPUTS), inputs)
        return start[0], end[0]
