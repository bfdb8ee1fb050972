"""What a site lets programs fetch: robots.txt (RFC 9309), kept for a day per site."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from index.fetching.errors import FetchError, RefusedError, UnavailableError

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "Dateline"
"""The name that sites address rules to."""
MAX_BYTES = 500 * 1024
"""What RFC 9309 says must be read; a longer file is cut off there."""
MAX_DELAY = 60.0
"""Most seconds that a Crawl-delay is followed for."""
KEPT_SECONDS = 24 * 3600.0
KEPT_SECONDS_OF_FAILURE = 300.0
MOST_SITES = 1_000
_USER_AGENT = re.compile(r"[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^#\r\n]*)", re.IGNORECASE)

ReadRobots = Callable[[URL], bytes | None]
"""The bytes of a robots.txt, None if there is none. Raises FetchError."""


@dataclass(frozen=True)
class _Rules:
    until: float
    rules: Protego | None
    failure: str = ""
    """Why they cannot be had."""


class Robots:
    """The rules of every site that was asked, read when it is first asked."""

    def __init__(self, read: ReadRobots, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._sites: OrderedDict[URL, _Rules] = OrderedDict()

    def delay(self, url: URL) -> float:
        """The seconds between requests that the site allowing `url` asks for.

        Raises RefusedError if it does not allow `url`, UnavailableError if that is not known:
        where robots.txt cannot be reached, RFC 9309 takes everything for disallowed.
        """
        site = self._site(url.origin())
        if site.failure:
            raise UnavailableError(
                f"{url}: not fetched, as the site's rules for programs cannot be had: "
                f"{site.failure}"
            )
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(str(url), PRODUCT):
            raise RefusedError(
                f"{url}: the site's robots.txt asks programs not to fetch it: save the page from a "
                "browser and index the file"
            )
        delay = site.rules.crawl_delay(PRODUCT) or 0.0
        return min(max(float(delay), 0.0), MAX_DELAY)

    def _site(self, origin: URL) -> _Rules:
        known = self._sites.get(origin)
        if known is not None and self._clock() < known.until:
            self._sites.move_to_end(origin)
            return known
        try:
            data = self._read(origin.with_path("/robots.txt"))
            rules = _Rules(self._clock() + KEPT_SECONDS, None if data is None else _parsed(data))
        except RefusedError:
            raise
        except FetchError as error:
            rules = _Rules(self._clock() + KEPT_SECONDS_OF_FAILURE, None, str(error))
        self._sites[origin] = rules
        self._sites.move_to_end(origin)
        if len(self._sites) > MOST_SITES:
            self._sites.popitem(last=False)
        return rules


def _parsed(data: bytes) -> Protego:
    from protego import Protego

    lines = data[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    return Protego.parse("\n".join(_for_us_or_others(line) for line in lines))


def _for_us_or_others(line: str) -> str:
    """The line, with all other programs' names made one.

    Every rule is kept once for each name it follows: thousands of both would take hours.
    """
    named = _USER_AGENT.match(line)
    if named is None:
        return line
    name = named[1].strip().lower()
    return line if name == "*" or PRODUCT.lower() in name else "User-agent: some-other-program"
