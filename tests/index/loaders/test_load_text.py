import codecs
import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.errors import LoadError
from index.loaders import document, text
from index.loaders.decoding import mend
from index.loaders.document import file_document

SEED = Path(__file__).parents[3] / "seeds" / "000_f3a08efafe655cd7.txt"


def load_text(path: Path) -> Iterator[Article | LoadError]:
    return text.load_text(file_document(path))


def load_markdown(path: Path) -> Iterator[Article | LoadError]:
    return text.load_markdown(file_document(path))


def one(path: Path) -> Article:
    (loaded,) = load_markdown(path) if path.suffix == ".md" else load_text(path)
    assert isinstance(loaded, Article), loaded
    return loaded


def refused(path: Path) -> str:
    (loaded,) = load_text(path)
    assert isinstance(loaded, LoadError)
    assert str(loaded).startswith(f"{path}: ")
    return str(loaded)


def test_the_seed_article() -> None:
    article = one(SEED)
    assert article.id == "000_f3a08efafe655cd7"
    assert article.date == dt.date(2022, 10, 6)
    assert article.title == (
        "The US has admitted it's forces were involved in a raid near the northern…"
    )
    assert article.text == SEED.read_bytes().decode()[len(" date 2022-10-06 ") :]
    assert article.origin == str(SEED.resolve())


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_line_ends_are_kept(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "a.txt"
    body = f"  One.{ends}{ends}Two \u2028 café e\u0301 \U0001f600.{ends}"
    path.write_bytes(body.encode())
    assert one(path).text == body


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_byte_order_marks(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(mark + "Kābul.\r\n".encode(encoding))
    assert one(path).text == "Kābul.\r\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"title: x\n\n", "the text is empty"),
        (b"\xef\xbb\xbfcaf\xe9", "not UTF-8 at byte 6"),
        (b"\xff\xfea\x00\x00\xd8", "not UTF-16-LE at byte 4"),
        (b"\x7fELF\x00", "looks like a binary file"),
        (codecs.BOM_UTF32_LE + "a".encode("utf-32-le"), "looks like a binary file"),
        (b"date 2022-13-40 The US", "in its header, the date '2022-13-40' is not a day"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert reason in refused(path)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 10)
    assert one(path).text == "a" * 10
    path.write_bytes(b"a" * 11)
    assert "split it" in refused(path)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "gone.txt")


def test_the_header_wins_over_name_and_heading(tmp_path: Path) -> None:
    path = tmp_path / "a b.md"
    path.write_text("---\nid: raid-1\ntitle: Given\nurl: https://x.org\n---\n# Heading\n\nBody.\n")
    article = one(path)
    assert (article.id, article.title, article.url) == ("raid-1", "Given", "https://x.org")
    assert article.text == "# Heading\n\nBody.\n"


def test_markdown_title_from_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# The *raid*\n\nBody.")
    assert one(path).title == "The *raid*"
    path.write_text("## Lower\n\nFour words of body.")
    assert one(path).title == "Four words of body."


@pytest.mark.parametrize(
    ("stem", "id"),
    [
        ("000_f3a08efafe655cd7", "000_f3a08efafe655cd7"),
        ("The raid (2022), part 1", "The-raid-2022-part-1"),
        ("cafe\u0301", "café"),
        ("हिन्दी", "हिन्दी"),
        ("v1.2--x", "v1.2--x"),
        ("(!)", "file-"),
    ],
)
def test_ids_from_names(tmp_path: Path, stem: str, id: str) -> None:
    path = tmp_path / f"{stem}.txt"
    path.write_text("Body.")
    assert one(path).id.startswith(id)
    assert one(path).id == id or id == "file-"


def test_long_names_keep_apart(tmp_path: Path) -> None:
    ids = set()
    for last in "ab":
        path = tmp_path / ("x" * 230 + last + ".txt")
        path.write_text("Body.")
        ids.add(one(path).id)
    assert len(ids) == 2 and max(map(len, ids)) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("Body.")
    article = one(path)
    assert article.id == "caf?" or article.id == "caf"
    article.origin.encode("utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary() | st.text().map(str.encode), markdown=st.booleans())
def test_any_bytes_give_an_article_or_an_error(tmp_path: Path, data: bytes, markdown: bool) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    (loaded,) = load_markdown(path) if markdown else load_text(path)
    assert isinstance(loaded, Article | LoadError)
    with contextlib.suppress(UnicodeDecodeError):
        if isinstance(loaded, Article) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            assert mend(data.decode()).endswith(loaded.text)
