"""Pages and files from the web: redirects, robots.txt, pauses and retries, through the door."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import NoReturn

from yarl import URL

from index.fetching import robots
from index.fetching.addressing import web_url
from index.fetching.errors import RefusedError, UnavailableError
from index.fetching.exchange import Exchange, Limits, Response
from index.fetching.pacing import Pacer
from index.fetching.page import Page, Validators
from index.fetching.resolving import Resolve, resolve
from index.fetching.retrying import retry_after, retrying
from index.fetching.settings import FetchSettings

VERSION = "0.1"
MAX_REDIRECTS = 5
"""How many are followed; RFC 9309 asks for five for robots.txt."""
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NOT_MODIFIED = 304
_WORTH_TRYING_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))


class Fetcher:
    """Fetches one thing at a time. Not thread-safe. Holds no connections, so needs no closing."""

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._limits = limits or Limits.of(self.settings)
        self._sleep = sleep
        contact = self.settings.fetch_contact
        self._exchange = Exchange(
            f"{robots.PRODUCT}/{VERSION}" + (f" (+{contact})" if contact else ""),
            allow_loopback=self.settings.fetch_allow_loopback,
            resolve=resolve,
            ssl_context=ssl_context,
        )
        self._pacer = Pacer(self.settings.fetch_delay, clock=clock, sleep=sleep)
        self._robots = robots.Robots(self._robots_txt, clock)

    def fetch(self, address: str, validators: Validators | None = None) -> Page:
        """What is at `address`.

        Raises RefusedError or UnavailableError, naming the address and the mend.
        """
        headers = (validators or Validators()).headers()
        url = web_url(address)
        for _ in range(MAX_REDIRECTS + 1):
            response = self._polite(url, headers)
            if response.status in _REDIRECTS:
                url = _target(url, response)
            elif response.status == _NOT_MODIFIED and headers:
                return Page(url, "", "", b"", validators or Validators(), modified=False)
            elif response.status == 200:
                return _page(url, response)
            else:
                _refuse(url, response.status)
        raise RefusedError(f"{address}: more than {MAX_REDIRECTS} redirects")

    def _polite(self, url: URL, headers: dict[str, str]) -> Response:
        delay = self._robots.delay(url)

        def attempt() -> Response:
            self._pacer.wait(url.raw_host or "", delay)
            response = self._exchange.get(url, self._limits, headers)
            if response.status in _WORTH_TRYING_AGAIN:
                raise _unavailable(url, response)
            return response

        return retrying(attempt, self._sleep)

    def _robots_txt(self, url: URL) -> bytes | None:
        """The file without its own rules and pauses; None where a site says there is none."""
        limits = Limits(self._limits.seconds, self._limits.read_seconds, 4 * robots.MAX_BYTES)
        for _ in range(MAX_REDIRECTS + 1):
            response = self._exchange.get(url, limits)
            if response.status in _REDIRECTS:
                url = _target(url, response)
            elif response.status == 200:
                return response.data
            elif response.status == 429 or response.status >= 500:
                raise _unavailable(url, response)
            else:
                return None
        return None


def _target(url: URL, response: Response) -> URL:
    location = response.headers.get("location", "")
    if not location:
        raise RefusedError(f"{url}: redirects, but not to anywhere")
    return web_url(location, url)


def _page(url: URL, response: Response) -> Page:
    _, _, charset = response.headers.get("content-type", "").lower().partition("charset=")
    return Page(
        url,
        response.media_type,
        charset.partition(";")[0].strip(" \"'")[:40],
        response.data,
        Validators(
            response.headers.get("etag", "")[:500], response.headers.get("last-modified", "")[:100]
        ),
    )


def _unavailable(url: URL, response: Response) -> UnavailableError:
    wait = retry_after(response.headers)
    asked = f" and asks to wait {wait:.0f} s" if wait else ""
    return UnavailableError(
        f"{url}: the server answers {response.status}{asked}: try again later",
        again=True,
        retry_after=wait,
    )


def _refuse(url: URL, status: int) -> NoReturn:
    if status in (404, 410):
        raise RefusedError(f"{url}: there is no such page ({status}): check the address")
    if status in (401, 402, 403, 451):
        raise RefusedError(
            f"{url}: the site does not let programs read it ({status}): save the page from a "
            "browser and index the file"
        )
    raise RefusedError(f"{url}: the server answers {status}, with nothing to read")
