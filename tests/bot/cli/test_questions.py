import datetime as dt
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli.questions import STDIN, BadQuestion, Question, read_questions, require_questions
from index.errors import LoadError

LINES = [
    {"id": "q1", "question": "Where was he killed?", "answers": []},
    {"question": " In Atme? "},
    {"id": 7, "question": " "},
    {"id": 8},
    {"id": [1], "question": "Why?"},
    {"id": 9, "question": 9},
    {"id": 10, "question": "\ud800"},
    [],
]


def written(*lines: Any) -> bytes:
    return b"\n".join(json.dumps(line).encode() for line in lines)


def check(found: list[Question | BadQuestion], place: str) -> None:
    assert found[:2] == [Question("q1", "Where was he killed?"), Question(None, " In Atme? ")]
    assert [(bad.id, bad.error) for bad in found[2:] if isinstance(bad, BadQuestion)] == [
        (7, f"{place}, line 3: the question is empty"),
        (8, f"{place}, line 4: there is no 'question': name its key with --field"),
        (None, f"{place}, line 5: the id is neither a string nor an integer"),
        (9, f"{place}, line 6: the question is no string: put it in quotes"),
        (10, f"{place}, line 7: the question is not valid Unicode at character 1"),
        (None, f"{place}, line 8: not a JSON object: write one object such as {{…}} on a line"),
    ]


@pytest.mark.parametrize("name", ["q.jsonl", "q.jsonl.gz"])
def test_questions_of_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = written(*LINES)
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    require_questions(path)
    check(list(read_questions(path)), str(path))


def test_questions_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    require_questions(STDIN)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written(*LINES))))
    check(list(read_questions(STDIN)), "standard input")


def test_another_field(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(written({"question": "a", "standalone_question": "b"}, {"question": "a"}))
    first, second = read_questions(path, field="standalone_question")
    assert first == Question(None, "b")
    assert isinstance(second, BadQuestion) and "there is no 'standalone_question'" in second.error


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2022-10-06", dt.date(2022, 10, 6)),
        ("2022-10-06T23:30:00+02:00", dt.date(2022, 10, 6)),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_the_day_of_a_question(tmp_path: Path, given: Any, day: dt.date | None) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(written({"id": 1, "question": "Where?", "date": given}))
    assert list(read_questions(path)) == [Question(1, "Where?", day)]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("6.10.2022", "the date '6.10.2022' is not a day of the calendar"),
        ("2022-02-30", "the date '2022-02-30' is not a day of the calendar"),
        ("x" * 1000, f"the date {'x' * 60!r} is not a day of the calendar"),
        (20221006, "the date 20221006 is not a string"),
        (False, "the date False is not a string"),
        ([2022] * 1000, f"the date {str([2022] * 1000)[:60]} is not a string"),
    ],
)
def test_a_wrong_day_of_a_question(tmp_path: Path, given: Any, problem: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(written({"id": 1, "question": "Where?", "date": given}))
    expected = f"{path}, line 1: {problem}: write it as 2022-10-06"
    assert list(read_questions(path)) == [BadQuestion(1, expected)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.jsonl"):
        with pytest.raises(LoadError, match="no such file"):
            require_questions(path)
        with pytest.raises(LoadError, match="cannot be read"):
            list(read_questions(path))


def test_a_damaged_file_gives_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl.gz"
    path.write_bytes(gzip.compress(written(*LINES))[:-8])
    *_, last = read_questions(path)
    assert isinstance(last, BadQuestion) and "cut off or damaged" in last.error
