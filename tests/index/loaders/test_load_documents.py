"""HTML, PDF, DOCX, EPUB and mail: one article a file, or a part of it."""

import datetime as dt
import email.policy
import io
import zlib
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from loader_samples import HTML, MORE, PARAGRAPH, docx, eml, epub, pdf, zipped

from index.article import Article
from index.errors import LoadError
from index.loaders import eml as eml_loader
from index.loaders import load_paths
from index.loaders import pdf as pdf_loader
from index.loaders.document import file_document
from index.loaders.fields import MAX_NAME, MAX_TAGS

Save = Callable[[str, bytes], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


def one(path: Path) -> Article:
    (loaded,) = load_paths([path])
    assert isinstance(loaded, Article), loaded
    return loaded


def refused(path: Path) -> str:
    (loaded,) = load_paths([path])
    assert isinstance(loaded, LoadError), loaded
    assert str(loaded).startswith(f"{path}: ") and str(loaded).count(": ") >= 2
    return str(loaded)


def test_a_page(save: Save) -> None:
    article = one(save("bridge.html", HTML.encode()))
    assert PARAGRAPH + "\n\n" + MORE in article.text
    assert "Sport" not in article.text and "Imprint" not in article.text
    assert (article.id, article.title) == (article.url, "Bridge opens after three years")
    assert (article.date, article.source) == (dt.date(2022, 10, 6), "The Daily Example")
    assert article.url == "https://news.example/bridge" and not article.id_from_file_name


@pytest.mark.parametrize("address", ["", "https://news.example/", "javascript:x", "http://["])
def test_a_page_without_an_address_of_its_own(save: Save, address: str) -> None:
    page = HTML.replace("https://news.example/bridge", address)
    article = one(save("bridge.html", page.encode()))
    assert article.id == "bridge" and article.id_from_file_name


def test_the_tags_of_a_page(save: Save) -> None:
    meta = (
        '<meta name="keywords" content="Bridges, Example Town; bridges">'
        '<meta property="article:tag" content="Opening"><meta name="author" content="A. Writer">'
    )
    article = one(save("a.html", HTML.replace("</head>", f"{meta}</head>").encode()))
    assert article.tags == ("Bridges", "Example Town", "Opening")
    many = ",".join([*(f"t{n}" for n in range(1000)), "x" * (MAX_NAME + 1)])
    page = HTML.replace("</head>", f'<meta name="keywords" content="{many}"></head>')
    assert one(save("b.html", page.encode())).tags == tuple(f"t{n}" for n in range(MAX_TAGS))


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="author" content="Jane Doe; RenÃ© Roe">',
        '<meta name="author" content="Jane Doe"><meta name="author" content="René Roe">',
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": '
        '"NewsArticle", "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", '
        '"name": "René Roe"}]}</script>',
    ],
)
def test_the_authors_of_a_page(save: Save, meta: str) -> None:
    article = one(save("a.html", HTML.replace("</head>", f"{meta}</head>").encode()))
    assert article.authors == ("Jane Doe", "René Roe")
    assert one(save("b.html", HTML.encode())).authors == ()


@pytest.mark.parametrize("name", ["story", "story.txt", "story.pdf", "view.php", "story.csv"])
def test_a_page_by_another_name(save: Save, name: str) -> None:
    path = save(name, HTML.encode())
    assert PARAGRAPH in one(path).text
    assert PARAGRAPH in one(path.parent).text


def test_a_page_in_its_own_encoding_and_one_with_mojibake(save: Save) -> None:
    latin = HTML.replace('charset="utf-8"', 'charset="iso-8859-1"').encode("cp1252")
    assert "It cost £20m" in one(save("a.html", latin)).text
    assert "It cost £20m" in one(save("b.html", HTML.replace("£", "Â£").encode())).text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "the file is empty"),
        (b"<html><body></body></html>", "no article was found on the page"),
        (b"<html>\0", "looks like a binary file"),
        (b"<html>" + b"a" * (9 * 2**20), "larger than 1 MB"),
    ],
)
def test_pages_without_an_article(save: Save, page: bytes, reason: str) -> None:
    assert reason in refused(save("a.html", page))


def test_scripts_styles_and_pictures_do_not_count(save: Save) -> None:
    heavy = HTML.replace(
        "<nav>",
        f"<script>{'x' * 2**20}</script><style>{'y' * 2**20}</style>"
        f'<img src="data:image/png;base64,{"A" * 2**20}"><nav>',
    )
    assert one(save("a.html", heavy.encode())).text == one(save("b.html", HTML.encode())).text
    described = HTML.replace('<meta property="article:published_time"', "<meta name=x").replace(
        "</head>",
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        '"datePublished": "2022-10-05"}</script></head>',
    )
    assert one(save("c.html", described.encode())).date == dt.date(2022, 10, 5)
    unclosed = HTML.encode() + b"<script " * 2000 + b"</script>" * 2000
    assert PARAGRAPH in one(save("d.html", unclosed)).text


