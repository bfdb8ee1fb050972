import dataclasses
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexical_corpus import ARTICLES, CORPUS, QUERIES, WORDS, corpus, passages_of

from index.article import Passage
from index.bm25 import Bm25Index


def contents(index: Bm25Index) -> list[list[object]]:
    """All that an index holds, and what it answers."""
    answers = [part.tolist() for query in (*QUERIES, *WORDS) for part in index.search(query, 99)]
    return [index.ids().tolist(), *answers]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ARTICLES, st.randoms(use_true_random=False)), max_size=4))
def test_an_updated_index_is_the_one_built_anew(
    changes: list[tuple[list[tuple[str, list[str]]], Random]],
) -> None:
    index, live = Bm25Index.build([]), list[Passage]()
    for number, (articles, random) in enumerate(changes):
        names = sorted({passage.article.id for passage in live})
        gone = {name for name in names if random.random() < 0.4}
        new = passages_of(articles, first=1000 * (number + 1), name=f"a{number}-")
        index = index.updated([p.id for p in live if p.article.id in gone], new)
        live = [passage for passage in live if passage.article.id not in gone] + new
        assert contents(index) == contents(Bm25Index.build(live))


@settings(max_examples=50, deadline=None)
@given(ARTICLES, st.integers(1, 20))
def test_counting_in_blocks_makes_no_difference(
    articles: list[tuple[str, list[str]]], block: int
) -> None:
    passages = passages_of(articles)
    whole = Bm25Index.build(passages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.bm25.BLOCK", block)
        assert contents(Bm25Index.build(passages)) == contents(whole)


def test_a_loaded_index_can_be_updated_and_saved(tmp_path: Path) -> None:
    old, kept = corpus()[:3], corpus()[3:]
    (new,) = passages_of([("Storm", ["A storm closed the town."])], first=30, name="storm")
    Bm25Index.build(corpus()).save(tmp_path / "one")
    index = Bm25Index.load(tmp_path / "one").updated([p.id for p in old], [new])
    index.save(tmp_path / "other")
    expected = contents(Bm25Index.build([*kept, new]))
    assert contents(index) == contents(Bm25Index.load(tmp_path / "other")) == expected
    assert contents(Bm25Index.load(tmp_path / "one")) == contents(Bm25Index.build(corpus()))


def test_all_articles_can_go() -> None:
    index = Bm25Index.build(corpus()).updated(sorted(CORPUS), [])
    assert contents(index) == contents(Bm25Index.build([]))


def test_ids_may_come_as_an_array_and_twice() -> None:
    index = Bm25Index.build(corpus())
    assert index.updated(np.array([24, 24]), []).ids().tolist() == [11, 12, 15, 19, 23]


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ([11, 12, 15, 13], "no passage has the id 13"),
        ([99], "no passage has the id 99"),
        ([11, 15], "passage 11 cannot go while others of its article stay"),
    ],
)
def test_what_cannot_go_is_refused(gone: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Bm25Index.build(corpus()).updated(gone, [])


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ([0, 1, 2, 5, 3, 4], "passage 19 comes after passage 24"),
        ([0, 0], "passage 11 comes after passage 11"),
    ],
)
def test_passages_out_of_order_are_refused(order: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Bm25Index.build(corpus()[place] for place in order)


def test_passages_of_two_articles_in_turn_are_refused() -> None:
    first, second, other = passages_of([("", ["raid", "vote"]), ("", ["storm"])])
    turned = [first, dataclasses.replace(other, id=2), dataclasses.replace(second, id=3)]
    with pytest.raises(ValueError, match="other articles come between those of 'a0'"):
        Bm25Index.build(turned)


def test_new_passages_come_after_those_that_stay() -> None:
    with pytest.raises(ValueError, match="passage 20 comes after passage 24"):
        Bm25Index.build(corpus()).updated([], passages_of([("", ["raid"])], first=20))
