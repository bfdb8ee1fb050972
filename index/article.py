"""The values everything else passes on: an article, a passage of it, a scored passage."""

from __future__ import annotations

import bisect
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

from index.errors import InvalidArticleError

MAX_ID_LENGTH = 200
_TEXT_FIELDS = ("id", "title", "source", "url", "text", "article_set")


@dataclass(frozen=True)
class Article:
    """One news article as it is stored. Offsets anywhere in Dateline are code points of `text`.

    Raises InvalidArticleError if a field cannot be stored; the message names the field.
    """

    id: str
    title: str
    date: dt.date | None
    source: str
    url: str
    text: str
    authors: tuple[str, ...] = ()
    """Names of those who wrote it, in the order given, each as it was written there."""
    tags: tuple[str, ...] = ()
    """Keywords, sections or topics that it was published under, for filters."""
    article_set: str = ""
    """The set it was indexed into, such as a desk or a project, for filters; "" is none."""
    page_starts: tuple[int, ...] = ()
    """Offsets at which the pages of a paged document start, the first one first; () without."""
    origin: str = field(default="", compare=False)
    """Where it was read from: a path, or a path and a line."""
    id_from_file_name: bool = field(default=False, compare=False)
    """Whether the id is only the file's name, which another file may have as well."""

    def __post_init__(self) -> None:
        if not self.id or len(self.id) > MAX_ID_LENGTH or not self.id.isprintable():
            raise InvalidArticleError(
                f"the id {self.id[:60]!r} must have 1 to {MAX_ID_LENGTH} printable characters"
            )
        if not self.text.strip():
            raise InvalidArticleError("the text is empty")
        if list(self.page_starts) != sorted(set(self.page_starts)) or not all(
            0 <= start <= len(self.text) for start in self.page_starts
        ):
            raise InvalidArticleError("its pages do not start one after the other within the text")
        values = {name: getattr(self, name) for name in _TEXT_FIELDS}
        names = (*(("author", author) for author in self.authors), *(("tag", t) for t in self.tags))
        for name, value in (*values.items(), *names):
            try:
                value.encode("utf-8")
            except UnicodeEncodeError as error:
                raise InvalidArticleError(
                    f"the {name} has a lone surrogate at code point {error.start}, "
                    "which no text file can hold: remove it"
                ) from None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all stored fields (hex): equal exactly when nothing has to be rebuilt."""
        day = self.date.isoformat() if self.date else None
        fields: list[object] = [self.id, self.title, day, self.source, self.url, self.text]
        # Only where there are any: an article without them has the hash it always had.
        names = ("tags", "article_set", "page_starts", "authors")
        later = ((name, getattr(self, name)) for name in names)
        fields += [{name: value} for name, value in later if value]
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The number, from 1, of the page that holds the code point at `offset`."""
        return bisect.bisect_right(self.page_starts, offset) or None


@dataclass(frozen=True)
class Passage:
    """A slice of one article's text: `article.text[start:end]`, in code points.

    `id` is the catalog's integer id, never reused, and the id inside FAISS and BM25.
    """

    id: int
    article: Article
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(
                f"passage {self.id}: [{self.start}:{self.end}] lies outside the text of "
                f"{self.article.id} ({len(self.article.text)} code points)"
            )

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True)
class ArticleReference:
    """An article without its text."""

    id: str
    title: str
    date: dt.date | None
    source: str
    url: str


@dataclass(frozen=True)
class ScoredPassage:
    """A search result. `score` orders a result list and compares within it only."""

    passage: Passage
    score: float
    cosine: float = 0.0
    """Cosine of query and passage embeddings, in [-1, 1]."""
    bm25: float = 0.0
    """BM25 score of the passage and its article, at least 0."""
    also_in: tuple[ArticleReference, ...] = ()
    """Near copies of its article, which the result list leaves out, newest first."""
