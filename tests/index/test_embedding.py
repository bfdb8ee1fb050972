import dataclasses
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from index import embedding
from index.embedding import EmbeddingModel
from index.errors import ModelFileError
from index.model_export import LEAST_COSINE, exported, load_original
from index.model_files import PACKAGED_WEIGHTS_SHA256
from index.onnx_encoder import OnnxEncoder
from index.settings import DEFAULT_MODEL

TEXTS = [
    "short",
    "The raid in Atme killed the leader of the group, officials said. " * 12,
    "",
    "Café 😀 in the Straße",
    "Where was the general born?",
    "word " * 400,
]


def test_vectors_are_those_of_the_original_model(model: EmbeddingModel) -> None:
    original = load_original(DEFAULT_MODEL).encode(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )
    vectors = model.encode_documents(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = np.sum(vectors * original, axis=1)
    assert cosines.min() > (LEAST_COSINE if model.precision == "int8" else 0.9999), cosines


def test_the_order_of_texts_is_kept_though_batches_are_sorted(model: EmbeddingModel) -> None:
    texts = [f"Number {n}" + " and so on" * (n * 7 % 40) for n in range(60)]
    together = model.encode_documents(texts)
    alone = np.concatenate([model.encode_documents([text]) for text in texts[::10]])
    assert np.sum(together[::10] * alone, axis=1) == pytest.approx(1, abs=0.03)
    nearest = np.argmax(alone @ together.T, axis=1)
    assert nearest.tolist() == list(range(0, 60, 10))


def test_blocks_are_those_of_the_texts_in_order(model: EmbeddingModel) -> None:
    texts = [f"Number {n} of the texts" for n in range(7)]
    blocks = list(model.encode_document_blocks(texts, 3))
    assert [len(block) for block in blocks] == [3, 3, 1]
    assert np.array_equal(blocks[1], model.encode_documents(texts[3:6]))
    assert list(model.encode_document_blocks([], 3)) == []


def test_no_texts_give_no_vectors(model: EmbeddingModel) -> None:
    assert model.encode_documents([]).shape == model.encode_queries([]).shape == (0, 384)


def test_the_limit_is_counted_without_special_tokens(model: EmbeddingModel) -> None:
    """all-MiniLM-L6-v2 reads 256 word pieces, two of which are [CLS] and [SEP]."""
    assert model.max_tokens == 254
    text = "raid " * 254
    assert model.count_tokens([text, "raid", "", "raid " * 1000]) == [254, 1, 0, 1000]
    whole, cut = model.encode_documents([text, text + "libraries and shares " * 30])
    assert float(whole @ cut) == pytest.approx(1, abs=0.02)


def test_the_fingerprint_names_the_published_weights(model: EmbeddingModel) -> None:
    found = model.fingerprint
    assert (found.name, found.dimension) == (DEFAULT_MODEL, 384)
    assert found.weights_sha256 == PACKAGED_WEIGHTS_SHA256


def test_threads_that_need_the_model_at_once_do_not_wait_for_each_other_forever(
    model: EmbeddingModel, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(name: str, cache: Path) -> object:
        time.sleep(0.05)
        return exported(name, cache)

    monkeypatch.setattr(embedding, "exported", slowly)
    fresh = EmbeddingModel(cache=model_cache)
    calls = [lambda: fresh.encode_queries(["x"]), lambda: fresh.fingerprint] * 2
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def test_prompts_of_a_model_are_put_before_its_texts(
    model: EmbeddingModel, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = {"query": "query: ", "passage": "passage: "}
    files = dataclasses.replace(exported(DEFAULT_MODEL, model_cache), prompts=prompts)
    monkeypatch.setattr(embedding, "exported", lambda name, cache: files)
    prompted = EmbeddingModel(cache=model_cache)
    for vector, same in (
        (prompted.encode_queries(["a raid"]), model.encode_queries(["query: a raid"])),
        (prompted.encode_documents(["a raid"]), model.encode_documents(["passage: a raid"])),
    ):
        assert vector == pytest.approx(same, abs=1e-6)


def test_files_that_cannot_be_read_are_a_model_file_error(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"junk")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFileError, match="cannot be read"):
        OnnxEncoder(tmp_path / "model.onnx", tmp_path / "tokenizer.json", 256)
