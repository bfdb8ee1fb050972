"""Command line options that the benchmarks share."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.datasets import Dataset, DatasetError, load_dataset
from bot.settings import Settings, load_settings
from index.errors import SettingsError


def parser(description: str) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=description)
    options.add_argument("path", type=Path, help="folder of articles and questions")
    options.add_argument(
        "--distractors",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="folders whose articles are indexed as well; their questions are not asked",
    )
    options.add_argument("--limit", type=_count, metavar="N", help="ask the first N questions only")
    options.add_argument(
        "--articles",
        type=_count,
        metavar="N",
        help="keep the folder's first N articles, and the questions about them",
    )
    options.add_argument(
        "--all-questions",
        action="store_true",
        help="ask every question as it stands, not only those with a standalone form",
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="measure stock LlamaIndex and plain BM25 beside Dateline",
    )
    options.add_argument(
        "--stock",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="have stock LlamaIndex, which embeds everything again, among the peers",
    )
    options.add_argument(
        "--home", type=Path, help="keep the archive in this folder, or use the one that is there"
    )
    options.add_argument(
        "--stock-home", type=Path, help="the same for the index of stock LlamaIndex"
    )
    options.add_argument("--chunk-tokens", type=int, metavar="N", help="Dateline's passage size")
    options.add_argument("--chunk-overlap", type=int, metavar="N", help="Dateline's overlap")
    return options


def dataset_of(options: argparse.Namespace) -> Dataset:
    """The dataset the options name; SystemExit says what is wrong with it."""
    try:
        return load_dataset(
            options.path,
            distractors=options.distractors,
            all_questions=options.all_questions,
            max_articles=options.articles,
            limit=options.limit,
        )
    except DatasetError as error:
        raise SystemExit(str(error)) from None


def settings_of(options: argparse.Namespace, home: Path, **overrides: object) -> Settings:
    """Dateline's settings: the options', else the environment's, else the defaults."""
    try:
        return load_settings(
            home=home,
            chunk_tokens=options.chunk_tokens,
            chunk_overlap=options.chunk_overlap,
            **overrides,
        )
    except SettingsError as error:
        raise SystemExit(str(error)) from None


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
