"""What the formats have in common: ids, dates and messages made from what a file says."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from index.article import MAX_ID_LENGTH, Article
from index.errors import InvalidArticleError, LoadError
from index.loaders.title import one_line

_TIME_OF_DAY = re.compile(
    r"([01][0-9]|2[0-4]):[0-5][0-9](:[0-6][0-9]([.,][0-9]+)?)?\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_TAG_MARKS = re.compile(r"[,;\n]")
_AUTHOR_MARKS = re.compile(r"[;\n]")
MAX_TAGS = 40
MAX_AUTHORS = 20
MAX_NAME = 80
"""Code points of a tag or an author; what is longer is a sentence."""
_AWKWARD_IN_AN_ID = frozenset("/\\:*?\"'<>|#%&;$`!(){}[]~^,")


def load_error(place: str, reason: str, mend: str) -> LoadError:
    """An error whose message is one printable line, whatever a file has put into it."""
    message = f"{place}: {reason}: {mend}"
    return LoadError("".join(c if c.isprintable() else "\ufffd" for c in message))


def shown(path: Path) -> str:
    """The path as valid Unicode, whatever bytes the file system holds."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def parse_date(value: str) -> dt.date | None:
    """The day of an ISO 8601 date or date and time, as written there; None for an empty value.

    Raises ValueError, with a message that names the value.
    """
    value = value.strip()
    if not value:
        return None
    day, *time = re.split(r"[Tt\s]+", value, maxsplit=1)
    try:
        if time and not _TIME_OF_DAY.fullmatch(time[0]):
            raise ValueError
        return dt.date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"the date {value[:60]!r} is not a day of the calendar") from None


def id_from_stem(stem: str) -> str:
    """A printable id from a file's name without its suffix; the same name gives the same id."""
    name = unicodedata.normalize("NFC", stem.encode("utf-8", "replace").decode("utf-8"))
    slug = "-".join(
        "".join(c if c.isprintable() and c not in _AWKWARD_IN_AN_ID else " " for c in name).split()
    )
    if not slug:
        return f"file-{_digest(stem)}"
    if len(slug) > MAX_ID_LENGTH:
        return f"{slug[: MAX_ID_LENGTH - 17]}-{_digest(stem)}"
    return slug


def id_from_url(url: str) -> str:
    """The URL itself where it can be an id, otherwise a digest of it."""
    return url if len(url) <= MAX_ID_LENGTH and url.isprintable() else f"url-{_digest(url)}"


def id_from_text(text: str) -> str:
    return f"sha256-{_digest(text)}"


def clean_names(names: Iterable[str], most: int) -> tuple[str, ...]:
    """The first `most` of the names, each once whatever its case, without empty and long ones."""
    kept: dict[str, str] = {}
    for name in map(one_line, names):
        if 0 < len(name) <= MAX_NAME:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:most]


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """At most MAX_TAGS of them."""
    return clean_names(tags, MAX_TAGS)


def clean_authors(authors: Iterable[str]) -> tuple[str, ...]:
    """At most MAX_AUTHORS of them."""
    return clean_names(authors, MAX_AUTHORS)


def split_tags(value: str) -> tuple[str, ...]:
    """The tags in one string, parted by commas, semicolons or lines."""
    return clean_tags(_TAG_MARKS.split(value))


def split_authors(value: str) -> tuple[str, ...]:
    """The authors in one string, parted by semicolons or lines: "Doe, Jane" is one of them."""
    return clean_authors(_AUTHOR_MARKS.split(value))


def article_or_error(
    place: str,
    origin: str,
    *,
    id: str,
    title: str,
    date: dt.date | None,
    source: str,
    url: str,
    text: str,
    authors: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    article_set: str = "",
    page_starts: tuple[int, ...] = (),
    id_from_file_name: bool = False,
) -> Article | LoadError:
    try:
        return Article(
            id,
            title,
            date,
            source,
            url,
            text,
            authors=authors,
            tags=tags,
            article_set=article_set,
            page_starts=page_starts,
            origin=origin,
            id_from_file_name=id_from_file_name,
        )
    except InvalidArticleError as error:
        return LoadError(f"{place}: {error}")


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
