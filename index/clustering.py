"""Gives each article of a build its cluster of near copies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.article import Article
from index.catalog import Catalog


def assign_clusters(
    catalog: Catalog,
    generation: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Inside `writing()`: clusters for those articles of a generation that have none yet.

    A new revision of an article finds the one before it, and so stays in its cluster, because
    articles that the generation retires are compared as well.
    """
    waiting = catalog.unclustered(generation)
    if not waiting:
        return
    from index.duplicates import PERMUTATIONS, ClusterIndex, from_bytes, signature, to_bytes

    known = catalog.signatures()
    index = ClusterIndex(
        np.array([key for key, _, _ in known], np.int64),
        np.array([cluster for _, cluster, _ in known], np.int64),
        np.array([from_bytes(stored) for _, _, stored in known], np.uint32).reshape(
            -1, PERMUTATIONS
        ),
        article_of=lambda key: _article(catalog, key),
    )
    for done, key in enumerate(waiting, start=1):
        article = _article(catalog, key)
        values = signature(article.text)
        catalog.set_cluster(key, index.assign(key, values, article), to_bytes(values))
        progress(done, len(waiting))


def _article(catalog: Catalog, key: int) -> Article:
    article = catalog.article_of_key(key)
    assert article is not None, f"the article with key {key} vanished inside a transaction"
    return article
