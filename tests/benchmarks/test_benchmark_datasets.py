"""Reading data folders, and refusing those that contradict themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_dataset import ARTICLES, QUESTIONS, article_row, question_row, write_lines

from benchmarks.datasets import DatasetError, load_dataset


def test_a_folder_is_read_exactly(folder: Path) -> None:
    dataset = load_dataset(folder)
    assert {id: article.text for id, article in dataset.articles.items()} == {
        id: text for id, (_, text) in ARTICLES.items()
    }
    assert [question.id for question in dataset.questions] == ["q1", "q2", "q3", "q4"]
    assert [question.id for question in dataset.unanswerable] == ["u1"]
    third = dataset.questions[2]
    texts = {dataset.articles[id].text[start:end] for id, start, end in third.spans}
    assert texts == {"Petra Holm", "Holm"}


def test_distractors_add_articles_but_never_replace_one(folder: Path, distractors: Path) -> None:
    dataset = load_dataset(folder, distractors=[distractors])
    assert set(dataset.articles) == {*ARTICLES, "storm"}
    assert dataset.articles["flood"].title == "River floods Marwick"
    assert len(dataset.questions) == len(QUESTIONS)
    assert dataset.name == "tiny + more"


def test_limits(folder: Path) -> None:
    assert len(load_dataset(folder, limit=2).questions) == 2
    few = load_dataset(folder, max_articles=1)
    assert list(few.articles) == ["flood"]
    assert [question.id for question in few.questions] == ["q1"]


def test_standalone_forms_are_asked_where_there_are_any(folder: Path) -> None:
    rows = [question_row(*row) for row in QUESTIONS]
    rows[1]["standalone_question"] = "Who painted the harbour in winter?"
    write_lines(folder / "questions.jsonl.gz", rows)
    asked = load_dataset(folder).questions
    assert [question.text for question in asked] == ["Who painted the harbour in winter?"]
    everything = load_dataset(folder, all_questions=True).questions
    assert [question.text for question in everything] == [row[1] for row in QUESTIONS]


def test_unanswerable_rows_among_the_questions_and_those_without_gold(folder: Path) -> None:
    row = question_row(*QUESTIONS[0])
    write_lines(
        folder / "questions.jsonl.gz",
        [
            row,
            {**row, "id": "n1", "answerable": False, "spans": [], "evidence_article_ids": []},
            {**row, "id": "n2", "spans": [], "evidence_article_ids": []},
        ],
    )
    dataset = load_dataset(folder)
    assert [question.id for question in dataset.questions] == ["q1"]
    assert [question.id for question in dataset.unanswerable] == ["n1", "u1"]
    assert dataset.passed_over == 1


def test_a_span_that_is_not_there_is_refused(folder: Path) -> None:
    row = question_row(*QUESTIONS[0])
    row["spans"][0]["start"] += 1
    write_lines(folder / "questions.jsonl.gz", [row])
    with pytest.raises(DatasetError, match="question q1: no gold article has 'Marwick'"):
        load_dataset(folder)


def test_a_gold_article_that_is_not_there_is_refused(folder: Path) -> None:
    write_lines(folder / "articles.jsonl.gz", [article_row("flood", *ARTICLES["flood"])])
    with pytest.raises(DatasetError, match="no article 'museum'"):
        load_dataset(folder)


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"articles\.jsonl\.gz: No such file"):
        load_dataset(tmp_path)


def test_a_damaged_file_is_named(folder: Path) -> None:
    (folder / "questions.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(DatasetError, match=r"questions\.jsonl\.gz: "):
        load_dataset(folder)
