"""`.env.example` and the README's table list every setting, once, with its true default."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs.unix
import pytest

from bot.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / ".env.example"
NAMES = {PREFIX + name.upper() for name in Settings.model_fields}

_ASSIGNMENT = re.compile(r"#?([A-Z][A-Z0-9_]*)=(.*)")
_TABLE_ROW = re.compile(r"\| `(DATELINE_\w+)` \| (.*?) \|")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with no setting in the environment."""
    for name in NAMES | {"XDG_DATA_HOME", "XDG_CACHE_HOME"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def defaults(folder: Path) -> dict[str, str]:
    """What each setting is when nobody sets it, as it is written in a file: "" for none."""
    linux = platformdirs.unix.Unix("dateline")
    shown = {f"{PREFIX}{name.upper()}": value for name, value in load_settings()}
    shown[f"{PREFIX}HOME"] = in_home(linux.user_data_path)
    shown[f"{PREFIX}CACHE"] = in_home(linux.user_cache_path / "models")
    return {name: "" if value is None else str(value) for name, value in shown.items()}


def in_home(path: Path) -> str:
    return f"~/{path.relative_to(Path.home()).as_posix()}"


def assignments() -> list[tuple[str, str]]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    return [match.groups() for line in lines if (match := _ASSIGNMENT.fullmatch(line))]  # type: ignore[misc]


def test_every_setting_is_listed_once_and_nothing_else() -> None:
    listed = [name for name, _ in assignments()]
    assert sorted(listed) == sorted(NAMES)


def test_the_values_are_the_defaults(defaults: dict[str, str]) -> None:
    assert dict(assignments()) == defaults


def test_each_comment_states_the_default(defaults: dict[str, str]) -> None:
    entries = re.findall(
        r"((?:^# .*\n)+)^#?([A-Z_]+)=", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE
    )
    assert {name for _, name in entries} == NAMES
    for comment, name in entries:
        stated = " ".join(comment.replace("#", " ").split()).rpartition("Default: ")[2]
        value = defaults[name]
        if value.startswith("~"):
            assert stated.endswith("on Linux the one shown.")
        else:
            assert stated.startswith(value or ("none", "empty")), name


def test_it_loads_as_it_stands(folder: Path) -> None:
    before = load_settings()
    (folder / ".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert load_settings() == before


def test_it_loads_with_every_line_in_force(folder: Path) -> None:
    before = load_settings()
    lines = EXAMPLE.read_text("utf-8").splitlines()
    in_force = [line.removeprefix("#") if _ASSIGNMENT.fullmatch(line) else line for line in lines]
    (folder / ".env").write_text("\n".join(in_force), "utf-8")
    linux = platformdirs.unix.Unix("dateline")
    expected = before.model_copy(
        update={"home": linux.user_data_path, "cache": linux.user_cache_path / "models"}
    )
    assert load_settings() == expected


def test_the_readme_lists_the_same(defaults: dict[str, str]) -> None:
    rows = _TABLE_ROW.findall((ROOT / "README.md").read_text("utf-8"))
    assert sorted(name for name, _ in rows) == sorted(NAMES)
    for name, value in rows:
        assert value == (f"`{defaults[name]}`" if defaults[name] else "none"), name