def test_deep_nesting_ends(save: Save) -> None:
    (loaded,) = load_paths([save("a.html", b"<div>" * 50_000 + PARAGRAPH.encode())])
    assert isinstance(loaded, Article | LoadError)


@pytest.mark.parametrize("name", ["raid.pdf", "raid.txt", "raid"])
def test_a_pdf(save: Save, name: str) -> None:
    article = one(save(name, pdf("It cost £20 (more).", "The second page.", title="The bridge")))
    assert article.text == "It cost £20 (more).\n\nThe second page."
    assert (article.id, article.title, article.date) == ("raid", "The bridge", None)


def test_pdfs_that_cannot_be_read(save: Save) -> None:
    assert "no text in it (are its pages scanned?): run it" in refused(save("a.pdf", pdf("")))
    assert "cannot be read as PDF" in refused(save("b.pdf", b"%PDF-1.4\nnothing"))


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf(save: Save, password: str) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("The text."))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    if password:
        assert "encrypted: save it without a password" in refused(save("a.pdf", out.getvalue()))
    else:
        assert one(save("a.pdf", out.getvalue())).text == "The text."


@pytest.mark.parametrize("size", [9 * 2**20, 200 * 2**20])
def test_a_pdf_bomb(save: Save, size: int) -> None:
    packer = zlib.compressobj()
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(size // 2**20)) + packer.flush()
    message = refused(save("a.pdf", pdf("x", stream=bomb)))
    assert "page 1 unpacks to over 8 MB" in message or "cannot be read as PDF" in message


def test_the_pages_of_a_pdf(save: Save) -> None:
    article = one(save("a.pdf", pdf("", "It cost Â£20.", "", "", "Five.", "Six.", "")))
    assert article.text == "\n\nIt cost £20.\n\n\n\n\n\nFive.\n\nSix."
    for words, page in (("It cost", 2), ("£20.", 2), ("Five.", 5), ("Six.", 6)):
        assert article.page_at(article.text.index(words)) == page
    assert article.page_at(len(article.text) - 1) == 6
    assert article.title == "It cost £20."


def test_a_pdf_that_states_its_date(save: Save) -> None:
    assert one(save("a.pdf", pdf("date 2022-10-06 It is."))).date == dt.date(2022, 10, 6)
    assert one(save("b.pdf", pdf("date 2022-99-06 It is."))).date is None


def test_a_pdf_of_too_many_pages(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_loader, "MAX_PAGES", 1)
    (error,) = pdf_loader.load_pdf(file_document(save("a.pdf", pdf("One.", "Two."))))
    assert "2 pages, more than 1" in str(error)


def test_a_pdf_of_too_much_text(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_loader, "MAX_TEXT", 2**20)
    path = save("a.pdf", pdf("x" * 2**19, "x" * 2**19, "x"))
    (error,) = pdf_loader.load_pdf(file_document(path))
    assert "more than 1 million characters" in str(error)


@pytest.mark.parametrize("name", ["a.docx", "a.zip", "a"])
def test_a_word_file(save: Save, name: str) -> None:
    article = one(save(name, docx("One\tand £20.\nA line.", "", "Two.", title=" The bridge")))
    assert article.text == "One\tand £20.\nA line.\n\nTwo.\n\nIn a cell"
    assert (article.id, article.title) == ("a", "The bridge")


def test_mojibake_in_a_word_file(save: Save) -> None:
    article = one(save("a.docx", docx("It cost Â£20.", title="CafÃ© opens")))
    assert (article.title, article.text) == ("Café opens", "It cost £20.\n\nIn a cell")


WORD = (
    '<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'
)
ENTITIES = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb(save: Save, encoding: str) -> None:
    xml = (ENTITIES + "]>" + WORD.format("&i;")).encode(encoding)
    message = refused(save("a.docx", zipped({"word/document.xml": xml})))
    # In UTF-16 the declaration is not seen before parsing; then lxml's own bound ends it.
    assert "it declares a document type" in message or "amplification" in message


def test_entities_that_name_files(save: Save) -> None:
    xml = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + WORD.format("&x;")
    assert "document type" in refused(save("a.docx", zipped({"word/document.xml": xml.encode()})))


def test_word_files_that_cannot_be_read(save: Save) -> None:
    bomb = zipped({"word/document.xml": WORD.format(" " * 20 * 2**20).encode()})
    assert "over 200 times its size, as a decompression bomb" in refused(save("a.docx", bomb))
    assert "cannot be read as DOCX" in refused(save("b.docx", b"no zip"))
    empty = zipped({"word/document.xml": WORD.format(" ").encode()})
    assert "no text in it" in refused(save("c.docx", empty))


@pytest.mark.parametrize("name", ["issue.epub", "issue.zip", "issue"])
def test_a_book(save: Save, name: str) -> None:
    chapters = [
        "<h1>The <b>bridge</b></h1><div>bare<p>It <i>cost</i> Â£20.</p><!-- x -->"
        "More.<script>no</script></div>",
        "",
        "<p>2.</p>",
    ]
    path = save(name, epub(*chapters))
    first, second = load_paths([path])
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.title, first.source) == ("issue-1", "The bridge", "The Daily")
    assert first.text == "The bridge\n\nbare\n\nIt cost £20.\n\nMore."
    assert first.origin == f"{path}!OEBPS/ch 0.xhtml"
    assert (second.id, second.text) == ("issue-2", "2.")


