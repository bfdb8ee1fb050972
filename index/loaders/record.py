"""An article from named fields: what JSON Lines and tables have in common."""

from __future__ import annotations

from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.fields import (
    article_or_error,
    clean_authors,
    clean_tags,
    id_from_text,
    id_from_url,
    load_error,
    parse_date,
    split_authors,
    split_tags,
)
from index.loaders.title import one_line, short_title

Record = dict[str, Any]


def record_article(place: str, origin: str, record: Record) -> Article | LoadError:
    """Only `text` is required. Without an id, the url is the id, or else a digest of the text.

    `authors` (or `author`) is a list of strings or one string with semicolons, `tags` a list of
    strings or one string with commas; `set` becomes `article_set`.
    """
    for name in ("title", "date", "source", "url", "text", "set"):
        if not isinstance(record.get(name), str | None):
            kind = type(record[name]).__name__
            return load_error(place, f"the {name} is no string but {kind}", "put it in quotes")
    authors = record.get("authors") or record.get("author") or ()
    if not _is_list(authors):
        reason = "the authors are no list of strings"
        return load_error(place, reason, 'write them as ["Jane Doe", "John Roe"]')
    tags = record.get("tags") or ()
    if not _is_list(tags):
        reason = "the tags are no list of strings"
        return load_error(place, reason, 'write them as ["politics", "Syria"]')
    given_id = record.get("id")
    if isinstance(given_id, bool) or not isinstance(given_id, str | int | None):
        kind = type(given_id).__name__
        return load_error(place, f"the id is no string but {kind}", "give a string or an integer")
    text: str = record.get("text") or ""
    if not text.strip():
        return load_error(place, "the text is missing or empty", 'give the article as "text"')
    url: str = record.get("url") or ""
    title: str = record.get("title") or ""
    try:
        date = parse_date(record.get("date") or "")
    except ValueError as error:
        return load_error(place, str(error), "write it as 2022-10-06")
    id = "" if given_id is None else str(given_id)
    return article_or_error(
        place,
        origin,
        id=id if id.strip() else id_from_url(url) if url.strip() else id_from_text(text),
        title=title if title.strip() else short_title(text),
        date=date,
        source=record.get("source") or "",
        url=url,
        text=text,
        authors=split_authors(authors) if isinstance(authors, str) else clean_authors(authors),
        tags=split_tags(tags) if isinstance(tags, str) else clean_tags(tags),
        article_set=one_line(record.get("set") or ""),
    )


def _is_list(value: object) -> bool:
    """Whether it is a list of strings, or a string that holds one."""
    return isinstance(value, str) or (
        isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    )
