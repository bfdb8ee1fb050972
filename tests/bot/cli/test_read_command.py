"""`dateline read`: what it prints and how it ends, with a reader whose answers mean nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import objects, only, write_jsonl
from typer.testing import CliRunner, Result

from bot.cli.app import app
from bot.qa.reading import loading
from bot.qa.reading.packaged import CalibratedReader, load_reader_folder

QUESTION = "Where was he killed?"
TEXT = "\r\n😀 He was killed in the town of Atme, officials said.\n\nIt was early."


@pytest.fixture(autouse=True)
def reader(small_reader: Path, monkeypatch: pytest.MonkeyPatch) -> CalibratedReader:
    """The small reader in the packaged one's place."""
    small = load_reader_folder(small_reader)
    monkeypatch.setattr(loading, "load_reader_folder", lambda: small)
    return small


def read(*arguments: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(app, ["read", *map(str, arguments)], **options)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_an_answer_is_a_part_of_the_text(text: Path, reader: CalibratedReader) -> None:
    result = read(QUESTION, "--text", text, "--abstain-below", "0", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = only(result)
    assert list(answer) == ["id", "answered", "answer", "start", "end", "confidence"]
    assert answer["id"] is None and answer["answered"] is True
    assert answer["answer"] == TEXT[answer["start"] : answer["end"]] != ""
    ((best,),) = reader.model.spans(QUESTION, [TEXT], best=1)
    confidence = reader.calibration.probability(best.score)
    assert answer["confidence"] == pytest.approx(confidence, abs=1e-4)


def test_an_answer_for_people(text: Path) -> None:
    answer = only(read(QUESTION, "--text", text, "--abstain-below", "0", "--json"))
    result = read(QUESTION, "--text", text, "--abstain-below", "0")
    first, second = result.stdout.splitlines()
    assert first == answer["answer"]
    place = f"    characters {answer['start']} to {answer['end']}, confidence "
    assert second == f"{place}{answer['confidence']:.2f}"


@pytest.mark.parametrize("given", ["", " \n"])
def test_a_text_of_nothing_has_no_answer(tmp_path: Path, given: str) -> None:
    path = tmp_path / "empty.txt"
    path.write_text(given)
    result = read(QUESTION, "--text", path)
    assert (result.exit_code, result.stdout) == (3, "No answer found.\n")


def test_under_the_threshold_there_is_no_answer(text: Path, reader: CalibratedReader) -> None:
    ((best,),) = reader.model.spans(QUESTION, [TEXT], best=1)
    confidence = reader.calibration.probability(best.score)
    result = read(QUESTION, "--text", text, "--abstain-below", str(confidence + 0.001), "--json")
    assert result.exit_code == 3
    assert only(result) == {
        "id": None,
        "answered": False,
        "answer": "",
        "start": None,
        "end": None,
        "confidence": pytest.approx(confidence, abs=1e-4),
    }
    assert read(QUESTION, "--text", text, "--abstain-below", str(confidence)).exit_code == 0
    own = read(QUESTION, "--text", text).exit_code
    assert own == (0 if confidence >= reader.calibration.abstain_below else 3)


def test_a_text_from_standard_input(text: Path) -> None:
    expected = read(QUESTION, "--text", text, "--json")
    for data in (TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode()):
        given = read(QUESTION, "--text", "-", "--json", input=data)
        assert (given.exit_code, only(given)) == (expected.exit_code, only(expected))


LINES = [
    {"id": "q1", "question": QUESTION, "text": TEXT},
    {"id": 2, "question": "Why?", "text": "", "answers": []},
    {"question": QUESTION, "text": "In Atme."},
]
BAD_LINES = [
    ({"id": 3, "question": " ", "text": "a"}, 3, "the question is empty"),
    ({"id": 4, "text": "a"}, 4, "there is no 'question'"),
    ({"id": 5, "question": "Why?"}, 5, "there is no 'text'"),
    ({"id": 6, "question": "Why?", "text": ["a"]}, 6, "the text is no string: put it in quotes"),
    ({"id": True, "question": "Why?"}, None, "the id is neither a string nor an integer"),
    (
        {"id": 7, "question": "Why?", "text": "a \ud800"},
        7,
        "the text is not valid Unicode at character 3",
    ),
    ([], None, "not a JSON object: write one object such as {…} on a line"),
]


@pytest.mark.parametrize("name", ["examples.jsonl", "examples.jsonl.gz"])
def test_examples_of_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = b"".join(json.dumps(line).encode() + b"\n" for line in LINES)
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    result = read("--file", path, "--abstain-below", "0", "--json")
    assert result.exit_code == 0
    answers = objects(result)
    assert [(one["id"], one["answered"]) for one in answers] == [
        ("q1", True), (2, False), (None, True),
    ]  # fmt: skip
    assert answers[1]["confidence"] == 0
    for line, answer in zip(LINES, answers, strict=True):
        assert str(line["text"])[answer["start"] : answer["end"]] == answer["answer"]
    piped = read("--file", "-", "--abstain-below", "0", "--json", input=data)
    assert objects(piped) == answers


def test_bad_lines_stand_in_their_place(tmp_path: Path) -> None:
    bad = [line for line, _, _ in BAD_LINES]
    path = write_jsonl(tmp_path / "examples.jsonl", *bad, LINES[0])
    result = read("--file", path, "--abstain-below", "0", "--json")
    assert result.exit_code == 1
    *errors, last = objects(result)
    assert errors == [
        {"id": id, "error": f"{path}, line {number}: {problem}"}
        for number, (_, id, problem) in enumerate(BAD_LINES, 1)
    ]
    assert last["answered"]
    shown = read("--file", path).stdout
    assert f"Error: {path}, line 1: the question is empty\n\n" in shown
    assert f"Question: {QUESTION}\n" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["Where?"],
        ["--text", "a.txt"],
        ["Where?", "--file", "a.jsonl"],
        ["--text", "a.txt", "--file", "a.jsonl"],
        [" ", "--text", "a.txt"],
        ["Where?", "--text", "a.txt", "--abstain-below", "1.5"],
    ],
)
def test_wrong_usage_of_read_exits_2(arguments: list[str]) -> None:
    result = read(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert f"{gone}: no such file" in read("--file", gone).stderr
    assert f"No such file or directory: {gone}" in read("Where?", "--text", gone).stderr
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Café".encode("latin-1"))
    result = read("Where?", "--text", latin, "--json")
    assert result.exit_code == 1
    assert only(result) == {"error": f"{latin}: not UTF-8 at byte 3: convert the file to UTF-8"}


def test_what_could_drive_a_terminal_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("At\x1b[31mme\x1b]0;title\x07 fell\u202e there")
    shown = read("What fell?", "--text", path, "--abstain-below", "0").stdout
    assert shown and not set(shown) & {"\x1b", "\x07", "\u202e"}
