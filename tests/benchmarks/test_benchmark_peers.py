"""The peers: what they index, where their pieces stand, and how they rank."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from rank_bm25 import BM25Okapi

from benchmarks.datasets import SourceArticle, load_dataset
from benchmarks.peers import (
    Hit,
    PlainBM25,
    StockLlamaIndex,
    TokenCounter,
    bm25_over_articles,
    misplaced,
    peers,
    stock_chunks,
)


def test_bm25_ranks_as_the_reference_does() -> None:
    words = ["red fox", "red red dog", "blue bird sings loud", "blue fox chases red fox", "snow"]
    mine = PlainBM25("x", [("", Hit(str(place), 0, 1, text)) for place, text in enumerate(words)])
    reference = BM25Okapi([text.split() for text in words])
    scores = reference.get_scores(["blue", "fox"])
    expected = sorted((i for i in range(5) if scores[i] > 0), key=lambda i: -scores[i])
    assert [int(hit.article_id) for hit in mine.search("blue fox", 10)] == expected


def test_bm25_finds_titles_and_stems_and_leaves_out_what_shares_no_word(folder: Path) -> None:
    system = bm25_over_articles(load_dataset(folder).articles.values())
    assert [hit.article_id for hit in system.search("comets", 10)] == ["comet"]
    assert [hit.article_id for hit in system.search("strikes", 10)] == ["strike"]
    assert system.search("zebra", 10) == []


def test_stock_chunks_say_where_they_stand(folder: Path) -> None:
    articles = dict(load_dataset(folder).articles)
    sentence = "The council met on day {}. Nobody could say how it would end. "
    long = SourceArticle("long", "Long", "".join(sentence.format(day) for day in range(400)))
    articles["long"] = long
    chunks = stock_chunks(articles.values())
    assert sum(chunk.article_id == "long" for chunk in chunks) > 3
    assert all(
        articles[chunk.article_id].text[chunk.start : chunk.end] == chunk.text for chunk in chunks
    )


def test_the_token_counter_knows_what_the_model_reads() -> None:
    assert TokenCounter().count(["the town", "word " * 300]) == (4 + 256, 4 + 302)


def test_peers_without_llamaindexs_embedding(folder: Path) -> None:
    systems = peers(load_dataset(folder).articles, stock=False)
    assert [system.name for system in systems] == [
        "BM25, whole articles",
        "BM25, LlamaIndex's chunks",
    ]


@pytest.mark.skipif(
    importlib.util.find_spec("llama_index.embeddings.huggingface") is None,
    reason="stock LlamaIndex needs the extra: pip install -e '.[bench]'",
)
def test_stock_llamaindex_finds_the_article(folder: Path) -> None:
    articles = load_dataset(folder).articles
    system = StockLlamaIndex(articles.values())
    assert len(system.pieces) == len(articles)
    assert misplaced(system, articles) == 0
    assert system.search("Which town did the river flood?", 50)[0].article_id == "flood"
