"""A service that builds, over servers whose reader answers with its first sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from server_building import (
    FirstSentence,
    new_process,
)

from bot.servers.building import Building
from bot.servers.registry import ServerRegistry
from bot.settings import Settings
from index.embedding import EmbeddingModel


@pytest.fixture
def reader() -> FirstSentence:
    return FirstSentence()


@pytest.fixture
def servers(
    tmp_path: Path, model: EmbeddingModel, reader: FirstSentence
) -> Iterator[ServerRegistry]:
    registry = ServerRegistry(Settings(home=tmp_path / "home"), model, reader)
    yield registry
    registry.close()


@pytest.fixture
async def building(servers: ServerRegistry) -> AsyncIterator[Building]:
    service = new_process(servers)
    yield service
    service.close()
    await service.closed()
