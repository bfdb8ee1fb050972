"""Are near copies of an article found, are they ones, and how fast?

    python benchmarks/duplicates.py FOLDER [FOLDER ...] [--pairs FILE | --judged FILE] [--json]

The folders' articles are assigned to clusters one after the other, as a build does. Then: which
of them are near copies by comparing every text with every other; and which edits of an article
are still known as its copies. `--pairs` writes what was found, to be judged by reading; `--judged`
reads the judgements.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import platform
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np
from numpy.typing import NDArray

from benchmarks.copies import EDITS
from benchmarks.datasets import ARTICLES
from benchmarks.reporting import markdown_table, number, progress, share
from index import duplicates
from index.article import Article
from index.duplicates import ClusterIndex, Shingles
from index.evaluation import metrics

SEED = 7
LEAST_WORDS = 150
"""Of articles that are edited: shorter ones have no paragraphs to take away."""
LEVELS = (0.3, 0.4, 0.5, 0.7, 0.9)
LEAST_COMPARED = 0.1
"""Exact Jaccard similarity from which on texts are compared: less cannot be a near copy, as
sharing 0.8 of one and 0.4 of the other means 0.36, before paragraphs are weighed."""
_BLOCK = 500


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    articles = read_articles(options.folders)
    progress(f"{len(articles)} articles read")
    duplicates.signature("the first one imports datasketch")
    signatures, signature_ms = sign(articles)
    clusters, assign_ms = assign(articles, signatures)
    pairs = list(pairs_of(clusters))
    progress(f"{len(pairs)} pairs of near copies found; comparing all texts")
    shingled = [duplicates.shingles(article.text) for article in articles]
    results: dict[str, Any] = {
        "benchmark": "duplicates",
        "dataset": " + ".join(path.resolve().name for path in options.folders),
        "articles": len(articles),
        "clusters_of_several": len({clusters[one] for one, _ in pairs}),
        "pairs": len(pairs),
        "versions": {name: version(name) for name in ("numpy", "datasketch")},
        "speed": speed(articles, signatures, clusters, signature_ms, assign_ms),
        "same_title_and_date": same_headline(articles, clusters),
        "against_all_texts": against_all_texts(articles, signatures, shingled, clusters),
        "judged": judged(options.judged, articles, pairs) if options.judged else None,
        "edits": edits(articles, signatures, clusters, options.edited),
    }
    if options.pairs:
        write_pairs(options.pairs, articles, shingled, pairs)
    print(json.dumps(results) if options.json else report(results))
    return 0


def read_articles(folders: Sequence[Path]) -> list[Article]:
    """The articles of all folders in order, each id once; SystemExit for a folder without."""
    articles: dict[str, Article] = {}
    for folder in folders:
        try:
            with gzip.open(folder / ARTICLES, "rt", encoding="utf-8", newline="\n") as lines:
                for row in map(json.loads, lines):
                    date = dt.date.fromisoformat(row["date"]) if row.get("date") else None
                    article = Article(row["id"], row["title"], date, "", "", row["text"])
                    articles.setdefault(article.id, article)
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(f"{folder / ARTICLES}: {error}") from None
    return list(articles.values())


# As a build does ---------------------------------------------------------------------------------


def sign(articles: Sequence[Article]) -> tuple[NDArray[np.uint32], list[float]]:
    """Signatures of shape (n, PERMUTATIONS), and processor milliseconds for each."""
    signatures = np.empty((len(articles), duplicates.PERMUTATIONS), np.uint32)
    milliseconds = []
    for row, article in enumerate(articles):
        started = process_time()
        signatures[row] = duplicates.signature(article.text)
        milliseconds.append(1000 * (process_time() - started))
    return signatures, milliseconds


def assign(
    articles: Sequence[Article], signatures: NDArray[np.uint32]
) -> tuple[list[int], list[float]]:
    """The cluster of each article, in order, and processor milliseconds for each."""
    index = _index(articles, signatures[:0], [])
    clusters, milliseconds = [], []
    for key, article in enumerate(articles):
        started = process_time()
        clusters.append(index.assign(key, signatures[key], article))
        milliseconds.append(1000 * (process_time() - started))
    return clusters, milliseconds


def speed(
    articles: Sequence[Article],
    signatures: NDArray[np.uint32],
    clusters: Sequence[int],
    signature_ms: Sequence[float],
    assign_ms: Sequence[float],
) -> dict[str, float | None]:
    """Processor times; `one_more_ms` is a build of one article, the index's making included."""
    started = process_time()
    index = _index(articles, signatures, clusters)
    made = process_time()
    index.assign(len(articles), signatures[0], articles[0])
    return {
        "mean_characters": metrics.mean(len(article.text) for article in articles),
        "signature_ms_mean": metrics.mean(signature_ms),
        "signature_ms_p95": metrics.percentile(signature_ms, 95),
        "assign_ms_mean": metrics.mean(assign_ms),
        "assign_ms_p95": metrics.percentile(assign_ms, 95),
        "index_ms": 1000 * (made - started),
        "one_more_ms": 1000 * (process_time() - started),
    }


