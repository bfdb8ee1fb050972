"""DOCX: one article a file, one paragraph a block, parted by empty lines.

Reads the text itself; comments, footnotes, headers and what was deleted under review are left out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.bounds import Budget, read_zip_member
from index.loaders.decoding import mend
from index.loaders.document import Document, parsed
from index.loaders.fields import article_or_error, id_from_stem, load_error
from index.loaders.markup import local_name, parse_xml
from index.loaders.title import one_line, short_title

BODY = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_LEFT_OUT = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})


def load_docx(document: Document) -> Iterator[Article | LoadError]:
    """The article of a Word file, or why there is none."""
    yield parsed(document, "DOCX", lambda data: _article(document, data))


def _article(document: Document, data: bytes) -> Article | LoadError:
    """Raises LoadError, or what zipfile and lxml raise."""
    title, text = _read(document, data)
    if not text:
        raise load_error(document.place, "no text in it", "put the article's text into it")
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_stem(document.stem),
        title=title or short_title(text),
        date=None,  # its properties tell when the file was made, not when the article appeared
        source="",
        url="",
        text=text,
        id_from_file_name=True,
    )


def _read(document: Document, data: bytes) -> tuple[str, str]:
    """Title and text."""
    budget = Budget(document.place, len(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = read_zip_member(archive, archive.getinfo(BODY), budget)
        text = mend("\n\n".join(_paragraphs(parse_xml(body))))
        title = ""
        if _PROPERTIES in archive.namelist():
            properties = parse_xml(read_zip_member(archive, archive.getinfo(_PROPERTIES), budget))
            titles = (item.text for item in properties if local_name(item) == "title")
            title = mend(one_line(next(filter(None, titles), "")))
    return title, text


def _paragraphs(root: Any) -> Iterator[str]:
    """Each paragraph's text that is not empty, text boxes after the paragraph they hang on."""
    for paragraph in root.iter("{*}p"):
        if local_name(paragraph) == "p" and not _inside(paragraph, root):
            text = "".join(_runs(paragraph)).strip()
            if text:
                yield text


def _inside(element: Any, root: Any) -> bool:
    above = element.getparent()
    while above is not None and above is not root:
        if local_name(above) in _LEFT_OUT:
            return True
        above = above.getparent()
    return False


def _runs(element: Any) -> Iterator[str]:
    """The text of a paragraph's runs, but not that of paragraphs inside it."""
    for child in element:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS and local_name(element) == "r":
            yield _BREAKS[name]
        elif name not in _LEFT_OUT and name not in ("p", "pPr"):
            yield from _runs(child)
