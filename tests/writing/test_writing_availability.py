"""A model's server with every fault: an answer or a reason, in time, the connection closed."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import in_process_llm
import pytest
from scripted_llm import (
    STREAM,
    Reply,
    ScriptedLLM,
    event,
    never_replies,
    says,
    scripted_llm,
    sends,
    status,
)

from bot.writing.availability import LanguageModel
from bot.writing.breaker import CircuitBreaker
from bot.writing.connecting import connect
from bot.writing.errors import ModelUnavailableError, NotWrittenError, UnusableOutputError
from bot.writing.pieces import Piece
from bot.writing.prompt import Message
from bot.writing.settings import LLMSettings

MESSAGES = (Message("system", "Be brief."), Message("user", "What is it?"))
LONG, SHORT = 30.0, 0.3
"""Seconds: more than any reply takes, and little enough to wait for."""


@contextlib.contextmanager
def asked(
    *replies: Reply, seconds: float = LONG, **settings: Any
) -> Iterator[tuple[LanguageModel, ScriptedLLM]]:
    with (
        scripted_llm(*replies) as server,
        model_at(server.address, seconds=seconds, **settings) as model,
    ):
        yield model, server


def model_at(address: str, *, seconds: float = LONG, **settings: Any) -> LanguageModel:
    connection = connect(LLMSettings(**{"llm": "scripted", "llm_address": address, **settings}))
    assert connection is not None
    return LanguageModel(connection, seconds=seconds, first_wait=0.001)


def failure(model: LanguageModel) -> NotWrittenError:
    with pytest.raises(NotWrittenError) as caught:
        model.complete(MESSAGES)
    assert "@everyone" not in str(caught.value)
    return caught.value


def test_what_the_model_says_arrives_with_its_tokens() -> None:
    with asked(says("It is a bridge.", usage=(31, 5))) as (model, server):
        assert model.complete(MESSAGES) == Piece("It is a bridge.", 31, 5)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "scripted",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is it?"},
        ],
        "temperature": 0.0,
        "max_tokens": 800,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_nothing_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "sesame")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: sesame")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    monkeypatch.setenv("OPENAI_API_BASE", "http://192.0.2.1/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    with asked(says("Yes.")) as (model, server):
        model.complete(MESSAGES)
    (request,) = server.requests
    assert "sesame" not in repr(request)
    assert sorted(request.headers) == [
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ]


def test_the_key_is_sent_to_the_address_that_is_set() -> None:
    with asked(says("Yes."), llm_key="sesame") as (model, server):
        model.complete(MESSAGES)
    assert server.requests[0].headers["authorization"] == "Bearer sesame"


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    with scripted_llm(says("Yes.")) as elsewhere:
        moved = status(code, {"Location": elsewhere.address + "/chat/completions"})
        with asked(moved, llm_key="sesame") as (model, server):
            assert "sends elsewhere" in str(failure(model))
        assert len(server.requests) == 1
        assert elsewhere.requests == []


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again(code: int) -> None:
    busy = status(code, {"Retry-After": "0"})
    with asked(busy, busy, says("Yes.")) as (model, server):
        assert model.complete(MESSAGES).text == "Yes."
        assert len(server.requests) == 3
        assert model.breaker.state == "closed"


def test_three_attempts_are_enough() -> None:
    with asked(status(503)) as (model, server):
        assert "503" in str(failure(model))
        assert len(server.requests) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 413, 418, 500])
def test_what_will_not_pass_is_not_tried_again(code: int) -> None:
    with asked(status(code)) as (model, server):
        assert str(code) in str(failure(model))
        assert len(server.requests) == 1


def test_a_server_that_asks_to_wait_too_long_is_not_waited_for() -> None:
    with asked(status(429, {"Retry-After": "3600"})) as (model, server):
        error = failure(model)
        assert isinstance(error, ModelUnavailableError)
        assert error.retry_after == 3600
        assert len(server.requests) == 1


def test_a_server_that_is_down_is_said_to_be() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with model_at(f"http://127.0.0.1:{port}/v1") as model:
        assert str(failure(model)) == "the model cannot be reached"


@pytest.mark.parametrize(
    "reply",
    [never_replies(), sends(then="silence"), sends(event("It is"), then="silence")],
    ids=["no response", "no event", "no more events"],
)
def test_silence_ends_at_the_deadline_and_with_the_connection(reply: Reply) -> None:
    with asked(reply, seconds=SHORT) as (model, server):
        assert str(failure(model)) == "the model did not answer in time"
        assert server.left.wait(10)


def test_events_without_text_do_not_hold_the_deadline_off() -> None:
    with asked(sends(event(""), then="again"), seconds=SHORT) as (model, server):
        assert str(failure(model)) == "the model did not answer in time"
        assert server.left.wait(10)


@pytest.mark.parametrize(
    "block",
    [event("word " * 50), b"data: " + b"a" * 100_000, b": comment\n\n" * 5000],
    ids=["text", "one line", "comments"],
)
def test_what_is_endless_is_cut_off(block: bytes) -> None:
    with asked(sends(block, then="again")) as (model, server):
        assert "without end" in str(failure(model))
        assert server.left.wait(10)


def test_whoever_has_read_enough_closes_the_connection() -> None:
    with asked(sends(event("It is"), then="silence")) as (model, server):
        with model.stream(MESSAGES) as pieces:
            assert next(pieces).text == "It is"
            assert not server.left.is_set()
        assert server.left.wait(10)
        assert model.breaker.state == "closed"


def test_a_cut_before_any_text_is_tried_again() -> None:
    with asked(sends(then="cut"), says("Yes.")) as (model, server):
        assert model.complete(MESSAGES).text == "Yes."
        assert len(server.requests) == 2


def test_a_cut_after_text_is_not() -> None:
    with asked(sends(event("It is"), then="cut"), says("Yes.")) as (model, server):
        with pytest.raises(ModelUnavailableError, match="broke"), model.stream(MESSAGES) as pieces:
            assert next(pieces).text == "It is"
            next(pieces)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        sends(b"<html>", headers={"Content-Type": "text/html"}),
        sends(b"{}", headers={"Content-Type": "application/json"}),
        sends(b"{}", headers={"Content-Type": "x" * 500}),
        sends(event("Yes."), headers={**STREAM, "Content-Encoding": "gzip"}),
        sends(b"data: {not json\n\n"),
        sends(b"data: [1, 2]\n\n"),
        sends(b"data: null\n\n"),
        sends(b"data: " + b"[" * 100_000 + b"\n\n"),
        sends(b"data: \xff\xfe\n\n"),
        sends(b'data: {"error": {"message": "@everyone"}}\n\n'),
        sends(b'data: {"choices": "all"}\n\n'),
        sends(b'data: {"choices": [{"delta": "all"}]}\n\n'),
        sends(b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'),
        sends(b'data: {"choices": [{"delta": {"role": "god", "content": "a"}}]}\n\n'),
    ],
)
def test_a_stream_of_nonsense_is_refused(reply: Reply) -> None:
    with asked(reply) as (model, _):
        failure(model)


def test_counts_that_cannot_be_are_not_believed() -> None:
    for read, wrote in ((-1, 10**12), (True, "many")):
        usage = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": 1}
        told = b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"
        reply = sends(event("Yes."), told, b"data: [DONE]\n\n")
        with asked(reply) as (model, _):
            assert model.complete(MESSAGES) == Piece("Yes.")


def test_an_answer_does_not_wait_for_a_slow_one() -> None:
    replies = (sends(event("It is"), then="silence"), says("Yes."))
    with asked(*replies) as (model, _), model.stream(MESSAGES) as slow:
        assert next(slow).text == "It is"
        assert model.complete(MESSAGES).text == "Yes."


def test_closing_ends_what_is_under_way() -> None:
    with asked(sends(event("It is"), then="silence")) as (model, server):
        with model.stream(MESSAGES) as pieces:
            next(pieces)
            model.close()
        assert server.left.wait(10)


def test_after_failures_the_server_is_left_alone() -> None:
    with scripted_llm(status(500)) as server:
        connection = connect(LLMSettings(llm="scripted", llm_address=server.address))
        assert connection is not None
        breaker = CircuitBreaker(failures=2)
        with LanguageModel(connection, seconds=LONG, breaker=breaker) as model:
            for _ in range(4):
                failure(model)
        assert len(server.requests) == 2
        assert breaker.state == "open"


def in_process(kind: str, options: str = "{}", seconds: float = LONG) -> LanguageModel:
    return model_at("", seconds=seconds, llm_class=f"in_process_llm:{kind}", llm_options=options)


def test_a_model_in_this_process_answers() -> None:
    with in_process("Talking", '{"words": "so it is"}') as model:
        assert model.complete(MESSAGES).text == "soitis"


def test_one_that_talks_without_end_is_stopped() -> None:
    with in_process("Talking", json.dumps({"words": "a" * 1000, "endless": True})) as model:
        assert isinstance(failure(model), UnusableOutputError)


def test_one_that_is_stuck_is_left_behind() -> None:
    in_process_llm.GO_ON.clear()
    with in_process("Stuck", seconds=SHORT) as model:
        assert str(failure(model)) == "the model did not answer in time"
        in_process_llm.GO_ON.set()
