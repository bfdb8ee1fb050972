"""Passage vectors in FAISS, as a LlamaIndex vector store.

The ids inside FAISS are the catalog's passage ids, given by the caller and never reused, so that
a deleted passage can never be cited in place of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)

from index.article import Passage
from index.embedding import Vectors
from index.vector_index import Ids, is_mapped, new_index, read_index, write_index
from index.vector_search import VectorSearch

__all__ = ["FaissStore", "new_index", "read_index", "to_node"]


class FaissStore(BasePydanticVectorStore):
    """Search by inner product over normalised vectors: scores are cosines.

    Of an index that is mapped (`open_index`), it only reads: methods that add or remove raise
    ValueError. Thread-safe for reading.
    """

    stores_text: bool = True
    is_embedding_query: bool = True

    _index: Any = PrivateAttr()
    _lookup: Callable[[Sequence[int]], Mapping[int, Passage]] = PrivateAttr()
    _ids_of_article: Callable[[str], Sequence[int]] = PrivateAttr()
    _search: VectorSearch = PrivateAttr()

    def __init__(
        self,
        index: Any,
        *,
        lookup: Callable[[Sequence[int]], Mapping[int, Passage]],
        ids_of_article: Callable[[str], Sequence[int]],
    ) -> None:
        super().__init__(stores_text=True, is_embedding_query=True)
        self._index = index
        self._search = VectorSearch(index)
        self._lookup = lookup
        self._ids_of_article = ids_of_article

    @property
    def client(self) -> Any:
        """The FAISS index itself."""
        return self._index

    def ids(self) -> Ids:
        """The passage ids it holds, ascending; one that it holds twice stands there twice."""
        return self._search.ids()

    def search(
        self, vector: Vectors, k: int, allowed: Sequence[int] | Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """As `VectorSearch.search`."""
        return self._search.search(vector, k, allowed)

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """LlamaIndex's form of `search`; similarities are cosines."""
        if query.mode != VectorStoreQueryMode.DEFAULT:
            raise ValueError(f"FaissStore searches in mode 'default' only, not {query.mode!r}")
        if query.filters is not None and query.filters.filters:
            raise ValueError("FaissStore does not take metadata filters")
        if query.query_embedding is None:
            raise ValueError("FaissStore needs the query's embedding")
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        vector /= max(float(np.linalg.norm(vector)), 1e-12)
        ids, cosines = self.search(vector, query.similarity_top_k, self._allowed(query))
        passages = self._lookup([int(id) for id in ids])
        hits = [
            (passages[int(id)], float(cosine))
            for id, cosine in zip(ids, cosines, strict=True)
            if int(id) in passages
        ]
        return VectorStoreQueryResult(
            nodes=[to_node(passage) for passage, _ in hits],
            similarities=[cosine for _, cosine in hits],
            ids=[str(passage.id) for passage, _ in hits],
        )

    def _allowed(self, query: VectorStoreQuery) -> list[int] | None:
        if not query.node_ids and not query.doc_ids:  # LlamaIndex says "all" with an empty list
            return None
        allowed = [int(id) for id in query.node_ids or ()]
        for article_id in query.doc_ids or ():
            allowed += self._ids_of_article(article_id)
        return allowed

    def add_vectors(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Adds normalised vectors, shape (len(ids), dimension), under ids it does not hold yet."""
        if len(ids):
            self._change()
            self._index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))

    def remove(self, ids: Sequence[int] | Ids) -> int:
        """Removes passages; returns how many of them it held."""
        if not len(ids):
            return 0
        self._change()
        return int(self._index.remove_ids(np.asarray(ids, dtype=np.int64)))

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """LlamaIndex's form of `add_vectors`: node ids are the catalog's passage ids."""
        try:
            ids = [int(node.node_id) for node in nodes]
        except ValueError as error:
            raise ValueError(
                "FaissStore takes nodes of catalogued passages only, whose ids are integers: "
                f"add articles with Archive.index ({error})"
            ) from None
        vectors = np.array([node.get_embedding() for node in nodes], dtype=np.float32)
        if ids:
            vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
            self.remove(ids)
            self.add_vectors(ids, vectors)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Removes all passages of the article `ref_doc_id` from this store."""
        self.remove(self._ids_of_article(ref_doc_id))

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: Any = None, **delete_kwargs: Any
    ) -> None:
        """Removes passages by id."""
        if filters is not None:
            raise ValueError("FaissStore does not take metadata filters")
        self.remove([int(id) for id in node_ids or ()])

    def clear(self) -> None:
        self._change()
        self._index.reset()

    def persist(self, persist_path: str, fs: Any = None) -> None:
        """Writes the index to one file. Publishing it is the builder's work, not the store's."""
        write_index(self._index, Path(persist_path))

    def _change(self) -> None:
        if is_mapped(self._index):
            raise ValueError(
                "FaissStore was opened for searching only: add and remove articles with "
                "Archive.index and Archive.remove"
            )
        self._search = VectorSearch(self._index)


def to_node(passage: Passage) -> TextNode:
    """A passage as a LlamaIndex node: same text, offsets in start_char_idx and end_char_idx."""
    article = passage.article
    source = RelatedNodeInfo(node_id=article.id)
    return TextNode(
        id_=str(passage.id),
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "date": article.date.isoformat() if article.date else "",
            "source": article.source,
            "url": article.url,
        },
        relationships={NodeRelationship.SOURCE: source},
    )
