"""Builds through the archive: what is embedded, carried over, replaced, refused."""

from pathlib import Path

import numpy as np
import pytest
from fake_model import FakeModel
from small_articles import article, directories, opened, state

from index import builder, publishing
from index.archive import Archive
from index.errors import CorruptIndexError, LoadError, ModelMismatchError, SettingsError
from index.publishing import DiskError
from index.vector_index import read_index

LONG = " ".join(f"Sentence number {n} tells of the raid." for n in range(12))


def vectors(archive: Archive) -> dict[int, list[float]]:
    """The stored vectors by passage id."""
    store = archive.store()
    return {int(id): store.client.reconstruct(int(id)).tolist() for id in store.ids()}


def test_build_change_delete_rebuild(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        built = archive.index([article("a", LONG), article("b"), article("c")])
        assert (built.added, built.changed, built.generation) == (3, 0, 1)
        assert built.passages == built.embedded == archive.status().passages > 3
        changed = archive.index([article("b", "All of b is new."), article("d")])
        assert (changed.added, changed.changed, changed.embedded) == (1, 1, 2)
        removed = archive.remove(["a"])
        assert (removed.removed, removed.embedded, removed.passages) == (1, 0, 3)
        rebuilt = archive.index([], rebuild=True)
        assert (rebuilt.embedded, rebuilt.passages, rebuilt.generation) == (3, 3, 4)
        assert state(archive) == {
            "b": "All of b is new.", "c": article("c").text, "d": article("d").text,
        }  # fmt: skip
        assert archive.verify() == []


def test_what_is_unchanged_is_neither_chunked_nor_embedded(tmp_path: Path) -> None:
    model = FakeModel()
    with opened(tmp_path, model) as archive:
        archive.index([article("a", LONG), article("b")])
        before, seen = vectors(archive), len(model.documents)
        model.count_tokens = None  # type: ignore[assignment,method-assign]  # fails if it is called
        again = archive.index([article("a", LONG), article("b")])
        assert (again.unchanged, again.embedded, again.generation) == (2, 0, 1)
        assert directories(tmp_path) == 1
        del model.count_tokens
        archive.index([article("a", LONG), article("c")])
        assert len(model.documents) == seen + 1
        assert {id: vector for id, vector in vectors(archive).items() if id in before} == before


def test_passage_ids_are_never_used_again_over_builds(tmp_path: Path) -> None:
    seen: set[int] = set()
    with opened(tmp_path) as archive:
        for n in range(4):
            archive.index([article("a", f"Version {n}.")])
            (id,) = vectors(archive)
            assert id not in seen
            seen.add(id)
        archive.remove(["a"])
        archive.index([article("a", "Version 0.")])
        assert not seen & set(vectors(archive))


def test_another_model_is_refused_on_a_query_and_on_a_build(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
    for model, what in (
        (FakeModel("other"), r"model 'fake'.*'other'|'fake', but 'other' is set"),
        (FakeModel(weights="w2"), r"weights"),
    ):
        with opened(tmp_path, model) as archive:
            with pytest.raises(ModelMismatchError, match=what) as refused:
                archive.search("a")
            assert "--rebuild" in str(refused.value)
            with pytest.raises(ModelMismatchError, match="set them back, or run"):
                archive.index([article("b")])
            assert list(state(archive)) == ["a"]


def test_a_rebuild_takes_another_model_and_other_chunks(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        few = archive.index([article("a", LONG), article("b")]).passages
    with opened(tmp_path, FakeModel("other"), chunk_tokens=32, chunk_overlap=8) as archive:
        report = archive.index([article("c")], rebuild=True)
        assert report.embedded == report.passages < few + 1
        assert archive.search("raid", 3) and archive.verify() == []
        settings = archive.status().settings or {}
        assert settings is not None and (settings["model"], settings["chunk_tokens"]) == (
            "other",
            32,
        )


def test_an_archive_that_was_emptied_can_change_its_model(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
        archive.remove(["a"])
    with opened(tmp_path, FakeModel("other")) as archive:
        archive.index([], rebuild=True)
        archive.index([article("b")])
        assert len(archive.search("b")) == 1 and archive.verify() == []


def test_other_chunk_settings_are_refused_on_a_build_and_named(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a")])
    with opened(tmp_path, chunk_tokens=32) as archive:
        assert len(archive.search("a")) == 1
        with pytest.raises(ModelMismatchError, match=r"chunk_tokens 16, now 32.*--rebuild"):
            archive.index([article("b")])


def test_chunk_settings_that_cannot_work_name_the_setting(tmp_path: Path) -> None:
    with opened(tmp_path, chunk_tokens=65) as archive:
        with pytest.raises(SettingsError, match=r"DATELINE_CHUNK_TOKENS is 65.*reads 64.*most 64"):
            archive.index([article("a")])
        assert archive.status().generation is None
    with (
        opened(tmp_path, chunk_overlap=9) as archive,
        pytest.raises(SettingsError, match=r"DATELINE_CHUNK_OVERLAP.*half"),
    ):
        archive.index([article("a")])


def test_nothing_to_index_publishes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        assert archive.index([]).generation is None
        assert archive.index([LoadError("x: no")]).failed == ("x: no",)
        assert archive.index([], rebuild=True).generation is None
        assert archive.verify() == [] and not (tmp_path / "generations").exists()


def test_only_the_newest_generations_stay_on_disk(tmp_path: Path) -> None:
    with opened(tmp_path, keep_generations=2) as archive:
        for n in range(5):
            archive.index([article("a", f"Version {n} of it.")])
            assert directories(tmp_path) == archive.status().generations == min(n + 1, 2)
        (tmp_path / "generations" / "left-by-a-dead-build").mkdir()
        archive.index([article("a", "Version 4 of it.")])
        assert directories(tmp_path) == 2 and archive.verify() == []


def test_a_folder_of_generations_that_is_gone_can_be_rebuilt(tmp_path: Path) -> None:
    import shutil

    with opened(tmp_path) as archive:
        archive.index([article("a")])
        shutil.rmtree(tmp_path / "generations")
        archive.index([article("a")])
        assert archive.verify() != []
        with pytest.raises(CorruptIndexError, match="--rebuild"):
            archive.index([article("b")])
        archive.index([article("b")], rebuild=True)
        assert sorted(state(archive)) == ["a", "b"] and archive.verify() == []


def test_damaged_vectors_are_not_carried_into_a_new_generation(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a"), article("b")])
        (file,) = tmp_path.glob("generations/*/faiss.index")
        content = bytearray(file.read_bytes())
        content[60] ^= 1
        file.write_bytes(content)
        with pytest.raises(CorruptIndexError, match="--rebuild"):
            archive.index([article("c")])
        assert archive.index([], rebuild=True).passages == 2
        assert archive.verify() == []


def test_an_error_while_publishing_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(directory: Path) -> None:
        raise OSError(28, "No space left on device")

    with opened(tmp_path) as archive:
        archive.index([article("a")])
        with monkeypatch.context() as patch, pytest.raises(DiskError, match="No space"):
            patch.setattr(publishing, "sync_to_disk", full)
            archive.index([article("a", "New."), article("b")])
        assert state(archive) == {"a": article("a").text} and archive.verify() == []
        archive.index([article("b")])
        assert directories(tmp_path) == 2 and archive.verify() == []


def test_progress_is_told_in_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(builder, "EMBED_BLOCK", 2)
    with opened(tmp_path) as archive:
        archive.index(
            [article("a"), article("b"), article("c")], progress=lambda *step: told.append(step)
        )
    assert told == [
        ("reading", 1, 0), ("reading", 2, 0), ("reading", 3, 0),
        ("chunking", 1, 3), ("chunking", 2, 3), ("chunking", 3, 3),
        ("embedding", 2, 3), ("embedding", 3, 3),
        ("comparing", 1, 3), ("comparing", 2, 3), ("comparing", 3, 3),
        ("indexing", 0, 1), ("indexing", 1, 1),
    ]  # fmt: skip


def test_vectors_on_disk_are_normalised(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.index([article("a", LONG)])
        stored = np.array(list(vectors(archive).values()))
    assert np.linalg.norm(stored, axis=1) == pytest.approx(1, abs=1e-3)  # half precision
    (file,) = tmp_path.glob("generations/*/faiss.index")
    assert read_index(file).ntotal == len(stored)
