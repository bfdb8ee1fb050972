"""Small valid files of every kind that is read, and the exact texts that are in them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache

TITLE = "Bridge opens after three years"
FIRST = (
    "The new bridge over the river was opened on Thursday, after three years of work, the mayor "
    "said. It cost £20m, and about four thousand people are expected to use it every day."
)
SECOND = (
    "Shops on both banks hope for visitors. The old bridge had been closed since a flood damaged "
    "two of its pillars in the winter of 2019, and was later taken down, the café's owner said."
)
TEXT = f"{FIRST}\n\n{SECOND}"
_HTML = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{TITLE} | The Daily Example</title><meta name="keywords" content="bridges, Example Town">
<meta property="og:site_name" content="The Daily Example">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{TITLE}", "datePublished": "2022-10-06", "author": {{"name": "A. Writer"}}}}</script>
<link rel="canonical" href="https://news.example/bridge">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article>
<footer>Copyright The Daily Example. Imprint. Privacy.</footer></body></html>"""


@dataclass(frozen=True)
class Sample:
    """A valid file and the texts of the articles that loading it gives, in order."""

    name: str
    data: bytes
    texts: tuple[str, ...]


@cache
def samples() -> tuple[Sample, ...]:
    page = f"{TITLE}\n\n{TEXT}"
    html = _HTML.encode()
    lines = [{"id": "a", "text": TEXT, "tags": ["x", "y"], "set": "s"}, {"text": "Two. Â£ stays."}]
    jsonl = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    members = {"in/one.txt": TEXT.encode(), "two.html": html, "three.jsonl": jsonl}
    texts = (TEXT, page, TEXT, "Two. Â£ stays.")
    deep = {"inner.zip": zipped(members), "four.pdf": pdf("In a PDF.")}
    columns = f"id\ttext\na\t{FIRST}\nb\t{SECOND}\n"
    table = f'title,date,tags,text\n"{TITLE}",2022-10-06,"x, y","{TEXT}"\n,,,Second row.\n'
    header = f"---\ntitle: {TITLE}\ndate: 2022-10-06\ntags:\n  - x\n  - y\n---\n"
    return (
        Sample("utf8.txt", f"Title: T\nDate: 2022-10-06\nTags: x, y\n\n{TEXT}".encode(), (TEXT,)),
        Sample("dated.txt", f" date 2022-10-06 {TEXT}".encode(), (TEXT,)),
        Sample("marked.txt", TEXT.encode("utf-8-sig"), (TEXT,)),
        Sample("utf16.txt", TEXT.encode("utf-16"), (TEXT,)),
        Sample("cp1252.txt", TEXT.encode("cp1252"), (TEXT,)),
        Sample("mojibake.txt", TEXT.replace("£", "Â£").replace("é", "Ã©").encode(), (TEXT,)),
        Sample("story.md", f"{header}# {TITLE}\n\n{TEXT}".encode(), (f"# {TITLE}\n\n{TEXT}",)),
        Sample("page.html", html, (page,)),
        Sample("page16.html", _HTML.encode("utf-16"), (page,)),
        Sample("lines.jsonl", jsonl, (TEXT, "Two. Â£ stays.")),
        Sample("lines.jsonl.gz", gzip.compress(jsonl, mtime=0), (TEXT, "Two. Â£ stays.")),
        Sample("table.csv", table.encode(), (TEXT, "Second row.")),
        Sample("table.tsv", columns.encode("cp1252"), (FIRST, SECOND)),
        Sample("paper.pdf", pdf("One £20.", "", "Three."), ("One £20.\n\n\n\nThree.",)),
        Sample("plain.pdf", pdf("One.", "Two.", packed=False), ("One.\n\nTwo.",)),
        Sample("word.docx", docx(FIRST, SECOND), (TEXT,)),
        Sample("book.epub", epub(FIRST, SECOND), (FIRST, SECOND)),
        Sample("mail.eml", eml(attach=False), (f"{TEXT}\n",)),
        Sample("attached.eml", eml(attach=True), (f"{TEXT}\n", "In a PDF.", page)),
        Sample("pack.zip", zipped(members), texts),
        Sample("pack.tar", tarred(members), texts),
        Sample("pack.tar.gz", gzip.compress(tarred(members), mtime=0), texts),
        Sample("deep.zip", zipped(deep), (*texts, "In a PDF.")),
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<?xml version="1.0"?><w:document xmlns:w="{space}"><w:body>{body}</w:body>'
    core = f'<c:p xmlns:c="urn:c" xmlns:d="urn:d"><d:title>{TITLE}</d:title></c:p>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f"{document}</w:document>".encode(),
            "docProps/core.xml": core.encode(),
        }
    )


def epub(*chapters: str) -> bytes:
    numbers = range(len(chapters))
    items = "".join(f'<item id="i{n}" href="{n}.xhtml"/>' for n in numbers)
    refs = "".join(f'<itemref idref="i{n}"/>' for n in numbers)
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<c><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></c>',
        "O/b.opf": f"<p><title>B</title><manifest>{items}</manifest><spine>{refs}</spine></p>",
    }
    for number, chapter in enumerate(chapters):
        members[f"O/{number}.xhtml"] = f"<html><head/><body><p>{chapter}</p></body></html>"
    return zipped({name: text.encode() for name, text in members.items()})


def eml(*, attach: bool) -> bytes:
    message = EmailMessage()
    message["Subject"] = f"{TITLE}: £20m"
    message["From"] = "The Daily Example <news@news.example>"
    message["Date"] = "Thu, 06 Oct 2022 23:30:00 +0200"
    message.set_content(TEXT, cte="quoted-printable")
    message.add_alternative(_HTML, subtype="html")
    if attach:
        paper = pdf("In a PDF.")
        message.add_attachment(paper, maintype="application", subtype="pdf", filename="a.pdf")
        message.add_attachment(_HTML, subtype="html", filename="page.html")
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"====={number}")  # else a random one
    return message.as_bytes()


def pdf(*pages: str, packed: bool = True) -> bytes:
    """One line of text a page, "" for an empty page."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    kids = []
    for page in pages:
        drawing = b"BT /F1 12 Tf 50 700 Td (" + page.encode("cp1252") + b") Tj ET"
        data = zlib.compress(drawing) if packed else drawing
        kind = b"/Filter/FlateDecode" if packed else b""
        start = b"<</Length %d%b>>stream\n" % (len(data), kind)
        objects += [
            start + data + b"\nendstream",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (len(objects) + 1),
        ]
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[" + b" ".join(kids) + b"]/Count %d>>" % len(kids)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + table + trailer % (len(objects) + 1, len(out))
