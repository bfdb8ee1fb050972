"""Both runtimes find the same spans, with offsets that are right in any text."""

from __future__ import annotations

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.qa.reading.span_model import OnnxSpanModel
from bot.qa.reading.spans import Span, SpanModel
from bot.qa.reading.torch_model import TorchSpanModel
from index.errors import ModelFileError

QUESTION = "Where was the leader killed?"
TEXTS = [
    "The raid killed the leader of the group in the town of Atme, officials said.",
    "Shares fell 3.2 % to $41.75.",
    "Café 😀 in the Straße",
    "",
    "The council closed two libraries, and nobody knew why. " * 40,
]
PIECES = (
    "a", "The town", "Straße", ".", " ", "  ", "\n\n", "\t", "\x1c", "\x85", "\u00a0", "\u3000",
    "\u2028", "\u200b", "\u200d", "\ufeff", "e\u0301", "n\u0303\u0323", "\u0301", "😀", "\x00",
    "👩\u200d👩\u200d👧", "🇫🇷", "“", '"', "İ", "ß", "ﬁ", "中文。", "שלום", "한국", "مرحبا",
    "[SEP]", "[CLS]", "[PAD]", "##ed", "U.S.", "3.5", "x" * 130,
)  # fmt: skip
ACCENTS = (
    "".join(chr(n) for n in range(0x10000) if unicodedata.category(chr(n)).startswith("M"))
    + "\u200c\u200d"
)
AWKWARD_TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=80
)


@pytest.fixture(scope="session")
def in_onnx(small_reader: Path) -> OnnxSpanModel:
    return OnnxSpanModel(small_reader / "reader.onnx", small_reader / "tokenizer.json", 96)


@pytest.fixture(scope="session")
def in_torch(small_reader: Path) -> TorchSpanModel:
    return TorchSpanModel(str(small_reader))


@pytest.fixture(params=["in_onnx", "in_torch"])
def model(request: pytest.FixtureRequest) -> SpanModel:
    found: SpanModel = request.getfixturevalue(request.param)
    return found


def overlapping(spans: list[Span]) -> list[tuple[Span, Span]]:
    return [
        (one, other)
        for n, one in enumerate(spans)
        for other in spans[n + 1 :]
        if one.start < other.end and other.start < one.end
    ]


def test_both_runtimes_find_the_same_spans(small_reader: Path, in_torch: TorchSpanModel) -> None:
    in_onnx = OnnxSpanModel(small_reader / "reader.onnx", small_reader / "tokenizer.json", 384)
    found, expected = in_onnx.spans(QUESTION, TEXTS), in_torch.spans(QUESTION, TEXTS)
    for spans, others in zip(found, expected, strict=True):
        assert [(span.start, span.end) for span in spans] == [(o.start, o.end) for o in others]
        assert [s.score for s in spans] == pytest.approx([o.score for o in others], abs=1e-3)
    assert [bool(spans) for spans in found] == [True, True, True, False, True]


def test_a_text_has_the_same_spans_whatever_else_is_read(model: SpanModel) -> None:
    together = model.spans(QUESTION, TEXTS)
    assert together == [model.spans(QUESTION, [text])[0] for text in TEXTS]
    assert together == model.spans(QUESTION, TEXTS[::-1])[::-1]


def test_the_same_spans_in_several_threads(model: SpanModel) -> None:
    start = threading.Barrier(4)

    def read() -> list[list[Span]]:
        start.wait(timeout=60)
        return model.spans(QUESTION, TEXTS)

    with ThreadPoolExecutor(4) as pool:
        first, *others = [one.result() for one in [pool.submit(read) for _ in range(4)]]
    assert others == [first] * 3


def test_no_texts_and_texts_of_nothing(model: SpanModel) -> None:
    assert model.spans(QUESTION, []) == []
    assert model.spans(QUESTION, ["", " \n", "\u00a0\u2003", "\x00"]) == [[], [], [], []]


def test_the_number_of_spans(model: SpanModel) -> None:
    five, one = model.spans(QUESTION, TEXTS), model.spans(QUESTION, TEXTS, best=1)
    assert one == [spans[:1] for spans in five]
    with pytest.raises(ValueError, match="must be at least 1, not 0"):
        model.spans(QUESTION, TEXTS, best=0)


