import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from index.attributes import NO_DATE, Attributes
from index.catalog import ArticleFacts
from index.errors import CorruptIndexError
from index.filtering import SearchFilter

DAY = dt.date(2022, 10, 6)
FACTS = [
    ArticleFacts(3, "a", DAY, "Gazette", "", ("syria", "raids"), 3),
    ArticleFacts(5, "b", None, "", "sport", (), 3),
    ArticleFacts(9, "c", DAY + dt.timedelta(1), "Gazette", "sport", ("raids",), 9),
]
PASSAGES = np.array([[10, 3], [11, 3], [20, 5], [31, 9]])
MENTIONS = {10: [(5, 6)], 11: [], 20: [(7, 7), (1, 9)], 31: [(2, 2)]}


def mentions(attributes: Attributes, row: int) -> list[list[int]]:
    arrays = attributes.arrays
    first, last = arrays.mention_offsets[row : row + 2]
    found: list[list[int]] = arrays.mentions[first:last].tolist()
    return found


def all_mentions(attributes: Attributes) -> dict[int, list[list[int]]]:
    ids = attributes.arrays.passage_ids.tolist()
    return {id: mentions(attributes, row) for row, id in enumerate(ids)}


def expected(*ids: int) -> dict[int, list[list[int]]]:
    return {id: [list(days) for days in MENTIONS[id]] for id in ids}


def test_each_passage_has_what_its_article_has() -> None:
    attributes = Attributes.build(FACTS, PASSAGES, MENTIONS)
    arrays = attributes.arrays
    assert arrays.article_rows.tolist() == [0, 0, 1, 2]
    assert arrays.dates.tolist() == [DAY.toordinal(), NO_DATE, DAY.toordinal() + 1]
    assert all_mentions(attributes) == expected(10, 11, 20, 31)
    assert attributes.rows_of([31, 10]).tolist() == [3, 0]
    assert attributes.cluster_articles(3).tolist() == [0, 1]
    assert attributes.cluster_articles(9).tolist() == [2]
    assert attributes.cluster_articles(4).tolist() == []
    passing = attributes.passing(SearchFilter(tags=("raids",), sources=("gazette",)))
    assert passing is not None and passing.tolist() == [True, False, True]
    assert attributes.passages_of(passing).tolist() == [True, True, False, True]
    assert attributes.passing(SearchFilter()) is None


def test_what_is_carried_over_is_what_would_be_built_anew() -> None:
    before = Attributes.build(FACTS[:2], PASSAGES[:3], {id: MENTIONS[id] for id in (10, 11, 20)})
    kept = np.array([[20, 5], [31, 9]])
    facts = FACTS[1:]
    carried = Attributes.build(facts, kept, {31: MENTIONS[31]}, before)
    assert all_mentions(carried) == expected(20, 31)
    anew = Attributes.build(facts, kept, {id: MENTIONS[id] for id in (20, 31)})
    for name, array in vars(anew.arrays).items():
        assert np.array_equal(getattr(carried.arrays, name), array), name
    assert carried.names == anew.names


def test_it_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    saved = Attributes.build(FACTS, PASSAGES, MENTIONS)
    saved.save(tmp_path / "attributes")
    loaded = Attributes.load(tmp_path / "attributes")
    for name, array in vars(saved.arrays).items():
        assert np.array_equal(getattr(loaded.arrays, name), array), name
    assert loaded.names == saved.names
    assert isinstance(loaded.arrays.mentions.base, np.memmap)


def test_nothing_has_no_attributes(tmp_path: Path) -> None:
    empty = Attributes.build([], np.empty((0, 2), np.int64), {})
    empty.save(tmp_path / "attributes")
    assert len(Attributes.load(tmp_path / "attributes").arrays.passage_ids) == 0


@pytest.mark.parametrize("name", ["dates.npy", "mentions.npy", "names.json"])
def test_a_missing_or_cut_file_is_named_with_the_mend(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "attributes"
    Attributes.build(FACTS, PASSAGES, MENTIONS).save(folder)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 3])
    with pytest.raises(CorruptIndexError, match=r"attributes.*--rebuild"):
        Attributes.load(folder)
    (folder / name).unlink()
    with pytest.raises(CorruptIndexError, match="--rebuild"):
        Attributes.load(folder)
