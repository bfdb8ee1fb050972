"""Golden questions: each once, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from record_samples import NOW, OTHER, TEXTS, as_stored, at_once

from bot.servers.records import ServerRecords
from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.servers.records.golden import MOST_CODE_POINTS, MOST_GOLDEN, GoldenQuestion


def add(records: ServerRecords, question: str, expected: str = "yes") -> GoldenQuestion:
    return records.golden.add(question, expected, by=OTHER, now=NOW)


def test_questions_are_listed_in_the_order_they_came(records: ServerRecords) -> None:
    made = [add(records, " Who won? ", " Elm "), add(records, "Another?", "")]
    assert made[0] == GoldenQuestion(made[0].id, "Who won?", "Elm", OTHER, NOW)
    assert records.golden.list() == made
    assert records.golden.remove(made[0].id) == made[0]
    assert records.golden.list() == made[1:]
    assert add(records, "Who won?").id > made[1].id


@pytest.mark.parametrize("same", ["WHO WON?", "who  won?", "\tWho\u00a0won?\n", "Ｗho won?"])  # noqa: RUF001
def test_a_question_is_golden_once(records: ServerRecords, same: str) -> None:
    first = add(records, "Who won?")
    with pytest.raises(RecordRefusedError, match=f"golden question {first.id} already"):
        add(records, same)
    assert records.golden.list() == [first]


def test_a_question_added_by_many_at_once_is_there_once(records: ServerRecords) -> None:
    refused: list[str] = []

    def try_to_add() -> None:
        try:
            add(records, "Who won?")
        except RecordRefusedError as error:
            refused.append(str(error))

    at_once(*[try_to_add] * 6)
    assert len(records.golden.list()) == 1 and len(refused) == 5


def test_what_is_empty_too_long_or_too_much_is_refused(records: ServerRecords) -> None:
    for question, expected, message in (
        (" ", "yes", "empty"),
        ("x" * (MOST_CODE_POINTS + 1), "yes", "question has 501 characters"),
        ("x", "😀" * (MOST_CODE_POINTS + 1), "answer has 501 characters"),
    ):
        with pytest.raises(RecordRefusedError, match=message):
            add(records, question, expected)
    add(records, "x" * MOST_CODE_POINTS, "😀" * MOST_CODE_POINTS)
    for n in range(MOST_GOLDEN - 1):
        add(records, f"{n}?")
    with pytest.raises(RecordRefusedError, match="the most"):
        add(records, "One more?")


def test_what_is_not_there_cannot_be_removed(records: ServerRecords) -> None:
    for id in (1, -1, 10**30):
        with pytest.raises(RecordNotFoundError, match="/golden list"):
            records.golden.remove(id)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=TEXTS, expected=TEXTS)
def test_a_golden_question_comes_back_as_it_was_given(
    records: ServerRecords, question: str, expected: str
) -> None:
    assume(question.strip())
    made = add(records, question, expected)
    assert records.golden.list() == [made]
    assert made.question == as_stored(question.strip())
    assert made.expected == as_stored(expected.strip())
    with pytest.raises(RecordRefusedError, match="already"):
        add(records, question)
    records.golden.remove(made.id)
