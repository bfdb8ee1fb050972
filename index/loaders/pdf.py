"""PDF: one article a file, the text of its pages in order, pages parted by empty lines.

Page numbers would go beside the text as the offset at which each page starts: `_pages` has them
one by one, and an Article has no field for them yet.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import mend
from index.loaders.document import Document, attempt
from index.loaders.fields import article_or_error, id_from_stem, load_error
from index.loaders.title import one_line, short_title

MAX_PAGES = 2_000
MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Of one page's unpacked drawing commands; pypdf itself unpacks no stream over 75 MB."""
MAX_TEXT = 16 * 1024 * 1024
MAX_SECONDS = 60.0
_MEND = "save its text as .txt instead"


class _Expired(BaseException):
    """Ends the reading of a page. No Exception, because pypdf carries on after those."""


def load_pdf(document: Document) -> Iterator[Article | LoadError]:
    """The article of a PDF file, or why there is none."""
    data = document.read()
    yield data if isinstance(data, LoadError) else _load(document, data)


def _load(document: Document, data: bytes) -> Article | LoadError:
    found = attempt(document, "PDF", lambda: _read(document, data))
    if isinstance(found, LoadError):
        return found
    title, text = found
    if not text:
        reason = "no text in it (are its pages scanned?)"
        return load_error(document.place, reason, "run it through OCR, for example ocrmypdf")
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_stem(document.stem),
        title=title or short_title(text),
        date=None,  # its metadata tell when the file was made, not when the article appeared
        source="",
        url="",
        text=text,
        id_from_file_name=True,
    )


def _read(document: Document, data: bytes) -> tuple[str, str]:
    """Title and text. Raises LoadError, or what pypdf raises."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise load_error(document.place, "encrypted", "save it without a password")
    if len(reader.pages) > MAX_PAGES:
        reason = f"{len(reader.pages)} pages, more than {MAX_PAGES}"
        raise load_error(document.place, reason, "split it into one file an article")
    try:
        pages = [mend(page) for page in _pages(document, reader)]
    except _Expired:
        reason = f"reading it takes over {MAX_SECONDS:.0f} s"
        raise load_error(document.place, reason, _MEND) from None
    try:
        title = one_line((reader.metadata.title if reader.metadata else "") or "")
    except Exception:  # noqa: BLE001 - a title that is damaged is no title
        title = ""
    return _storable(mend(title)), "\n\n".join(filter(None, pages))


def _pages(document: Document, reader: Any) -> Iterator[str]:
    """The text of each page, "" for one without. Raises _Expired, LoadError, and as pypdf does."""
    end = time.monotonic() + MAX_SECONDS
    total = 0

    def watch(*_: object) -> None:
        if time.monotonic() > end:
            raise _Expired

    for number, page in enumerate(reader.pages, 1):
        watch()
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
            reason = f"page {number} unpacks to over {MAX_PAGE_BYTES // 2**20} MB"
            raise load_error(document.place, reason, _MEND)
        # The visitor is called for each drawing command, also those of forms within forms.
        text = page.extract_text(visitor_operand_before=watch)
        lines = (line.rstrip() for line in text.replace("\0", "").split("\n"))
        text = _storable("\n".join(lines).strip())
        total += len(text)
        if total > MAX_TEXT:
            reason = f"more than {MAX_TEXT // 2**20} million characters of text"
            raise load_error(document.place, reason, "split it into one file an article")
        yield text


def _storable(text: str) -> str:
    """Without the lone halves of characters that a PDF's fonts may map to."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