@settings(deadline=None)
@given(text=AWKWARD_TEXTS)
def test_offsets_in_any_text(small_reader: Path, in_onnx: OnnxSpanModel, text: str) -> None:
    tokenizer = Tokenizer.from_file(str(small_reader / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    starts, ends = {start for start, _ in offsets}, {end for _, end in offsets}
    (spans,) = in_onnx.spans("Who?", [text], best=4)
    for span in spans:
        answer = text[span.start : span.end]
        assert answer and answer == answer.strip()
        # This tokenizer drops accents and joiners, which come with the letter before them.
        assert span.start in starts
        assert len(text[: span.end].rstrip(ACCENTS)) in {
            len(text[:e].rstrip(ACCENTS)) for e in ends
        }
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)
    assert overlapping(spans) == []
    assert bool(spans) == bool(offsets)


def test_other_extents_are_given_when_asked_for(in_onnx: OnnxSpanModel) -> None:
    for text, plain, spans in zip(
        TEXTS, in_onnx.spans(QUESTION, TEXTS), in_onnx.spans(QUESTION, TEXTS, extents=True),
        strict=True,
    ):  # fmt: skip
        assert spans[:1] == plain[:1]
        for one, other in overlapping(spans):
            inner, outer = sorted((one, other), key=lambda span: span.end - span.start)
            assert outer.start <= inner.start and inner.end <= outer.end
            assert text[inner.start : inner.end] != text[outer.start : outer.end]
    assert overlapping(in_onnx.spans(QUESTION, TEXTS[:1], extents=True)[0])


def test_the_end_of_a_long_text_is_read(in_onnx: OnnxSpanModel) -> None:
    filler = "the of and " * 500
    text = f"{filler}The leader was killed in Atme."
    (spans,) = in_onnx.spans(QUESTION, [text], best=2000)
    assert spans[-1].score < spans[0].score
    read = sorted((span.start, span.end) for span in spans)
    assert read[0][0] == 0 and read[-1][1] == len(text)
    # What is found there is what a short text gives, where the window is the same.
    alone = in_onnx.spans(QUESTION, ["The leader was killed in Atme."], best=1)
    assert alone[0][0].end <= 30


def test_a_question_of_any_length_leaves_room_for_the_text(model: SpanModel) -> None:
    long = "😀 Who closed the library? " * 1000
    assert [bool(spans) for spans in model.spans(long, TEXTS)] == [True, True, True, False, True]
    assert model.spans(long, TEXTS[:3]) == model.spans(long + "Nobody.", TEXTS[:3])
    assert model.spans(long, TEXTS[:1]) != model.spans(QUESTION, TEXTS[:1])


def test_special_tokens_in_a_text_are_only_text(in_onnx: OnnxSpanModel) -> None:
    spelled, apart = in_onnx.spans(QUESTION, ["He [SEP] fled.", "He [ SEP ] fled."])
    assert [span.score for span in spelled] == pytest.approx([span.score for span in apart])


def test_files_that_are_no_reader(small_reader: Path, tmp_path: Path) -> None:
    tokenizer = small_reader / "tokenizer.json"
    (tmp_path / "reader.onnx").write_bytes(b"no model")
    with pytest.raises(ModelFileError, match="cannot be read"):
        OnnxSpanModel(tmp_path / "reader.onnx", tokenizer)
    with pytest.raises(ModelFileError, match="cannot be read"):
        OnnxSpanModel(small_reader / "reader.onnx", tmp_path / "reader.onnx")
    with pytest.raises(ModelFileError, match="a window of 10 tokens is too small: 64 or more"):
        OnnxSpanModel(small_reader / "reader.onnx", tokenizer, 10)


def test_a_model_with_other_outputs(small_reader: Path, tmp_path: Path) -> None:
    import onnx

    model = onnx.load(str(small_reader / "reader.onnx"))
    del model.graph.output[1]
    onnx.save(model, str(tmp_path / "reader.onnx"))
    with pytest.raises(ModelFileError, match="is no reader: its outputs are start, not end, start"):
        OnnxSpanModel(tmp_path / "reader.onnx", small_reader / "tokenizer.json")
