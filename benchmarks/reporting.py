"""Tables as GitHub Markdown, and what a figure means nothing without: the machine it is from."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "onnxruntime",
    "faiss-cpu",
    "bm25s",
    "llama-index-core",
)


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is flush left and whose others are flush right."""
    columns = list(zip(headings, *rows, strict=True))
    widths = [max(3, *(len(cell) for cell in column)) for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(headings), line(rule), *(line(row) for row in rows)])


def share(value: float | None) -> str:
    """A number between 0 and 1, or "-" where it is not defined."""
    return "-" if value is None else f"{value:.3f}"


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separated, or "-" where it is not defined."""
    return "-" if value is None else f"{value:,.{decimals}f}"


def environment() -> dict[str, Any]:
    """Processors, threads and versions that the figures were measured with.

    Imports the model libraries, which takes seconds: call it before any clock runs.
    """
    if "OMP_NUM_THREADS" in os.environ:
        progress(
            "OMP_NUM_THREADS is set: torch obeys it and ONNX Runtime does not, so the speeds below "
            "do not compare. Unset it."
        )
    import sentence_transformers  # noqa: F401
    import torch

    return {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
        "versions": {name: _version(name) for name in PACKAGES},
    }


def environment_line(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return (
        f"Python {facts['python']}, {facts['cpus']} CPUs, {facts['torch_threads']} torch threads, "
        f"{versions}."
    )


def progress(message: str) -> None:
    """What is being done now, on standard error, so that the table stays alone on the output."""
    print(message, file=sys.stderr, flush=True)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
