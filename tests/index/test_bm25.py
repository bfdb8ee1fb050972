import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Okapi
from small_articles import article

from index.analysis import Analyzer
from index.article import Passage
from index.bm25 import ARTICLE_WEIGHT, Bm25Index
from index.errors import CorruptIndexError

HEADLINES = {
    "raid": "Leader of the group killed in Syria",
    "town": "Council votes on libraries",
    "shares": "",
}
CORPUS = {
    11: ("raid", "US helicopters landed in the village after midnight."),
    12: ("raid", "The raid was the first known raid in the village; a raid like no other raid."),
    15: ("raid", "Al Quraishi blew himself up during a US raid in the town of Atme."),
    19: ("town", "The town council voted to close two libraries in town."),
    23: ("town", "It had met after midnight."),
    24: ("shares", "Shares fell after the company said that sales had slowed in March."),
}
QUERIES = ("raid in the village", "US raid town", "raid raid Atme", "sales in March", "Syria met")


def corpus() -> list[Passage]:
    """Passages in articles that are all their passages, in order."""
    made = []
    for name, title in HEADLINES.items():
        parts = {id: text for id, (owner, text) in CORPUS.items() if owner == name}
        whole = article(name, "\n\n".join(parts.values()), title=title)
        for id, text in parts.items():
            start = whole.text.index(text)
            made.append(Passage(id, whole, start, start + len(text)))
    return made


def indexed(texts: dict[int, str]) -> Bm25Index:
    """Each text as the passage of an article of its own without a title."""
    return Bm25Index.build(
        Passage(id, article(f"a{id}", text, title=""), 0, len(text)) for id, text in texts.items()
    )


def found(index: Bm25Index, query: str, k: int = 10) -> list[int]:
    return index.search(query, k)[0].tolist()


def lucene_scores(texts: list[str], query: str) -> list[float]:
    """Lucene's BM25 by its formula, over rank_bm25's statistics of `texts`."""
    analyzer = Analyzer()
    counted = BM25Okapi([analyzer.terms(text) for text in texts], k1=1.5, b=0.75)
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
    reference = BM25Okapi([analyzer.terms(text) for text in texts.values()], k1=1.5, b=0.75)
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
