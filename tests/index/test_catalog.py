import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_articles import article, at_once

from index.article import Article
from index.catalog import FILE_NAME, Catalog
from index.catalog.records import VARIABLES
from index.errors import ArchiveBusyError, CorruptIndexError


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path)
    yield opened
    opened.close()


def publish(
    catalog: Catalog,
    *added: Article,
    retired: tuple[str, ...] = (),
    spans: tuple[tuple[int, int], ...] = ((0, 4), (5, 9)),
) -> int:
    """A generation as the builder makes one, without its files."""
    with catalog.writing():
        generation = catalog.add_generation(f"g{len(catalog.generations())}", {"model": "m"})
        for id in (*retired, *(new.id for new in added)):
            if stored := catalog.stored(id, generation):
                catalog.retire_article(stored.key, generation)
        for new in added:
            catalog.add_passages(catalog.add_article(new, generation), spans, generation)
        catalog.publish(generation, {"faiss.index": "0" * 64}, 1.5)
    return generation


def test_an_article_comes_back_as_it_was_given(catalog: Catalog) -> None:
    given = article(
        "a", "😀 e\u0301\r\n\u00a0\x00end", date=None, origin="/x/a.txt", title="T\u2029"
    )
    generation = publish(catalog, given)
    found = catalog.article("a", generation)
    assert found == given and found is not None and found.origin == "/x/a.txt"
    assert found.content_hash == given.content_hash == catalog.content_hash("a", generation)
    assert catalog.article("b", generation) is None
    assert catalog.content_hash("b", generation) == ""


def test_the_authors_come_back_in_their_order(catalog: Catalog) -> None:
    given = article("a", authors=("Zoë Roe", 'Doe, "Jane"'), tags=("Town",))
    generation = publish(catalog, given, article("b"))
    found = catalog.article("a", generation)
    assert found == given and found is not None
    assert found.content_hash == catalog.content_hash("a", generation)
    none = catalog.article("b", generation)
    assert none is not None and none.authors == ()


def test_an_older_generation_stays_whole_after_changes(catalog: Catalog) -> None:
    first = publish(catalog, article("a", "Old text."), article("b", "Text of b."))
    ids = catalog.passage_ids(first)
    second = publish(catalog, article("a", "New text."), retired=("b",))
    assert catalog.passage_ids(first) == ids
    assert [summary.id for summary in catalog.articles(first)] == ["a", "b"]
    assert [summary.passages for summary in catalog.articles(first)] == [2, 2]
    assert [p.text for p in catalog.all_passages(first)] == ["Old ", "ext.", "Text", "of b"]
    assert [p.text for p in catalog.all_passages(second)] == ["New ", "ext."]
    assert [summary.id for summary in catalog.articles(second)] == ["a"]
    old, new = catalog.article("a", first), catalog.article("a", second)
    assert old and new and (old.text, new.text) == ("Old text.", "New text.")
    assert all(catalog.is_whole(record) for record in catalog.generations())


def test_passage_ids_are_never_used_again(catalog: Catalog) -> None:
    seen: set[int] = set()
    for _ in range(4):
        ids = catalog.passage_ids(publish(catalog, article("a")))
        assert not seen & set(ids) and min(ids) > max(seen, default=0)
        seen |= set(ids)
        with catalog.writing():
            catalog.purge_articles(["a"])
        assert catalog.passages(sorted(seen)) == {}


def test_what_is_purged_is_missing_from_older_generations(catalog: Catalog) -> None:
    first = publish(catalog, article("a"), article("b"))
    publish(catalog, retired=("a",))
    with catalog.writing():
        catalog.purge_articles(["a"])
    assert [summary.id for summary in catalog.articles(first)] == ["b"]
    assert [catalog.is_whole(record) for record in catalog.generations()] == [False, True]


