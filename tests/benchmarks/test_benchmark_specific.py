"""The cases of specific answers, how an answer to one is judged, and a whole run."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.datasets import DatasetError
from benchmarks.specific_answers import Case, judge, load_articles, load_cases, main, summary
from bot.qa.answer import Answer
from index.evaluation.metrics import contains_words, searchable_words

BRIDGE = Case(
    id="tiny-001",
    split="development",
    kind="place",
    article_id="museum",
    dataset="tiny",
    question="Where did the lost painting by Tobias Wren hang?",
    answers=("waiting room",),
    broader=("Oslo",),
    wrong=("city museum",),
)
UNION = Case(
    id="tiny-002",
    split="final",
    kind="person",
    article_id="strike",
    dataset="tiny",
    question="Who asked for a raise of 7 percent for the bus drivers in Lund?",
    answers=("Petra Holm", "Holm"),
    broader=("union's leader",),
    wrong=("company",),
)


class WithContext(Answer):
    """An answer that has a broader one beside it."""

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "context": "hung in OSLO"}


def answered(text: str, kind: type[Answer] = Answer) -> Answer:
    return kind("?", answered=bool(text), answer=text, confidence=0.5)


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    rows = [json.dumps(dataclasses.asdict(case)) for case in (BRIDGE, UNION)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("a dentist's Waiting-Room in Oslo", "right"),
        ("Oslo", "broader"),
        ("the city museum in Oslo", "wrong"),
        ("rooms for waiting", "wrong"),
        ("", "abstained"),
    ],
)
def test_specific_words_are_right_and_broader_ones_are_not_wrong(text: str, verdict: str) -> None:
    assert judge(BRIDGE, answered(text)) == verdict


def test_words_in_the_context_alone_are_broader_at_most() -> None:
    assert judge(BRIDGE, answered("a dentist", WithContext)) == "broader"
    assert judge(BRIDGE, answered("the city museum", WithContext)) == "wrong"
    assert judge(BRIDGE, answered("the waiting room", WithContext)) == "right"


def test_shares_are_of_the_cases_of_a_split_and_kind() -> None:
    judged = [
        (BRIDGE, answered("Oslo"), "broader"),
        (BRIDGE, answered("waiting room"), "right"),
        (UNION, answered(""), "abstained"),
    ]
    rows = {(row["split"], row["kind"]): row for row in summary(judged)}
    assert set(rows) == {
        ("development", "place"),
        ("development", "all"),
        ("final", "person"),
        ("final", "all"),
    }
    place = rows["development", "place"]
    assert (place["cases"], place["right"], place["broader"], place["wrong"]) == (2, 0.5, 0.5, 0)
    assert place["mean_answer_characters"] == 8
    assert rows["final", "all"]["abstained"] == 1.0
    assert rows["final", "all"]["mean_answer_characters"] is None


def test_each_article_is_in_a_set_of_its_own(folder: Path) -> None:
    articles = load_articles(folder.parent, [BRIDGE, UNION])
    assert {id: article.article_set for id, article in articles.items()} == {
        "museum": "museum",
        "strike": "strike",
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article_id": "lost"}, "tiny-001: no article lost in tiny"),
        ({"broader": ("Bergen",)}, "tiny-001: museum does not have 'Bergen'"),
        ({"dataset": "elsewhere"}, "the first argument is the folder above it"),
    ],
)
def test_cases_that_do_not_fit_the_articles_are_refused(
    folder: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        load_articles(folder.parent, [dataclasses.replace(BRIDGE, **change)])


def test_the_published_cases_keep_their_rules() -> None:
    cases = load_cases()
    assert [case.id for case in cases] == [f"specific-{n:03}" for n in range(1, len(cases) + 1)]
    assert len(cases) >= 120
    assert len({(case.article_id, case.question) for case in cases}) == len(cases)
    kinds = Counter(case.kind for case in cases)
    assert set(kinds) == {"place", "time", "person", "number", "thing"}
    assert min(kinds.values()) >= 15

    articles = list(dict.fromkeys(case.article_id for case in cases))
    assert len(articles) >= 80
    for case in cases:  # every third article, so that no article is in both splits
        third = articles.index(case.article_id) % 3 == 2
        assert case.split == ("final" if third else "development"), case.id


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.id)
def test_a_published_case_can_be_judged(case: Case) -> None:
    assert case.answers
    assert case.broader or case.wrong
    assert case.question.endswith("?")
    others = (*case.broader, *case.wrong)
    assert all(len(words.split()) <= 8 for words in (*case.answers, *others))
    question = searchable_words(case.question)
    for words in case.answers:
        assert not contains_words(question, words)
        assert not any(contains_words(searchable_words(other), words) for other in others)


@pytest.mark.parametrize("scope", [[], ["--open"]])
def test_a_whole_run(
    folder: Path, cases_file: Path, scope: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    # Whole sentences, which do not change when the reader is trained again.
    arguments = [str(folder.parent), "--cases", str(cases_file), "--reader", "sentences", *scope]
    assert main([*arguments, "--failures", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert results["scope"] == ("open" if scope else "article given")
    assert results["articles"] == 2
    shares = {row["split"]: row["right"] for row in results["rows"] if row["kind"] == "all"}
    assert shares == {"development": 1.0, "final": 1.0}
    assert results["failures"] == []

    assert main([*arguments, "--split", "final"]) == 0
    table = capsys.readouterr().out
    assert "| final" in table
    assert "| development" not in table


def test_failures_are_listed_with_what_came(
    folder: Path, cases_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unreachable = dataclasses.replace(UNION, answers=("3 percent",), broader=("Lund",))
    cases_file.write_text(json.dumps(dataclasses.asdict(unreachable)), encoding="utf-8")
    assert main([str(folder.parent), "--cases", str(cases_file), "--failures"]) == 0
    output = capsys.readouterr().out
    assert "tiny-002 Who asked for a raise" in output
    assert "Expected: 3 percent" in output


def test_nothing_to_ask_is_said(folder: Path, cases_file: Path) -> None:
    with pytest.raises(SystemExit, match="no case is left to ask"):
        main([str(folder.parent), "--cases", str(cases_file), "--limit", "0"])
