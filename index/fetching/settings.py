"""Settings of fetching, with their bounds. Environment names are the fields with `DATELINE_`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FetchSettings(BaseModel):
    """What may be fetched from the web, and how politely."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fetch_allow_loopback: bool = False
    """Whether addresses of this very machine may be fetched; for tests and home servers. Pages of
    others can then link and redirect to them, too."""

    fetch_contact: str = Field(default="", pattern=r"^$|^https?://[!-~]+$", max_length=200)
    """A web address in the User-Agent, where a site's owner can read who you are."""

    fetch_delay: float = Field(default=1.0, ge=0.0, le=60.0)
    """Least seconds between two requests to one host; a longer Crawl-delay of its own wins."""

    fetch_timeout: float = Field(default=30.0, ge=1.0, le=600.0)
    """Most seconds for one request, from looking up the name to the last byte."""

    fetch_max_bytes: int = Field(default=16 * 1024 * 1024, ge=1024, le=64 * 1024 * 1024)
    """Most bytes of one page or file, sent and unpacked; the readers take no more than 64 MiB."""

    fetch_max_pages: int = Field(default=500, ge=1, le=50_000)
    """Most pages taken from one sitemap or feed, newest first."""