def test_passages_no_generation_holds_any_more_can_be_purged(catalog: Catalog) -> None:
    first = publish(catalog, article("a", "Old text."))
    gone = catalog.passage_ids(first)
    second = publish(catalog, article("a", "New text."))
    with catalog.writing():
        catalog.purge_passages(first)
    assert set(catalog.passages(gone)) == set(gone)
    with catalog.writing():
        catalog.purge_passages(second)
        catalog.forget_generations([first])
    assert catalog.passages(gone) == {}
    assert [record.id for record in catalog.generations()] == [second]
    assert catalog.damage() == []


def test_an_error_in_a_transaction_undoes_all_of_it(catalog: Catalog) -> None:
    first = publish(catalog, article("a"))
    with pytest.raises(KeyError, match="boom"), catalog.writing():
        catalog.retire_article(1, 99)
        catalog.add_article(article("b"), 99)
        raise KeyError("boom")
    assert [summary.id for summary in catalog.articles(99)] == ["a"]
    assert catalog.current_generation_id() == first
    publish(catalog, article("c"))


def test_one_article_has_one_newest_revision(catalog: Catalog) -> None:
    generation = publish(catalog, article("a"))
    with pytest.raises(sqlite3.IntegrityError), catalog.writing():
        catalog.add_article(article("a", "Another."), generation)
    publish(catalog, article("a", "Another one."))
    generation = publish(catalog)
    stored = catalog.stored("a", generation)
    assert stored is not None and stored.revision == 2
    assert [found.text for _, found in catalog.newest_articles(generation)] == ["Another one."]


def test_more_passages_than_a_statement_takes_are_all_found(catalog: Catalog) -> None:
    spans = tuple((n, n + 1) for n in range(VARIABLES + 5))
    generation = publish(catalog, article("a", "x" * (VARIABLES + 5)), spans=spans)
    ids = catalog.passage_ids(generation)
    assert len(catalog.passages(ids)) == len(list(catalog.all_passages(generation))) == len(spans)
    assert catalog.passage_ids_of("a", generation) == ids


def test_articles_are_listed_newest_first_and_those_without_a_date_last(catalog: Catalog) -> None:
    dates = {"old": dt.date(2001, 1, 1), "none": None, "new": dt.date(2024, 2, 29)}
    generation = publish(catalog, *(article(id, date=date) for id, date in dates.items()))
    assert [summary.id for summary in catalog.articles(generation)] == ["new", "old", "none"]


@pytest.mark.parametrize(
    "content", [b"this is no database" * 100, b"SQLite format 3\0" + b"x" * 900]
)
def test_a_file_that_is_no_catalog_is_named_a_corrupt_index(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(CorruptIndexError, match=r"catalog\.sqlite3"):
        Catalog(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_damaged_page_is_named_and_not_a_traceback(tmp_path: Path) -> None:
    with_articles = Catalog(tmp_path)
    generation = publish(with_articles, *(article(f"a{n}", "x" * 3000) for n in range(30)))
    with_articles.checkpoint()
    with_articles.close()
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    half = len(content) // 2  # the schema is whole, articles are not
    content[half:] = b"\xff" * (len(content) - half)
    file.write_bytes(content)
    damaged = Catalog(tmp_path)
    assert damaged.damage() != []
    with pytest.raises(CorruptIndexError, match="damaged"):
        list(damaged.articles(generation))
    damaged.close()


def test_a_writer_that_holds_the_catalog_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.database.BUSY_TIMEOUT_S", 0.05)
    one, other = Catalog(tmp_path), Catalog(tmp_path)
    with one.writing():
        with pytest.raises(ArchiveBusyError, match="another process"), other.writing():
            pass
        assert list(other.articles(1)) == []  # readers go on
    one.close()
    other.close()


def test_threads_share_a_catalog(catalog: Catalog) -> None:
    generation = publish(catalog, *(article(f"a{n}") for n in range(20)))

    def read() -> None:
        for n in range(60):
            assert catalog.article(f"a{n % 20}", generation) is not None
            assert len(catalog.passage_ids(generation)) == 40

    def write() -> None:
        for n in range(15):
            publish(catalog, article(f"b{n}"))

    at_once(read, read, write)
    assert len(catalog.generations()) == 16