def test_the_authors_of_a_book(save: Save) -> None:
    creators = ("Jane Doe", " Roe,\n John; RenÃ©", "", "jane doe")
    first, second = load_paths([save("a.epub", epub("<p>1.</p>", "<p>2.</p>", creators=creators))])
    assert isinstance(first, Article) and isinstance(second, Article)
    assert first.authors == second.authors == ("Jane Doe", "Roe, John", "René")
    assert one(save("b.epub", epub("<p>1.</p>"))).authors == ()


def test_books_that_cannot_be_read(save: Save) -> None:
    assert "no text in it" in refused(save("a.epub", epub("")))
    assert "cannot be read as EPUB" in refused(save("b.epub", b"no zip"))
    bomb = epub("<p>" + " " * 20 * 2**20)
    assert "as a decompression bomb does" in refused(save("c.epub", bomb))
    entities = zipped({"META-INF/container.xml": (ENTITIES + "]><x>&i;</x>").encode()})
    assert "document type" in refused(save("d.epub", entities))


def test_a_mail(save: Save) -> None:
    article = one(save("news.eml", eml("It cost £20.\n\nMore.\n", HTML)))
    assert article.text == "It cost £20.\n\nMore.\n"
    assert (article.id, article.title) == ("news", "Bridge opens: café £20")
    assert (article.date, article.source) == (dt.date(2022, 10, 6), "The Daily Example")


def test_a_mail_in_html(save: Save) -> None:
    article = one(save("news.eml", eml(html=HTML)))
    assert PARAGRAPH in article.text
    assert (article.title, article.source) == ("Bridge opens: café £20", "The Daily Example")


def attached(*files: tuple[str, str, bytes | EmailMessage], body: str = "The body.") -> bytes:
    """A mail with files, each its name, type and content."""
    message = message_from_bytes(eml(body or " "), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for name, kind, content in files:
        if isinstance(content, EmailMessage):
            message.add_attachment(content)
        else:
            main, _, sub = kind.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def test_the_attachments_of_a_mail(save: Save) -> None:
    data = attached(
        ("report.pdf", "application/pdf", pdf("In a PDF.")),
        ("photo.png", "image/png", b"\x89PNG\r\n\0"),
        ("../../notes.txt", "application/octet-stream", "Notes: £1.".encode()),
        ("old.zip", "application/zip", zipped({"in/b.docx": docx("In Word.")})),
        ("broken.pdf", "application/pdf", b"%PDF-1.4 x"),
    )
    path = save("news.eml", data)
    loaded = list(load_paths([path]))
    found = {item.id: item.text for item in loaded if isinstance(item, Article)}
    assert found == {
        "news": "The body.\n",
        "report": "In a PDF.",
        "notes": "Notes: £1.",
        "b": "In Word.\n\nIn a cell",
    }
    origins = [item.origin.removeprefix(str(path)) for item in loaded if isinstance(item, Article)]
    assert origins == ["", "!report.pdf", "!../../notes.txt", "!old.zip!in/b.docx"]
    (error,) = (item for item in loaded if isinstance(item, LoadError))
    assert str(error).startswith(f"{path}!broken.pdf: cannot be read as PDF")


def test_a_mail_that_is_only_its_attachment(save: Save) -> None:
    data = attached(("report.pdf", "application/pdf", pdf("In a PDF.")), body="")
    assert one(save("a.eml", data)).id == "report"


def test_mails_within_mails_end(save: Save) -> None:
    data = attached(("deep.txt", "application/octet-stream", b"Deep."), body="Level 3.")
    for level in (2, 1, 0):
        inner = message_from_bytes(data, policy=email.policy.default)
        assert isinstance(inner, EmailMessage)
        data = attached(("", "", inner), body=f"Level {level}.")
    loaded = list(load_paths([save("a.eml", data)]))
    texts = [item.text.strip() for item in loaded if isinstance(item, Article)]
    assert texts == ["Level 0.", "Level 1.", "Level 2."]
    assert "attached to a mail within a mail" in str(loaded[-1])


def test_too_many_attachments(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eml_loader, "MAX_ATTACHMENTS", 2)
    file = ("a.txt", "application/octet-stream", b"Text.")
    body, *documents, error = eml_loader.load_eml(
        file_document(save("a.eml", attached(file, file, file, file)))
    )
    assert isinstance(body, Article) and len(documents) == 2
    assert "more than 2 attachments" in str(error)


def test_mails_with_damaged_headers(save: Save) -> None:
    data = (
        b"Date: never\nFrom: <<>\nContent-Type: text/plain; charset=x-none\n\nThe caf\xe9 is open."
    )
    article = one(save("a.eml", data))
    assert (article.text, article.date) == ("The café is open.", None)
    assert "the mail has no text" in refused(save("b.eml", b"Subject: x\n\n"))
