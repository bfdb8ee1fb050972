"""Calibrating a reader: which questions it is judged on, the fit, and a whole run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_reader import write_squad2, write_tiny_reader

from bot.qa.reading.packaged import DESCRIPTION, load_reader_folder
from training.calibrate import (
    Judged,
    TextQuestion,
    calibrate,
    halves,
    is_right,
    main,
    measuring_questions,
    spread,
)

WORTH = {"42": 3.0, "17": 1.0, "9": -1.0}
"""A reader that likes these numbers."""
TEXTS = [
    ("The harbour holds 42 boats in summer.", ["42", "42 boats"]),
    ("The harbour holds 17 boats in winter.", ["17"]),
    ("The harbour holds 9 boats and 9 nets.", ["9"]),
    ("The harbour was built by the guild in 9 years.", []),
    ("The harbour was built by the guild.", []),
    ("The harbour is closed for 9 weeks.", []),
]
ARTICLES = [f"port {n}" for n in range(8)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_squad2(
        tmp_path / "data",
        [(article, text, answers) for article in ARTICLES for text, answers in TEXTS],
    )
    return tmp_path / "data"


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    write_tiny_reader(tmp_path / "reader", WORTH)
    return tmp_path / "reader"


def test_the_measuring_articles_are_asked_with_every_gold_answer(data: Path) -> None:
    questions = measuring_questions(data)
    assert {one.article for one in questions} == {"port 1", "port 3", "port 5", "port 7"}
    assert len(questions) == 4 * len(TEXTS)  # "9", which stands at two places, among them
    assert questions[0].answers == ("42", "42 boats")
    assert [one.answerable for one in questions[:5]] == [True, True, True, False, False]


def test_the_halves_share_no_article(data: Path) -> None:
    fit, report = halves(measuring_questions(data))
    assert {one.article for one in fit} == {"port 1", "port 5"}
    assert {one.article for one in report} == {"port 3", "port 7"}


def test_a_trial_takes_questions_from_all_over() -> None:
    questions = [TextQuestion(str(n), "Who?", "Ann.", f"a{n}", ("Ann",)) for n in range(10)]
    assert [one.id for one in spread(questions, 4)] == ["0", "2", "5", "7"]
    assert spread(questions, 99) == spread(questions, None) == questions


@pytest.mark.parametrize(
    ("answer", "golds", "right"),
    [
        ("the 42 boats", ["42"], True),  # F1 of 2/3
        ("42 small fishing boats", ["42"], False),
        ("42", ["boats", "42"], True),
        ("42", [], False),
        ("", ["42"], False),
    ],
)
def test_what_counts_as_right(answer: str, golds: list[str], right: bool) -> None:
    assert is_right(answer, golds) is right


def drawn(seed: int, count: int = 2000) -> Judged:
    """Scores whose log-odds of being right are a half of them, less one."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(0, 6, count)
    right = chance.random(count) < 1 / (1 + np.exp(1 - scores / 2))
    return Judged(scores.tolist(), right.tolist())


def test_probabilities_hold_on_what_they_were_not_fitted_on() -> None:
    fitted = calibrate(drawn(1), drawn(2))
    assert fitted["calibration"]["slope"] == pytest.approx(0.5, abs=0.06)
    assert fitted["calibration"]["intercept"] == pytest.approx(-1, abs=0.2)
    # Where a wrong answer costs twice what abstaining does, one half is where answering pays.
    assert fitted["abstain_below"] == pytest.approx(1 / 2, abs=0.1)
    assert fitted["measured"]["ece"] < 0.03
    assert fitted["measured"]["utility"] == pytest.approx(
        fitted["measured"]["utility_of_the_fit"], abs=0.05
    )


def test_a_reader_whose_better_answers_score_lower_is_refused() -> None:
    judged = drawn(1)
    upside_down = Judged([-score for score in judged.scores], judged.right)
    with pytest.raises(ValueError, match="is it trained"):
        calibrate(upside_down, judged)


def test_a_whole_run(reader: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = json.loads((reader / DESCRIPTION).read_text("utf-8"))
    assert main([str(reader), str(data)]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    after = json.loads((reader / DESCRIPTION).read_text("utf-8"))
    assert after == before | {
        "calibration": printed["calibration"],
        "abstain_below": printed["abstain_below"],
    }
    assert [path.name for path in reader.glob("*.tmp")] == []
    assert printed["measured"]["fitted_on"] == printed["measured"]["reported_on"] == 12

    loaded = load_reader_folder(reader)
    given = {
        text: loaded.calibration.probability(
            loaded.model.spans("How many boats?", [text], best=1)[0][0].score
        )
        >= loaded.calibration.abstain_below
        for text, _ in TEXTS
    }
    # "9" is right in one of three texts, which does not pay.
    assert list(given.values()) == [True, True, False, False, False, False]


def test_what_cannot_be_read_is_named(data: Path, reader: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nowhere.*reader\.json"):
        main([str(tmp_path / "nowhere"), str(data)])
    with pytest.raises(SystemExit, match="squad2"):
        main([str(reader), str(tmp_path / "nothing")])
