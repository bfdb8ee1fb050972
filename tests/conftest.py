"""What every test stands on: no settings from outside, no network, one exported model."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.article import Article
from index.embedding import EmbeddingModel
from index.loaders import load_paths
from index.settings import IndexSettings

SEEDS = Path(__file__).parents[1] / "seeds"


class NetworkForbiddenError(AssertionError):
    """A test reached for the network; not an OSError, so that no library swallows it."""


def pytest_configure() -> None:
    """Before anything is imported that reads the environment once."""
    for name in [name for name in os.environ if name.upper().startswith("DATELINE_")]:
        del os.environ[name]
    os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model's export is kept: it is made once a session, by the first who needs it."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session", autouse=True)
def _outside_world(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_CACHE", str(model_cache))
        patch.chdir(tmp_path_factory.mktemp("nowhere"))  # no .env of whoever runs the tests
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _known_hosts_only(socket.getaddrinfo))
        yield


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a test writes into the current folder is seen by no other."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def model(model_cache: Path) -> EmbeddingModel:
    """The real model, exported and loaded once."""
    return EmbeddingModel(cache=model_cache)


@pytest.fixture(scope="session")
def seed_article() -> Article:
    (article,) = load_paths([SEEDS])
    assert isinstance(article, Article)
    return article


@pytest.fixture
def archive(tmp_path: Path, model: EmbeddingModel) -> Iterator[Archive]:
    """An empty archive with the real model."""
    with Archive.open(tmp_path / "archive", settings=IndexSettings(), model=model) as opened:
        yield opened


def _loopback_only(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _require_loopback(address[0])
        return connect(self, address)

    return guarded


def _known_hosts_only(getaddrinfo: Any) -> Any:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        _require_loopback(host)
        return getaddrinfo(host, *arguments, **options)

    return guarded


def _require_loopback(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkForbiddenError(f"a test reached for {name}")
