"""Commands run in this process, and what they print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from bot.cli.app import app


def dateline(home: Path, *arguments: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)], **options)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def only(result: Result) -> dict[str, Any]:
    (value,) = objects(result)
    return value


def write_jsonl(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
