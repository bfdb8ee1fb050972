"""Small real files of each format, made as they are needed."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage

PARAGRAPH = (
    "The new bridge over the river was opened on Thursday, after three years of work, the mayor "
    "said. It cost £20m, and about four thousand people are expected to use it every day."
)
MORE = (
    "Shops on both banks hope for visitors. The old bridge had been closed since a flood damaged "
    "two of its pillars in the winter of 2019, and was later taken down."
)
HTML = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Bridge opens | The Daily Example</title>
<meta property="og:title" content="Bridge opens after three years">
<meta property="og:site_name" content="The Daily Example">
<meta property="article:published_time" content="2022-10-06T10:00:00Z">
<link rel="canonical" href="https://news.example/bridge">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Bridge opens after three years</h1><p>{PARAGRAPH}</p><p>{MORE}</p></article>
<footer>Copyright The Daily Example. Imprint. Privacy.</footer></body></html>"""
CSV = (
    'Title,date,source,url,text,id,section\n"Bridge, new",2022-10-06,The Daily Example,'
    'https://news.example/bridge,"It ""opened"".\nOn Thursday.",b-1,local\n'
    ",,,https://news.example/2,Second one.,,\n"
)


def pdf(*pages: str, title: str = "", stream: bytes | None = None) -> bytes:
    """A PDF with one line of text a page, or with this packed drawing stream on each page."""
    import zlib

    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    objects.append(b"<</Title(" + title.encode("cp1252") + b")>>")
    kids = []
    for page in pages:
        shown = page.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawing = b"BT /F1 12 Tf 50 700 Td (" + shown.encode("cp1252") + b") Tj ET"
        packed = stream if stream is not None else zlib.compress(drawing)
        number = len(objects) + 1
        objects.append(
            b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream"
        )
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % number
        )
        kids.append(b"%d 0 R" % (number + 1))
    objects[1] = b"<</Type/Pages/Kids[" + b" ".join(kids) + b"]/Count %d>>" % len(kids)
    return _pdf_file(objects)


def nested_pdf() -> bytes:
    """A PDF whose page draws a form ten times, which draws the next form ten times, and so on."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject"
        b"<</X 5 0 R>>>>>>",
        b"<</Length 40>>stream\n" + b"/X Do " * 10 + b"\nendstream",
    ]
    for number in range(5, 15):
        drawing = b"/X Do " * 10 if number < 14 else b"BT (x) Tj ET"
        objects.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %d/Resources<</XObject<</X %d 0 R"
            b">>>>>>stream\n" % (len(drawing), min(number + 1, 14)) + drawing + b"\nendstream"
        )
    return _pdf_file(objects)


def _pdf_file(objects: list[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def docx(*paragraphs: str, title: str = "") -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from docx import Document

        document = Document()
        document.core_properties.title = title
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "In a cell"
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def eml(text: str = "", html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    given = {
        "Subject": "Bridge opens: café £20",
        "From": "The Daily Example <news@news.example>",
        "Date": "Thu, 06 Oct 2022 23:30:00 +0200",
    }
    for name, value in (given | headers).items():
        message[name] = value
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def epub(*chapters: str, creators: Iterable[str] = ()) -> bytes:
    names = [f"ch {number}.xhtml" for number, _ in enumerate(chapters)]
    items = "".join(
        f'<item id="i{n}" href="{name.replace(" ", "%20")}"/>' for n, name in enumerate(names)
    )
    refs = "".join(f'<itemref idref="i{n}"/>' for n, _ in enumerate(names))
    authors = "".join(f"<dc:creator>{name}</dc:creator>" for name in creators)
    container = (
        '<?xml version="1.0"?><container xmlns="urn:c"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="urn:o" xmlns:dc="urn:d"><metadata><dc:title>The Daily'
        f"</dc:title>{authors}</metadata><manifest>{items}</manifest><spine>{refs}</spine></package>"
    )
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": container.encode(),
        "OEBPS/book.opf": package.encode(),
    }
    for name, chapter in zip(names, chapters, strict=True):
        page = (
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html><head><title>T</title>'
            f"</head><body>{chapter}</body></html>"
        )
        files[f"OEBPS/{name}"] = page.encode()
    return zipped(files)


def tarred(members: dict[str, bytes], *extra: tarfile.TarInfo, pack: bool = True) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in extra:
            archive.addfile(info)
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(out.getvalue(), mtime=0) if pack else out.getvalue()


def everything() -> dict[str, bytes]:
    """One valid file of each format, by a name it may have."""
    return {
        "a.html": HTML.encode(),
        "a.pdf": pdf(PARAGRAPH[:80], MORE[:80]),
        "a.docx": docx(PARAGRAPH, MORE),
        "a.epub": epub(f"<h1>Bridge</h1><p>{PARAGRAPH}</p>", f"<p>{MORE}</p>"),
        "a.csv": CSV.encode(),
        "a.eml": eml(PARAGRAPH, HTML),
        "a.zip": zipped({"one.txt": b"One.", "two.html": HTML.encode()}),
        "a.tar.gz": tarred({"one.txt": b"One.", "two.html": HTML.encode()}),
        "a.tar": tarred({"one.txt": b"One."}, pack=False),
        "a.txt": PARAGRAPH.encode("cp1252"),
    }
