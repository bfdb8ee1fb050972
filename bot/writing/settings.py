"""The settings of a language model, if a team has one."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator

Form = Literal["json_schema", "json_object", "none"]


class LLMSettings(BaseModel):
    """Which language model writes answers, and how much it may take."""

    llm: str = ""
    """The model's name, as its server knows it; empty: none, and the reader answers."""

    llm_address: str = Field(default="", pattern=r"^$|^https?://[^\s?#@]+$")
    """The base address of an OpenAI-compatible API, such as http://127.0.0.1:11434/v1."""

    llm_key: SecretStr | None = None
    """The key that the server asks for."""

    llm_timeout_s: float = Field(default=60.0, ge=1.0, le=600.0)
    """Most seconds for a whole answer, with all attempts; then the reader's is given."""

    llm_format: Form = "json_schema"
    """What the server is asked to hold the model to (`response_format`)."""

    llm_prompt_tokens: int = Field(default=2000, ge=256, le=200_000)
    """Most tokens of passages and question that the model gets, estimated; some 500 of rules come
    on top."""

    llm_answer_tokens: int = Field(default=800, ge=64, le=32_768)
    """Most tokens that the model writes for an answer."""

    llm_tokens_per_day: int = Field(default=0, ge=0, le=10**12)
    """Most tokens, read and written, for each Discord server on one day (UTC); 0: no limit."""

    llm_price_in: float = Field(default=0.0, ge=0.0, le=1e6)
    """Price of a million tokens that the model reads, for the cost shown."""

    llm_price_out: float = Field(default=0.0, ge=0.0, le=1e6)
    """Price of a million tokens that the model writes, for the cost shown."""

    llm_class: str = Field(default="", pattern=r"^$|^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")
    """`module:Class` of an installed LlamaIndex LLM; empty: an OpenAI-compatible server."""

    llm_options: SecretStr | None = None
    """More arguments of the LlamaIndex LLM, as a JSON object; it may hold keys."""

    @field_validator("llm_key", "llm_options", mode="before")
    @classmethod
    def _no_secret_if_blank(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("llm_options")
    @classmethod
    def _a_json_object(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                options = json.loads(value.get_secret_value())
            except (ValueError, RecursionError):
                options = None
            if not isinstance(options, dict):
                raise ValueError('is no JSON object, such as {"temperature": 0}')
        return value
