from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import TextNode

from index.archive import Archive
from index.article import Article


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
