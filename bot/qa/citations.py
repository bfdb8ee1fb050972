"""Links that open a web page at the quoted words, and a PDF at their page.

Syntax: WICG "URL Fragment Text Directives", `#:~:text=[prefix-,]start[,end][,-suffix]`, and
RFC 8118, section 3, `#page=N`.
"""

from __future__ import annotations

from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

WHOLE_QUOTE_WORDS = 12
"""A longer quote is given by its first and last words, which survive small edits of the page."""
EDGE_WORDS = 5


def quote_link(url: str, quote: str, page: int | None = None) -> str:
    """`url` with the fragment that opens it nearest to `quote`, which begins on `page`, from 1.

    That is the page where the address is a PDF's, which browsers do not search for words; else
    the words. "" where there is no http(s) URL to open.
    """
    if page is None or not is_web_url(url) or not urlsplit(url).path.lower().endswith(".pdf"):
        return text_fragment_link(url, quote)
    return f"{url.partition('#')[0]}#page={page}"


def text_fragment_link(url: str, quote: str) -> str:
    """`url` with a text directive for `quote`; "" where there is no http(s) URL to open.

    The three characters with a meaning inside a directive (`-`, `,`, `&`) are percent-encoded,
    as the specification asks, and so is everything outside RFC 3986's unreserved set.
    """
    if not is_web_url(url):
        return ""
    # A browser matches words across white space of any kind, but not across block elements:
    # a directive of one line at a time is what can match.
    words = quote.split()
    if not words:
        return url
    if len(words) <= WHOLE_QUOTE_WORDS and "\n" not in quote.strip():
        directive = _encode(" ".join(words))
    else:
        edge = min(EDGE_WORDS, (len(words) + 1) // 2)
        directive = f"{_encode(' '.join(words[:edge]))},{_encode(' '.join(words[-edge:]))}"
    base, hash_mark, fragment = url.partition("#")
    fragment = fragment.partition(":~:")[0]
    return f"{base}#{fragment if hash_mark else ''}:~:text={directive}"


def is_web_url(url: str) -> bool:
    """Whether `url` is an absolute http or https URL with a host and no white space."""
    if not url.isprintable() or any(
        character.isspace() or character in '<>"\\' for character in url
    ):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _encode(text: str) -> str:
    return percent_encode(text, safe="").replace("-", "%2D")
