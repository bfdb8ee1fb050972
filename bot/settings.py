"""All settings: from the environment and `.env`, checked at the start, secrets never printed."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import platformdirs
from dotenv import dotenv_values
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError
from index.fetching.settings import FetchSettings
from index.settings import IndexSettings

PREFIX = "DATELINE_"
ENV_FILE = Path(".env")


class ReaderSettings(BaseModel):
    """When an answer is given."""

    reader: str = ""
    """The model that reads: empty is the one shipped, `sentences` answers with whole sentences and
    no model, anything else is a Hugging Face extractive question answering model or a folder."""

    abstain_below: float | None = Field(default=None, ge=0.0, le=1.0)
    """Probability under which the answer is "no answer found", with the closest passages; None is
    the reader's own."""

    @field_validator("abstain_below", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    passages: int = Field(default=10, ge=1, le=100)
    """How many passages are read for an answer and listed with it."""


class DiscordSettings(BaseModel):
    """How the bot reaches Discord."""

    discord_token: SecretStr | None = None
    """The bot's token, from the Discord developer portal."""

    discord_api: str = Field(default="", pattern=r"^$|^https?://\S+$")
    """Another base address of the REST API, such as a proxy; empty: Discord's own."""

    discord_gateway: str = Field(default="", pattern=r"^$|^wss?://\S+$")
    """Another gateway address; empty: Discord's own."""

    shared_archive: bool = False
    """Whether all Discord servers search the archive in DATELINE_HOME, instead of each its own."""

    direct_messages: int | None = Field(default=None, gt=0, lt=2**63)
    """Id of the Discord server from whose archive direct messages of its members are answered."""

    message_content: bool = False
    """Whether to ask Discord for the content of all messages, a privileged intent: then messages in
    a thread of the bot's are follow-ups also where they neither mention nor answer it."""

    rate_user: int = Field(default=10, ge=1, le=10_000)
    """Questions a minute that one person may ask."""

    rate_channel: int = Field(default=30, ge=1, le=10_000)
    """Questions a minute in one channel."""

    rate_server: int = Field(default=60, ge=1, le=100_000)
    """Questions a minute in one Discord server."""

    @field_validator("direct_messages", mode="before")
    @classmethod
    def _no_server_if_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("discord_token")
    @classmethod
    def _no_empty_token(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value().strip() else None


class RoomSettings(BaseModel):
    """The reading room: web pages that show an article at the quoted passage."""

    room_address: str = Field(default="", pattern=r"^$|^https?://[^\s?#]+$")
    """The address under which people reach it; empty: there is none."""

    room_host: str = "127.0.0.1"
    """The address it listens on."""

    room_port: int = Field(default=8080, ge=0, le=65535)
    """The port it listens on; 0 is any free one."""

    room_link_days: int = Field(default=30, ge=1, le=3650)
    """How long a link opens its article."""

    room_secret: SecretStr | None = Field(default=None, min_length=32)
    """What links are signed with; None: a key that is made and kept in DATELINE_HOME."""

    @field_validator("room_secret", mode="before")
    @classmethod
    def _no_secret_if_empty(cls, value: object) -> object:
        return None if value == "" else value


class Settings(
    IndexSettings, FetchSettings, ReaderSettings, DiscordSettings, RoomSettings, BaseSettings
):
    """Every setting of Dateline; each is read from `DATELINE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("dateline")))
    """The folder of the archive."""

    @field_validator("home", "cache", mode="before")
    @classmethod
    def _real_folder(cls, value: object) -> object:
        if value is None:  # not set
            return None
        if not str(value).strip():
            raise ValueError("is empty: name a folder, or leave the setting out")
        return Path(str(value)).expanduser()


def load_settings(**overrides: object) -> Settings:
    """Read and check all settings; `overrides` (such as `home`) win over the environment.

    Raises SettingsError that names the variable and the mend, never its value if it is secret.
    """
    _refuse_unknown_names()
    try:
        return Settings.model_validate(
            {name: value for name, value in overrides.items() if value is not None}
        )
    except ValidationError as error:
        problems = [
            f"{PREFIX}{str(problem['loc'][0]).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError(
            "invalid setting: " + "; ".join(problems) + ". See .env.example for what each takes."
        ) from None


def _refuse_unknown_names() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = [*os.environ, *(dotenv_values(ENV_FILE) if ENV_FILE.is_file() else ())]
    for name in sorted(given):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            # Compared without the prefix, which alone would make any two names alike.
            bare = [other.removeprefix(PREFIX) for other in known]
            close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), bare, n=1)
            mend = f"did you mean {PREFIX}{close[0]}?" if close else "see .env.example for them all"
            raise SettingsError(f"unknown setting {name}: {mend}")
