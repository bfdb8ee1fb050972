from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_model import FakeModel
from small_articles import article, opened, state

from index.archive import Archive
from index.article import MAX_ID_LENGTH, Article
from index.errors import LoadError


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path / "archive", FakeModel()) as archive:
        yield archive


def file(path: str, text: str, **fields: object) -> Article:
    """An article as a text file gives it: its id is the file's stem."""
    return article(Path(path).stem, text, origin=path, id_from_file_name=True, **fields)


def test_two_files_of_one_name_are_two_articles_and_keep_their_ids(built: Archive) -> None:
    files = [file("/a/raid.txt", "The first text."), file("/b/raid.txt", "The second text.")]
    assert built.index(files).added == 2
    before = state(built)
    assert len(before) == 2 and "raid" in before
    again = built.index(reversed(files))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    changed = built.index([file("/b/raid.txt", "The second, changed.")])
    assert (changed.added, changed.changed) == (0, 1)
    assert state(built).keys() == before.keys()
    assert state(built)["raid"] == "The first text."


def test_a_namesake_that_comes_in_a_later_build_gets_an_id_of_its_own(built: Archive) -> None:
    built.index([file("/a/raid.txt", "The first text.")])
    built.index([file("/b/raid.txt", "The second text.")])
    assert sorted(state(built).values()) == ["The first text.", "The second text."]


def test_a_long_name_stays_within_the_limit_of_ids(built: Archive) -> None:
    name = "n" * MAX_ID_LENGTH
    built.index([file(f"/a/{name}.txt", "The first."), file(f"/b/{name}.txt", "The second.")])
    assert sorted(map(len, state(built))) == [MAX_ID_LENGTH] * 2


def test_a_moved_file_is_the_same_article(built: Archive) -> None:
    built.index([file("/a/raid.txt", "The text.")])
    report = built.index([file("/elsewhere/raid.txt", "The text.")])
    assert (report.added, report.unchanged) == (0, 1)
    assert list(state(built)) == ["raid"]


def test_the_same_text_twice_in_one_build_counts_once(built: Archive) -> None:
    report = built.index(
        [article("a"), article("a"), file("/x/b.txt", "B."), file("/y/b.txt", "B.")]
    )
    assert (report.added, report.failed) == (2, ())


def test_the_later_of_two_articles_of_one_id_wins_and_the_other_is_reported(built: Archive) -> None:
    one, other = article("a", "One.", origin="x.jsonl:1"), article("a", "Two.", origin="x.jsonl:2")
    report = built.index([one, other])
    assert (report.added, report.changed) == (1, 0)
    assert len(report.failed) == 1 and "x.jsonl:1: replaced by x.jsonl:2" in report.failed[0]
    assert state(built) == {"a": "Two."}
    again = built.index([one, other])
    assert (again.changed, again.unchanged, len(again.failed)) == (0, 1, 1)
    turned = built.index([other, one])
    assert (turned.changed, turned.unchanged, len(turned.failed)) == (1, 0, 1)
    assert state(built) == {"a": "One."}


def test_what_cannot_be_read_is_reported_and_the_rest_is_indexed(built: Archive) -> None:
    report = built.index([LoadError("x.txt: it is empty"), article("a"), LoadError("y.txt: no")])
    assert report.failed == ("x.txt: it is empty", "y.txt: no")
    assert (report.added, list(state(built))) == (1, ["a"])
    assert report.to_json()["failed"] == ["x.txt: it is empty", "y.txt: no"]


def test_an_id_that_an_article_states_is_never_changed(built: Archive) -> None:
    built.index([article("a", "One.", origin="/x.jsonl:1")])
    built.index([article("a", "Two.", origin="/y.jsonl:1")])
    assert state(built) == {"a": "Two."}


def test_an_article_stays_in_its_set_until_it_is_put_into_another(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a", article_set="syria")])
        report = archive.index([article("a")])
        assert report.unchanged == 1 and archive.article("a").article_set == "syria"
        archive.index([article("a", "It is told anew.")])
        assert archive.article("a").article_set == "syria"
        archive.index([article("a", "It is told anew.", article_set="iraq")])
        assert archive.article("a").article_set == "iraq"
