"""What a fetch gives: a page, and the signs by which a server can tell whether it has changed."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL


@dataclass(frozen=True)
class Validators:
    """What a server said by which to tell whether a page has changed (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The headers of a request for the page if it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Page:
    """Something fetched. `url` is where redirects led in the end."""

    url: URL
    media_type: str
    """As the server calls it, in lower case and without parameters; "" if it does not."""
    charset: str
    data: bytes
    validators: Validators
    modified: bool = True
    """False if it is as it was when the validators were given; then `data` is empty."""
