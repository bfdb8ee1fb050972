"""What is shown of a model's answer is proved; for the rest, the reader's stands and says why."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from overlap_stand_in import WordOverlap
from passages import BRIDGE, MARKET, answered, whole
from scripted_llm import (
    Reply,
    ScriptedLLM,
    answer_json,
    event,
    in_pieces,
    never_replies,
    says,
    scripted_llm,
    sends,
    status,
)

from bot.proof.prover import Claimed, Proof, Prover
from bot.qa.answer import Answer
from bot.writing.availability import LanguageModel
from bot.writing.budget import Budget, UsageInMemory
from bot.writing.connecting import connect
from bot.writing.settings import LLMSettings
from bot.writing.writer import (
    NOT_ANSWERABLE,
    NOTHING_PROVED,
    NOTHING_TO_READ,
    NOTHING_WRITTEN,
    Writer,
)
from bot.writing.written import WrittenAnswer
from index.article import ScoredPassage

QUESTION = "How much did the bridge cost, and when was it opened?"
OPENED = ("The bridge was opened on Thursday.", [BRIDGE.text[:57]])
COST = ("It cost 20 million pounds.", ["It cost 20 million pounds"])
MARKET_MOVES = ("The market moves into the station in November.", [MARKET.text[:61]])


@contextlib.contextmanager
def writing(
    *replies: Reply, seconds: float = 30.0, prover: Any = None, **values: Any
) -> Iterator[tuple[Writer, ScriptedLLM]]:
    with scripted_llm(*replies) as server:
        connection = connect(LLMSettings(llm="scripted", llm_address=server.address, **values))
        assert connection is not None
        with LanguageModel(connection, seconds=seconds, first_wait=0.001) as model:
            yield Writer(model, prover or Prover(WordOverlap())), server


def written(*replies: Reply, **settings: Any) -> WrittenAnswer:
    with writing(*replies, **settings) as (writer, _):
        return writer.write(QUESTION, answered())


def texts(answer: WrittenAnswer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_proved_sentences_are_given_with_true_quotes() -> None:
    answer = written(says(answer_json([OPENED, COST, MARKET_MOVES])))
    assert texts(answer) == [OPENED[0], COST[0], MARKET_MOVES[0]]
    assert (answer.left_out, answer.fallback, answer.broken_off) == (0, "", "")
    assert answer.model == "scripted"
    assert [one.n for one in answer.citations] == [1, 2, 3]
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]
    assert answer.citations[2].article is MARKET


def test_one_quote_has_one_number() -> None:
    again = ("The cost was 20 million pounds.", COST[1])
    answer = written(says(answer_json([COST, OPENED, again])))
    assert [[one.n for one in sentence.citations] for sentence in answer.sentences] == [
        [1],
        [2],
        [1],
    ]
    assert [one.n for one in answer.citations] == [1, 2]


def test_each_sentence_is_shown_as_soon_as_it_is_proved() -> None:
    whole_answer = answer_json([OPENED, COST, MARKET_MOVES])
    first = whole_answer.index("}]}") + 3
    waiting = sends(*map(event, in_pieces(whole_answer[:first])), then="silence")
    seen: list[WrittenAnswer] = []

    class Enough(Exception):
        pass

    def shown(answer: WrittenAnswer) -> None:
        seen.append(answer)
        raise Enough

    with writing(waiting) as (writer, server):
        with pytest.raises(Enough):
            writer.write(QUESTION, answered(), shown=shown)
        assert server.left.wait(10), "whoever has seen enough ends the request"
    assert texts(seen[0]) == [OPENED[0]]


def test_what_was_shown_only_grows() -> None:
    seen: list[WrittenAnswer] = []
    with writing(says(answer_json([OPENED, COST, MARKET_MOVES]))) as (writer, _):
        answer = writer.write(QUESTION, answered(), shown=seen.append)
    assert len(seen) == 3
    assert all(one.sentences == answer.sentences[:n] for n, one in enumerate(seen, start=1))


def test_what_is_not_proved_is_left_out() -> None:
    invented = ("The mayor resigned in the evening.", ["Mayor Melnychuk resigned"])
    denied = ("The new bridge was not opened on Thursday.", OPENED[1])
    marked = ("It cost **20 million pounds** @everyone.", COST[1])
    bare = ("The bridge was opened on Thursday.", [])
    answer = written(says(answer_json([invented, denied, marked, bare, COST])))
    assert texts(answer) == [COST[0]]
    assert answer.left_out == 4


def test_a_quote_stands_in_for_a_wrong_sentence() -> None:
    wrong = ("The bridge cost 30 million pounds.", COST[1])
    answer = written(says(answer_json([wrong, MARKET_MOVES])))
    (quote, _) = answer.sentences
    assert quote.is_quote
    assert quote.text == quote.citations[0].quote
    assert quote.text.startswith("It cost 20 million pounds, twice")
    assert answer.left_out == 1


def test_a_quote_that_says_nothing_of_the_question_stands_in_for_nothing() -> None:
    wrong = ("The rent falls by a half for the bridge.", ["The rent falls by a third."])
    answer = written(says(answer_json([wrong, COST])))
    assert texts(answer) == [COST[0]]


def test_a_quote_does_not_stand_beside_the_sentence_that_it_proves() -> None:
    wrong = ("It cost 30 million pounds.", COST[1])
    answer = written(says(answer_json([COST, wrong])))
    assert texts(answer) == [COST[0]]
    assert answer.left_out == 1


def test_a_sentence_said_again_is_no_sentence() -> None:
    answer = written(says(answer_json([COST, COST, (COST[0].upper(), COST[1])])))
    assert texts(answer) == [COST[0]]
    assert answer.left_out == 0


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (says(answer_json([], answerable=False)), NOT_ANSWERABLE),
        (says(answer_json([])), NOTHING_WRITTEN),
        (says(answer_json([("Invented.", ["No such words."])])), NOTHING_PROVED),
        (says("I am only a model."), "the model does not answer in the form that was asked for"),
        (sends(b"data: [DONE]\n\n"), "the model does not answer in the form that was asked for"),
        (says('{"sentences": [{"text"'), "the model's answer breaks off"),
        (status(500), "the model's server fails (500)"),
        (status(429), "the model has too many requests, or its quota is used up (429)"),
    ],
)
def test_the_readers_answer_stands_and_it_is_said_why(reply: Reply, reason: str) -> None:
    answer = written(reply)
    assert (answer.sentences, answer.fallback) == ((), reason)


@pytest.mark.parametrize("reply", [never_replies(), sends(event("{"), then="silence")])
def test_a_silent_model_is_not_waited_for(reply: Reply) -> None:
    answer = written(reply, seconds=0.3)
    assert answer.fallback == "the model did not answer in time"


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("cut", "the connection to the model broke"),
        ("silence", "the model did not answer in time"),
        ("end", "the model's answer breaks off"),
    ],
)
def test_what_was_proved_before_a_fault_is_kept(then: str, reason: str) -> None:
    begun = answer_json([COST, OPENED])
    begun = begun[: begun.index("}]}") + 10]
    answer = written(sends(*map(event, in_pieces(begun)), then=then), seconds=3.0)
    assert texts(answer) == [COST[0]]
    assert (answer.fallback, answer.broken_off) == ("", reason)


def test_nonsense_after_a_sentence_takes_nothing_back() -> None:
    answer = written(says(answer_json([COST])[:-2] + ', "and so on"'))
    assert texts(answer) == [COST[0]]
    assert answer.broken_off == "the model lists what is no sentence"


def test_what_goes_on_after_the_answer_is_not_read() -> None:
    endless = sends(event(answer_json([COST])), event(" and on"), then="again")
    with writing(endless) as (writer, server):
        answer = writer.write(QUESTION, answered())
        assert server.left.wait(10)
    assert texts(answer) == [COST[0]]
    assert answer.broken_off == ""


def test_a_complete_answer_does_not_wait_for_the_end_of_the_stream() -> None:
    with writing(sends(event(answer_json([COST])), then="silence"), seconds=600) as (writer, _):
        answer = writer.write(QUESTION, answered())
        assert writer.model.breaker.state == "closed"
    assert texts(answer) == [COST[0]]
    assert answer.broken_off == ""


def test_without_passages_nothing_is_asked() -> None:
    with writing(says(answer_json([COST]))) as (writer, server):
        answer = writer.write(QUESTION, Answer(QUESTION, False, "", 0.0))
        assert answer.fallback == NOTHING_TO_READ
        assert server.requests == []


def test_tokens_are_counted_as_the_server_tells() -> None:
    budget = Budget(UsageInMemory(), price_in=1.0, price_out=10.0)
    with writing(says(answer_json([COST]), usage=(700, 60))) as (writer, _):
        writer.write(QUESTION, answered(), budget=budget)
    today = budget.today()
    assert (today.requests, today.prompt_tokens, today.completion_tokens) == (1, 700, 60)
    assert today.cost == pytest.approx((700 + 600) / 1e6)


@pytest.mark.parametrize(
    ("reply", "seconds"), [(says(answer_json([COST])), 30.0), (never_replies(), 0.3)]
)
def test_tokens_that_nobody_tells_are_estimated(reply: Reply, seconds: float) -> None:
    budget = Budget(UsageInMemory())
    with writing(reply, seconds=seconds) as (writer, _):
        writer.write(QUESTION, answered(), budget=budget)
    assert budget.today().prompt_tokens > 300


def test_a_day_whose_tokens_are_used_up_asks_nothing() -> None:
    with writing(says(answer_json([COST]))) as (writer, server):
        answer = writer.write(QUESTION, answered(), budget=Budget(UsageInMemory(), limit=500))
        assert answer.fallback == "the model's tokens for today are used up"
        assert server.requests == []


def test_only_passages_that_were_given_prove() -> None:
    long = " ".join(f"This is sentence {n} of a report on the bridge." for n in range(400))
    other = whole(type(BRIDGE)("long", "Long", None, "", "", long), 3, 0.1)
    claim = ("This is sentence 399 of a report on the bridge.", [long[-47:]])
    with writing(says(answer_json([claim]))) as (writer, server):
        answer = writer.write(QUESTION, answered(passages=[whole(BRIDGE), other]))
        assert "sentence 399" not in server.requests[0].prompt
    assert answer.fallback == NOTHING_PROVED


def test_the_form_is_asked_for_as_set() -> None:
    asked = {}
    for form in ("json_schema", "json_object", "none"):
        with writing(says(answer_json([COST])), llm_format=form) as (writer, server):
            writer.write(QUESTION, answered())
            asked[form] = server.requests[0].body.get("response_format", {}).get("type")
    assert asked == {"json_schema": "json_schema", "json_object": "json_object", "none": None}


def test_a_proof_that_fails_proves_nothing() -> None:
    class Broken:
        def prove(
            self, claims: Sequence[Claimed], passages: Sequence[ScoredPassage]
        ) -> Sequence[Proof]:
            raise RuntimeError("out of memory")

    answer = written(says(answer_json([COST])), prover=Broken())
    assert (answer.fallback, answer.left_out) == (NOTHING_PROVED, 1)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from([OPENED[0], COST[0], "It cost 30 million pounds.", "@everyone [x](http://y)"]),
)
QUOTES = st.one_of(st.text(max_size=60), st.sampled_from([*OPENED[1], *COST[1], BRIDGE.text]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(HOSTILE, st.lists(QUOTES, max_size=3)), max_size=5))
def test_whatever_the_model_claims_only_what_is_quoted_is_shown(
    claims: list[tuple[str, list[str]]],
) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        answer = written(says(answer_json(claims)))
        for citation in answer.citations:
            assert citation.quote in BRIDGE.text or citation.quote in MARKET.text
        assert "30" not in answer.text
        assert "@" not in answer.text
