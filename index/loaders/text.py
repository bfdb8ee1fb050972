"""Plain text and Markdown: one article a file, stored as it stands, line ends included."""

from __future__ import annotations

from collections.abc import Iterator

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.document import Document
from index.loaders.fields import article_or_error, id_from_stem, load_error
from index.loaders.header import split_header
from index.loaders.title import first_heading, short_title


def load_text(document: Document) -> Iterator[Article | LoadError]:
    """The article in a plain text file, or why there is none."""
    yield _load(document, markdown=False)


def load_markdown(document: Document) -> Iterator[Article | LoadError]:
    """The article in a Markdown file, its markup kept, or why there is none."""
    yield _load(document, markdown=True)


def _load(document: Document, *, markdown: bool) -> Article | LoadError:
    place = document.place
    data = document.read()
    if isinstance(data, LoadError):
        return data
    try:
        text = mend(decode(data))
    except DecodingError as error:
        return load_error(place, error.reason, error.mend)
    if not text.strip():
        return load_error(place, "the file is empty", "put the article's text into it")
    try:
        header, body = split_header(text)
    except ValueError as error:
        return load_error(place, f"in its header, {error}", "write it as 2022-10-06")
    heading = first_heading(body) if markdown else ""
    return article_or_error(
        place,
        document.origin,
        id=header.id or id_from_stem(document.stem),
        title=header.title or heading or short_title(body, markdown=markdown),
        date=header.date,
        source=header.source,
        url=header.url,
        text=body,
        authors=header.authors,
        tags=header.tags,
        id_from_file_name=not header.id,
    )
