"""Revisions, near copies and generations over builds of an archive."""

import shutil
from pathlib import Path

import pytest
from small_articles import article, directories, opened, state

from index.catalog import GENERATIONS_FOLDER
from index.errors import ArticleNotFoundError, CorruptIndexError, GenerationNotFoundError

STORY = " ".join(f"Witness {n} told the court what happened on street {n * 7}." for n in range(30))


def test_old_revisions_stay_readable_and_search_sees_the_newest(tmp_path: Path) -> None:
    with opened(tmp_path, keep_generations=1) as archive:
        texts = ["Nine were held.", "Ten were held.", "Eleven were held."]
        for text in texts:
            archive.index([article("a", text), article("b")])
        assert [one.number for one in archive.revisions("a")] == [1, 2, 3]
        assert [one.serving for one in archive.revisions("a")] == [False, False, True]
        assert [archive.article_revision("a", n).text for n in (1, 2, 3)] == texts
        assert archive.article("a").text == texts[-1]
        hits = {hit.passage.text for hit in archive.search("were held", 10)}
        assert texts[2] in hits and not hits & set(texts[:2])
        with pytest.raises(ArticleNotFoundError, match="'a' has no revision 4: it has 1, 2, 3"):
            archive.article_revision("a", 4)
        with pytest.raises(ArticleNotFoundError, match="articles list"):
            archive.revisions("c")


def test_a_removed_article_leaves_no_revision(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a", "Nine were held."), article("b")])
        archive.index([article("a", "Ten were held.")])
        archive.remove(["a"])
        with pytest.raises(ArticleNotFoundError):
            archive.revisions("a")
        with pytest.raises(ArticleNotFoundError):
            archive.article_revision("a", 1)


# -- near copies -----------------------------------------------------------------------


def test_near_copies_are_one_cluster_over_builds_and_stay_citable(tmp_path: Path) -> None:
    copy = STORY.replace("Witness 3 ", "Witness three ") + " The case goes on."
    with opened(tmp_path) as archive:
        archive.index([article("wire", STORY), article("other", "Shares fell in March.")])
        archive.index([article("paper", copy)])
        hits = archive.search("what happened on street 70", 50)
        shown = {hit.passage.article.id for hit in hits}
        assert len(shown & {"wire", "paper"}) == 1 and "other" in shown
        told = next(hit for hit in hits if hit.passage.article.id in ("wire", "paper"))
        assert [one.id for one in told.also_in] == sorted(
            {"wire", "paper"} - {told.passage.article.id}
        )
        assert state(archive).keys() == {"wire", "paper", "other"}
        assert archive.verify() == []


def test_a_new_revision_stays_in_its_cluster(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("wire", STORY), article("paper", STORY)])
        archive.index([article("wire", STORY + " The case goes on.")])
        assert len({hit.passage.article.id for hit in archive.search("witness", 50)}) == 1
        archive.index([article("wire", "Something else altogether was printed here.")])
        assert len({hit.passage.article.id for hit in archive.search("witness", 50)}) == 2


# -- generations -----------------------------------------------------------------------


def test_rolling_back_and_forth_changes_what_serves_and_loses_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as archive, opened(tmp_path) as reader:
        archive.index([article("a", "Nine were held.")])
        archive.index([article("a", "Ten were held."), article("b")])
        assert state(reader).keys() == {"a", "b"}
        archive.roll_back(1)
        assert state(reader) == {"a": "Nine were held."} and archive.verify() == []
        assert [hit.passage.text for hit in reader.search("held", 9)] == ["Nine were held."]
        archive.roll_back(2)
        assert state(reader)["a"] == "Ten were held." and archive.verify() == []


def test_the_next_build_goes_on_from_what_was_rolled_back_to(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a", "Nine were held.")])
        archive.index([article("a", "Ten were held."), article("b")])
        archive.roll_back(1)
        built = archive.index([article("c")])
        assert state(archive) == {"a": "Nine were held.", "c": article("c").text}
        assert built.generation == 3 and archive.verify() == []
        assert [record.id for record in archive.generations()] == [1, 3]
        assert [one.number for one in archive.revisions("a")] == [1]
        with pytest.raises(GenerationNotFoundError, match="no generation 2: there is 1, 3"):
            archive.roll_back(2)


def test_unchanged_articles_are_recognised_after_a_roll_back(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
        archive.index([article("b")])
        archive.roll_back(1)
        report = archive.index([article("a"), article("b")])
        assert (report.added, report.unchanged) == (1, 1)
        assert state(archive).keys() == {"a", "b"} and archive.verify() == []


def test_a_damaged_generation_is_not_rolled_back_to(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
        archive.index([article("b")])
        first = archive.generations()[0]
        (tmp_path / GENERATIONS_FOLDER / first.directory / "faiss.index").unlink()
        with pytest.raises(CorruptIndexError, match=r"generation 1 is damaged \(faiss\.index\)"):
            archive.roll_back(1)
        assert state(archive).keys() == {"a", "b"}


def test_garbage_is_collected_and_the_space_given_back(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        for number in range(3):
            archive.index([article("a", f"Edition {number}. {STORY}")])
        (tmp_path / GENERATIONS_FOLDER / "left-by-a-dead-build").mkdir()
        assert directories(tmp_path) == 4
        assert archive.collect_garbage(keep=1) > 0
        assert directories(tmp_path) == 1 and archive.verify() == []
        assert archive.article_revision("a", 1).text.startswith("Edition 0.")


def test_an_index_of_an_older_version_is_brought_up_to_date_without_embedding(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a"), article("b")])
    # As it was before there were attributes: no folder, and no hashes of it.
    with opened(tmp_path) as archive:
        (record,) = archive.generations()
        directory = tmp_path / GENERATIONS_FOLDER / record.directory
        shutil.rmtree(directory / "attributes")
        files = {name: hash for name, hash in record.files.items() if "attributes" not in name}
        catalog = archive._catalog
        with catalog.writing():
            catalog.publish(record.id, files, 1.0)
            catalog._execute("UPDATE article SET cluster = NULL, signature = NULL", ())
    with opened(tmp_path) as archive:
        with pytest.raises(CorruptIndexError, match=r"another version.*run `dateline index`"):
            archive.search("known", 5)
        report = archive.index([])
        assert (report.embedded, report.generation) == (0, 2)
        (hit,) = archive.search("known", 5)  # the other is its near copy, as is now known
        assert len(hit.also_in) == 1 and archive.verify() == []
