"""The published conversations, how their follow-ups are judged, and a whole run."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tiny_dataset import ARTICLES

from benchmarks.datasets import DatasetError, load_dataset
from benchmarks.follow_ups import (
    WORDINGS,
    Conversation,
    FollowUp,
    Judged,
    Question,
    check,
    failures,
    follow_ups,
    load_conversations,
    main,
    overlaps,
    summary,
)
from benchmarks.peers import Hit
from bot.qa.followups.turns import Completion

UNION = "Who leads the union of the bus drivers in Lund?"
RAISE = "How much did Petra Holm of the bus drivers' union ask for?"
PAINTER = "Whose painting hung in a dentist's waiting room in Oslo?"


def turn(article: str, typed: str, full: str, answer: str) -> dict[str, Any]:
    start = ARTICLES[article][1].index(answer)
    span = {"start": start, "end": start + len(answer)}
    return {"question": typed, "full": full, "span": span, "answer": answer}


ROW = {
    "id": "tiny-001",
    "dataset": "tiny",
    "article_id": "strike",
    "turns": [
        turn("strike", UNION, UNION, "Petra Holm"),
        turn("strike", "how much did she ask for?", RAISE, "7 percent"),
        turn("strike", "thanks!", "What did the bus company in Lund offer?", "3 percent"),
    ],
}


@pytest.fixture
def conversations_file(tmp_path: Path) -> Path:
    path = tmp_path / "conversations.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return path


def conversation(*questions: tuple[str, str, str]) -> Conversation:
    turns = tuple(Question(typed, full, 10, 20, answer) for typed, full, answer in questions)
    return Conversation("c", "tiny", "strike", turns)


def judged(completion: Completion, *, typed: str = "and hers?", **ranks: int | None) -> Judged:
    whole = conversation((UNION, UNION, "Petra Holm"), (typed, RAISE, "7 percent"))
    follow_up = FollowUp(whole, 2, whole.questions[1], completion)
    return Judged(follow_up, {name: ranks.get(name) for name in WORDINGS}, False)


def test_the_published_conversations_keep_their_rules() -> None:
    conversations = load_conversations()
    assert [each.id for each in conversations] == [f"c{n:03}" for n in range(1, 101)]
    assert Counter(len(each.questions) for each in conversations) == {2: 60, 3: 40}
    assert len({(each.dataset, each.article_id) for each in conversations}) >= 60
    for each in conversations:
        first = each.questions[0]
        assert first.typed == first.full, each.id
        for question in each.questions:
            assert 0 <= question.start < question.end
            assert question.full.endswith("?")
            assert 1 <= len(question.answer.split()) <= 12, "words of an answer, not news text"


def test_a_follow_up_is_completed_by_the_turns_before_it() -> None:
    asked = conversation((UNION, UNION, "Petra Holm"), ("how much did she ask for?", RAISE, "7"))
    (made,) = follow_ups(asked)
    assert (made.place, made.outcome) == (2, "completed")
    assert made.searched == "How much did Petra Holm ask for?"


def test_what_is_not_searched_is_taken_to_be_asked_in_whole_afterwards() -> None:
    asked = conversation(
        (PAINTER, PAINTER, "Tobias Wren"),
        ("thanks!", UNION, "Petra Holm"),
        ("how much did she ask for?", RAISE, "7 percent"),
    )
    courtesy, last = follow_ups(asked)
    assert (courtesy.outcome, courtesy.searched) == ("taken for no question", "")
    assert "Petra Holm" in last.searched


@pytest.mark.parametrize(
    ("completion", "outcome", "searched"),
    [
        (Completion("And Holm's?", changed=True), "completed", "And Holm's?"),
        (Completion("hers?"), "left as it was", "and hers?"),
        (Completion("hers?", unclear="hers", options=("Holm's?",)), "asked back", ""),
        (Completion("hers?", asks=False), "taken for no question", ""),
    ],
)
def test_outcomes(completion: Completion, outcome: str, searched: str) -> None:
    follow_up = judged(completion).follow_up
    assert (follow_up.outcome, follow_up.searched) == (outcome, searched)


@pytest.mark.parametrize(
    ("article", "start", "end", "right"),
    [
        ("strike", 0, 10, False),
        ("strike", 0, 11, True),
        ("strike", 12, 14, True),
        ("strike", 19, 40, True),
        ("strike", 20, 40, False),
        ("flood", 0, 40, False),
    ],
)
def test_a_passage_is_right_if_it_has_a_part_of_the_sentences(
    article: str, start: int, end: int, *, right: bool
) -> None:
    asked = conversation((UNION, UNION, "Petra Holm"))
    assert overlaps(Hit(article, start, end, ""), asked, asked.questions[0]) is right


def test_shares_and_the_ratio_are_of_the_follow_ups_of_a_group() -> None:
    completed, asked_back = Completion("?", changed=True), Completion("?", unclear="hers")
    some = [
        judged(completed, full=1, rules=5),
        judged(completed, full=2, rules=None),
        judged(asked_back, full=1),
        judged(asked_back),
    ]
    rows = {(row["follow_ups"], row["k"]): row for row in summary(some)}
    everything = rows["all", 5]
    assert (everything["count"], everything["full"], everything["rules"]) == (4, 0.75, 0.25)
    assert everything["ratio"] == pytest.approx(1 / 3)
    assert (rows["all", 1]["full"], rows["all", 1]["rules"]) == (0.5, 0)
    assert rows["completed", 5]["ratio"] == 0.5
    assert rows["asked back", 5]["ratio"] == 0
    assert rows["turn 2", 5]["count"] == rows["tiny", 5]["count"] == 4
    assert [one["outcome"] for one in failures(some)] == ["completed", "asked back"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article_id": "lost"}, "tiny-001: no article lost in tiny"),
        ({"article_id": "flood"}, "tiny-001: flood does not have 'petra'"),
        ({"dataset": "elsewhere"}, "No such file"),
    ],
)
def test_conversations_that_do_not_fit_the_articles_are_refused(
    folder: Path, conversations_file: Path, change: dict[str, Any], message: str
) -> None:
    conversations_file.write_text(json.dumps({**ROW, **change}), encoding="utf-8")
    with pytest.raises(SystemExit, match=message):
        main([str(folder.parent), "--conversations", str(conversations_file)])


def test_a_part_of_a_word_is_not_the_word_of_an_answer(folder: Path) -> None:
    asked = conversation((UNION, UNION, "rivers"))  # the text has "drivers" there
    with pytest.raises(DatasetError, match="does not have 'rivers'"):
        check([asked], load_dataset(folder))


def test_a_whole_run(
    folder: Path, conversations_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(folder.parent), "--conversations", str(conversations_file), "--failures"]
    assert main([*arguments, "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert (results["conversations"], results["follow_ups"]) == (1, 2)
    everything = results["rows"][0]
    assert (everything["full"], everything["rules"], everything["ratio"]) == (1.0, 0.5, 0.5)
    (failure,) = results["failures"]
    assert (failure["id"], failure["outcome"]) == ("tiny-001, turn 3", "taken for no question")

    assert main(arguments) == 0
    output = capsys.readouterr().out
    assert output.startswith("**1 conversations**, 2 follow-ups")
    assert "tiny-001, turn 3, taken for no question: how much did she ask for? / thanks!" in output
