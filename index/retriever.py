"""The hybrid search as a LlamaIndex retriever."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from index.article import ScoredPassage
from index.faiss_store import to_node
from index.hybrid_search import HybridSearch


class HybridRetriever(BaseRetriever):
    """Passages of one generation for a question. Thread-safe."""

    def __init__(self, searcher: HybridSearch, *, k: int = 10) -> None:
        self._searcher = searcher
        self._k = k
        super().__init__()

    def search(self, query: str, k: int) -> list[ScoredPassage]:
        """See HybridSearch.search."""
        return self._searcher.search(query, k)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.search(query_bundle.query_str, self._k)
        return [NodeWithScore(node=to_node(hit.passage), score=hit.score) for hit in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        import asyncio

        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _get_prompts(self) -> dict[str, Any]:
        return {}
