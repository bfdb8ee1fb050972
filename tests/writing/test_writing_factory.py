"""One way from settings to an answer."""

from __future__ import annotations

import dataclasses

import pytest
from overlap_stand_in import WordOverlap
from passages import BRIDGE, answered, whole
from scripted_llm import answer_json, says, scripted_llm

from bot.proof.prover import Prover
from bot.writing.budget import UsageInMemory
from bot.writing.factory import make_budget, make_writer, open_model
from bot.writing.settings import LLMSettings

COST = answer_json([("It cost 20 million pounds.", ["It cost 20 million pounds"])])


def test_without_a_model_there_is_none() -> None:
    assert open_model(LLMSettings()) is None


def test_settings_reach_what_they_set() -> None:
    long = dataclasses.replace(BRIDGE, id="long", text="So it went on and on. " * 100)
    answer = answered(passages=[whole(BRIDGE), whole(long, 2)])
    with scripted_llm(says(COST, usage=(900, 100))) as server:
        settings = LLMSettings(
            llm="scripted",
            llm_address=server.address,
            llm_format="json_object",
            llm_prompt_tokens=256,
            llm_answer_tokens=300,
            llm_tokens_per_day=1500,
            llm_price_in=1.0,
            llm_price_out=2.0,
        )
        budget = make_budget(settings, UsageInMemory())
        model = open_model(settings)
        assert model is not None
        with model:
            writer = make_writer(settings, model, Prover(WordOverlap()))
            first = writer.write("How much did the bridge cost?", answer, budget=budget)
            second = writer.write("How much did the bridge cost?", answer, budget=budget)
    assert first.text == "It cost 20 million pounds."
    assert second.fallback == "the model's tokens for today are used up"
    (request,) = server.requests
    assert request.body["max_tokens"] == 300
    assert request.body["response_format"] == {"type": "json_object"}
    assert 5 < request.prompt.count("So it went on and on.") < 20, "there is no room for more"
    assert budget.today().cost == pytest.approx(1100 / 1e6)
