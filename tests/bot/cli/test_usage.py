"""What the command line does before it needs an archive."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app

ROOT = Path(__file__).parents[3]
HEAVY = ("torch", "sentence_transformers", "llama_index", "faiss", "onnxruntime", "discord")


def test_help_names_every_command_and_exit_code() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("index", "ask", "search", "articles", "status", "verify", "bot", "3 no answer"):
        assert name in result.stdout


@pytest.mark.parametrize(
    "command",
    ["index", "ask", "search", "status", "verify", "bot", "articles list", "articles show",
     "articles diff", "articles remove"],
)  # fmt: skip
def test_every_command_has_json_and_home(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "--json" in result.stdout and "--home DIR" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["index"],
        ["ask"],
        ["ask", ""],
        ["ask", " \t"],
        ["ask", "\udcff"],
        ["ask", "Where?", "--file", "q.jsonl"],
        ["search"],
        ["search", " "],
        ["search", "raid", "-k", "0"],
        ["articles"],
        ["articles", "show"],
        ["articles", "show", "a", "--revision", "0"],
        ["articles", "diff"],
        ["articles", "diff", "a", "0"],
        ["articles", "diff", "a", "1", "last"],
        ["articles", "remove"],
        ["nonsense"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [["ask", "Where?"], ["ask", "--file", "-"], ["search", "raid"]])
@pytest.mark.parametrize("option", ["--since", "--until", "--as-of"])
@pytest.mark.parametrize("day", ["6.10.2022", "2022-02-30", "yesterday", "", "\x1b[31m"])
def test_a_wrong_day_exits_2_and_names_the_option(
    command: list[str], option: str, day: str
) -> None:
    result = CliRunner().invoke(app, [*command, option, day])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"'{option}': {day!r} is no day: write it as 2022-10-06" in result.stderr


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_period_without_a_day_exits_2(command: str) -> None:
    arguments = [command, "raid", "--since", "2022-10-07", "--until", "2022-10-06"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'--since' / '--until': no day is both since 2022-10-07 and until" in result.stderr


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CHUNK_TOKENS", "none")
    result = CliRunner().invoke(app, ["status", "--home", str(tmp_path), "--json"])
    assert result.exit_code == 1
    assert result.stderr.startswith("dateline: invalid setting: DATELINE_CHUNK_TOKENS: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout.startswith('{"error": "invalid setting: ')


def test_a_question_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["ask", "--file", str(tmp_path / "gone.jsonl")])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"dateline: {tmp_path}/gone.jsonl: no such file")


def test_bot_ends_with_the_code_of_the_client(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "bot", "--home", str(tmp_path)],
        env=environment | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,  # where there is no .env
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "DATELINE_DISCORD_TOKEN is not set" in ran.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['dateline', '--help']\n"
        "from bot.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("Usage: dateline ")
    assert ran.stderr == "[]\n"
