"""Streams as Ollama, llama.cpp, vLLM and hosted APIs write them, and what each of them is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scripted_llm import Reply, Request, scripted_llm, sends

from bot.writing.availability import LanguageModel
from bot.writing.connecting import connect
from bot.writing.pieces import Piece
from bot.writing.prompt import ANSWER_SCHEMA, Message, response_format
from bot.writing.settings import LLMSettings

TEXT = '{"answerable": false, "sentences": []}'
USAGE = {"prompt_tokens": 40, "completion_tokens": 11, "total_tokens": 51}


def chunk(delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**common, "choices": choices, **more}).encode() + b"\n\n"


def ollama() -> Reply:
    """The role in each chunk, thoughts apart from the content."""
    more = {"system_fingerprint": "fp_ollama"}
    return sends(
        chunk({"role": "assistant", "content": "", "reasoning": "Let me see."}, **more),
        chunk({"role": "assistant", "content": TEXT[:9]}, **more),
        chunk({"role": "assistant", "content": TEXT[9:]}, **more),
        chunk({"role": "assistant", "content": ""}, "stop", **more),
        chunk(None, usage=USAGE, **more),
        b"data: [DONE]\n\n",
    )


def llama_cpp() -> Reply:
    """No content in the first chunk, timings in the last."""
    return sends(
        chunk({"role": "assistant", "content": None}),
        chunk({"reasoning_content": "Let me see."}),
        chunk({"content": TEXT}),
        chunk({}, "stop"),
        chunk(None, usage=USAGE, timings={"prompt_n": 40, "predicted_ms": 120.5}),
        b"data: [DONE]\n\n",
    )


def vllm() -> Reply:
    """Comments that keep the connection, lines that end in CR LF."""
    return sends(
        b": ping\n\n",
        chunk({"role": "assistant", "content": ""}, logprobs=None).replace(b"\n", b"\r\n"),
        chunk({"content": TEXT}, stop_reason=None).replace(b"\n", b"\r\n"),
        chunk({"content": ""}, "stop"),
        chunk(None, usage=USAGE),
        b"data: [DONE]\n\n",
    )


def hosted() -> Reply:
    """An empty usage in each chunk, a field for refusals."""
    return sends(
        chunk({"role": "assistant", "content": "", "refusal": None}, usage=None, obfuscation="x"),
        chunk({"content": TEXT}, usage=None),
        chunk({}, "stop", usage=None),
        chunk(None, usage={**USAGE, "prompt_tokens_details": {"cached_tokens": 0}}),
        b"data: [DONE]\n\n",
    )


def exchanged(reply: Reply, **settings: Any) -> tuple[Piece, Request]:
    with scripted_llm(reply) as server:
        connection = connect(LLMSettings(**{"llm_address": server.address, **settings}))
        assert connection is not None
        with LanguageModel(connection, seconds=30) as model:
            arguments = response_format(model.form, ANSWER_SCHEMA)
            piece = model.complete([Message("user", "What is it?")], arguments)
    return piece, server.requests[0]


@pytest.mark.parametrize(
    ("reply", "settings"),
    [
        (ollama(), {"llm": "qwen3:8b"}),
        (llama_cpp(), {"llm": "model.gguf"}),
        (vllm(), {"llm": "Qwen/Qwen3-8B"}),
        (hosted(), {"llm": "gpt-4.1-mini", "llm_key": "sesame"}),
    ],
    ids=["Ollama", "llama.cpp", "vLLM", "hosted"],
)
def test_each_dialect_is_read_and_asked_for_the_form(
    reply: Reply, settings: dict[str, Any]
) -> None:
    piece, request = exchanged(reply, **settings)
    assert piece == Piece(TEXT, 40, 11)
    assert request.body["model"] == settings["llm"]
    assert request.body["max_tokens"] == 800
    assert request.body["response_format"]["json_schema"]["schema"] == ANSWER_SCHEMA


def test_models_that_think_are_asked_as_they_want_it() -> None:
    _, request = exchanged(
        hosted(),
        llm="gpt-5-mini",
        llm_key="sesame",
        llm_answer_tokens=4000,
        llm_options='{"reasoning_effort": "minimal"}',
    )
    assert request.body["max_completion_tokens"] == 4000
    assert request.body["temperature"] == 1.0
    assert request.body["reasoning_effort"] == "minimal"
    assert "max_tokens" not in request.body


def test_a_server_may_be_sent_more() -> None:
    options = {"additional_kwargs": {"reasoning_effort": "none", "seed": 7}, "temperature": 0.2}
    _, request = exchanged(ollama(), llm="qwen3:8b", llm_options=json.dumps(options))
    assert request.body["reasoning_effort"] == "none"
    assert (request.body["seed"], request.body["temperature"]) == (7, 0.2)
