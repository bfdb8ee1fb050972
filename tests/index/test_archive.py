"""An archive as its readers see it, while others build."""

import logging
import shutil
import threading
from pathlib import Path

import pytest
from fake_model import FakeModel
from small_articles import article, at_once, directories, opened, state

from index.archive import Archive
from index.article import Article
from index.embedding import EmbeddingModel
from index.errors import (
    ArchiveBusyError,
    ArticleNotFoundError,
    CorruptIndexError,
    ModelMismatchError,
    NoIndexError,
)

SUBJECTS = {
    "a0": "Nine people were held in the harbour.",
    "a1": "Snow closed both mountain passes.",
    "a2": "The bank raised its lending rate.",
    "a3": "A comet can be seen before dawn.",
    "a4": "Farmers drove tractors to the capital.",
    "a5": "The museum shows early photographs.",
}
"""Else the articles would be near copies, of which a search shows one."""


def found(archive: Archive, query: str) -> list[str]:
    return [hit.passage.text for hit in archive.search(query, 50)]


def spoil(folder: Path, name: str = "faiss.index") -> None:
    """Flips a bit in the newest generation's file, where it stays readable."""
    file = max(folder.glob(f"generations/*/{name}"), key=lambda path: path.stat().st_mtime_ns)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "archive") as archive:
        for ask in (lambda: archive.search("x"), archive.retriever):
            with pytest.raises(NoIndexError, match="dateline index PATH"):
                ask()
        with pytest.raises(ArticleNotFoundError, match="'a'"):
            archive.article("a")
        assert state(archive) == {} and archive.verify() == []
        status = archive.status()
        assert (status.generation, status.articles, status.generation_bytes) == (None, 0, 0)


def test_a_folder_that_cannot_be_made_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorruptIndexError, match="DATELINE_HOME"):
        Archive.open(tmp_path / "file" / "archive", model=FakeModel())  # type: ignore[arg-type]


def test_status_tells_what_is_there(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a"), article("b")])
        archive.index([article("c")])
        status = archive.status()
        assert (status.articles, status.passages, status.generation, status.generations) == (
            3,
            3,
            2,
            2,
        )
        assert status.catalog_bytes > 4096 and status.generation_bytes > 300
        assert status.settings is not None and status.settings["model"] == "fake"
        assert status.to_json()["home"] == str(tmp_path)
        assert status.built_at is not None and status.build_seconds is not None


def test_another_archive_object_sees_a_new_generation_without_reopening(tmp_path: Path) -> None:
    with opened(tmp_path) as writer, opened(tmp_path) as reader:
        writer.index([article("a", "The raid.")])
        assert found(reader, "raid") == ["The raid."]
        held = reader.searcher()
        writer.index([article("a", "The storm.")])
        assert found(reader, "raid") == ["The storm."] and state(reader) == {"a": "The storm."}
        assert reader.searcher() is not held is not None
        assert reader.searcher() is reader.searcher()
        assert [hit.passage.text for hit in held.search("raid", 9)] == ["The raid."]


def test_archives_are_apart(tmp_path: Path) -> None:
    model = FakeModel()
    with opened(tmp_path / "one", model) as one, opened(tmp_path / "other", model) as other:
        one.index([article("a")])
        other.index([article("b")])
        assert (list(state(one)), list(state(other))) == (["a"], ["b"])


@pytest.mark.parametrize("name", ["faiss.index", "bm25/**/*.npy"])
def test_a_damaged_newest_generation_does_not_replace_one_that_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with opened(tmp_path) as writer, opened(tmp_path) as reader:
        writer.index([article("a", "The raid.")])
        assert found(reader, "raid") == ["The raid."]
        writer.index([article("b", "The storm.")])
        spoil(tmp_path, name)
        with caplog.at_level(logging.ERROR, "index.archive"):
            for _ in range(3):
                assert found(reader, "raid") == ["The raid."]
        (told,) = [record for record in caplog.records if record.name == "index.archive"]
        assert "generation 2 is damaged, serving the last" in told.getMessage()
        writer.index([], rebuild=True)
        assert found(reader, "storm")[0] == "The storm."


def test_an_older_generation_is_served_where_the_newest_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path) as writer:
        writer.index([article("a", "The raid.")])
        with opened(tmp_path, FakeModel("other")) as other:
            other.index([], rebuild=True)
        writer.index([article("b", "The storm.")], rebuild=True)
        writer.index([article("c", "A comet.")])
        spoil(tmp_path)
    with opened(tmp_path) as fresh:
        for _ in range(3):
            assert set(found(fresh, "raid storm comet")) == {"The raid.", "The storm."}
        (told,) = [record for record in caplog.records if record.name == "index.archive"]
        assert "generation 4 is damaged, serving generation 3, which is older" in told.getMessage()
        assert "--rebuild`, or `dateline rollback 3`" in told.getMessage()
        fresh.roll_back(3)
        assert len(found(fresh, "raid storm comet")) == 2
    shutil.rmtree(tmp_path / "generations")
    with opened(tmp_path) as fresh, pytest.raises(CorruptIndexError, match="--rebuild"):
        fresh.search("raid")


