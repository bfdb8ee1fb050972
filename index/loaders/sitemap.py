"""Sitemaps (sitemaps.org): the pages of a site, or further sitemaps. Nothing is fetched here."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass

from index.errors import LoadError
from index.loaders.document import Document, attempt
from index.loaders.fields import load_error
from index.loaders.markup import local_name, parse_xml
from index.loaders.title import one_line

MAX_BYTES = 20 * 1024 * 1024
"""Unpacked. The protocol allows 50 MB, but 50,000 addresses take some 10."""
MAX_URLS = 50_000
"""What the protocol allows."""
_HEAD = 2_048
_SITEMAP = re.compile(
    # Atomic: a comment ends at its first mark, or comments in a row are tried in 2^n ways.
    rb"\s*(?:(?><\?xml[^>]{0,500}>|<!--.{0,1000}?-->)\s*)*+<(?:\w{1,20}:)?(?P<kind>urlset|sitemapindex)[\s>]",
    re.DOTALL,
)


@dataclass(frozen=True)
class Sitemap:
    """Addresses as written there, not checked, the last changed first."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_sitemap(data: bytes) -> bool:
    """Whether the bytes, which may be packed with gzip, begin as a sitemap does."""
    return bool(_SITEMAP.match(_unpacked(data, _HEAD).removeprefix(b"\xef\xbb\xbf")))


def read_sitemap(document: Document) -> Sitemap | LoadError:
    """The addresses in a sitemap or an index of sitemaps."""
    packed = document.read()
    if isinstance(packed, LoadError):
        return packed
    data = _unpacked(packed, MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        reason = f"a sitemap that unpacks to over {MAX_BYTES // 2**20} MB"
        return load_error(document.place, reason, "name one of its pages or a smaller sitemap")
    return attempt(document, "a sitemap", lambda: _read(data))


def _read(data: bytes) -> Sitemap:
    root = parse_xml(data)
    found: list[tuple[str, str]] = []
    for element in root:
        if len(found) >= MAX_URLS:
            break
        texts = {local_name(child): one_line(child.text or "") for child in element}
        if location := texts.get("loc"):
            found.append((texts.get("lastmod", ""), location))
    found.sort(key=lambda item: item[0], reverse=True)  # stable: without dates, as they stand
    addresses = tuple(dict.fromkeys(location for _, location in found))
    if local_name(root) == "sitemapindex":
        return Sitemap(sitemaps=addresses)
    return Sitemap(pages=addresses)


def _unpacked(data: bytes, most: int) -> bytes:
    """The first `most` bytes, unpacked if they are packed; as far as they can be, if damaged."""
    if not data.startswith(b"\x1f\x8b"):
        return data[:most]
    parts, left = [], most
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while left > 0 and (part := stream.read(min(left, 1024 * 1024))):
                parts.append(part)
                left -= len(part)
    except (OSError, EOFError, zlib.error):
        pass  # the parser will say that the end is missing
    return b"".join(parts)