def pairs_of(clusters: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs of places that share a cluster."""
    members = defaultdict(list)
    for place, cluster in enumerate(clusters):
        members[cluster].append(place)
    for places in members.values():
        yield from combinations(places, 2)


def _index(
    articles: Sequence[Article], signatures: NDArray[np.uint32], clusters: Sequence[int]
) -> ClusterIndex:
    keys = np.arange(len(clusters), dtype=np.int64)
    known = np.array(clusters, dtype=np.int64)
    return ClusterIndex(keys, known, signatures, article_of=lambda key: articles[key])


# What is right -----------------------------------------------------------------------------------


def same_headline(articles: Sequence[Article], clusters: Sequence[int]) -> dict[str, int]:
    """Pairs of the same title and date: how many there are, and how many share a cluster."""
    groups = defaultdict(list)
    for place, article in enumerate(articles):
        if article.title and article.date:
            groups[" ".join(article.title.casefold().split()), article.date].append(place)
    pairs = [pair for places in groups.values() for pair in combinations(places, 2)]
    return {"pairs": len(pairs), "found": sum(clusters[a] == clusters[b] for a, b in pairs)}


def against_all_texts(
    articles: Sequence[Article],
    signatures: NDArray[np.uint32],
    shingled: Sequence[Shingles],
    clusters: Sequence[int],
) -> dict[str, Any]:
    """What the bands and the estimate miss of the pairs that comparing all texts finds."""
    index = _index(articles, signatures, clusters)
    known: dict[int, set[int]] = {}
    levels = {level: [0, 0] for level in LEVELS}
    copies = found = 0
    for one, other, jaccard in exact_jaccard(shingled, LEAST_COMPARED):
        if one not in known:
            known[one] = {key for key, _ in index.candidates(signatures[one])}
        for level, counts in levels.items():
            if jaccard >= level:
                counts[0] += 1
                counts[1] += other in known[one]
        first, second = articles[one].date, articles[other].date
        days = (first - second).days if first and second else None
        if duplicates.similarity(shingled[one], shingled[other], days):
            copies += 1
            found += clusters[one] == clusters[other]
    return {
        "candidates": [
            {"jaccard": level, "pairs": pairs, "recall": hits / pairs if pairs else None}
            for level, (pairs, hits) in levels.items()
        ],
        "near_copies": copies,
        "found": found,
    }


def exact_jaccard(shingled: Sequence[Shingles], least: float) -> Iterator[tuple[int, int, float]]:
    """(place, later place, Jaccard similarity) of all pairs that reach `least`."""
    from scipy.sparse import csr_matrix

    sets = [np.unique(one.hashes) for one in shingled]
    sizes = np.array([len(one) for one in sets])
    _, columns = np.unique(np.concatenate(sets), return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ones = np.ones(len(columns), np.int32)
    has = csr_matrix((ones, columns, starts))
    has = has[:, np.flatnonzero(np.bincount(columns) > 1)]  # only these can be shared
    by_shingle = has.T.tocsr()
    for start in range(0, len(sets), _BLOCK):
        common = (has[start : start + _BLOCK] @ by_shingle).tocoo()
        first, second = common.row + start, common.col
        jaccard = common.data / (sizes[first] + sizes[second] - common.data)
        kept = (first < second) & (jaccard >= least)
        yield from zip(
            first[kept].tolist(), second[kept].tolist(), jaccard[kept].tolist(), strict=True
        )


def write_pairs(
    path: Path,
    articles: Sequence[Article],
    shingled: Sequence[Shingles],
    pairs: Sequence[tuple[int, int]],
) -> None:
    """A JSON object a line for each pair; its `copy` is to be set to true or false."""
    with path.open("w", encoding="utf-8") as file:
        for one, other in pairs:
            both = (articles[one], articles[other])
            row = {
                "ids": [article.id for article in both],
                "titles": [article.title for article in both],
                "dates": [str(article.date) for article in both],
                "shared": [
                    round(duplicates.shared(shingled[one], shingled[other]), 3),
                    round(duplicates.shared(shingled[other], shingled[one]), 3),
                ],
                "copy": None,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def judged(
    path: Path, articles: Sequence[Article], pairs: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    """The precision of the found pairs, judged by reading: `write_pairs`, filled in."""
    with path.open(encoding="utf-8") as lines:
        copies = {frozenset(row["ids"]): row["copy"] for row in map(json.loads, lines)}
    verdicts = [copies.get(frozenset((articles[a].id, articles[b].id))) for a, b in pairs]
    known = [verdict for verdict in verdicts if verdict is not None]
    return {
        "pairs": len(known),
        "not_judged": len(verdicts) - len(known),
        "precision": metrics.mean(known),
    }


def edits(
    articles: Sequence[Article],
    signatures: NDArray[np.uint32],
    clusters: Sequence[int],
    count: int,
) -> list[dict[str, Any]]:
    """For each kind of edit, the share of edited articles assigned to their original's cluster,
    and to another's; each edited article stands alone beside all the originals."""
    chance = random.Random(SEED)
    able = [key for key, one in enumerate(articles) if len(one.text.split()) >= LEAST_WORDS]
    chosen = chance.sample(able, min(count, len(able)))
    rows = []
    for name, edit in EDITS.items():
        index = _index(articles, signatures, clusters)
        right = wrong = 0
        for place, key in enumerate(chosen):
            article = articles[key]
            text = edit(chance, article.text, articles[chosen[place - 1]].text)
            edited = Article(article.id, article.title, article.date, "", "", text)
            # Kept out of the index that later ones are compared with.
            assigned = index.find(duplicates.signature(text), edited)
            right += assigned == clusters[key]
            wrong += assigned not in (None, clusters[key])
        progress(f"{name}: {right} of {len(chosen)}")
        rows.append({"edit": name, "articles": len(chosen), "found": right, "wrong": wrong})
    return rows


# Output ------------------------------------------------------------------------------------------


def report(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    speed = results["speed"]
    every = results["against_all_texts"]
    headline = results["same_title_and_date"]
    versions = ", ".join(f"{name} {text}" for name, text in results["versions"].items())
    parts = [
        f"**{results['dataset']}**: {results['articles']:,} articles, {results['pairs']} pairs of "
        f"near copies in {results['clusters_of_several']} clusters. Python "
        f"{platform.python_version()}, {os.cpu_count()} CPUs, {versions}.",
    ]
    if judgement := results["judged"]:
        parts.append(
            f"Of {judgement['pairs']} pairs judged by reading, {share(judgement['precision'])} "
            f"are near copies; {judgement['not_judged']} were not judged."
        )
    parts += [
        f"Same title and date: {headline['found']} of {headline['pairs']} pairs found. Near "
        f"copies by comparing all texts: {every['found']} of {every['near_copies']} found.",
        markdown_table(
            ["exact Jaccard from", "pairs", "among the candidates"],
            [
                [f"{row['jaccard']:.1f}", number(row["pairs"]), share(row["recall"])]
                for row in every["candidates"]
            ],
        ),
        markdown_table(
            ["edit", "articles", "found", "in a wrong cluster"],
            [
                [
                    row["edit"],
                    number(row["articles"]),
                    share(row["found"] / row["articles"] if row["articles"] else None),
                    number(row["wrong"]),
                ]
                for row in results["edits"]
            ],
        ),
        markdown_table(
            ["processor ms", "mean", "p95"],
            [
                [
                    f"signature ({number(speed['mean_characters'])} characters)",
                    number(speed["signature_ms_mean"], 1),
                    number(speed["signature_ms_p95"], 1),
                ],
                [
                    "assignment, each after all before",
                    number(speed["assign_ms_mean"], 2),
                    number(speed["assign_ms_p95"], 2),
                ],
                ["index of all and one more article", number(speed["one_more_ms"], 1), "-"],
            ],
        ),
    ]
    return "\n\n".join(parts)


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description="Are near copies found, and how fast?")
    options.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    options.add_argument(
        "--edited", type=int, default=300, metavar="N", help="articles that are edited"
    )
    options.add_argument("--pairs", type=Path, metavar="FILE", help="write the pairs found")
    options.add_argument("--judged", type=Path, metavar="FILE", help="read judged pairs")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
