"""From settings to a model: what is missing or wrong is said before anything is asked."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from pydantic import ValidationError

from bot.writing.connecting import connect
from bot.writing.settings import LLMSettings
from index.errors import SettingsError

SERVER = "http://127.0.0.1:11434/v1"


def settings(**values: Any) -> LLMSettings:
    return LLMSettings(**{"llm": "small", "llm_address": SERVER, **values})


def refused(**values: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        connect(settings(**values))
    assert "sesame" not in str(caught.value)
    return str(caught.value)


def test_without_a_name_there_is_no_model() -> None:
    assert connect(LLMSettings()) is None
    assert connect(settings(llm="")) is None


async def test_an_address_makes_an_openai_compatible_model() -> None:
    connection = connect(
        settings(llm_options='{"temperature": 0.5, "additional_kwargs": {"seed": 7}}')
    )
    assert connection is not None
    assert (connection.name, connection.form) == ("small", "json_schema")
    async with connection.open() as llm:
        described = llm.to_dict()
    assert described["model"] == "small"
    assert described["api_base"] == SERVER
    assert described["temperature"] == 0.5
    assert described["additional_kwargs"] == {"seed": 7}
    assert described["max_retries"] == 0
    assert described["max_tokens"] == 800


async def test_a_class_of_llama_index_is_made_once() -> None:
    connection = connect(
        settings(llm_class="in_process_llm:Talking", llm_options='{"words": "so it is"}')
    )
    assert connection is not None
    assert connection.form == "none"
    async with connection.open() as one, connection.open() as other:
        assert one is other
        assert one.to_dict()["words"] == "so it is"


def test_a_model_needs_an_address() -> None:
    assert "DATELINE_LLM_ADDRESS" in refused(llm_address="")


def test_options_cannot_lead_around_the_guard() -> None:
    message = refused(llm_options='{"http_client": 1, "api_key": "sesame", "temperature": 0}')
    assert "may not hold api_key, http_client" in message


def test_a_class_must_be_there_and_be_a_model() -> None:
    assert "cannot be imported" in refused(llm_class="no_such_package:Model")
    assert "cannot be imported" in refused(llm_class="in_process_llm:Silent")
    assert "no LlamaIndex LLM" in refused(llm_class="collections:Counter")
    assert "no LlamaIndex LLM" in refused(llm_class="json:dumps")


def test_arguments_that_are_refused_are_not_repeated() -> None:
    wrong = '{"words": {"sesame": 1}}'
    assert "DATELINE_LLM_OPTIONS" in refused(
        llm_class="in_process_llm:Talking", llm_key="sesame", llm_options=wrong
    )
    assert "DATELINE_LLM_OPTIONS" in refused(llm_options='{"temperature": "sesame"}')


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    assert "pip install -e '.[llm]'" in refused()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("llm_address", "127.0.0.1:11434"),
        ("llm_address", "http://user:sesame@host/v1"),
        ("llm_address", "http://host/v1?key=sesame"),
        ("llm_timeout_s", 0),
        ("llm_format", "xml"),
        ("llm_class", "package.Class"),
        ("llm_options", "[1]"),
        ("llm_options", "{sesame"),
        ("llm_options", "[" * 100_000),
        ("llm_price_in", -1),
        ("llm_tokens_per_day", -1),
    ],
)
def test_wrong_values_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**{name: value})
    (error,) = caught.value.errors(include_input=False)
    assert error["loc"] == (name,)
    assert "sesame" not in error["msg"]


def test_secrets_are_not_shown() -> None:
    shown = repr(settings(llm_key="sesame", llm_options='{"api_key": "sesame"}'))
    assert "sesame" not in shown
    assert settings(llm_key="  ", llm_options="").llm_key is None
