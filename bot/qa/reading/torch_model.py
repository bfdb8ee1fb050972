"""Runs any extractive question answering model of Hugging Face in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from bot.qa.reading.decoding import Logits, read_windows
from bot.qa.reading.spans import Span
from bot.qa.reading.windows import Window, WindowBuilder
from index.errors import ModelFileError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MAX_TOKENS = 384
"""Of a window: what such models are trained with. A model that reads less gets less."""

_RESERVED_POSITIONS = 2
"""RoBERTa and its like count positions from 2."""


class TorchSpanModel:
    """A SpanModel by name or folder, whose first token stands for "no answer".

    Raises ModelFileError if it cannot be loaded, or was not trained to give spans.
    """

    def __init__(self, name: str) -> None:
        # Costs seconds, so it is imported only when it is needed.
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # of loading weights: it would stand among the answers
        try:
            tokenizer = AutoTokenizer.from_pretrained(name)
            model, loading = AutoModelForQuestionAnswering.from_pretrained(
                name, output_loading_info=True
            )
            self._builder = WindowBuilder(_own_tokenizer(tokenizer), _window(tokenizer, model))
        except Exception as error:  # a damaged file fails in any of several libraries
            raise ModelFileError(
                f"the reader {name!r} cannot be loaded ({error}). DATELINE_READER takes the name "
                "of an extractive question answering model, or a folder; without it, the reader "
                "that comes with Dateline is used."
            ) from error
        if missing := sorted(loading["missing_keys"]):
            raise ModelFileError(
                f"the reader {name!r} was not trained to answer questions (it has no "
                f"{missing[0]}): set DATELINE_READER to an extractive question answering model, "
                "such as deepset/roberta-base-squad2"
            )
        self._model = model.eval()
        self._takes_types = "token_type_ids" in tokenizer.model_input_names

    def spans(
        self, question: str, texts: Sequence[str], *, best: int = 5, extents: bool = False
    ) -> list[list[Span]]:
        """As SpanModel says; a window is run by itself, so that padding changes no score."""
        return read_windows(
            self._builder, self._logits, question, texts, best=best, extents=extents
        )

    def _logits(self, window: Window) -> tuple[Logits, Logits]:
        import torch

        inputs = {
            "input_ids": torch.from_numpy(window.ids[None]),
            "attention_mask": torch.ones(1, len(window.ids), dtype=torch.int64),
        }
        if self._takes_types:
            inputs["token_type_ids"] = torch.from_numpy(window.types[None])
        with torch.inference_mode():
            output = self._model(**inputs)
        return output.start_logits[0].float().numpy(), output.end_logits[0].float().numpy()


def _own_tokenizer(tokenizer: Any) -> Tokenizer:
    """A copy that nothing else sets up anew. Raises ValueError if it gives no offsets."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ValueError("its tokenizer gives no offsets: a fast tokenizer is needed")
    return Tokenizer.from_str(backend.to_str())


def _window(tokenizer: Any, model: PreTrainedModel) -> int:
    positions = getattr(model.config, "max_position_embeddings", None) or MAX_TOKENS
    return int(min(MAX_TOKENS, tokenizer.model_max_length, positions - _RESERVED_POSITIONS))
