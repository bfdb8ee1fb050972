"""Small articles and archives, made as the tests need them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fake_model import FakeModel

from index.archive import Archive
from index.article import Article, Passage
from index.settings import IndexSettings


def article(id: str, text: str = "", **fields: Any) -> Article:
    values: dict[str, Any] = {
        "title": id.title(),
        "date": dt.date(2023, 5, 17),
        "source": "Gazette",
        "url": f"https://example.org/{id}",
        "text": text or f"This is all that is known of {id}.",
    }
    return Article(id=id, **{**values, **fields})


def passages(*texts: str) -> dict[int, Passage]:
    """Each text as the only passage of an article without a title, with ids from 1."""
    return {
        number: Passage(number, article(f"a{number}", text, title=""), 0, len(text))
        for number, text in enumerate(texts, start=1)
    }


@contextlib.contextmanager
def opened(folder: Path, model: FakeModel | None = None, **settings: Any) -> Iterator[Archive]:
    """The archive in `folder` with a fake model; small chunks unless asked otherwise."""
    values = IndexSettings(**{"model": "fake", "chunk_tokens": 16, **settings})
    with Archive.open(folder, settings=values, model=model or FakeModel()) as archive:  # type: ignore[arg-type]
        yield archive


def state(archive: Archive) -> dict[str, str]:
    """The text of every article by id, as the archive serves them now."""
    return {summary.id: archive.article(summary.id).text for summary in archive.articles()}


def at_once(*works: Callable[[], object]) -> None:
    """Runs all in threads of their own; raises what one of them raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        for running in [pool.submit(work) for work in works]:
            running.result()


def directories(folder: Path) -> int:
    """How many generations lie on disk, orphans included."""
    return sum(1 for _ in (folder / "generations").glob("*"))
