"""Hybrid search: dense and BM25 rankings fused; a LlamaIndex retriever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from index.article import Passage, ScoredPassage
from index.bm25 import Bm25Index
from index.embedding import EmbeddingModel
from index.faiss_store import FaissStore, to_node
from index.fusion import reciprocal_rank_fusion

CANDIDATES = 100
"""How deep each ranking is fused; a result list may ask for more."""


class HybridRetriever(BaseRetriever):
    """Passages of one generation for a question. Thread-safe."""

    def __init__(
        self,
        *,
        store: FaissStore,
        bm25: Bm25Index,
        model: EmbeddingModel,
        lookup: Callable[[Sequence[int]], Mapping[int, Passage]],
        k: int = 10,
    ) -> None:
        self._store = store
        self._bm25 = bm25
        self._model = model
        self._lookup = lookup
        self._k = k
        super().__init__()

    def search(self, query: str, k: int) -> list[ScoredPassage]:
        """The `k` best passages for `query`, best first; fewer if there are fewer.

        Scores are those of reciprocal rank fusion: they order one result list, no more.
        """
        depth = max(CANDIDATES, 2 * k)
        ids, values = self._store.search(self._model.encode_queries([query])[0], depth)
        cosines = dict(zip(ids.tolist(), values.tolist(), strict=True))
        ids, values = self._bm25.search(query, depth)
        lexical = dict(zip(ids.tolist(), values.tolist(), strict=True))
        fused = reciprocal_rank_fusion([list(cosines), list(lexical)])[:k]
        passages = self._lookup([id for id, _ in fused])
        return [
            ScoredPassage(passages[id], score, cosines.get(id), lexical.get(id))
            for id, score in fused
            if id in passages  # else the article was removed meanwhile
        ]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self.search(query_bundle.query_str, self._k)
        return [NodeWithScore(node=to_node(hit.passage), score=hit.score) for hit in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        import asyncio

        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _get_prompts(self) -> dict[str, Any]:
        return {}
