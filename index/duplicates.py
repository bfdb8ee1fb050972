"""Near copies: the same story once.

A wire story in five papers, its lightly edited update, a copy with another header or a cut end
belong to one cluster. An article's signature (MinHash of word shingles) finds the few stored
articles that it may be a copy of; their texts decide.

Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (shingles and
containment); Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 2014, chapter 3
(MinHash and bands).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.article import Article

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 128
"""Values in a signature: the error of an estimated Jaccard similarity is at most 0.044 (one
standard deviation)."""
SIGNATURE_BYTES = 4 * PERMUTATIONS
SEED = 1

SHINGLE_WORDS = 3
"""Of 2 words, unrelated articles share up to a fifth; of 4, copies are lost in which 5 % of the
words were replaced, each of which spoils four shingles."""

BAND_VALUES = 3
BANDS = PERMUTATIONS // BAND_VALUES
"""Articles are compared if all values of one of 42 bands of 3 are equal, which is so for 68 % of
the pairs of Jaccard similarity 0.3, 94 % at 0.4 and 99.6 % at 0.5."""

LEAST_JACCARD = 0.3
"""Estimated, of candidates whose texts are compared."""
LEAST_SHARED = 0.8
"""How much of one article has to be in the other; see `shared`. Below, other stories with the same
background come in as fast as copies do."""
LEAST_SHARED_BACK = 0.4
"""How much of the other has to be in it: a roundup that quotes a short article whole is no copy,
and half of a story is one."""
MAX_DAYS = 7
"""Between two near copies. What is alike and further apart is last year's column with this
year's facts, or the story after the event, unless both articles share UNDATED_SHARED."""
UNDATED_SHARED = 0.95
PARAGRAPH_SHINGLES = 100
"""A paragraph counts for no more than this. Captions of picture galleries come as one paragraph
of thousands of words, and one gallery stands in many articles."""

MAX_BUCKET = 256
"""Articles compared for one band: a header that thousands share would give them all."""
MAX_COMPARED = 16
"""Texts compared for one article, each of another cluster."""

_KANA_AND_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_KANA_AND_HAN}]|[^\W_{_KANA_AND_HAN}]+")
"""Han and kana are written without spaces: each sign is a word."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_NO_WORDS = np.uint32(0xFFFFFFFF)
_ROW_MASK = np.uint64(2**24 - 1)
"""An entry of the band index is a hash in the upper 40 bits and a row in the lower 24, which is
room for 16.7 million articles."""
_BLOCK = 4096
_NO_PARAGRAPH = -1

Signature = NDArray[np.uint32]


@dataclass(frozen=True)
class Shingles:
    """A text's shingles in order, with repeats."""

    hashes: NDArray[np.uint32]
    """Shape (n,)."""
    paragraphs: NDArray[np.int64]
    """Shape (n,): the number of the paragraph (line) that holds the shingle, or -1 if it goes
    over the end of one."""


