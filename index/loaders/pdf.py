"""PDF: one article a file, the text of its pages in order, pages parted by empty lines."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import mend
from index.loaders.document import Document, parsed
from index.loaders.fields import article_or_error, id_from_stem, load_error
from index.loaders.header import split_header
from index.loaders.title import one_line, short_title

MAX_PAGES = 2_000
MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Of one page's unpacked drawing commands; pypdf itself unpacks no stream over 75 MB."""
MAX_TEXT = 16 * 1024 * 1024
_BREAK = "\n\n"
_MEND = "save its text as .txt instead"


def load_pdf(document: Document) -> Iterator[Article | LoadError]:
    """The article of a PDF file, or why there is none."""
    yield parsed(document, "PDF", lambda data: _article(document, data))


def _article(document: Document, data: bytes) -> Article | LoadError:
    """Raises LoadError, or what pypdf raises."""
    title, pages = _read(document, data)
    if not any(pages):
        reason = "no text in it (are its pages scanned?)"
        raise load_error(document.place, reason, "run it through OCR, for example ocrmypdf")
    text, page_starts = _joined(pages)
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_stem(document.stem),
        title=title or short_title(text),
        date=_stated_date(text),
        source="",
        url="",
        text=text,
        page_starts=page_starts,
        id_from_file_name=True,
    )


def _joined(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text and where each page starts, up to the last page with text.

    A page without text keeps its two line ends, so that each page has a start of its own and
    the pages after it their numbers.
    """
    last = max(number for number, page in enumerate(pages) if page)
    pages = pages[: last + 1]
    lengths = (len(page) + len(_BREAK) for page in pages[:-1])
    return _BREAK.join(pages), tuple(accumulate(lengths, initial=0))


def _stated_date(text: str) -> dt.date | None:
    """The date in the text's head. The file's own metadata tell when it was made."""
    try:
        return split_header(text)[0].date
    except ValueError:
        return None


def _read(document: Document, data: bytes) -> tuple[str, list[str]]:
    """Title, and the text of each page."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise load_error(document.place, "encrypted", "save it without a password")
    if len(reader.pages) > MAX_PAGES:
        reason = f"{len(reader.pages)} pages, more than {MAX_PAGES}"
        raise load_error(document.place, reason, "split it into one file an article")
    pages = list(_pages(document, reader))
    try:
        title = one_line((reader.metadata.title if reader.metadata else "") or "")
    except Exception:  # noqa: BLE001 - a title that is damaged is no title
        title = ""
    return _storable(mend(title)), pages


def _pages(document: Document, reader: Any) -> Iterator[str]:
    """The text of each page, "" for one without. Raises LoadError, and as pypdf does."""
    total = 0
    for number, page in enumerate(reader.pages, 1):
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
            reason = f"page {number} unpacks to over {MAX_PAGE_BYTES // 2**20} MB"
            raise load_error(document.place, reason, _MEND)
        lines = (line.rstrip() for line in page.extract_text().replace("\0", "").split("\n"))
        text = _storable(mend("\n".join(lines).strip()))
        total += len(text)
        if total > MAX_TEXT:
            reason = f"more than {MAX_TEXT // 2**20} million characters of text"
            raise load_error(document.place, reason, "split it into one file an article")
        yield text


def _storable(text: str) -> str:
    """Without the lone halves of characters that a PDF's fonts may map to."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
