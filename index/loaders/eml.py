"""EML: a saved e-mail, such as a newsletter. Attachments are not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.document import Document, attempt
from index.loaders.fields import article_or_error, id_from_stem, load_error, parse_date
from index.loaders.html import html_article
from index.loaders.title import one_line, short_title


@dataclass(frozen=True)
class _Mail:
    title: str
    date: str
    source: str
    text: str
    html: str


def load_eml(document: Document) -> Iterator[Article | LoadError]:
    """The article of a mail: its plain text, or else its HTML."""
    data = document.read()
    yield data if isinstance(data, LoadError) else _load(document, data)


def _load(document: Document, data: bytes) -> Article | LoadError:
    mail = attempt(document, "e-mail", lambda: _read(data))
    if isinstance(mail, LoadError):
        return mail
    if not mail.text.strip() and mail.html.strip():
        return html_article(
            document, mail.html, title=mail.title, date=mail.date, source=mail.source
        )
    if not mail.text.strip():
        reason = "the mail has no text (attachments are not read)"
        return load_error(document.place, reason, "save the attached files and name those")
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_stem(document.stem),
        title=mail.title or short_title(mail.text),
        date=parse_date(mail.date),
        source=mail.source,
        url="",
        text=mail.text,
        id_from_file_name=True,
    )


def _read(data: bytes) -> _Mail:
    from email.parser import BytesParser
    from email.policy import default

    message: Any = BytesParser(policy=default).parsebytes(data)
    return _Mail(
        title=_header(lambda: str(message["subject"] or "")),
        date=_header(lambda: message["date"].datetime.date().isoformat()),
        source=_header(lambda: _sender(message["from"].addresses[0])),
        text=mend(_body(message, "plain")),
        html=_body(message, "html"),
    )


def _header(read: Any) -> str:
    """One header's value, "" where it is missing or damaged: the mail is still to be read."""
    try:
        value = one_line(read())
    except Exception:  # noqa: BLE001 - the parsers of single headers raise nearly anything
        return ""
    return mend(value.encode("utf-8", "replace").decode())


def _sender(address: Any) -> str:
    return str(address.display_name or address.addr_spec)


def _body(message: Any, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    data = part.get_payload(decode=True) or b""
    try:
        return decode(data, part.get_content_charset() or "")
    except DecodingError:
        return str(data.decode("utf-8", "replace"))
