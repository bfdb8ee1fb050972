"""A build that waits: invisible until it is published in one step, or discarded without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_model import FakeModel
from small_articles import article, directories, opened, state

from index.archive import Archive
from index.build_report import BuildReport
from index.catalog import Catalog
from index.errors import (
    ArticleNotFoundError,
    CorruptIndexError,
    GenerationNotFoundError,
    LoadError,
)
from index.publishing import BuildStagedError, StaleBuildError
from index.staged_build import MOST_LISTED
from index.transfer import export_archive, import_archive
from index.transfer.container import ArchiveNotEmptyError

SECRET = "zanzibarquux"
OLD = {"a": "The raid in Atme.", "b": "The council met.", "c": "Shares fell."}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path / "archive") as built:
        built.index([article(id, text) for id, text in OLD.items()])
        yield built


def stage(archive: Archive) -> int:
    """Stages a change of `a` and a new article `d`; the number to publish."""
    staged = archive.stage(
        [article("a", "The raid was denied."), article("d", f"A storm came to {SECRET}.")]
    )
    assert staged.generation is not None
    return staged.generation


NEW = {**OLD, "a": "The raid was denied.", "d": f"A storm came to {SECRET}."}


def traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if SECRET.encode() in path.read_bytes().lower()]


def served(archive: Archive, query: str = "raid council shares storm") -> set[str]:
    return {hit.passage.text for hit in archive.search(query, 10)}


def test_a_staged_build_tells_what_it_would_do_and_nobody_else_sees_it(archive: Archive) -> None:
    staged = archive.stage(
        [
            article("a", "The raid was denied.", title="Denied"),
            article("d"),
            article("b", OLD["b"]),
            LoadError("e.pdf: no text"),
        ]
    )
    assert (staged.generation, staged.base) == (2, 1)
    assert [(one.id, one.title) for one in staged.added] == [("d", "D")]
    assert [(one.id, one.title) for one in staged.changed] == [("a", "Denied")]
    assert staged.removed == () and staged.failed == ("e.pdf: no text",)
    report = staged.report
    assert (report.added, report.changed, report.unchanged, report.embedded) == (1, 1, 1, 2)
    assert (report.generation, report.passages, report.recall_at_10) == (2, 4, 1.0)
    assert state(archive) == OLD and served(archive) == set(OLD.values())
    assert [one.number for one in archive.revisions("a")] == [1]
    with pytest.raises(ArticleNotFoundError):
        archive.article_revision("a", 2)
    with pytest.raises(ArticleNotFoundError):
        archive.revisions("d")
    status = archive.status()
    assert (status.generation, status.staged, status.generations) == (1, 2, 2)
    assert archive.verify() == []


def test_what_is_staged_is_told_again_by_another_process(archive: Archive) -> None:
    generation = stage(archive)
    with opened(archive.folder) as other:
        told = other.staged_build()
        assert told is not None and told.generation == generation
        assert [one.id for one in told.added] == ["d"] and [one.id for one in told.changed] == ["a"]
        assert told.report.added == told.report.changed == 1 and told.to_json()["base"] == 1
        record = other.staged()
        assert record is not None and record.id == generation


def test_long_lists_are_cut_and_counted(archive: Archive) -> None:
    many = MOST_LISTED + 5
    staged = archive.stage(
        [
            *(article(f"n{n}", f"Subject{n} was told.") for n in range(many)),
            *(LoadError(f"file {n}") for n in range(many)),
        ]
    )
    assert len(staged.added) == len(staged.failed) == MOST_LISTED
    assert staged.report.added == len(staged.report.failed) == many
    assert staged.to_json()["report"]["failed"] == many


def test_it_can_be_searched_before_it_is_published(archive: Archive) -> None:
    searcher = archive.searcher_of(stage(archive))
    assert "The raid was denied." in {hit.passage.text for hit in searcher.search("raid", 10)}
    assert served(archive) == set(OLD.values())
    assert {hit.passage.text for hit in archive.searcher_of(1).search("raid", 10)} == set(
        OLD.values()
    )
    with pytest.raises(GenerationNotFoundError, match="generation 9"):
        archive.searcher_of(9)


def test_publishing_makes_it_serve_in_every_open_archive(archive: Archive) -> None:
    with opened(archive.folder) as reader:
        assert served(reader) == set(OLD.values())
        generation = stage(archive)
        assert archive.publish_staged(generation).id == generation
        assert served(reader) == set(NEW.values()) and state(reader) == NEW
        assert [one.number for one in reader.revisions("a")] == [1, 2]
    assert archive.staged() is None and archive.staged_build() is None
    assert archive.verify() == []
    archive.roll_back(1)
    assert served(archive) == set(OLD.values()) and archive.verify() == []
    archive.roll_back(generation)
    assert archive.index([article("e")]).added == 1 and archive.verify() == []


def test_discarding_leaves_no_trace(archive: Archive) -> None:
    generation = stage(archive)
    assert traces(archive.folder)
    archive.discard_staged(generation)
    assert traces(archive.folder) == []
    assert state(archive) == OLD and served(archive) == set(OLD.values())
    assert archive.staged() is None and archive.verify() == []
    assert directories(archive.folder) == archive.status().generations == 1
    assert stage(archive) == generation + 1  # numbers are not used again


def test_the_first_build_of_an_archive_can_be_staged(tmp_path: Path) -> None:
    for publishes in (True, False):
        with opened(tmp_path / str(publishes)) as archive:
            staged = archive.stage([article("a")])
            assert (staged.generation, staged.base) == (1, None)
            assert state(archive) == {} and archive.verify() == []
            (archive.folder / "generations" / "left by a dead build").mkdir()
            if publishes:
                archive.publish_staged(1)
                assert list(state(archive)) == ["a"] and archive.verify() == []
                assert directories(archive.folder) == 1
            else:
                archive.discard_staged(1)
                assert state(archive) == {} and directories(archive.folder) == 0
                assert archive.index([article("b")]).added == 1 and archive.verify() == []


def test_nothing_to_do_stages_nothing(archive: Archive) -> None:
    staged = archive.stage([article("a", OLD["a"])])
    assert (staged.generation, staged.base, staged.report.unchanged) == (None, 1, 1)
    assert archive.staged() is None and archive.stage_removal([]).generation is None
    assert archive.status().generations == 1


def test_a_rebuild_can_be_staged_and_changes_no_article(archive: Archive) -> None:
    with opened(archive.folder, FakeModel("other")) as changed:
        staged = changed.stage([], rebuild=True)
        assert staged.report.embedded == 3
        assert staged.added == staged.changed == staged.removed == ()
        assert served(archive) == set(OLD.values())  # with the model that it was built with
        assert changed.publish_staged(2).settings["model"] == "other"
        assert served(changed) == set(OLD.values()) and changed.verify() == []


# -- builds in each other's way --------------------------------------------------------


def test_while_one_is_staged_no_other_build_destroys_it(archive: Archive) -> None:
    generation = stage(archive)
    for build in (
        lambda: archive.index([article("x")]),
        lambda: archive.index([], rebuild=True),
        lambda: archive.stage([article("x")]),
        lambda: archive.stage_removal(["a"]),
    ):
        with pytest.raises(BuildStagedError, match=r"generation 2 is staged.*publish 2.*discard 2"):
            build()
    assert archive.index([article("a", OLD["a"])]).unchanged == 1  # there is nothing to do
    archive.collect_garbage(1)
    assert archive.verify() == [] and state(archive) == OLD
    archive.publish_staged(generation)
    assert state(archive) == NEW and archive.verify() == []


def test_a_staged_build_is_refused_while_its_base_does_not_serve(archive: Archive) -> None:
    archive.index([article("later")])
    generation = stage(archive)
    archive.roll_back(1)
    with pytest.raises(StaleBuildError, match=r"built on generation 2, but 1 serves.*rollback 2"):
        archive.publish_staged(generation)
    archive.collect_garbage(1)
    assert state(archive) == OLD and archive.verify() == []
    archive.roll_back(2)
    archive.publish_staged(generation)
    assert state(archive) == {**NEW, "later": article("later").text} and archive.verify() == []


def test_discarding_after_a_rollback_keeps_what_was_published(archive: Archive) -> None:
    archive.index([article("later")])
    generation = stage(archive)
    archive.roll_back(1)
    archive.discard_staged(generation)
    archive.roll_back(2)
    assert state(archive) == {**OLD, "later": article("later").text} and archive.verify() == []


def test_only_the_staged_number_can_be_published_or_discarded(archive: Archive) -> None:
    for act in (archive.publish_staged, archive.discard_staged):
        with pytest.raises(GenerationNotFoundError, match="1 is not staged: none is"):
            act(1)
    generation = stage(archive)
    for act in (archive.publish_staged, archive.discard_staged):
        with pytest.raises(GenerationNotFoundError, match="1 is not staged: generation 2 is"):
            act(1)
    with pytest.raises(GenerationNotFoundError, match=f"staged publish {generation}"):
        archive.roll_back(generation)
    with pytest.raises(GenerationNotFoundError, match=r"there is 1$"):
        archive.roll_back(7)
    archive.publish_staged(generation)
    with pytest.raises(GenerationNotFoundError):
        archive.discard_staged(generation)


def test_a_damaged_staged_generation_is_named_and_not_published(archive: Archive) -> None:
    generation = stage(archive)
    record = archive.staged()
    assert record is not None
    (archive.folder / "generations" / record.directory / "faiss.index").unlink()
    with pytest.raises(CorruptIndexError, match=r"faiss\.index.*staged discard 2"):
        archive.publish_staged(generation)
    assert any("generation 2: the file faiss.index" in problem for problem in archive.verify())
    assert served(archive) == set(OLD.values())
    archive.discard_staged(generation)
    assert archive.verify() == []


# -- removal ---------------------------------------------------------------------------


def test_a_removed_text_survives_in_no_staged_generation(archive: Archive) -> None:
    archive.index([article("s", f"{SECRET} is here.")])
    generation = stage(archive)
    report = archive.remove(["s", "d"])  # `d` is only staged
    assert (report.removed, report.discarded) == (2, generation)
    assert traces(archive.folder) == [] and state(archive) == OLD
    assert archive.staged() is None and archive.verify() == []
    assert directories(archive.folder) == archive.status().generations == 1


def test_what_is_only_staged_can_be_removed(archive: Archive) -> None:
    generation = stage(archive)
    with pytest.raises(ArticleNotFoundError, match=r"'x'.*nothing was removed"):
        archive.remove(["d", "x"])
    assert archive.staged() is not None
    report = archive.remove(["d"])
    assert (report.removed, report.discarded, report.generation) == (1, generation, 1)
    assert traces(archive.folder) == [] and state(archive) == OLD and archive.verify() == []
    assert served(archive) == set(OLD.values())


def test_what_is_staged_in_an_empty_archive_can_be_removed(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.stage([article("a", f"{SECRET} is here.")])
        assert archive.remove(["a"]).removed == 1
        assert traces(tmp_path) == [] and archive.staged() is None
        assert archive.index([article("b")]).added == 1 and archive.verify() == []


def test_a_staged_removal_is_complete_once_it_is_published(archive: Archive) -> None:
    archive.index([article("s", f"{SECRET} was here.")])
    archive.index([article("s", f"{SECRET} is here.")])
    with pytest.raises(ArticleNotFoundError, match="'x'"):
        archive.stage_removal(["s", "x"])
    staged = archive.stage_removal(["s", "b", "s"])
    assert staged.generation is not None and staged.report.removed == 2
    assert {one.id for one in staged.removed} == {"s", "b"} and staged.added == ()
    assert set(state(archive)) == {"a", "b", "c", "s"}
    assert archive.revisions("s") and archive.verify() == []
    archive.publish_staged(staged.generation)
    assert traces(archive.folder) == [] and set(state(archive)) == {"a", "c"}
    assert directories(archive.folder) == archive.status().generations == 1
    assert archive.verify() == []


def test_a_discarded_removal_removes_nothing(archive: Archive) -> None:
    staged = archive.stage_removal(["a"])
    assert staged.generation is not None
    archive.discard_staged(staged.generation)
    assert state(archive) == OLD and archive.verify() == []
    assert served(archive) == set(OLD.values())


# -- copies ----------------------------------------------------------------------------


def test_a_copy_holds_only_what_serves(archive: Archive, tmp_path: Path) -> None:
    generation = stage(archive)
    report = export_archive(archive.folder, tmp_path / "copy.tar")
    assert report.generation == 1 and SECRET.encode() not in (tmp_path / "copy.tar").read_bytes()
    import_archive(tmp_path / "copy.tar", tmp_path / "new")
    with opened(tmp_path / "new") as copy:
        assert copy.staged() is None and state(copy) == OLD and copy.verify() == []
    archive.publish_staged(generation)
    assert state(archive) == NEW


def test_an_import_over_a_staged_build_has_to_be_meant(archive: Archive, tmp_path: Path) -> None:
    export_archive(archive.folder, tmp_path / "copy.tar")
    with opened(tmp_path / "new") as fresh:
        fresh.stage([article("x")])
    with pytest.raises(ArchiveNotEmptyError, match="staged build"):
        import_archive(tmp_path / "copy.tar", tmp_path / "new")
    import_archive(tmp_path / "copy.tar", tmp_path / "new", replace=True)
    with opened(tmp_path / "new") as copy:
        assert copy.staged() is None and state(copy) == OLD and copy.verify() == []


def test_a_report_is_kept_field_by_field(archive: Archive) -> None:
    """What is counted while building; all else is read from the generation."""
    stage(archive)
    kept = Catalog(archive.folder)
    staged = kept.staged()
    kept.close()
    assert staged is not None and staged.report.keys() <= vars(BuildReport()).keys()
    assert staged.base == 1 and staged.purged == ()
