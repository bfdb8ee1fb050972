import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lexical_corpus import ARTICLES, CORPUS, HEADLINES, QUERIES, TEXTS, corpus, passages_of
from rank_bm25 import BM25Okapi
from small_articles import article, at_once

from index.analysis import Analyzer
from index.article import Passage
from index.bm25 import ANALYSIS_VERSION, ARTICLE_WEIGHT, VERSION, Bm25Index
from index.errors import CorruptIndexError


def indexed(texts: dict[int, str]) -> Bm25Index:
    """Each text as the passage of an article of its own without a title."""
    return Bm25Index.build(
        Passage(id, article(f"a{id}", text, title=""), 0, len(text))
        for id, text in sorted(texts.items())
    )


def found(index: Bm25Index, query: str, k: int = 10) -> list[int]:
    return index.search(query, k)[0].tolist()


def lucene_scores(texts: list[str], query: str) -> list[float]:
    """Lucene's BM25 by its formula, over rank_bm25's statistics of `texts`."""
    analyzer = Analyzer()
    counted = BM25Okapi([analyzer.index_terms(text) for text in texts], k1=1.5, b=0.75)
    scores = []
    for frequencies, length in zip(counted.doc_freqs, counted.doc_len, strict=True):
        norm = counted.k1 * (1 - counted.b + counted.b * length / counted.avgdl)
        score = 0.0
        for term in analyzer.terms(query):
            holding = sum(term in others for others in counted.doc_freqs)
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            score += idf * frequencies.get(term, 0) / (frequencies.get(term, 0) + norm)
        scores.append(score)
    return scores


def bm25s_scores(texts: Sequence[str], query: str) -> Iterable[float]:
    """Those of bm25s with its defaults, over the analyzer's terms."""
    analyzer = Analyzer()
    documents = [analyzer.index_terms(text) for text in texts]
    if not any(documents):
        return np.zeros(len(texts))
    reference = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    reference.index(documents, show_progress=False)
    terms = [term for term in analyzer.terms(query) if term in reference.vocab_dict]
    return reference.get_scores(terms) if terms else np.zeros(len(texts))


def assert_scored(index: Bm25Index, query: str, expected: dict[int, float]) -> None:
    """That `query` finds what has a score above 0, with that score, best first."""
    ids, scores = index.search(query, len(expected))
    found = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    assert found == pytest.approx({id: s for id, s in expected.items() if s > 0}, abs=1e-4)
    assert ids.tolist() == sorted(found, key=lambda id: (-found[id], id))


