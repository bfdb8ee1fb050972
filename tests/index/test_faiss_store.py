from pathlib import Path

import faiss
import numpy as np
import pytest
from fake_model import DIMENSION, FakeModel
from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import (
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)
from small_articles import passages

from index.article import Passage
from index.errors import CorruptIndexError
from index.faiss_store import FaissStore, new_index, read_index, to_node
from index.vector_index import open_index, updated, write_index
from index.vector_search import NARROW, VectorSearch

A, B, C, D = (
    "The raid in Atme killed the leader.",
    "The council closed two libraries.",
    "Shares fell in March. 😀",
    "A storm hit the northern coast.",
)


class FakeEmbedding(BaseEmbedding):
    """The fake model as LlamaIndex wants one."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in FakeModel().encode_queries([query])[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_query_embedding(text)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def store_of(catalog: dict[int, Passage]) -> FaissStore:
    """An empty store over a catalog that is only a dictionary."""
    return FaissStore(
        new_index(DIMENSION),
        lookup=lambda ids: {id: catalog[id] for id in ids if id in catalog},
        ids_of_article=lambda name: [i for i, p in catalog.items() if p.article.id == name],
    )


def add(store: FaissStore, catalog: dict[int, Passage], *ids: int) -> None:
    store.add_vectors(ids, FakeModel().encode_documents([catalog[id].text for id in ids]))


def vector(text: str) -> np.ndarray:
    return FakeModel().encode_queries([text])[0]


@pytest.fixture
def catalog() -> dict[int, Passage]:
    return passages(A, B, C, D)


@pytest.fixture
def store(catalog: dict[int, Passage]) -> FaissStore:
    filled = store_of(catalog)
    add(filled, catalog, 1, 2, 3)
    return filled


def test_what_was_deleted_is_never_cited_in_place_of_another(
    store: FaissStore, catalog: dict[int, Passage]
) -> None:
    """LlamaIndex's own store returns D for C's vector here."""
    store.delete("a1")
    add(store, catalog, 4)
    ids, cosines = store.search(vector(C), 1)
    assert (ids.tolist(), cosines[0]) == ([3], pytest.approx(1, abs=1e-3))
    (node,) = store.query(VectorStoreQuery(vector(C).tolist(), similarity_top_k=1)).nodes or ()
    assert node.get_content() == C
    assert store.ids().tolist() == [2, 3, 4]


def test_deleting_an_article_removes_its_passages_and_no_other(store: FaissStore) -> None:
    store.delete("a2")
    store.delete("a2")
    store.delete("unheard-of")
    assert store.ids().tolist() == [1, 3]
    store.delete_nodes(["1"])
    assert store.ids().tolist() == [3]
    store.clear()
    assert store.ids().tolist() == []


def test_an_empty_store_finds_nothing(catalog: dict[int, Passage]) -> None:
    empty = store_of(catalog)
    assert [len(part) for part in empty.search(vector(A), 5)] == [0, 0]
    result = empty.query(VectorStoreQuery(vector(A).tolist(), similarity_top_k=3))
    assert (result.nodes, result.similarities, result.ids) == ([], [], [])
    assert empty.remove([]) == empty.remove([7]) == 0


def test_more_than_it_holds_gives_all_best_first(store: FaissStore) -> None:
    ids, cosines = store.search(vector(B), 50)
    assert sorted(ids.tolist()) == [1, 2, 3]
    assert ids[0] == 2 and list(cosines) == sorted(cosines, reverse=True)


def test_node_ids_that_are_not_the_catalog_s_are_refused(store: FaissStore) -> None:
    node = TextNode(id_="7c0e-uuid", text="x", embedding=vector("x").tolist())
    with pytest.raises(ValueError, match=r"ids are integers: add articles with Archive.index"):
        store.add([node])
    assert store.ids().tolist() == [1, 2, 3]


def test_adding_a_node_again_replaces_it(store: FaissStore) -> None:
    node = TextNode(id_="2", text=A, embedding=(5 * vector(A)).tolist())
    assert store.add([node]) == ["2"]
    assert store.add([]) == []
    ids, cosines = store.search(vector(A), 5)
    assert sorted(ids.tolist()[:2]) == [1, 2] and len(ids) == 3
    assert cosines[:2].tolist() == pytest.approx([1, 1], abs=1e-5)


def test_a_query_can_be_kept_to_nodes_or_to_articles(store: FaissStore) -> None:
    query = VectorStoreQuery(vector(A).tolist(), similarity_top_k=3)
    query.doc_ids = ["a3"]
    assert store.query(query).ids == ["3"]
    query.node_ids = ["2"]
    assert sorted(store.query(query).ids or ()) == ["2", "3"]


def test_what_it_cannot_do_it_refuses_instead_of_ignoring(store: FaissStore) -> None:
    embedding = vector(A).tolist()
    filters = MetadataFilters(filters=[MetadataFilter(key="source", value="Gazette")])
    with pytest.raises(ValueError, match="metadata filters"):
        store.query(VectorStoreQuery(embedding, filters=filters))
    with pytest.raises(ValueError, match="metadata filters"):
        store.delete_nodes(["1"], filters=filters)
    with pytest.raises(ValueError, match="mode 'default' only"):
        store.query(VectorStoreQuery(embedding, mode=VectorStoreQueryMode.HYBRID))
    with pytest.raises(ValueError, match="needs the query's embedding"):
        store.query(VectorStoreQuery(None))


def test_a_passage_that_is_no_longer_catalogued_is_not_returned(
    store: FaissStore, catalog: dict[int, Passage]
) -> None:
    del catalog[3]
    found = store.query(VectorStoreQuery(vector(C).tolist(), similarity_top_k=3))
    assert sorted(found.ids or ()) == ["1", "2"]


def test_it_is_written_and_read_again(store: FaissStore, tmp_path: Path) -> None:
    store.persist(str(tmp_path / "f"))
    again = read_index(tmp_path / "f")
    assert sorted(faiss.vector_to_array(again.id_map).tolist()) == [1, 2, 3]
    (tmp_path / "f").write_bytes((tmp_path / "f").read_bytes()[:-40])
    for file in ("f", "missing"):
        with pytest.raises(CorruptIndexError, match="--rebuild"):
            read_index(tmp_path / file)


def test_it_serves_a_llama_index_query_engine(
    store: FaissStore, catalog: dict[int, Passage]
) -> None:
    index = VectorStoreIndex.from_vector_store(store, embed_model=FakeEmbedding())
    node = to_node(catalog[4])
    index.insert_nodes([node])
    assert store.ids().tolist() == [1, 2, 3, 4]
    (hit,) = index.as_retriever(similarity_top_k=1).retrieve("shares in March")
    assert (hit.node.node_id, hit.node.get_content()) == ("3", C)
    answer = index.as_query_engine(llm=MockLLM(), similarity_top_k=2).query("shares in March")
    source = answer.source_nodes[0].node
    assert isinstance(source, TextNode)
    assert (source.start_char_idx, source.end_char_idx) == (0, len(C))
    assert source.ref_doc_id == "a3" and C in str(answer)
    index.delete_ref_doc("a3")
    assert store.ids().tolist() == [1, 2, 4]


def many(memory_bytes: int | None) -> FaissStore:
    """4,000 passages in eight dimensions: passage 2n has the n-th of `vectors_of_many`."""
    index = updated(
        new_index(8),
        removed=np.empty(0, np.int64),
        ids=np.arange(4000) * 2,
        vectors=vectors_of_many(),
        memory_bytes=memory_bytes,
    )
    return FaissStore(index, lookup=lambda ids: {}, ids_of_article=lambda name: [])


def vectors_of_many() -> np.ndarray:
    vectors = np.random.default_rng(0).standard_normal((4000, 8))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(params=[None, 1], ids=["exact", "ivf"])
def large(request: pytest.FixtureRequest) -> FaissStore:
    return many(request.param)


@pytest.mark.parametrize("count", [1, 7, 300, NARROW, NARROW + 1, 2000, 4000])
def test_as_many_allowed_passages_are_found_as_are_asked_for(large: FaissStore, count: int) -> None:
    vectors = vectors_of_many()
    allowed = np.random.default_rng(count).permutation(4000)[:count] * 2
    ids, cosines = large.search(vectors[17], 50, allowed)
    assert len(ids) == len(set(ids.tolist())) == min(50, count)
    assert np.isin(ids, allowed).all() and (np.diff(cosines) <= 0).all()
    true = allowed[np.argsort(-(vectors[allowed // 2] @ vectors[17]))[:50]]
    assert np.isin(true, ids).mean() >= 0.94


def test_passages_far_from_the_question_are_found_when_only_they_are_allowed(
    large: FaissStore,
) -> None:
    """None of them stands in the cells that a search would read first."""
    vectors = vectors_of_many()
    far = np.argsort(vectors @ vectors[17])[: NARROW + 200] * 2
    ids, cosines = large.search(vectors[17], 1100, far)
    assert len(ids) == 1100 and np.isin(ids, far).all()
    assert cosines[0] == pytest.approx(np.sort(vectors @ vectors[17])[NARROW + 199], abs=0.02)


@pytest.mark.parametrize("size", [3, NARROW + 50])
def test_allowed_ids_that_it_does_not_hold_do_no_harm(large: FaissStore, size: int) -> None:
    odd = np.arange(size) * 2 + 1
    strange = np.array([-1, -(2**62), 2**62, 8000, 40, 40, 42])
    ids, _ = large.search(vectors_of_many()[20], 10, np.concatenate([odd, strange]))
    assert sorted(ids.tolist()) == [40, 42] and ids[0] == 40
    for nothing in ([], odd, [-5]):
        assert [len(part) for part in large.search(vectors_of_many()[20], 10, nothing)] == [0, 0]


def test_a_stored_vector_is_given_back_under_its_id(large: FaissStore) -> None:
    search = VectorSearch(large.client)
    assert large.ids().tolist() == search.ids().tolist() == list(range(0, 8000, 2))
    assert search.reconstruct(34) == pytest.approx(vectors_of_many()[17], abs=0.01)
    with pytest.raises(KeyError, match="passage 35"):
        search.reconstruct(35)
    large.remove([34])
    assert len(large.ids()) == 3999
    with pytest.raises(KeyError, match="passage 34"):
        VectorSearch(large.client).reconstruct(34)


@pytest.mark.parametrize("memory_bytes", [None, 1])
def test_a_mapped_store_answers_and_refuses_to_be_changed(
    memory_bytes: int | None, tmp_path: Path
) -> None:
    """FAISS itself would abort the process."""
    before = many(memory_bytes)
    write_index(before.client, tmp_path / "f")
    mapped = FaissStore(
        open_index(tmp_path / "f"), lookup=lambda ids: {}, ids_of_article=lambda name: [34]
    )
    (tmp_path / "f").unlink()
    vector = vectors_of_many()[17]
    for allowed in (None, np.arange(40), np.arange(6000)):
        found, expected = mapped.search(vector, 20, allowed), before.search(vector, 20, allowed)
        assert found[0].tolist() == expected[0].tolist()
    node = TextNode(id_="9001", text="x", embedding=vector.tolist())
    for change in (
        lambda: mapped.add([node]),
        lambda: mapped.add_vectors([9001], vector[None]),
        lambda: mapped.remove([34]),
        lambda: mapped.delete("a"),
        lambda: mapped.delete_nodes(["34"]),
        mapped.clear,
    ):
        with pytest.raises(ValueError, match=r"searching only: .* Archive\.index"):
            change()
    mapped.persist(str(tmp_path / "copy"))
    assert read_index(tmp_path / "copy").ntotal == 4000
