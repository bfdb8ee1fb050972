"""The reading benchmark: scores with abstention, calibration, diagrams, and a whole run."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from tiny_dataset import ARTICLES, QUESTIONS, article_row, question_row, write_lines
from tiny_reader import write_squad2, write_tiny_reader

from benchmarks.reading import main, questions_of
from benchmarks.reliability import (
    Found,
    Outcome,
    answerability,
    calibrated,
    ece_of,
    reliability_svg,
    reliability_table,
)
from index.evaluation.calibration import ReliabilityBin
from training.calibrate import TextQuestion
from training.calibrate import main as calibrate

WORTH = {"42": 3.0, "17": 1.0, "1894": 2.0, "9": -1.0}
TEXTS = [
    ("The harbour holds 42 boats in summer.", ["42"]),
    ("The harbour holds 17 boats in winter.", ["17 boats"]),
    ("The harbour was built by the guild in 9 years.", []),
    ("The harbour was built by the guild.", []),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Both sets."""
    data = tmp_path / "data"
    write_squad2(data, [(f"port {n}", *text) for n in range(8) for text in TEXTS])
    rows = [article_row(id, title, text) for id, (title, text) in ARTICLES.items()]
    write_lines(data / "newsqa" / "articles.jsonl.gz", rows)
    write_lines(
        data / "newsqa" / "questions.jsonl.gz", [question_row(*question) for question in QUESTIONS]
    )
    return data


def outcome(
    answer: str, score: float, golds: tuple[str, ...], article: str = "a", *, sentence: bool = False
) -> Outcome:
    question = TextQuestion(f"{article} {answer} {score}", "Which?", "Text.", article, golds)
    return Outcome(question, Found(answer, score, score), 0.01, sentence)


def test_an_abstention_is_right_where_there_is_no_answer() -> None:
    outcomes = [
        outcome("Oslo", 0.9, ("Oslo",)),
        outcome("the port of Oslo", 0.6, ("Oslo",)),  # F1 of 1/2
        outcome("Lund", 0.7, ()),
        outcome("Lund", 0.1, ()),
    ]
    found = answerability(outcomes, 0.8)
    assert found["shipped"] == {"em": 0.75, "f1": 0.75}
    assert found["auroc"] == 0.75
    # From 0.6 on, 0.5 is gained and 1 lost; no threshold does better than 0.8.
    assert found["best"] == {"em": 0.75, "f1": 0.75}


def test_a_threshold_is_carried_over_to_the_other_half() -> None:
    outcomes = [
        outcome("Oslo", 0.9, ("Oslo",), "a"),
        outcome("Lund", 0.35, (), "a"),  # between these two lies the best of article a
        outcome("Oslo", 0.5, ("Oslo",), "b"),
        outcome("Lund", 0.1, (), "b"),
    ]
    found = answerability(outcomes, 0.0)
    assert found["best"]["f1"] == 1.0
    # 0.625, from a, loses Oslo in b; 0.3, from b, answers Lund in a.
    assert found["crossed"]["f1"] == 0.5


def test_a_sentence_is_right_if_it_holds_the_answer() -> None:
    text = "A painting hung in a waiting room in Oslo for many years."
    assert outcome(text, 0.5, ("Oslo",), sentence=True).right
    assert not outcome(text, 0.5, ("Oslo",)).right
    assert not outcome(text, 0.5, (), sentence=True).right


def test_calibration_of_answers_by_hand() -> None:
    found = calibrated(
        [
            outcome("Oslo", 0.75, ("Oslo",)),
            outcome("Lund", 0.75, ("Oslo",)),
            outcome("Lund", 0.25, ()),
            outcome("Lund", 0.25, ()),
        ],
        0.5,
    )
    assert found["ece"] == pytest.approx(0.25)
    assert found["brier"] == pytest.approx((0.0625 + 0.5625 + 0.0625 + 0.0625) / 4)
    assert found["answered"] == 0.5
    assert found["utility"] == pytest.approx((1 - 1) / 4)
    assert found["wrong_at_coverage"] == {"0.25": 0.5, "0.5": 0.5, "0.75": 0.75, "1.0": 0.75}
    assert [one["count"] for one in found["bins"]] == [2, 2]


def test_errors_of_parts_are_weighted_by_their_sizes() -> None:
    assert ece_of([([1.0], [True]), ([1.0, 1.0, 1.0], [False] * 3)]) == pytest.approx(0.75)


def test_news_questions_come_with_their_whole_article(data: Path) -> None:
    first, *others = questions_of("newsqa", data, None)
    assert first.text == ARTICLES["flood"][1]
    assert first.answers == ("Marwick",)
    assert len(others) == 3


BINS = [ReliabilityBin(0.0, 0.4, 0.2, 0.25, 40), ReliabilityBin(0.5, 1.0, 0.8, 0.75, 10)]


def test_a_diagram_is_an_xml_document_whatever_a_reader_is_called() -> None:
    name = 'a <b> & "c"'
    svg = ElementTree.fromstring(reliability_svg({name: BINS, "plain": BINS[:1]}))
    texts = [element.text for element in svg.iter() if element.tag.endswith("}text")]
    assert {name, "plain"} <= set(texts)
    dots = [element for element in svg.iter() if element.tag.endswith("}circle")]
    assert len(dots) == 3
    first, second = dots[:2]
    # A quarter of the answers: half of the radius. Higher is further up.
    assert float(first.attrib["r"]) == pytest.approx(2 * float(second.attrib["r"]))
    assert float(first.attrib["cy"]) > float(second.attrib["cy"])


def test_a_diagram_as_a_table() -> None:
    table = reliability_table("x", BINS).splitlines()
    assert len(table) == 4
    assert "| 0.500 to 1.000 | 0.800 |       0.750 |      10 |" in table[3]


def test_a_reader_has_to_be_calibrated_first(data: Path, tmp_path: Path) -> None:
    write_tiny_reader(tmp_path / "raw", WORTH)
    with pytest.raises(SystemExit, match=r"reader\.json"):
        main([str(data), "--reader", str(tmp_path / "raw"), "--no-peers"])


def test_a_whole_run(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reader, diagrams = tmp_path / "tiny", tmp_path / "diagrams.svg"
    write_tiny_reader(reader, WORTH)
    assert calibrate([str(reader), str(data)]) == 0
    capsys.readouterr()
    arguments = [str(data), "--reader", str(reader)]
    assert main([*arguments, "--json", "--svg", str(diagrams)]) == 0
    results = json.loads(capsys.readouterr().out)
    tiny, sentence = results["sets"]["squad2"]
    assert (tiny["reader"], sentence["reader"]) == ("tiny", "best sentence")
    assert tiny["questions"] == 16
    assert tiny["auroc"] == 1.0
    assert tiny["shipped"] == tiny["crossed"] == {"em": 0.75, "f1": pytest.approx(11 / 12)}
    assert tiny["forced"]["f1"] == pytest.approx(5 / 6)
    assert sentence["forced"]["contains"] == 1.0
    assert tiny["calibration"]["questions"] == 8
    # Its answers are right just where they are given.
    assert tiny["calibration"]["utility"] == 0.5
    (news, _) = results["sets"]["newsqa"]
    assert news["forced"]["em"] == 0.25  # 1894
    assert len(ElementTree.parse(diagrams).getroot()) == 5  # the ground, and two readers twice

    assert main([*arguments, "--no-peers", "--set", "squad2", "--limit", "3"]) == 0
    assert "**squad2**, the text given: 3 questions, 2 of them answerable." in (
        capsys.readouterr().out
    )
