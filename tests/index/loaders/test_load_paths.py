import os
from pathlib import Path

import pytest

from index.article import Article
from index.loaders import load_paths


def ids(*paths: Path) -> list[str]:
    """The ids of what was loaded, in order; a LoadError is shown as its message after "!"."""
    return [
        item.id if isinstance(item, Article) else f"!{item}" for item in load_paths(list(paths))
    ]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "b" / ".git").mkdir(parents=True)
    for name in ("c.txt", "a.MD", "b/z.text", "b/y.markdown", "b/.git/x.txt", ".hidden.txt"):
        (folder / name).write_text(f"The body of {name}.")
    (folder / "b" / "w.jsonl").write_text('{"id": "w1", "text": "a"}\n{"id": "w2", "text": "b"}\n')
    (folder / "b" / "photo.jpeg").write_bytes(b"\xff\xd8\0")
    return folder


def test_a_folder_is_read_in_order_and_other_files_are_passed_over(news: Path) -> None:
    assert ids(news) == ["a", "w1", "w2", "y", "z", "c"]


def test_a_file_reached_twice_is_read_once(news: Path) -> None:
    (news / "link.txt").symlink_to(news / "c.txt")
    assert ids(news / "c.txt", news / "b", news, news / "b" / "..") == [
        "c", "w1", "w2", "y", "z", "a",
    ]  # fmt: skip


def test_loops_of_links_end(news: Path) -> None:
    (news / "b" / "up").symlink_to(news)
    (news / "self").symlink_to(news / "self")
    (news / "round.txt").symlink_to(news / "round.txt")
    assert ids(news)[:6] == ["a", "w1", "w2", "y", "z", "c"]
    (error,) = ids(news)[6:]
    assert error.startswith(f"!{news}/round.txt: cannot be read")


def test_named_paths_that_cannot_be_read(news: Path) -> None:
    (news / "broken.txt").symlink_to(news / "nowhere")
    found = ids(news / "gone", news / "b" / "photo.jpeg", news / "broken.txt", Path("a\0b"))
    assert found[0] == f"!{news}/gone: no such file or folder: check the name"
    assert found[1].startswith(f"!{news}/b/photo.jpeg: cannot read files of type '.jpeg': convert")
    assert found[2].startswith(f"!{news}/broken.txt: no such file")
    assert "cannot be read (" in found[3]
    assert found[2] in ids(news)


def test_a_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "photo.jpeg").write_bytes(b"\0")
    (error,) = ids(tmp_path)
    assert "has no articles in it: Dateline reads .txt .text .md" in error


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (error,) = ids(tmp_path)
    assert "not a regular file" in error


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission(news: Path) -> None:
    (news / "c.txt").chmod(0)
    (news / "b").chmod(0)
    found = ids(news)
    (news / "b").chmod(0o700)
    assert found[0] == "a"
    assert [("b: cannot" in found[1]), ("c.txt: cannot" in found[2])] == [True, True]


def test_no_paths() -> None:
    assert list(load_paths([])) == []
