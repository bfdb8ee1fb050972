"""Whatever is in a file, loading it gives articles or LoadErrors and never raises."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loader_samples import everything

from index.article import Article
from index.errors import LoadError
from index.loaders import load_document, load_paths
from index.loaders.detection import SUFFIXES
from index.loaders.document import file_document
from index.loaders.worker import Worker

MAGIC = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"<html>",
    b"Received: ",
]
settings_ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


def check(path: Path, data: bytes, worker: Worker) -> None:
    path.write_bytes(data)
    loaded = list(load_document(file_document(path), worker))
    assert loaded
    for item in loaded:
        assert isinstance(item, Article | LoadError)
        if isinstance(item, LoadError):
            assert str(item).startswith(str(path)) and str(item).isprintable()


@cache
def valid() -> dict[str, bytes]:
    return everything()


@settings_
@given(st.sampled_from(sorted(SUFFIXES)), st.sampled_from(MAGIC), st.binary(max_size=600))
def test_arbitrary_bytes(
    tmp_path: Path, worker: Worker, suffix: str, magic: bytes, data: bytes
) -> None:
    check(tmp_path / f"a{suffix}", magic + data, worker)


@pytest.mark.parametrize("name", sorted(everything()))
def test_valid_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(valid()[name])
    loaded = list(load_paths([tmp_path / name]))
    assert loaded and all(isinstance(item, Article) for item in loaded)


@pytest.mark.parametrize("name", sorted(everything()))
def test_mutated_files(tmp_path: Path, worker: Worker, name: str) -> None:
    chance = random.Random(name)
    for _ in range(25):
        data = bytearray(valid()[name])
        for _ in range(chance.choice([1, 2, 8, 40])):
            place = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    data[place : place + chance.randrange(30)] = b""
                case 2:
                    data[place:place] = chance.randbytes(chance.randrange(30))
                case _:
                    other = chance.randrange(len(data))
                    data[place:place] = data[other : other + chance.randrange(200)]
            data = data or bytearray(b"x")
        check(tmp_path / name, bytes(data), worker)
