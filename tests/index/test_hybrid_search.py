import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from fake_model import DIMENSION, FakeModel
from small_articles import article, passages

from index.article import ArticleReference, Passage
from index.attributes import Attributes
from index.bm25 import Bm25Index
from index.catalog import ArticleFacts
from index.filtering import FilterError, SearchFilter
from index.fusion import DENSE_WEIGHT
from index.hybrid_search import HybridSearch
from index.recency import LATEST_WEIGHT, PERIOD_WEIGHT, RECENCY_WEIGHT
from index.vector_index import new_index
from index.vector_search import VectorSearch

TEXTS = (
    "The raid in Atme killed the leader.",
    "The council closed two libraries.",
    "Shares fell in March. 😀",
)
DAY = dt.date(2023, 5, 17)
"""On which small articles appear."""


@dataclass
class Shelf:
    """Passages by id; the key of an article is the id of its passage."""

    content: dict[int, Passage]

    def passages(self, ids: Iterable[int]) -> Mapping[int, Passage]:
        return {id: self.content[id] for id in ids if id in self.content}

    def references(self, keys: Iterable[int]) -> list[ArticleReference]:
        found = [self.content[key].article for key in keys]
        return [ArticleReference(a.id, a.title, a.date, a.source, a.url) for a in found]


def searcher(
    content: dict[int, Passage],
    clusters: Mapping[int, int] | None = None,
    mentions: Mapping[int, list[tuple[int, int]]] | None = None,
    **options: object,
) -> HybridSearch:
    """Over passages that are each the only one of their article."""
    model = FakeModel()
    ids = np.array(sorted(content), np.int64)
    vectors = model.encode_documents([content[id].text for id in ids.tolist()])
    facts = [
        ArticleFacts(
            id,
            passage.article.id,
            passage.article.date,
            passage.article.source,
            passage.article.article_set,
            passage.article.tags,
            (clusters or {}).get(id, id),
        )
        for id, passage in sorted(content.items())
    ]
    days = {id: (mentions or {}).get(id, []) for id in content}
    index = new_index(DIMENSION)
    if content:
        index.add_with_ids(vectors, ids)
    return HybridSearch(
        dense=VectorSearch(index),
        bm25=Bm25Index.build(content.values()),
        attributes=Attributes.build(facts, np.stack([ids, ids], axis=1), days),
        model=model,  # type: ignore[arg-type]
        catalog=Shelf(content),
        today=lambda: DAY,
        **options,  # type: ignore[arg-type]
    )


def found(search: HybridSearch, query: str, k: int = 10, **options: object) -> list[int]:
    return [hit.passage.id for hit in search.search(query, k, **options)]  # type: ignore[arg-type]


def test_hits_carry_both_scores_and_the_fused_one() -> None:
    first, *rest = searcher(passages(*TEXTS)).search("libraries council", 3)
    assert first.passage.text == TEXTS[1]
    assert 0 < first.cosine <= 1 and first.bm25 > 0
    combined = DENSE_WEIGHT * first.cosine + (1 - DENSE_WEIGHT) * 1.0  # it has the highest BM25
    assert first.score == pytest.approx((1 + RECENCY_WEIGHT) * combined, rel=1e-5)
    assert [hit.bm25 for hit in rest] == [0.0, 0.0] and all(hit.cosine < 1 for hit in rest)
    assert len(rest) == 2


def test_a_list_may_be_longer_than_the_candidates_of_each_ranking() -> None:
    content = passages(*(f"Report {n} of the raid." for n in range(150)))
    assert len(searcher(content).search("raid", 140)) == 140


def test_a_passage_that_was_removed_meanwhile_is_left_out() -> None:
    content = passages(*TEXTS)
    search = searcher(content)
    del content[2]
    assert set(found(search, "libraries council", 3)) == {1, 3}


def test_any_question_is_searched_also_one_without_words() -> None:
    for query in ("", "😀", "?", "the", "x" * 5000):
        assert len(searcher(passages(*TEXTS)).search(query, 2)) == 2


def test_nothing_is_found_in_nothing() -> None:
    assert searcher({}).search("raid", 3) == []


# -- filters ---------------------------------------------------------------------------


def dated(*days: dt.date | None, **fields: object) -> dict[int, Passage]:
    """Passages that differ in one word, of articles of these days."""
    content = {}
    for id, day in enumerate(days, start=1):
        one = article(f"a{id}", f"The raid number {id}.", date=day, **fields)
        content[id] = Passage(id, one, 0, len(one.text))
    return content


def test_ten_results_are_ten_however_narrow_the_filter() -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(n) for n in range(600)]
    search = searcher(dated(*days))
    last = SearchFilter(since=days[590])
    # Passages 1 to 590 come first without the filter: it has to be inside the search.
    assert sorted(found(search, "raid number", 10, within=last)) == list(range(591, 601))
    assert len(found(search, "nothing alike", 10, within=last)) == 10


def test_a_day_is_inside_its_own_range_and_an_undated_article_in_none() -> None:
    search = searcher(dated(DAY, DAY + dt.timedelta(1), None))
    assert found(search, "raid", within=SearchFilter(since=DAY, until=DAY)) == [1]
    assert sorted(found(search, "raid", within=SearchFilter(until=DAY))) == [1]
    assert sorted(found(search, "raid")) == [1, 2, 3]


