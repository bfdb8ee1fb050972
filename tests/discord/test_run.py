"""`run`: what an operator sees, with the pipeline replaced and the event loop left out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import __main__ as main_module
from bot import client
from bot.logs import log_to_stderr
from bot.servers import registry
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings, Settings
from index.errors import CorruptIndexError, DatelineError

TOKEN = "a.b.c"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(home=tmp_path, discord_token=SecretStr(TOKEN))


@pytest.fixture
def opened(
    monkeypatch: pytest.MonkeyPatch, servers: ServerRegistry
) -> dict[str, BaseException | None]:
    """A registry whose `open_servers` raises what the test puts into "error"."""
    outcome: dict[str, BaseException | None] = {"error": None}

    @contextmanager
    def open_servers(_: Settings) -> Iterator[ServerRegistry]:
        if outcome["error"]:
            raise outcome["error"]
        yield servers

    monkeypatch.setattr(registry, "open_servers", open_servers)
    monkeypatch.setattr(client, "log_to_stderr", lambda **_: None)
    return outcome


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("status", [0, 1])
def test_status_of_the_bot(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    async def run_bot(_: DiscordSettings, __: ServerRegistry, ___: object) -> int:
        return status

    monkeypatch.setattr(client, "run_bot", run_bot)
    assert client.run(settings) == status


def test_archive_that_cannot_be_opened(
    settings: Settings,
    opened: dict[str, BaseException | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened["error"] = CorruptIndexError("the catalog is damaged: restore it")
    assert client.run(settings) == 1
    assert capsys.readouterr().err == "the catalog is damaged: restore it\n"


def test_unexpected_error(
    settings: Settings,
    opened: dict[str, BaseException | None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened["error"] = ZeroDivisionError("odd")
    assert client.run(settings) == 1
    assert "ZeroDivisionError: odd" in caplog.text


def test_signal_while_it_starts(
    settings: Settings, opened: dict[str, BaseException | None]
) -> None:
    opened["error"] = KeyboardInterrupt()
    assert client.run(settings) == 0


def test_main_tells_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_DISCORD_TOKN", "secret")
    assert main_module.main() == 1
    line = capsys.readouterr().err
    assert "DATELINE_DISCORD_TOKEN" in line and "secret" not in line


def test_main_runs_the_bot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.delenv("DATELINE_DISCORD_TOKEN", raising=False)
    assert main_module.main() == 1


def test_the_token_is_in_no_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # pytest's own would be closed
    secret = "MTk4.secret.token"
    try:
        log_to_stderr(secrets=[secret, ""])
        log = logging.getLogger("test")
        log.info("logging in with %s", secret)
        log.debug("not shown")
        try:
            try:
                raise DatelineError(f"inner {secret}")
            except DatelineError as inner:
                raise RuntimeError(f"outer {secret}") from inner
        except RuntimeError:
            log.exception("failed")
        log.warning("POST https://h/api/v10/webhooks/1/itoken/messages/@original with 'x'")
    finally:
        root.handlers, root.level = handlers, level
        logging.captureWarnings(False)
    said = capsys.readouterr().err
    assert secret not in said and "itoken" not in said
    assert "inner [redacted]" in said and "outer [redacted]" in said
    assert "/webhooks/1/[redacted]/messages/@original" in said
    assert "not shown" not in said
