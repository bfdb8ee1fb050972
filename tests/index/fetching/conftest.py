"""A web server for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web_server import WebServer, web_server


@pytest.fixture
def site() -> Iterator[WebServer]:
    with web_server() as server:
        yield server
