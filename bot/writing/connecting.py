"""From settings to a LlamaIndex LLM."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.writing.settings import Form, LLMSettings
from index.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

INSTALL = "pip install -e '.[llm]'"

# fmt: off
_OURS = frozenset((
    "api_base", "api_key", "async_http_client", "async_openai_client", "http_client",
    "max_retries", "model", "openai_client", "reuse_client", "timeout",
))
# fmt: on
"""Arguments that other settings give, or that would lead around the guarded transport."""

_NO_KEY = "none"
"""LlamaIndex takes OPENAI_API_KEY from the environment where it gets no key; never sent."""


@dataclass(frozen=True)
class Connection:
    """A model that can be asked. `open` gives its LLM for one answer; what was opened for that is
    closed behind it, also while a request is under way.
    """

    name: str
    open: Callable[[], AbstractAsyncContextManager[LLM]]
    streaming: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of each request for a stream."""
    form: Form = "none"
    """What a request may ask the server to hold the model to."""


def connect(settings: LLMSettings) -> Connection | None:
    """The model that is set, None if there is none. Nothing is sent yet.

    Raises SettingsError that names the setting and the mend.
    """
    if not settings.llm:
        return None
    options = json.loads(settings.llm_options.get_secret_value()) if settings.llm_options else {}
    if settings.llm_class:
        return _of_class(settings, options)
    return _openai_compatible(settings, options)


def _openai_compatible(settings: LLMSettings, options: dict[str, Any]) -> Connection:
    if not settings.llm_address:
        raise SettingsError(
            "DATELINE_LLM is set, but not where it answers: set DATELINE_LLM_ADDRESS to the base "
            "address of its API, such as http://127.0.0.1:11434/v1"
        )
    if taken := sorted(_OURS & options.keys()):
        raise SettingsError(
            f"DATELINE_LLM_OPTIONS may not hold {', '.join(taken)}: other settings say that"
        )
    try:
        # The first request would import these at the cost of its own time.
        import openai.resources.chat  # noqa: F401
        import tenacity  # noqa: F401
        from llama_index.llms.openai_like import OpenAILike

        from bot.writing.transport import guarded_client
    except ImportError as error:
        raise SettingsError(
            f"DATELINE_LLM needs a package that is not installed ({error.name}): {INSTALL}"
        ) from error
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    arguments = {
        "temperature": 0.0,
        "max_tokens": settings.llm_answer_tokens,
        "is_chat_model": True,
        **options,
        "model": settings.llm,
        "api_base": settings.llm_address,
        "api_key": _NO_KEY,  # the transport sends the true one
        "timeout": settings.llm_timeout_s,
        "max_retries": 0,
    }
    _made(OpenAILike, arguments)

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[LLM]:
        async with guarded_client(key, settings.llm_timeout_s) as client:
            yield _made(OpenAILike, {**arguments, "async_http_client": client})

    return Connection(
        settings.llm,
        opened,
        {"stream_options": {"include_usage": True}},
        form=settings.llm_format,
    )


def _of_class(settings: LLMSettings, options: dict[str, Any]) -> Connection:
    from llama_index.core.llms import LLM

    module, _, name = settings.llm_class.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"DATELINE_LLM_CLASS names {settings.llm_class}, which cannot be imported: install "
            "its package, or see its documentation for the name"
        ) from error
    if not (isinstance(found, type) and issubclass(found, LLM)):
        raise SettingsError(f"DATELINE_LLM_CLASS: {settings.llm_class} is no LlamaIndex LLM")
    key = {"api_key": settings.llm_key.get_secret_value()} if settings.llm_key else {}
    llm = _made(found, {"model": settings.llm, **key, **options})

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[LLM]:
        yield llm  # its weights or its client may be long in the making

    return Connection(settings.llm, opened)


def _made(kind: type[LLM], arguments: dict[str, Any]) -> LLM:
    try:
        return kind(**arguments)
    except Exception as error:  # noqa: BLE001 - whatever a class raises for its arguments
        # Its message may repeat what it was given, keys included.
        raise SettingsError(
            f"{kind.__name__} refuses its arguments ({type(error).__name__}): see DATELINE_LLM, "
            "DATELINE_LLM_KEY and DATELINE_LLM_OPTIONS"
        ) from None
