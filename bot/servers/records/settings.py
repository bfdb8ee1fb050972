"""What a server's people have set for it, one row a setting."""

from __future__ import annotations

import difflib
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    ValidationError,
)

from bot.languages import Language
from bot.servers.records.file import RecordFile
from bot.servers.records.values import to_json
from index.errors import SettingsError

log = logging.getLogger(__name__)

MOST_ROLES = 250
"""As many as a server can have."""
MOST_CHANNELS = 500
"""As many as a server can have."""
MOST_DAYS = 3650

AnswerStyle = Literal["in place", "thread"]
_Id = Annotated[int, Field(strict=True, gt=0, lt=2**63)]
_Once = AfterValidator(lambda ids: tuple(dict.fromkeys(ids)))

ACCESS = ("ask_roles", "manage_roles", "channels")
"""The settings that say who may do what and where: empty, the first and the last let everybody."""
_WHEN_DAMAGED: Mapping[str, object] = {"private_by_default": True}
"""What holds instead of a damaged value where the default could show what was to be hidden."""


class ServerSettings(BaseModel):
    """Every setting of one server, with its bounds. Ids are Discord's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask_roles: Annotated[tuple[_Id, ...], _Once] = Field(default=(), max_length=MOST_ROLES)
    """Roles that may ask; empty: everybody."""

    manage_roles: Annotated[tuple[_Id, ...], _Once] = Field(default=(), max_length=MOST_ROLES)
    """Roles that may manage beside those with Manage Server; empty: only the latter."""

    channels: Annotated[tuple[_Id, ...], _Once] = Field(default=(), max_length=MOST_CHANNELS)
    """Channels in which questions are answered; empty: all."""

    answer_style: AnswerStyle = "in place"
    """Where an answer stands: below the question, or in a thread of its own."""

    private_by_default: StrictBool = False
    """Whether only the asker sees the answer to `/ask`, unless asked otherwise."""

    language: Language = "en"
    """Of the interface; see `chosen_language`."""

    retention_days: int = Field(default=90, strict=True, ge=1, le=MOST_DAYS)
    """How long questions, answers, turns and votes are kept."""

    corrections_days: int = Field(default=30, strict=True, ge=0, le=MOST_DAYS)
    """How far back given answers are corrected, as far as they are still kept; 0: never."""

    _damaged: tuple[str, ...] = PrivateAttr(default=())

    @property
    def chosen_language(self) -> Language | None:
        """None where nobody has set one."""
        return self.language if "language" in self.model_fields_set else None

    @property
    def damaged(self) -> tuple[str, ...]:
        """Those of ACCESS whose stored values cannot be read, so that nobody knows whom they let:
        as long as there are any, only people with the permission Manage Server are let.
        """
        return self._damaged

    def with_damage(self, names: Iterable[str]) -> ServerSettings:
        """The same, with those of `names` that are in ACCESS as damaged."""
        copy = self.model_copy()
        copy._damaged = tuple(name for name in ACCESS if name in set(names))
        return copy


class SettingsStore:
    """The table setting. What was never set has its default, also when defaults change."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def load(self) -> ServerSettings:
        """The settings as they are now.

        A stored value that is damaged or out of its bounds counts as not set, and a warning that
        names the setting is logged; one of ACCESS is in `damaged`, and logged as an error.
        """
        known: dict[str, Any] = {}
        damaged = []
        # As bytes: text that is no UTF-8 would fail for all rows together.
        for row in self._file.all(
            "SELECT CAST(name AS BLOB) AS name, CAST(value AS BLOB) AS value FROM setting"
            " ORDER BY setting.name"
        ):
            name = row["name"].decode("utf-8", "replace")
            try:
                given = {name: json.loads(row["value"].decode("utf-8"))}
                ServerSettings.model_validate(given)
            except (ValueError, RecursionError):  # ValidationError and JSONDecodeError are such
                damaged.append(name)
                known |= {name: _WHEN_DAMAGED[name]} if name in _WHEN_DAMAGED else {}
                log.log(
                    logging.ERROR if name in ACCESS else logging.WARNING,
                    "the setting %.60r in %s is unknown or damaged and not used: set it anew",
                    name,
                    self._file.file,
                )
            else:
                known |= given
        return ServerSettings.model_validate(known).with_damage(damaged)

    def save(self, settings: ServerSettings) -> None:
        """Stores every setting, all or none."""
        with self._file.writing():
            self._file.change("DELETE FROM setting")  # unknown and damaged ones as well
            self._store(settings.model_dump(mode="json"))

    def update(self, changes: Mapping[str, object]) -> ServerSettings:
        """Changes the settings that are named, all or none; returns what holds then. None sets one
        back to what it was at first.

        Raises SettingsError that names each unknown setting or wrong value, and the mend.
        """
        _refuse_unknown(changes)
        with self._file.writing():
            before = self.load()
            try:
                kept = before.model_dump(exclude_unset=True) | dict(changes)
                changed = ServerSettings.model_validate(
                    {name: value for name, value in kept.items() if value is not None}
                )
            except ValidationError as error:
                raise SettingsError("invalid setting: " + _explained(error)) from None
            for name in changes:
                self._file.change("DELETE FROM setting WHERE setting.name = ?", (name,))
            self._store(changed.model_dump(mode="json", include=set(changes), exclude_unset=True))
        return changed.with_damage(set(before.damaged) - set(changes))

    def _store(self, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self._file.change(
                "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, to_json(value))
            )


def _refuse_unknown(changes: Mapping[str, object]) -> None:
    known = sorted(ServerSettings.model_fields)
    for name in changes:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            mend = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise SettingsError(f"unknown setting {str(name)[:60]!r}: {mend}")


def _explained(error: ValidationError) -> str:
    problems = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in problems)