def shingles(text: str) -> Shingles:
    """Hashes of all runs of SHINGLE_WORDS words, in lower case and without punctuation.

    A text of fewer words is one shingle; one without words has none. A word's hash is the CRC-32
    of its UTF-8 form; a shingle's is the polynomial of theirs modulo 2 ** 64, mixed, its upper
    half. So they are the same on every machine.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    words: list[str] = []
    lengths: list[int] = []
    for line in text.casefold().splitlines():
        found = _WORD.findall(line)
        words += found
        lengths.append(len(found))
    known = {word: zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in set(words)}
    values = np.fromiter((known[word] for word in words), dtype=np.uint64, count=len(words))
    paragraphs = np.repeat(np.arange(len(lengths)), lengths)
    size = min(SHINGLE_WORDS, len(words))
    if size == 0:
        return Shingles(np.empty(0, np.uint32), np.empty(0, np.int64))
    count = len(words) - size + 1
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        hashes = hashes * _MULTIPLIER + values[place : place + count]
    first, last = paragraphs[:count], paragraphs[size - 1 :]
    return Shingles(
        (_mixed(hashes) >> np.uint64(32)).astype(np.uint32),
        np.where(first == last, first, _NO_PARAGRAPH),
    )


def signature(text: str) -> Signature:
    """The MinHash of the text's shingles, shape (PERMUTATIONS,); comparable between machines.

    Two are equal in a share of places that estimates the Jaccard similarity of the sets of
    shingles. A text without words has 2 ** 32 - 1 everywhere.
    """
    return signature_of(shingles(text))


def signature_of(found: Shingles) -> Signature:
    """`signature` of a text whose shingles are known."""
    minhash = _empty_minhash().copy()
    hashes = np.unique(found.hashes)
    for start in range(0, len(hashes), _BLOCK):  # a block takes PERMUTATIONS * 4 times its size
        minhash.update_batch(hashes[start : start + _BLOCK])
    return np.asarray(minhash.hashvalues, dtype=np.uint32)


@lru_cache(maxsize=1)
def _empty_minhash() -> MinHash:
    from datasketch import MinHash  # imports SciPy

    # The scheme is named since values of different schemes do not compare.
    return MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32", hashfunc=_as_it_is)


def _as_it_is(value: Any) -> Any:
    return value  # shingles come as hashes


def to_bytes(values: Signature) -> bytes:
    """SIGNATURE_BYTES bytes, little-endian. ValueError for another shape."""
    if values.shape != (PERMUTATIONS,):
        raise ValueError(f"a signature has {PERMUTATIONS} values, not shape {values.shape}")
    return values.astype("<u4").tobytes()


def from_bytes(stored: bytes) -> Signature:
    """The signature that `to_bytes` wrote. ValueError for another length."""
    if len(stored) != SIGNATURE_BYTES:
        raise ValueError(f"a signature has {SIGNATURE_BYTES} bytes, not {len(stored)}")
    return np.frombuffer(stored, dtype="<u4").astype(np.uint32)


def shared(one: Shingles, other: Shingles) -> float:
    """The share of `one` that `other` has, too, in [0, 1]: Broder's containment by paragraphs.

    The mean of the shares of the paragraphs of `one`, each weighted by its shingles, but by
    PARAGRAPH_SHINGLES at most. Only shingles within a paragraph count, unless there are none.
    """
    inside = one.paragraphs != _NO_PARAGRAPH
    hashes, paragraphs = one.hashes[inside], one.paragraphs[inside]
    if not len(hashes):
        hashes, paragraphs = one.hashes, np.zeros(len(one.hashes), np.int64)
    if not len(hashes):
        return 0.0
    sizes = np.bincount(paragraphs)
    found = np.bincount(paragraphs[np.isin(hashes, other.hashes)], minlength=len(sizes))
    weights = np.minimum(sizes, PARAGRAPH_SHINGLES)
    return float(weights @ (found / np.maximum(sizes, 1)) / weights.sum())


def similarity(one: Shingles, other: Shingles, days: int | None = None) -> float:
    """How alike two near copies are: the mean of `shared` both ways; 0.0 for no near copies.

    `days` lie between their dates; None if a date is not known, which then decides nothing.
    """
    less, more = sorted((shared(one, other), shared(other, one)))
    if more < LEAST_SHARED or less < LEAST_SHARED_BACK:
        return 0.0
    if days is not None and abs(days) > MAX_DAYS and less < UNDATED_SHARED:
        return 0.0
    return (less + more) / 2


class ClusterIndex:
    """Finds the cluster of each new article among those stored and those assigned before.

    A cluster's number is the key of the first article in it. The outcome depends on the articles
    and their order alone. Not thread-safe.
    """

    def __init__(
        self,
        keys: NDArray[np.int64],
        clusters: NDArray[np.int64],
        signatures: NDArray[np.uint32],
        *,
        article_of: Callable[[int], Article],
    ) -> None:
        """`keys` and `clusters` of shape (n,), `signatures` of shape (n, PERMUTATIONS).

        `article_of` gives a stored or assigned article by its key; it is called MAX_COMPARED
        times at most for a new one. Raises ValueError for other shapes.
        """
        if keys.ndim != 1 or clusters.shape != keys.shape:
            raise ValueError(f"keys of shape {keys.shape}, but clusters of {clusters.shape}")
        if signatures.shape != (len(keys), PERMUTATIONS):
            raise ValueError(f"{len(keys)} keys, but signatures of shape {signatures.shape}")
        self._article_of = article_of
        self._keys: list[int] = keys.tolist()
        self._clusters: list[int] = clusters.tolist()
        self._signatures = np.ascontiguousarray(signatures, dtype=np.uint32)
        self._recent: dict[int, list[int]] = {}
        self._sort()

    def assign(self, key: int, values: Signature, article: Article) -> int:
        """The cluster of a new article, which is known from then on.

        It is that of the most similar near copy known, else `key` itself.
        """
        cluster = self.find(values, article)
        if cluster is None:
            cluster = key
        self._add(key, cluster, values)
        return cluster

    def find(self, values: Signature, article: Article) -> int | None:
        """The cluster of the most similar near copy known; None if there is none."""
        own: Shingles | None = None
        best, best_cluster = 0.0, None
        compared: set[int] = set()
        for row, _ in self._likely(values):
            cluster = self._clusters[row]
            if cluster in compared:
                continue
            compared.add(cluster)
            own = own or shingles(article.text)
            other = self._article_of(self._keys[row])
            days = (article.date - other.date).days if article.date and other.date else None
            alike = similarity(own, shingles(other.text), days)
            if alike > best:
                best, best_cluster = alike, cluster
            if best == 1.0 or len(compared) == MAX_COMPARED:
                break
        return best_cluster

    def candidates(self, values: Signature) -> list[tuple[int, float]]:
        """Keys of articles that may be near copies, with estimated Jaccard similarities; most
        similar first, then in the order in which they came."""
        return [(self._keys[row], estimate) for row, estimate in self._likely(values)]

    def _likely(self, values: Signature) -> list[tuple[int, float]]:
        """`candidates` with rows for keys."""
        if (values == _NO_WORDS).all():
            return []
        bands = _bands(values[np.newaxis])[0]
        starts = np.searchsorted(self._entries, bands)
        ends = np.searchsorted(self._entries, bands | _ROW_MASK, side="right")
        found: set[int] = set()
        for start, end, band in zip(starts.tolist(), ends.tolist(), bands.tolist(), strict=True):
            if start < end:
                entries = self._entries[start : min(end, start + MAX_BUCKET)]
                found.update((entries & _ROW_MASK).tolist())
            found.update(self._recent.get(band, ()))
        rows = sorted(found)
        estimates = (self._signatures[rows] == values).mean(axis=1).tolist()
        likely = [
            (row, estimate)
            for row, estimate in zip(rows, estimates, strict=True)
            if estimate >= LEAST_JACCARD
        ]
        return sorted(likely, key=lambda pair: -pair[1])

    def _add(self, key: int, cluster: int, values: Signature) -> None:
        row = len(self._keys)
        if row == len(self._signatures):
            spare = np.empty((max(1024, row // 2), PERMUTATIONS), np.uint32)
            self._signatures = np.concatenate([self._signatures, spare])
        self._signatures[row] = values
        self._keys.append(key)
        self._clusters.append(cluster)
        for band in _bands(values[np.newaxis])[0].tolist():
            bucket = self._recent.setdefault(band, [])
            if len(bucket) < MAX_BUCKET:
                bucket.append(row)
        if row - self._sorted > max(1024, self._sorted // 4):
            self._sort()

    def _sort(self) -> None:
        """Sorts all bands into one array: quicker to make than a table, and a tenth of its size.

        Articles that come later are kept in a table until they are worth another sort.
        """
        self._sorted = len(self._keys)
        rows = np.arange(self._sorted, dtype=np.uint64)
        self._entries = np.sort((_bands(self._signatures[: self._sorted]) | rows[:, None]).ravel())
        self._recent.clear()


def _bands(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """(n, PERMUTATIONS) values to (n, BANDS) hashes: equal for equal bands at the same place.

    The bits of a row's number are zero in them.
    """
    values = signatures[:, : BANDS * BAND_VALUES].astype(np.uint64)
    values = values.reshape(len(values), BANDS, BAND_VALUES)
    hashes = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), (len(values), BANDS))
    for place in range(BAND_VALUES):
        hashes = hashes * _MULTIPLIER + values[:, :, place]
    return _mixed(hashes) & ~_ROW_MASK


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
    generators", OOPSLA 2014."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
