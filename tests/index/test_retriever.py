import pytest
from fake_model import FakeModel
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import TextNode
from small_articles import passages
from test_faiss_store import add, store_of

from index.archive import Archive
from index.article import Article, Passage
from index.bm25 import Bm25Index
from index.fusion import RRF_K
from index.retriever import HybridRetriever

TEXTS = (
    "The raid in Atme killed the leader.",
    "The council closed two libraries.",
    "Shares fell in March. 😀",
)


def retriever(catalog: dict[int, Passage], k: int = 10) -> HybridRetriever:
    store = store_of(catalog)
    add(store, catalog, *catalog)
    return HybridRetriever(
        store=store,
        bm25=Bm25Index.build(catalog.values()),
        model=FakeModel(),  # type: ignore[arg-type]
        lookup=lambda ids: {id: catalog[id] for id in ids if id in catalog},
        k=k,
    )


def test_hits_carry_both_scores_and_the_fused_one() -> None:
    first, *rest = retriever(passages(*TEXTS)).search("libraries council", 3)
    assert first.passage.text == TEXTS[1]
    assert first.score == pytest.approx(2 / (RRF_K + 1))
    assert first.cosine is not None and 0 < first.cosine <= 1
    assert first.bm25 is not None and first.bm25 > 0
    assert [hit.bm25 for hit in rest] == [None, None]
    assert len(rest) == 2


def test_a_list_may_be_longer_than_the_candidates_of_each_ranking() -> None:
    catalog = passages(*(f"Report {n} of the raid." for n in range(150)))
    assert len(retriever(catalog).search("raid", 140)) == 140


def test_a_passage_that_was_removed_meanwhile_is_left_out() -> None:
    catalog = passages(*TEXTS)
    search = retriever(catalog)
    del catalog[2]
    assert {hit.passage.id for hit in search.search("libraries council", 3)} == {1, 3}


def test_any_question_is_searched_also_one_without_words() -> None:
    for query in ("", "😀", "?", "the", "x" * 5000):
        assert len(retriever(passages(*TEXTS)).search(query, 2)) == 2


def test_nothing_is_found_in_nothing() -> None:
    assert retriever({}).search("raid", 3) == []


async def test_it_serves_a_llama_index_query_engine(
    archive: Archive, seed_article: Article
) -> None:
    archive.index([seed_article])
    engine = RetrieverQueryEngine.from_args(archive.retriever(), llm=MockLLM())
    question = "Where was Al Quraishi killed?"
    for answer in (engine.query(question), await engine.aquery(question)):
        assert answer.source_nodes
        for source in answer.source_nodes:
            node = source.node
            assert isinstance(node, TextNode)
            assert seed_article.text[node.start_char_idx : node.end_char_idx] == node.text
            assert node.ref_doc_id == node.metadata["article_id"] == seed_article.id
            assert node.metadata["date"] == "2022-10-06"
        assert "Atme" in answer.source_nodes[0].node.get_content()
        assert "Atme" in str(answer)