def test_sources_sets_and_tags_are_matched_without_regard_to_case() -> None:
    content = {}
    for id, (source, set_, tags) in enumerate(
        [("CNN", "world", ("Syria", "raids")), ("The Week", "", ()), ("cnn", "home", ("raids",))],
        start=1,
    ):
        one = article(f"a{id}", f"Raid {id}.", source=source, article_set=set_, tags=tags)
        content[id] = Passage(id, one, 0, len(one.text))
    search = searcher(content)

    def ids(**wanted: tuple[str, ...]) -> list[int]:
        return sorted(found(search, "raid", within=SearchFilter(**wanted)))  # type: ignore[arg-type]

    assert ids(sources=("cnn",)) == [1, 3]
    assert ids(sources=("CNN", "the week")) == [1, 2, 3]
    assert ids(article_sets=("World",)) == [1]
    assert ids(tags=("RAIDS",)) == [1, 3] and ids(tags=("syria",)) == [1]
    assert ids(tags=("raids",), article_sets=("home",)) == [3]


def test_a_name_that_no_article_has_is_an_error_that_names_close_ones() -> None:
    search = searcher(passages(*TEXTS))
    with pytest.raises(FilterError, match="no article has the source 'gazete': try 'Gazette'"):
        search.search("raid", 3, within=SearchFilter(sources=("gazete",)))
    with pytest.raises(FilterError, match="no article has the tag 'x': no article has a tag"):
        search.search("raid", 3, within=SearchFilter(tags=("x",)))
    with pytest.raises(FilterError, match="swap"):
        SearchFilter(since=DAY, until=DAY - dt.timedelta(1))


# -- dates -----------------------------------------------------------------------------


def test_of_two_articles_alike_the_newer_comes_first() -> None:
    search = searcher(dated(DAY - dt.timedelta(400), DAY, None))
    assert found(search, "raid number")[0] == 2
    # Counted from another day, the second has not appeared yet.
    assert found(search, "raid number", as_of=DAY - dt.timedelta(390))[0] == 1


def test_asking_for_the_latest_weighs_more() -> None:
    search = searcher(dated(DAY))
    for query, weight in (("raid number", RECENCY_WEIGHT), ("latest raid number", LATEST_WEIGHT)):
        (hit,) = search.search(query, 1)
        combined = DENSE_WEIGHT * hit.cosine + (1 - DENSE_WEIGHT) * 1.0
        assert hit.score == pytest.approx((1 + weight) * combined, rel=1e-5)


def test_a_period_that_has_just_ended_is_of_the_new_as_well() -> None:
    """Else an article of this Monday would lose against one that only mentions last week."""
    days = [DAY - dt.timedelta(9), DAY - dt.timedelta(2), DAY - dt.timedelta(300)]
    week = (DAY - dt.timedelta(9)).toordinal()
    search = searcher(dated(*days), mentions={3: [(week, week)]})
    hits = search.search("the raid number last week", 3)
    scores = {hit.passage.id: hit.score for hit in hits}
    assert scores[1] > scores[2] and scores[1] > scores[3]


def test_a_period_in_the_question_raises_what_is_from_it_or_tells_of_it() -> None:
    march = dt.date(2021, 3, 9)
    content = dated(dt.date(2019, 6, 1), march, dt.date(2022, 1, 5), DAY)
    told = {3: [(march.toordinal(), march.toordinal())]}
    search = searcher(content, mentions=told)
    hits = search.search("the raid number in March 2021", 4)
    assert {hit.passage.id for hit in hits[:2]} == {2, 3}
    plain = searcher(content).search("the raid number in March 2021", 4)
    scores = {hit.passage.id: hit.score for hit in hits}
    others = {hit.passage.id: hit.score for hit in plain}
    assert scores[3] == pytest.approx((1 + PERIOD_WEIGHT) * others[3])  # and no recency
    assert scores[2] == others[2] and scores[4] == others[4]


# -- near copies -----------------------------------------------------------------------


def test_a_story_is_shown_once_and_names_its_copies() -> None:
    content = dated(DAY - dt.timedelta(2), DAY - dt.timedelta(1), DAY, DAY - dt.timedelta(9))
    search = searcher(content, clusters={1: 1, 2: 1, 3: 1, 4: 4})
    first, second = search.search("raid number", 10)
    assert {first.passage.id, second.passage.id} == {3, 4}
    copies = first if first.passage.id == 3 else second
    assert {copy.id for copy in copies.also_in} == {"a1", "a2"}
    lone = second if copies is first else first
    assert lone.also_in == ()


def test_copies_that_a_filter_excludes_are_not_named() -> None:
    content = dated(DAY - dt.timedelta(5), DAY - dt.timedelta(1), DAY)
    search = searcher(content, clusters={1: 1, 2: 1, 3: 1})
    (hit,) = search.search("raid", 10, within=SearchFilter(since=DAY - dt.timedelta(1)))
    assert [copy.id for copy in hit.also_in] == ["a2"]


def test_as_many_stories_as_were_asked_for_come_however_often_one_is_told() -> None:
    content = dated(*[DAY] * 500)
    clusters = dict.fromkeys(range(1, 401), 1)
    assert len(found(searcher(content, clusters=clusters), "raid number", 60)) == 60


# -- reranking -------------------------------------------------------------------------


class Backwards:
    """Prefers what comes later."""

    def scores(self, query: str, texts: list[str]) -> np.ndarray:
        return np.arange(len(texts), dtype=np.float32)


def test_the_reranker_reads_its_depth_also_where_fewer_are_asked_for() -> None:
    content = dated(*[DAY] * 8)
    before = found(searcher(content), "raid number")
    search = searcher(content, reranker=Backwards(), rerank_depth=4)
    assert found(search, "raid number", 2) == before[3:1:-1]
    assert found(search, "raid number") == [*before[3::-1], *before[4:]]
