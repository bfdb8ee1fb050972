"""What happens to files that hang, crash or swallow the memory of their parser."""

from __future__ import annotations

import os
import sys
import threading
import zlib
from pathlib import Path

import pytest
from loader_samples import HTML, docx, nested_pdf, pdf

from index.article import Article
from index.errors import LoadError
from index.loaders import LARGE_TEXT, load_document, load_paths
from index.loaders.document import file_document
from index.loaders.worker import Worker

PARAGRAPH = "<p>The new bridge over the river was opened on Thursday, the mayor said.</p>"
SLOW_PAGE = (
    "<html><head><script type='application/ld+json'>"
    + '{"@type":["' * 20_000
    + f"</script></head><body>{PARAGRAPH * 5}"
)
"""200 kB that take trafilatura over half a minute: one of its patterns is quadratic."""
SLOW_DRAWING = zlib.compress(b"BT (x) Tj ET\n" * 600_000)
"""20 kB of which each use takes pypdf over ten seconds."""


def first(path: Path, worker: Worker) -> Article | LoadError:
    (loaded,) = load_document(file_document(path), worker)
    return loaded


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.docx"
    path.write_bytes(docx("The text."))
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.html", SLOW_PAGE.encode()), ("a.pdf", pdf(*"12345", stream=SLOW_DRAWING))],
)
def test_a_file_that_hangs_is_refused_and_the_next_is_read(
    tmp_path: Path, good: Path, name: str, data: bytes
) -> None:
    bad = tmp_path / name
    bad.write_bytes(data)
    with Worker(seconds=5) as worker:
        assert isinstance(first(good, worker), Article)
        assert str(first(bad, worker)) == (
            f"{bad}: reading it takes over 5 s: save its text as .txt instead"
        )
        assert isinstance(first(good, worker), Article)


def test_a_pdf_whose_forms_draw_one_another_ends(tmp_path: Path) -> None:
    """Ten forms, each drawing the next ten times: ten thousand million commands."""
    (tmp_path / "a.pdf").write_bytes(nested_pdf())
    with Worker(seconds=20) as worker:
        assert isinstance(first(tmp_path / "a.pdf", worker), Article | LoadError)


def test_the_bound_is_a_parameter_of_a_whole_run(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(SLOW_PAGE)
    (tmp_path / "b.txt").write_text("The text.")
    error, article = load_paths([tmp_path], seconds=1)
    assert "reading it takes over 1 s" in str(error)
    assert isinstance(article, Article)


def test_too_little_memory_is_a_refusal(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux bounds the address space")
    (tmp_path / "a.pdf").write_bytes(pdf("The text.") + b"\n%" + b"x" * 2**25)
    with Worker(memory=1) as worker:
        refused = first(tmp_path / "a.pdf", worker)
    assert isinstance(refused, LoadError)


def test_a_process_that_dies_is_replaced(good: Path) -> None:
    with Worker() as worker:
        assert isinstance(first(good, worker), Article)
        assert worker._process is not None
        worker._process.kill()
        assert "crashes its parser" in str(first(good, worker))
        assert isinstance(first(good, worker), Article)


def test_an_interrupt_leaves_no_answer_behind(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.docx").write_bytes(docx("Another text."))

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with Worker() as worker:
        first(good, worker)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("index.loaders.worker.pickle.load", interrupt)
            first(good, worker)
        other = first(tmp_path / "other.docx", worker)
    assert isinstance(other, Article) and other.text.startswith("Another text.")


def test_no_process_can_be_started(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("/nonexistent/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", program)
        with Worker() as worker:
            assert "no process can be started to read it" in str(first(good, worker))


def test_it_starts_once_and_only_when_needed(tmp_path: Path, good: Path) -> None:
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_text("é " * 10)
    large.write_text("The text. " * (LARGE_TEXT // 10 + 1))
    with Worker() as worker:
        assert isinstance(first(small, worker), Article)
        assert worker._process is None
        assert isinstance(first(large, worker), Article)
        process = worker._process
        assert isinstance(first(good, worker), Article)
        assert process is not None and worker._process is process
    assert process.returncode == 0


def test_nothing_is_left_of_a_run_that_is_given_up(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(HTML)
    before = threading.active_count(), _children()
    run = load_paths([tmp_path])
    assert isinstance(next(run), Article)
    run.close()  # type: ignore[attr-defined]
    assert (threading.active_count(), _children()) == before


def _children() -> list[str]:
    path = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return path.read_text().split() if path.exists() else []
