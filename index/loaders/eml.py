"""EML: a saved e-mail, such as a newsletter, and the articles attached to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.detection import kind_of
from index.loaders.document import Document, member_document, parsed
from index.loaders.fields import article_or_error, id_from_stem, load_error, parse_date
from index.loaders.html import html_article
from index.loaders.title import one_line, short_title

MAX_ATTACHMENTS = 100


@dataclass(frozen=True)
class _Mail:
    title: str
    date: str
    source: str
    text: str
    html: str
    attached: tuple[tuple[str, bytes], ...]
    """Name and bytes of each attachment that is of a kind that is read."""


def load_eml(document: Document) -> Iterator[Article | LoadError | Document]:
    """The article of a mail, its plain text or else its HTML, and then what is attached to it."""
    mail = parsed(document, "e-mail", _read)
    if isinstance(mail, LoadError):
        yield mail
        return
    if mail.text.strip() or mail.html.strip():
        yield _article(document, mail)
    elif not mail.attached:
        reason = "the mail has no text, and no attachment that can be read"
        yield load_error(document.place, reason, "save its text as .txt instead")
    for name, data in mail.attached[:MAX_ATTACHMENTS]:
        yield member_document(document, name, data)
    if len(mail.attached) > MAX_ATTACHMENTS:
        reason = f"more than {MAX_ATTACHMENTS} attachments"
        yield load_error(document.place, reason, "save the others and name their folder")


def _article(document: Document, mail: _Mail) -> Article | LoadError:
    if not mail.text.strip():
        return html_article(
            document, mail.html, title=mail.title, date=mail.date, source=mail.source
        )
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
    """Raises what the parsers of mails raise, which is nearly anything."""
    from email.parser import BytesParser
    from email.policy import default

    message: Any = BytesParser(policy=default).parsebytes(data)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return _Mail(
        title=_header(lambda: str(message["subject"] or "")),
        date=_header(lambda: message["date"].datetime.date().isoformat()),
        source=_header(lambda: _sender(message["from"].addresses[0])),
        text=mend(_text(plain)),
        html=_text(html),
        attached=tuple(_attachments(message, (plain, html))),
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


def _text(part: Any) -> str:
    if part is None:
        return ""
    data = part.get_payload(decode=True) or b""
    try:
        return decode(data, part.get_content_charset() or "")
    except DecodingError:
        return str(data.decode("utf-8", "replace"))


def _attachments(message: Any, bodies: tuple[Any, ...]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of attached files and mails, in order; one more than MAX_ATTACHMENTS.

    As in folders, what is of another kind (pictures, signatures, invitations) is passed over.
    """
    found = 0
    stack = [message]
    while stack and found <= MAX_ATTACHMENTS:
        part = stack.pop()
        if part.get_content_type() == "message/rfc822" and part is not message:
            name, data = f"{_name(part).removesuffix('.eml') or 'mail'}.eml", _attached_mail(part)
        elif part.is_multipart():
            stack.extend(reversed(part.get_payload()))
            continue
        elif part in bodies or not (_name(part) or part.get_content_disposition() == "attachment"):
            continue
        else:
            name, data = _name(part) or "attachment", part.get_payload(decode=True) or b""
        hidden = name.replace("\\", "/").rpartition("/")[2].startswith(".")
        if not hidden and kind_of(name, BytesIO(data)):
            found += 1
            yield name, data


def _name(part: Any) -> str:
    return _header(lambda: part.get_filename() or "")


def _attached_mail(part: Any) -> bytes:
    try:
        return bytes(part.get_payload(0).as_bytes())
    except Exception:  # noqa: BLE001 - a damaged mail cannot always be written out again
        return b""
