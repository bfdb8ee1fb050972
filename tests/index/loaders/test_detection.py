"""What a file is, told from its beginning."""

import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders.detection import kind_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<!doctype html>", "html"),
        (b'\xef\xbb\xbf <?xml version="1.0"?>\n<!-- a --> <!---->\n<HTML lang=en>', "html"),
        ("<html>".encode("utf-16"), "html"),
        (b"<!-- <html> -->", ""),
        (b"<!--" + b"x" * 2001 + b"--><html>", ""),
        (b"Message-ID: <1@x>\n", "eml"),
        (b"\n%PDF-1.7", "pdf"),
    ],
)
def test_by_the_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of("story", io.BytesIO(head)) == kind


def test_many_comments_take_no_time() -> None:
    """Each could end at any later mark: tried one after the other, that never ends."""
    assert kind_of("story", io.BytesIO(b"<!---->" * 500 + b"x")) == ""


@given(st.binary(max_size=200), st.text(string.ascii_lowercase + ".", max_size=8))
def test_any_bytes_by_any_name(data: bytes, name: str) -> None:
    assert isinstance(kind_of(name, io.BytesIO(data)), str)
