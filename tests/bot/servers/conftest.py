"""Servers' archives and records, new for each test."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "index"))  # its model of no weights serves here too

from fake_model import FakeModel
from server_samples import SERVER, Clock, MayorReader

from bot.desk import AnswerDesk
from bot.servers.registry import OpenServer, ServerRegistry
from bot.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[ServerRegistry]:
    settings = Settings(home=tmp_path / "home", model="fake")
    registry = ServerRegistry(settings, FakeModel(max_tokens=256), MayorReader())  # type: ignore[arg-type]
    yield registry
    registry.close()


@pytest.fixture
def server(servers: ServerRegistry) -> OpenServer:
    return servers.server(SERVER)


@pytest.fixture
async def desk(servers: ServerRegistry) -> AsyncIterator[AnswerDesk]:
    opened = AnswerDesk(pipeline_of=lambda id: servers.server(id).pipeline, batch=1)
    yield opened
    opened.close()
    await opened.closed()
