from pathlib import Path

import pytest
from fake_model import FakeModel
from small_articles import article, directories, opened, state

from index.errors import ArticleNotFoundError
from index.publishing import Publisher

SECRET = "zanzibarquux"


def traces(folder: Path) -> list[str]:
    """Files that still hold the word, in any letter case."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if SECRET.encode() in path.read_bytes().lower()]


def test_a_removed_text_is_gone_from_every_file(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        long = f"First. {SECRET.title()} is here. " * 200
        archive.index([article("a", long), article("b"), article("c")])
        archive.index([article("a", f"{SECRET} again.", title=SECRET), article("d")])
        archive.index([article("e")])
        assert traces(tmp_path)
        report = archive.remove(["a", "c", "a"])
        assert (report.removed, report.passages) == (2, 3)
        assert traces(tmp_path) == []
        assert list(state(archive)) == ["b", "d", "e"]
        assert directories(tmp_path) == archive.status().generations == 1
        assert archive.verify() == []
        assert all(hit.passage.article.id != "a" for hit in archive.search(SECRET))
    assert traces(tmp_path) == []


def test_it_is_gone_while_another_archive_object_serves(tmp_path: Path) -> None:
    with opened(tmp_path) as archive, opened(tmp_path) as other:
        archive.index([article("a", f"{SECRET} is here."), article("b")])
        assert len(other.search(SECRET)) == 2
        archive.remove(["a"])
        assert traces(tmp_path) == []
        assert [hit.passage.article.id for hit in other.search(SECRET)] == ["b"]
        with pytest.raises(ArticleNotFoundError, match="'a'"):
            other.article("a")


def test_an_unknown_id_removes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        with pytest.raises(ArticleNotFoundError, match="'x'"):
            archive.remove(["x"])
        archive.index([article("a"), article("b")])
        with pytest.raises(ArticleNotFoundError, match=r"'x', 'y'.*nothing was removed"):
            archive.remove(["a", "x", "b", "y"])
        assert list(state(archive)) == ["a", "b"]
        assert archive.status().generation == 1
        assert archive.remove([]).removed == 0


def test_the_last_article_can_be_removed_and_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
        archive.remove(["a"])
        assert archive.search("a") == [] and state(archive) == {} and archive.verify() == []
        assert archive.index([article("a")]).added == 1
        assert len(archive.search("a")) == 1 and archive.verify() == []


def test_removing_needs_no_model(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a"), article("b")])
    with opened(tmp_path, FakeModel("other")) as archive:
        assert archive.remove(["a"]).removed == 1


def test_a_removal_that_died_before_its_sweep_is_finished_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(self: Publisher, keep: int) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path) as archive:
        archive.index([article("b")])
        archive.index([article("a", f"{SECRET} is here.")])
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Publisher, "sweep", die)
            archive.remove(["a"])
        assert list(state(archive)) == ["b"] and archive.verify() == []
        archive.index([article("c")])
        assert [path for path in traces(tmp_path) if "wal" not in path] == []
    assert traces(tmp_path) == []
