"""Dateline itself, built from a dataset, in the shape the peers have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.datasets import Dataset
from benchmarks.peers import Hit, quiet
from benchmarks.reporting import progress
from bot.settings import Settings
from index.archive import Archive
from index.article import Article, Passage
from index.catalog import Catalog
from index.errors import LoadError
from index.loaders import load_paths


@dataclass(frozen=True)
class Dateline:
    """An archive as a `System`."""

    archive: Archive
    pieces: Sequence[Hit]
    embedded_texts: Sequence[str]
    build_seconds: float
    """0.0 where a kept archive made it meaningless."""
    name: str = "Dateline"
    whole_articles: bool = False
    dated: bool = True
    """Whether it is told the day of a question."""

    def search(self, query: str, k: int, as_of: dt.date | None = None) -> list[Hit]:
        found = self.archive.search(query, k, as_of=as_of if self.dated else None)
        return [as_hit(scored.passage) for scored in found]


@contextmanager
def home_folder(given: Path | None) -> Iterator[Path]:
    """The folder to keep the archive in, or one that is removed afterwards."""
    if given is not None:
        yield given
        return
    with TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        yield Path(folder)


@contextmanager
def open_dateline(dataset: Dataset, settings: Settings) -> Iterator[Dateline]:
    """Build the archive in `settings.home`, or use the one there, and open it for searching."""
    embedded, seconds = build(dataset, settings)
    with Archive.open(settings.home, settings=settings) as archive:
        pieces = all_pieces(settings.home)
        if extra := {piece.article_id for piece in pieces} - dataset.articles.keys():
            raise SystemExit(f"{settings.home} has other articles too, such as {min(extra)}")
        yield Dateline(
            archive=archive,
            pieces=pieces,
            embedded_texts=[piece.text for piece in pieces],
            build_seconds=seconds if embedded == len(pieces) else 0.0,
        )


def build(dataset: Dataset, settings: Settings) -> tuple[int, float]:
    """Index the dataset: passages embedded, and seconds from articles in memory to published."""
    articles = load(dataset)
    prepare(settings)
    progress(f"Dateline: indexing {len(articles)} articles")
    with Archive.open(settings.home, settings=settings) as archive, quiet():
        started = perf_counter()
        report = archive.index(articles)
        return report.embedded, perf_counter() - started


def prepare(settings: Settings) -> None:
    """Index one sentence elsewhere: what is done once on a machine is then done.

    (Exporting the model for the faster runtime, which later builds find in the cache.)
    """
    sentence = Article(
        id="a", title="", date=None, source="", url="", text="The council met on Monday."
    )
    started = perf_counter()
    with (
        TemporaryDirectory() as folder,
        quiet(),
        Archive.open(Path(folder), settings=settings) as archive,
    ):
        archive.index([sentence])
    progress(f"Dateline: model ready after {perf_counter() - started:.1f} s")


def load(dataset: Dataset) -> list[Article]:
    """The dataset's articles through Dateline's own loader.

    Raises SystemExit if one cannot be loaded: that would make the comparison unequal.
    """
    articles: dict[str, Article] = {}
    for item in load_paths(dataset.files):
        if isinstance(item, LoadError):
            raise SystemExit(f"an article cannot be loaded: {item}")
        if item.id in dataset.articles:
            articles.setdefault(item.id, item)  # a distractor may repeat one
    if missing := dataset.articles.keys() - articles.keys():
        raise SystemExit(f"{len(missing)} articles were not loaded, such as {min(missing)}")
    return list(articles.values())


def all_pieces(home: Path) -> list[Hit]:
    """Every passage of the published generation."""
    with closing(Catalog(home)) as catalog:
        generation = catalog.current_generation_id()
        if generation is None:
            raise SystemExit(f"{home} has no published index")
        return [as_hit(passage) for passage in catalog.all_passages(generation)]


def as_hit(passage: Passage) -> Hit:
    return Hit(passage.article.id, passage.start, passage.end, passage.text)