def test_a_generation_that_an_article_was_removed_from_is_not_served_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.publishing import Publisher

    with opened(tmp_path) as archive:
        archive.index([article("a", "The raid."), article("b", "The storm.")])
        monkeypatch.setattr(Publisher, "sweep", lambda self, keep: None)  # as if it had died
        archive.remove(["a"])
        spoil(tmp_path)
    with opened(tmp_path) as fresh, pytest.raises(CorruptIndexError, match="--rebuild"):
        fresh.search("raid")


def test_a_generation_of_another_model_is_not_served(tmp_path: Path) -> None:
    with opened(tmp_path) as reader:
        reader.index([article("a")])
        assert found(reader, "a")
        with opened(tmp_path, FakeModel("other")) as writer:
            writer.index([], rebuild=True)
        with pytest.raises(ModelMismatchError, match="DATELINE_MODEL=other"):
            reader.search("a")


def test_a_generation_that_is_swept_while_it_is_opened_gives_way_to_the_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as reader, opened(tmp_path, keep_generations=1) as writer:
        writer.index([article("a", "The raid.")])
        stale = reader._catalog.current_generation()
        writer.index([article("a", "The storm.")])
        answers = iter([stale])
        newest = reader._newest
        monkeypatch.setattr(reader, "_newest", lambda: next(answers, None) or newest())
        assert found(reader, "storm") == ["The storm."]


def test_a_second_build_is_refused_while_one_runs_and_readers_go_on(tmp_path: Path) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow() -> object:
        yield article("b")
        reading.set()
        assert go_on.wait(20)

    with opened(tmp_path) as archive, opened(tmp_path) as other:
        archive.index([article("a")])
        build = threading.Thread(target=lambda: archive.index(slow()))  # type: ignore[arg-type]
        build.start()
        assert reading.wait(20)
        for write in (lambda: other.index([article("c")]), lambda: archive.remove(["a"])):
            with pytest.raises(ArchiveBusyError, match="process"):
                write()
        assert len(other.search("a")) == len(archive.search("a")) == 1
        go_on.set()
        build.join(20)
        assert other.index([article("c")]).added == 1
        assert sorted(state(archive)) == ["a", "b", "c"] and archive.verify() == []


def test_searches_during_builds_always_see_one_whole_generation(tmp_path: Path) -> None:
    builds, names = 12, [f"a{n}" for n in range(6)]
    done = threading.Event()

    def versions(number: int) -> list[Article]:
        return [article(name, f"The raid, edition {number}. {SUBJECTS[name]}") for name in names]

    with opened(tmp_path) as writer, opened(tmp_path) as other:
        writer.index(versions(0))

        def build() -> None:
            try:
                for number in range(1, builds + 1):
                    writer.index(versions(number))
            finally:
                done.set()

        def search(archive: Archive) -> int:
            editions = set()
            while not done.is_set():
                texts = found(archive, "raid edition")
                one = {text.partition(". ")[0] for text in texts}
                assert len(texts) == len(names) and len(one) == 1, texts
                editions |= one
            return len(editions)

        at_once(build, lambda: search(writer), lambda: search(other), lambda: search(other))
        assert set(found(other, "raid")) == {one.text for one in versions(builds)}
        assert directories(tmp_path) == 3 and other.verify() == []


def test_a_missing_folder_of_a_serving_generation_is_no_trouble_for_its_readers(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
        before = found(archive, "a")
        shutil.rmtree(tmp_path / "generations")
        assert found(archive, "a") == before


def test_end_to_end_with_the_real_model(
    archive: Archive, seed_article: Article, model: EmbeddingModel
) -> None:
    report = archive.index([seed_article, article("library", "The council closed two libraries.")])
    assert (report.added, report.embedded) == (2, report.passages) and report.passages >= 5
    assert archive.verify() == []
    for question, place in (
        ("Where was Al Quraishi killed?", "Atme"),
        ("where was al-quraishi killed", "Atme"),
        ("In which town did Al Baghdadi die?", "Barisha"),
        ("Which libraries were closed?", "libraries"),
    ):
        best = archive.search(question, 3)[0]
        assert place in best.passage.text
        text = archive.article(best.passage.article.id).text
        assert text[best.passage.start : best.passage.end] == best.passage.text
    for hit in archive.search("anything", 50):
        assert model.count_tokens([hit.passage.text])[0] <= archive.settings.chunk_tokens
    with Archive.open(archive.folder, settings=archive.settings, model=model) as again:
        assert again.index([seed_article]).unchanged == 1
        assert again.search("Atme", 1) == archive.search("Atme", 1)
