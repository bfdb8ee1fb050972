import mmap
import shutil
from collections import Counter
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.postings import MAX_COUNT, Postings, load_array, term_digest

TERMS = ("raid", "town", "vote", "quraishi", "ü", "x" * 64)
DOCUMENTS = st.lists(st.lists(st.sampled_from(TERMS), max_size=6), max_size=8)
EXAMPLE = [["raid", "town", "raid"], [], ["town"], ["vote", "raid"]]


def held(postings: Postings) -> dict[str, dict[int, int]]:
    """How often each row holds each term, by term and row."""
    found = {}
    for term in TERMS:
        rows, counts = postings.of_term(term)
        if len(rows):
            found[term] = dict(zip(rows.tolist(), counts.tolist(), strict=True))
    return found


def assert_same(one: Postings, other: Postings) -> None:
    for field in fields(Postings):
        mine, others = getattr(one, field.name), getattr(other, field.name)
        assert mine.dtype == others.dtype, field.name
        assert mine.tolist() == others.tolist(), field.name


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS)
def test_they_say_how_often_each_row_holds_each_term(documents: list[list[str]]) -> None:
    postings = Postings.of(documents)
    expected: dict[str, dict[int, int]] = {}
    for row, document in enumerate(documents):
        for term, count in Counter(document).items():
            expected.setdefault(term, {})[row] = count
    assert held(postings) == expected
    assert len(postings) == len(documents)
    assert postings.lengths.tolist() == [len(document) for document in documents]


def test_rows_ascend_and_terms_are_sorted() -> None:
    postings = Postings.of(EXAMPLE)
    assert postings.of_term("raid")[0].tolist() == [0, 3]
    assert postings.terms.tolist() == sorted(map(term_digest, ("raid", "town", "vote")))
    assert postings.offsets[-1] == len(postings.rows) == 5


@pytest.mark.parametrize("documents", [[], [[]], EXAMPLE])
def test_an_unknown_term_is_in_no_row(documents: list[list[str]]) -> None:
    for term in ("", "zyzzyva", "storm", "\N{SNOWMAN}"):
        rows, counts = Postings.of(documents).of_term(term)
        assert len(rows) == len(counts) == 0


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, st.data())
def test_without_rows_they_are_those_of_the_documents_left(
    documents: list[list[str]], data: st.DataObject
) -> None:
    size = len(documents)
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    left = [document for document, goes in zip(documents, gone, strict=True) if not goes]
    assert_same(Postings.of(documents).without(gone), Postings.of(left))


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_followed_by_others_they_are_those_of_all_documents(
    documents: list[list[str]], others: list[list[str]]
) -> None:
    both = Postings.of(documents).followed_by(Postings.of(others))
    assert_same(both, Postings.of(documents + others))


def test_the_old_ones_stay_as_they_are() -> None:
    postings = Postings.of(EXAMPLE)
    postings.without(np.array([True, False, False, False]))
    postings.followed_by(Postings.of([["raid", "storm"]]))
    assert_same(postings, Postings.of(EXAMPLE))


def test_a_count_beyond_16_bits_is_stored_as_the_largest() -> None:
    postings = Postings.of([["raid"] * (MAX_COUNT + 1) + ["town"]])
    assert held(postings) == {"raid": {0: MAX_COUNT}, "town": {0: 1}}
    assert postings.lengths.tolist() == [MAX_COUNT + 2]


def test_digests_are_those_that_saved_files_hold() -> None:
    """Another digest makes every saved index useless: it needs another version of the files."""
    assert term_digest("raid") == 0x43C7674117FB2840


def test_terms_of_one_digest_are_counted_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.postings.term_digest", lambda term: len(term))
    postings = Postings.of(EXAMPLE)
    rows, counts = postings.of_term("raid")
    assert rows.tolist() == [0, 2, 3]
    assert counts.tolist() == [3, 1, 2]
    assert_same(postings, Postings.of(EXAMPLE[:2]).followed_by(Postings.of(EXAMPLE[2:])))


@pytest.mark.parametrize("documents", [[], [[]], EXAMPLE])
def test_loaded_they_are_the_saved_ones(tmp_path: Path, documents: list[list[str]]) -> None:
    postings = Postings.of(documents)
    postings.save(tmp_path / "postings")
    assert_same(Postings.load(tmp_path / "postings"), postings)


def test_loaded_they_can_be_saved_and_changed_again(tmp_path: Path) -> None:
    Postings.of(EXAMPLE).save(tmp_path / "one")
    longer = Postings.load(tmp_path / "one").followed_by(Postings.of([["storm"]]))
    longer.save(tmp_path / "other")
    assert_same(Postings.load(tmp_path / "other"), Postings.of([*EXAMPLE, ["storm"]]))


def test_loading_maps_the_files_and_nobody_can_write_to_them(tmp_path: Path) -> None:
    Postings.of(EXAMPLE).save(tmp_path / "postings")
    rows = Postings.load(tmp_path / "postings").rows
    assert isinstance(rows.base, np.memmap) and isinstance(rows.base.base, mmap.mmap)
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 1


@pytest.mark.parametrize("name", [field.name for field in fields(Postings)])
def test_missing_damaged_and_foreign_files_are_refused(tmp_path: Path, name: str) -> None:
    Postings.of(EXAMPLE).save(tmp_path / "whole")
    file = tmp_path / "damaged" / f"{name}.npy"
    content = (tmp_path / "whole" / file.name).read_bytes()
    for damaged in (None, b"", b"[]", content[:20], content[:-1]):
        shutil.rmtree(file.parent, ignore_errors=True)
        shutil.copytree(tmp_path / "whole", file.parent)
        file.unlink()
        if damaged is not None:
            file.write_bytes(damaged)
        with pytest.raises((OSError, ValueError, EOFError)):
            Postings.load(file.parent)


@pytest.mark.parametrize("name", ["terms", "offsets", "rows", "counts"])
def test_arrays_that_do_not_fit_together_are_refused(tmp_path: Path, name: str) -> None:
    Postings.of(EXAMPLE).save(tmp_path / "postings")
    file = tmp_path / "postings" / f"{name}.npy"
    np.save(file, np.load(file)[:-1])
    with pytest.raises(ValueError, match="do not fit together"):
        Postings.load(tmp_path / "postings")


def test_an_array_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "array.npy"
    for array in (np.zeros(3, np.int64), np.zeros((3, 1), np.int32)):
        np.save(file, array)
        with pytest.raises(ValueError, match=r"array\.npy holds"):
            load_array(file, np.int32)
