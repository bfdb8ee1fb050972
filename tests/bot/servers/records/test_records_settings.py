"""Settings of a server: their bounds, what refuses them, and what survives damage."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from record_samples import IDS, at_once

from bot.servers.records import ServerRecords
from bot.servers.records.settings import ACCESS, ServerSettings
from index.errors import SettingsError


def write(records: ServerRecords, name: str, value: str | bytes) -> None:
    """As a damaged file has it, or one of another version."""
    with sqlite3.connect(records.file) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, CAST(? AS TEXT))", (name, value)
        )
    connection.close()


def test_a_new_server_has_the_defaults(records: ServerRecords) -> None:
    loaded = records.settings.load()
    assert loaded == ServerSettings()
    assert (loaded.ask_roles, loaded.manage_roles, loaded.channels) == ((), (), ())
    assert (loaded.retention_days, loaded.corrections_days) == (90, 30)
    assert (loaded.answer_style, loaded.private_by_default, loaded.language) == (
        "in place",
        False,
        "en",
    )


def test_an_update_changes_what_it_names_and_stays(records: ServerRecords) -> None:
    records.settings.update({"retention_days": 7})
    changed = records.settings.update({"answer_style": "thread", "ask_roles": [5, 3, 5]})
    assert changed == records.settings.load()
    assert (changed.retention_days, changed.answer_style) == (7, "thread")
    assert changed.ask_roles == (5, 3)
    with ServerRecords(records.file) as again:
        assert again.settings.load() == changed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retention_days", 0),
        ("retention_days", 3651),
        ("retention_days", "90"),
        ("corrections_days", -1),
        ("corrections_days", 3651),
        ("ask_roles", [0]),
        ("ask_roles", [2**63]),
        ("manage_roles", ["5"]),
        ("manage_roles", [True]),
        ("manage_roles", list(range(1, 252))),
        ("channels", list(range(1, 502))),
        ("channels", 5),
        ("answer_style", "in a thread"),
        ("private_by_default", "yes"),
        ("language", "xx"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_nothing_changes(
    records: ServerRecords, name: str, value: object
) -> None:
    with pytest.raises(SettingsError, match=name):
        records.settings.update({"private_by_default": True, name: value})
    assert records.settings.load() == ServerSettings()
    with pytest.raises(ValidationError):
        ServerSettings.model_validate({name: value})


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant(records: ServerRecords) -> None:
    with pytest.raises(SettingsError, match="did you mean answer_style"):
        records.settings.update({"answer_stile": "thread"})
    with pytest.raises(SettingsError, match="retention_days"):
        records.settings.update({"x" * 5000: 1})


@pytest.mark.parametrize(
    "damage", ["", "9", "-5", '"', "null", "[" * 100_000, "NaN", '{"a": 1}', "\x00"]
)
def test_a_damaged_value_counts_as_not_set_and_is_reported(
    records: ServerRecords, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    records.settings.update({"answer_style": "thread", "retention_days": 7})
    write(records, "answer_style", damage)
    with caplog.at_level(logging.WARNING):
        loaded = records.settings.load()
    assert loaded == ServerSettings(retention_days=7)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "answer_style" in caplog.text
    assert records.settings.update({"answer_style": "thread"}).answer_style == "thread"


@pytest.mark.parametrize("name", ACCESS)
@pytest.mark.parametrize(
    "damage", ["", "[1, 2", '"5"', "[0]", '["5"]', "null", "[[1]]", b"\xff[1]"]
)
def test_a_damaged_right_is_known_as_damaged_until_it_is_set(
    records: ServerRecords, caplog: pytest.LogCaptureFixture, name: str, damage: str | bytes
) -> None:
    records.settings.update({name: [5], "retention_days": 7})
    write(records, name, damage)
    with caplog.at_level(logging.WARNING):
        loaded = records.settings.load()
    assert loaded.damaged == (name,)
    assert loaded.retention_days == 7, "what is whole still holds"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert name in caplog.text
    assert records.settings.update({"retention_days": 8}).damaged == (name,)
    assert records.settings.load().damaged == (name,)
    assert records.settings.update({name: []}).damaged == ()
    assert records.settings.load() == ServerSettings(retention_days=8)


def test_a_damaged_default_of_privacy_hides(records: ServerRecords) -> None:
    write(records, "private_by_default", "tru")
    assert records.settings.load().private_by_default


def test_a_setting_of_another_version_is_passed_over(
    records: ServerRecords, caplog: pytest.LogCaptureFixture
) -> None:
    write(records, "colour", '"blue"')
    assert records.settings.load() == ServerSettings()
    assert "colour" in caplog.text
    records.settings.save(ServerSettings(retention_days=5))
    caplog.clear()
    assert records.settings.load() == ServerSettings(retention_days=5)
    assert caplog.text == ""


def test_updates_at_once_lose_nothing(records: ServerRecords) -> None:
    at_once(
        lambda: [records.settings.update({"retention_days": n}) for n in range(1, 30)],
        lambda: [records.settings.update({"corrections_days": n}) for n in range(1, 30)],
        lambda: [records.settings.update({"channels": [n]}) for n in range(1, 30)],
    )
    loaded = records.settings.load()
    assert (loaded.retention_days, loaded.corrections_days, loaded.channels) == (29, 29, (29,))


_IDS = st.lists(IDS, max_size=5).map(tuple)


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wanted=st.builds(
        ServerSettings,
        ask_roles=_IDS,
        manage_roles=_IDS,
        channels=_IDS,
        answer_style=st.sampled_from(["in place", "thread"]),
        private_by_default=st.booleans(),
        retention_days=st.integers(1, 3650),
        corrections_days=st.integers(0, 3650),
    )
)
def test_settings_come_back_as_they_were_saved(
    records: ServerRecords, wanted: ServerSettings
) -> None:
    records.settings.save(wanted)
    assert records.settings.load() == wanted
