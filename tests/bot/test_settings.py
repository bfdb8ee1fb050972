"""Settings: where they come from, which one wins, and what a wrong one says."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from pydantic import ValidationError

from bot.settings import PREFIX, load_settings
from index.errors import SettingsError

TOKEN = "a-very-secret-token"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with no setting in the environment."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dotenv(folder: Path, *lines: str) -> None:
    (folder / ".env").write_text("\n".join(lines), "utf-8")


def refused() -> str:
    """The message of the error that loading must end in."""
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_without_any_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.home == Path(platformdirs.user_data_dir("dateline"))
    assert settings.cache is None
    assert settings.discord_token is None
    assert settings.model == "all-MiniLM-L6-v2"


def test_the_environment_is_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_CHUNK_TOKENS", "64")
    monkeypatch.setenv("dateline_passages", "5")
    settings = load_settings()
    assert (settings.chunk_tokens, settings.passages) == (64, 5)


def test_dotenv_is_read_with_its_comments_and_umlauts(folder: Path) -> None:
    dotenv(folder, "# a comment", "DATELINE_HOME=/srv/Bücher", "", "DATELINE_CHUNK_TOKENS=64")
    settings = load_settings()
    assert (settings.home, settings.chunk_tokens) == (Path("/srv/Bücher"), 64)


def test_dotenv_may_serve_other_programs_too(folder: Path) -> None:
    dotenv(folder, "OTHER_PROGRAM=1", "DATELINE_PASSAGES=5")
    assert load_settings().passages == 5


def test_the_environment_wins_over_dotenv(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(folder, "DATELINE_CHUNK_TOKENS=64", "DATELINE_PASSAGES=5")
    monkeypatch.setenv("DATELINE_CHUNK_TOKENS", "96")
    settings = load_settings()
    assert (settings.chunk_tokens, settings.passages) == (96, 5)


def test_overrides_win_over_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(folder, "DATELINE_HOME=/from/dotenv")
    monkeypatch.setenv("DATELINE_HOME", "/from/environment")
    assert load_settings(home="/from/override").home == Path("/from/override")
    assert load_settings(home=None).home == Path("/from/environment")


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.passages = 5


@pytest.mark.parametrize("name", ["DATELINE_CHUNK_TOKEN", "dateline_chunk_token"])
def test_an_unknown_name_is_refused_with_the_one_it_is_like(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "64")
    assert refused() == f"unknown setting {name}: did you mean DATELINE_CHUNK_TOKENS?"


def test_an_unknown_name_like_no_other_points_to_the_list(folder: Path) -> None:
    name = "DATELINE_PUBLISH_EVERY_FORTNIGHT_TO_SUBSCRIBERS"
    dotenv(folder, f"{name}=1")
    assert refused() == f"unknown setting {name}: see .env.example for them all"


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DATELINE_CHUNK_TOKENS", "many", "valid integer"),
        ("DATELINE_CHUNK_TOKENS", "15", "greater than or equal to 16"),
        ("DATELINE_CHUNK_TOKENS", "8193", "less than or equal to 8192"),
        ("DATELINE_CHUNK_OVERLAP", "-1", "greater than or equal to 0"),
        ("DATELINE_KEEP_GENERATIONS", "0", "greater than or equal to 1"),
        ("DATELINE_ABSTAIN_BELOW", "1.5", "less than or equal to 1"),
        ("DATELINE_PASSAGES", "0", "greater than or equal to 1"),
        ("DATELINE_MODEL", "", "at least 1 character"),
        ("DATELINE_DISCORD_API", "discord.example", "https?://"),
        ("DATELINE_DISCORD_GATEWAY", "https://discord.example", "wss?://"),
        ("DATELINE_HOME", "", "name a folder, or leave the setting out"),
        ("DATELINE_HOME", "  ", "name a folder, or leave the setting out"),
        ("DATELINE_CACHE", "", "name a folder, or leave the setting out"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_the_mend(
    name: str, value: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    message = refused()
    assert message.startswith(f"invalid setting: {name}: ")
    assert mend in message
    assert message.endswith("See .env.example for what each takes.")


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_CHUNK_TOKENS", "many")
    monkeypatch.setenv("DATELINE_PASSAGES", "few")
    message = refused()
    assert "DATELINE_CHUNK_TOKENS: " in message
    assert "DATELINE_PASSAGES: " in message


def test_a_wrong_override_is_refused_like_a_wrong_variable() -> None:
    with pytest.raises(SettingsError, match=r"DATELINE_HOME: .*is empty"):
        load_settings(home="")


@pytest.mark.parametrize("name", ["home", "cache"])
def test_a_tilde_is_the_users_home(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}{name.upper()}", "~/articles")
    assert getattr(load_settings(), name) == Path.home() / "articles"
    assert load_settings(home=Path("~/other")).home == Path.home() / "other"


def test_the_token_is_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DISCORD_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == TOKEN
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert TOKEN not in shown


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_token_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DISCORD_TOKEN", value)
    assert load_settings().discord_token is None


def test_no_value_is_repeated_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token may stand in the wrong variable."""
    monkeypatch.setenv("DATELINE_DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DATELINE_DISCORD_API", TOKEN)
    monkeypatch.setenv("DATELINE_CHUNK_TOKENS", TOKEN)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
