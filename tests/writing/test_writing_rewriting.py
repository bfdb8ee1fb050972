"""A model may complete and split questions, with nothing in them that nobody has said."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence

import pytest
from scripted_llm import Reply, ScriptedLLM, never_replies, says, scripted_llm, status

from bot.writing.availability import LanguageModel
from bot.writing.budget import Budget, UsageInMemory
from bot.writing.connecting import connect
from bot.writing.rewriting import MOST_PARTS, MOST_SHOWN, MOST_TURNS, Rewriter
from bot.writing.settings import LLMSettings

TURNS = [("Who is the mayor of Elmford?", "Andriy Melnychuk")]


@contextlib.contextmanager
def rewriting(*replies: Reply, seconds: float = 30.0) -> Iterator[tuple[Rewriter, ScriptedLLM]]:
    with scripted_llm(*replies) as server:
        connection = connect(LLMSettings(llm="scripted", llm_address=server.address))
        assert connection is not None
        with LanguageModel(connection, seconds=seconds, first_wait=0.001) as model:
            yield Rewriter(model, mark=lambda: "5e1f"), server


def asks(*questions: object) -> Reply:
    return says(json.dumps({"questions": questions}))


def rewritten(reply: Reply, question: str = "When was he born?", seconds: float = 30.0) -> str:
    with rewriting(reply, seconds=seconds) as (rewriter, _):
        return rewriter.rewrite(question, TURNS)


def split(*questions: object) -> Sequence[str]:
    with rewriting(asks(*questions)) as (rewriter, _):
        return rewriter.split("What changed in Elmford between May and July 2022?")


def test_a_follow_up_becomes_a_whole_question() -> None:
    with rewriting(asks("When was Andriy Melnychuk born?")) as (rewriter, server):
        whole = rewriter.rewrite("When was he born?", TURNS)
        assert whole == "When was Andriy Melnychuk born?"
    _, user = server.requests[0].body["messages"]
    assert user["content"] == (
        "5e1f begin earlier question\nWho is the mayor of Elmford?\n5e1f end earlier question\n\n"
        "5e1f begin answer\nAndriy Melnychuk\n5e1f end answer\n\n"
        "5e1f begin question\nWhen was he born?\n5e1f end question"
    )


def test_a_question_is_split() -> None:
    parts = ("What happened in Elmford in May 2022?", "What happened in Elmford in July 2022?")
    assert split(*parts) == parts
    assert split(parts[0], parts[1], parts[0]) == parts


def test_a_single_question_is_not_split() -> None:
    assert split("What changed in Elmford between May and July 2022?") == ()


@pytest.mark.parametrize(
    "reply",
    [
        asks("When was Vladimir Putin born?"),
        asks("When was Andriy Melnychuk born, in 1962?"),
        asks("When was Andriy Melnychuk born?", "Why?"),
        asks("  "),
        asks("x" * 1000),
        asks(17),
        asks(),
        asks(*["Who is he?"] * (MOST_PARTS + 1)),
        says('{"question": "Who?"}'),
        says('{"questions": ["Who?"], "more": 1}'),
        says("When was Andriy Melnychuk born?"),
        says("{" * 50_000),
        status(500),
    ],
)
def test_what_cannot_be_used_is_left_to_the_rules(reply: Reply) -> None:
    assert rewritten(reply) == ""


def test_a_silent_model_is_not_waited_for() -> None:
    assert rewritten(never_replies(), seconds=0.3) == ""


def test_hidden_characters_and_lines_do_not_come_through() -> None:
    assert rewritten(asks("When was\n\u202e he\u200b born?")) == "When was he born?"


def test_what_the_model_gets_is_bounded() -> None:
    turns = [(f"question {n} " + "x" * 5000, f"answer {n}") for n in range(50)]
    with rewriting(asks("Why?")) as (rewriter, server):
        rewriter.rewrite("Why?", turns)
    prompt = server.requests[0].prompt
    assert len(prompt) < 2 * MOST_TURNS * (MOST_SHOWN + 100) + 2000
    assert "question 46 " in prompt
    assert "question 45 " not in prompt


def test_tokens_count_for_the_day() -> None:
    budget = Budget(UsageInMemory())
    with rewriting(says('{"questions": ["Why?"]}', usage=(90, 9))) as (rewriter, server):
        rewriter.rewrite("Why?", TURNS, budget=budget)
        assert budget.today().tokens == 99
        spent = Budget(UsageInMemory(), limit=10)
        assert rewriter.rewrite("Why?", TURNS, budget=spent) == ""
        assert len(server.requests) == 1
