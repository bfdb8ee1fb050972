"""From settings to what writes, the same for the command line and for Discord."""

from __future__ import annotations

from bot.writing.availability import LanguageModel
from bot.writing.budget import Budget, UsageStore
from bot.writing.connecting import connect
from bot.writing.settings import LLMSettings
from bot.writing.writer import Proves, Writer


def open_model(settings: LLMSettings) -> LanguageModel | None:
    """The model that is set, to be closed; None if there is none. Nothing is sent yet.

    Raises SettingsError that names the setting and the mend. Takes some seconds where there is a
    model, for imports.
    """
    connection = connect(settings)
    return LanguageModel(connection, seconds=settings.llm_timeout_s) if connection else None


def make_writer(settings: LLMSettings, model: LanguageModel, prover: Proves) -> Writer:
    """What writes with `model` as it is set."""
    return Writer(
        model,
        prover,
        prompt_tokens=settings.llm_prompt_tokens,
        answer_tokens=settings.llm_answer_tokens,
    )


def make_budget(settings: LLMSettings, store: UsageStore) -> Budget:
    """The budget of one Discord server, or of the command line. One for each store: it knows of
    what is under way.
    """
    return Budget(
        store,
        limit=settings.llm_tokens_per_day,
        price_in=settings.llm_price_in,
        price_out=settings.llm_price_out,
    )