@settings(max_examples=200, deadline=None)
@given(ARTICLES, TEXTS)
def test_passages_alone_are_scored_as_by_bm25s(
    articles: list[tuple[str, list[str]]], query: str
) -> None:
    passages = passages_of(articles)
    own = bm25s_scores([passage.text for passage in passages], query)
    expected = dict(zip((passage.id for passage in passages), own, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.bm25.ARTICLE_WEIGHT", 0.0)
        assert_scored(Bm25Index.build(passages), query, expected)


@settings(max_examples=200, deadline=None)
@given(ARTICLES, TEXTS)
def test_with_their_articles_they_are_scored_as_by_bm25s_over_both(
    articles: list[tuple[str, list[str]]], query: str
) -> None:
    passages = passages_of(articles)
    own = bm25s_scores([passage.text for passage in passages], query)
    whole = bm25s_scores([" ".join([title, *texts]) for title, texts in articles], query)
    of_article = dict(zip((f"a{number}" for number in range(len(articles))), whole, strict=True))
    expected = {
        passage.id: score + ARTICLE_WEIGHT * of_article[passage.article.id]
        for passage, score in zip(passages, own, strict=True)
    }
    assert_scored(Bm25Index.build(passages), query, expected)


@pytest.mark.parametrize("query", QUERIES)
def test_scores_are_those_of_the_formula_over_rank_bm25_s_statistics(query: str) -> None:
    whole = [
        " ".join([title, *(text for owner, text in CORPUS.values() if owner == name)])
        for name, title in HEADLINES.items()
    ]
    of_article = dict(zip(HEADLINES, lucene_scores(whole, query), strict=True))
    of_passage = lucene_scores([text for _, text in CORPUS.values()], query)
    expected = {
        id: own + ARTICLE_WEIGHT * of_article[name]
        for (id, (name, _)), own in zip(CORPUS.items(), of_passage, strict=True)
    }
    ids, scores = Bm25Index.build(corpus()).search(query, 10)
    order = sorted((id for id in expected if expected[id] > 0), key=lambda id: -expected[id])
    assert ids.tolist() == order
    assert scores.tolist() == pytest.approx([expected[id] for id in order], rel=1e-5)


@pytest.mark.parametrize("query", ["libraries", "raid", "March", "Barisha", "helicopters"])
def test_one_term_queries_rank_as_rank_bm25_does(query: str) -> None:
    """With one term idf is but a factor, so both formulas have to agree on the order."""
    texts = {
        1: "The raid in Barisha.",
        2: "A raid, and one more raid, in March.",
        3: "Two libraries were closed after the helicopters had left in March.",
        4: "Nothing else, in many more words than there are in any other one.",
        5: "Helicopters.",
    }
    analyzer = Analyzer()
    reference = BM25Okapi([analyzer.index_terms(text) for text in texts.values()], k1=1.5, b=0.75)
    reference.idf = dict.fromkeys(reference.idf, 1.0)  # its own turns negative for frequent terms
    scores = reference.get_scores(analyzer.terms(query))
    order = [list(texts)[i] for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
    assert order and found(indexed(texts), query) == order


def test_a_passage_is_found_by_its_headline_and_by_the_rest_of_its_article() -> None:
    index = Bm25Index.build(corpus())
    assert sorted(found(index, "Syria")) == [11, 12, 15]
    assert found(index, "libraries") == [19, 23]
    assert found(index, "When had the libraries met after midnight?")[0] == 23


SPELLINGS = ("Al-Quraishi", "al Quraishi", "AlQuraishi", "Quraishi")


@pytest.mark.parametrize("query", SPELLINGS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_names_find_each_other(spelling: str, query: str) -> None:
    index = indexed({1: "Nobody else.", 2: f"The leader {spelling} was killed."})
    assert found(index, f"where was {query} killed?")[0] == 2
    assert found(index, query) == [2]


def test_a_query_of_stop_words_or_of_unknown_words_finds_nothing() -> None:
    index = Bm25Index.build(corpus())
    for query in ("the of and", "", "zyzzyva", "😀"):
        ids, scores = index.search(query, 5)
        assert len(ids) == len(scores) == 0


def test_no_more_are_found_than_asked_for() -> None:
    index = Bm25Index.build(corpus())
    assert found(index, "town", 0) == []
    assert found(index, "town", 2) == found(index, "town")[:2]


def test_equal_scores_come_in_the_order_of_ids_also_where_the_list_is_cut() -> None:
    index = indexed({**dict.fromkeys((9, 4, 7, 1, 8, 3), "the same raid"), 2: "other"})
    assert found(index, "raid") == [1, 3, 4, 7, 8, 9]
    assert found(index, "raid", 3) == [1, 3, 4]


@settings(max_examples=100, deadline=None)
@given(ARTICLES, TEXTS, st.integers(1, 6))
def test_the_best_are_the_head_of_all_however_they_are_picked_out(
    articles: list[tuple[str, list[str]]], query: str, k: int
) -> None:
    index = Bm25Index.build(passages_of(articles))
    every, scores = index.search(query, 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.bm25.STRETCH", 2)
        ids, values = index.search(query, k)
    assert ids.tolist() == every[:k].tolist()
    assert values.tolist() == scores[:k].tolist()


@settings(max_examples=100, deadline=None)
@given(ARTICLES, TEXTS, st.integers(1, 6), st.randoms(use_true_random=False))
def test_a_mask_leaves_out_passages_and_changes_neither_order_nor_scores(
    articles: list[tuple[str, list[str]]], query: str, k: int, random: Random
) -> None:
    index = Bm25Index.build(passages_of(articles))
    allowed = np.array([random.random() < 0.5 for _ in index.passage_ids], dtype=np.bool_)
    allowed_ids = set(index.passage_ids[allowed].tolist())
    expected = [
        (id, score)
        for id, score in zip(*map(np.ndarray.tolist, index.search(query, 1000)), strict=True)
        if id in allowed_ids
    ]
    ids, scores = index.search(query, k, allowed=allowed)
    assert list(zip(ids.tolist(), scores.tolist(), strict=True)) == expected[:k]


@pytest.mark.parametrize(
    "mask", [np.ones(5, np.bool_), np.ones(6, np.int64), np.ones((6, 1), bool)]
)
def test_a_mask_of_another_shape_or_kind_is_refused(mask: Any) -> None:
    with pytest.raises(ValueError, match="must be 6 booleans"):
        Bm25Index.build(corpus()).search("raid", 3, allowed=mask)


def test_threads_search_one_index_at_once() -> None:
    index = Bm25Index.build(corpus())
    expected = [found(index, query) for query in QUERIES]

    def searching() -> None:
        for _ in range(50):
            assert [found(index, query) for query in QUERIES] == expected

    at_once(*[searching] * 4)


def test_passages_without_terms_are_held_and_never_found() -> None:
    index = indexed({1: "The", 2: "the raid", 3: "..."})
    assert index.ids().tolist() == [1, 2, 3]
    assert found(index, "raid") == [2]


@pytest.mark.parametrize("texts", [{}, {4: "the", 5: "..."}])
def test_an_index_without_any_term(tmp_path: Path, texts: dict[int, str]) -> None:
    indexed(texts).save(tmp_path / "bm25")
    index = Bm25Index.load(tmp_path / "bm25")
    assert found(index, "raid") == []
    assert index.ids().tolist() == list(texts)


def test_a_loaded_index_answers_like_the_saved_one(tmp_path: Path) -> None:
    index = Bm25Index.build(corpus())
    index.save(tmp_path / "bm25")
    loaded = Bm25Index.load(tmp_path / "bm25")
    assert loaded.ids().tolist() == sorted(CORPUS)
    for query in QUERIES:
        for one, other in zip(index.search(query, 4), loaded.search(query, 4), strict=True):
            assert one.tolist() == other.tolist()


def test_a_missing_or_damaged_file_is_named_a_corrupt_index(tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    Bm25Index.build(corpus()).save(whole)
    for file in sorted(path for path in whole.rglob("*") if path.is_file()):
        for content in (None, b"", b"[]", file.read_bytes()[:20]):
            shutil.rmtree(damaged, ignore_errors=True)
            shutil.copytree(whole, damaged)
            target = damaged / file.relative_to(whole)
            target.unlink()
            if content is not None:
                target.write_bytes(content)
            with pytest.raises(CorruptIndexError, match="--rebuild"):
                Bm25Index.load(damaged)


def test_files_of_another_form_are_named_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Bm25Index.build(corpus()).save(tmp_path / "bm25")
    monkeypatch.setattr("index.bm25.VERSION", VERSION + 1)
    assert not Bm25Index.is_current(tmp_path / "bm25")
    with pytest.raises(CorruptIndexError, match="--rebuild"):
        Bm25Index.load(tmp_path / "bm25")


def test_an_index_of_another_analysis_can_be_searched_but_is_not_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Bm25Index.build(corpus()).save(tmp_path / "bm25")
    assert Bm25Index.is_current(tmp_path / "bm25")
    monkeypatch.setattr("index.bm25.ANALYSIS_VERSION", ANALYSIS_VERSION + 1)
    assert not Bm25Index.is_current(tmp_path / "bm25")
    assert found(Bm25Index.load(tmp_path / "bm25"), "libraries") == [19, 23]


@pytest.mark.parametrize("meta", [None, b"", b"[]", b"\xff", b"{}"])
def test_what_is_no_index_is_not_current(tmp_path: Path, meta: bytes | None) -> None:
    if meta is not None:
        (tmp_path / "meta.json").write_bytes(meta)
    assert not Bm25Index.is_current(tmp_path)


@pytest.mark.parametrize("name", ["passage_ids.npy", "article_rows.npy", "passages", "articles"])
def test_files_of_two_indexes_are_refused(tmp_path: Path, name: str) -> None:
    Bm25Index.build(corpus()).save(tmp_path / "one")
    Bm25Index.build(corpus()[3:]).save(tmp_path / "other")
    (tmp_path / "one" / name).rename(tmp_path / "aside")
    (tmp_path / "other" / name).rename(tmp_path / "one" / name)
    with pytest.raises(CorruptIndexError):
        Bm25Index.load(tmp_path / "one")
