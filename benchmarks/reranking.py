"""What does a reranker add to the search, and what does it cost?

    python benchmarks/reranking.py FOLDER [--home ARCHIVE] [--depth 5 10 20] [--json]

Dateline's own search without and with it, over the archive that `retrieval.py --home` keeps. For
each depth and each form of the text that is scored, the reranker's order is taken alone and fused
with the search's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Dataset, Question
from benchmarks.dateline import as_hit, home_folder, open_dateline
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import Hit, quiet
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
    share,
)
from benchmarks.retrieval import DEEP_K, TIMED_K, WARM_UP, gold_end
from index.archive import Archive
from index.article import Passage
from index.cross_encoder import PACKAGED_CROSS_ENCODER
from index.errors import ModelFileError
from index.evaluation import metrics
from index.reranking import SEARCH_WEIGHT, Reranker, load_reranker, new_order

DEPTHS = (5, 10, 20)
TEXTS: Mapping[str, Callable[[Passage], str]] = {
    "passage": lambda passage: passage.text,
    "title, passage": lambda passage: f"{passage.article.title}\n{passage.text}",
}
ORDERS = {"alone": 0.0, "fused": SEARCH_WEIGHT}
"""Weights of the search's own order beside the reranker's."""


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("What does a reranker add to the search, and what does it cost?")
    options_parser.add_argument(
        "--reranker", default=PACKAGED_CROSS_ENCODER, metavar="NAME", help="as DATELINE_RERANKER"
    )
    options_parser.add_argument("--depth", type=int, nargs="+", default=list(DEPTHS), metavar="N")
    options = options_parser.parse_args(arguments)
    dataset = dataset_of(options)
    depths = sorted(set(options.depth))
    if not dataset.questions:
        raise SystemExit(f"{options.path}: no question has a gold article")
    if depths[0] < 1 or depths[-1] > DEEP_K:
        raise SystemExit(f"--depth takes numbers from 1 to {DEEP_K}")
    try:
        with quiet():
            reranker = load_reranker(options.reranker)
    except ModelFileError as error:
        raise SystemExit(str(error)) from None
    if reranker is None:
        raise SystemExit("--reranker: name a model")
    with quiet():
        facts = environment()
    with home_folder(options.home) as home:
        settings = settings_of(options, home, reranker="")
        with open_dateline(dataset, settings) as dateline, quiet():
            rows = [row.summary() for row in compare(dateline.archive, reranker, dataset, depths)]
    if options.json:
        print(json.dumps(as_json(dataset, options.reranker, rows, facts), ensure_ascii=False))
    else:
        print(report(dataset, options.reranker, rows, facts))
    return 0


@dataclass
class Row:
    """One way to order the results, and what it did with all the questions."""

    text: str
    """What the reranker read; "" for the search without it."""
    depth: int
    order: str
    seconds: list[float] = field(default_factory=list)
    by_article: list[list[bool]] = field(default_factory=list)
    by_passage: list[list[bool]] = field(default_factory=list)

    def judge(self, hits: Sequence[Hit], question: Question, seconds: float) -> None:
        self.seconds.append(seconds)
        articles = dict.fromkeys(hit.article_id for hit in hits)
        self.by_article.append([id in question.article_ids for id in articles])
        if question.spans:
            self.by_passage.append([gold_end(hit, question) is not None for hit in hits])

    def summary(self) -> dict[str, Any]:
        milliseconds = [1000 * value for value in self.seconds]
        return {
            "text": self.text,
            "depth": self.depth,
            "order": self.order,
            "by_article": _ranking(self.by_article),
            "by_passage": _ranking(self.by_passage),
            "query_ms_p50": metrics.percentile(milliseconds, 50),
            "query_ms_p95": metrics.percentile(milliseconds, 95),
        }


def compare(
    archive: Archive, reranker: Reranker, dataset: Dataset, depths: Sequence[int]
) -> list[Row]:
    """Every question in every way; the first row is the search without a reranker."""
    plain = Row("", 0, "")
    rows = {
        (text, depth, order): Row(text, depth, order)
        for text in TEXTS
        for depth in depths
        for order in ORDERS
    }
    for query in WARM_UP:
        archive.search(query, TIMED_K)
        reranker.scores(query, [query])
    for place, question in enumerate(dataset.questions, start=1):
        started = perf_counter()
        archive.search(question.text, max(TIMED_K, depths[-1]))
        searching = perf_counter() - started
        found = [scored.passage for scored in archive.search(question.text, DEEP_K)]
        hits = [as_hit(passage) for passage in found]
        plain.judge(hits, question, searching)
        for text, form in TEXTS.items():
            scores: list[float] = []
            scoring = 0.0
            for start, depth in pairwise([0, *depths]):
                texts = [form(passage) for passage in found[start:depth]]
                started = perf_counter()
                scores += reranker.scores(question.text, texts).tolist()
                scoring += perf_counter() - started
                for order, weight in ORDERS.items():
                    new = [hits[i] for i in new_order(scores, weight)] + hits[depth:]
                    rows[text, depth, order].judge(new, question, searching + scoring)
        if place % 20 == 0:
            progress(f"{place} of {len(dataset.questions)} questions asked")
    return [plain, *rows.values()]


def as_json(
    dataset: Dataset, reranker: str, rows: Sequence[dict[str, Any]], facts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "benchmark": "reranking",
        "dataset": dataset.name,
        "articles": len(dataset.articles),
        "questions": len(dataset.questions),
        "questions_with_spans": sum(bool(question.spans) for question in dataset.questions),
        "reranker": reranker,
        "environment": facts,
        "rows": list(rows),
    }


def report(
    dataset: Dataset, reranker: str, rows: Sequence[dict[str, Any]], facts: dict[str, Any]
) -> str:
    """The results as Markdown."""
    kinds = ["by_article"]
    if any(question.spans for question in dataset.questions):
        kinds.append("by_passage")
    measures = ["hit@1", "hit@5", "mrr@10"]
    headings = ["order", "scored text", "depth"]
    headings += [f"{kind.removeprefix('by_')} {measure}" for kind in kinds for measure in measures]
    plain = rows[0]["query_ms_p50"]
    table = [
        [
            f"reranker, {row['order']}" if row["order"] else "search alone",
            row["text"] or "-",
            number(row["depth"] or None),
            *(share(row[kind][measure]) for kind in kinds for measure in measures),
            number(row["query_ms_p50"], 1),
            number(row["query_ms_p95"], 1),
            number(row["query_ms_p50"] / plain, 1),
        ]
        for row in rows
    ]
    return "\n\n".join(
        [
            f"**{dataset.name}**, {reranker}: {len(dataset.articles):,} articles, "
            f"{len(dataset.questions):,} questions. {environment_line(facts)}",
            markdown_table([*headings, "query p50 ms", "p95 ms", "times the search"], table),
            f"By article: in order of first appearance among the first {DEEP_K} passages. "
            "Milliseconds: the search and the scoring together, one question after another.",
        ]
    )


def _ranking(judged: Iterable[Sequence[bool]]) -> dict[str, float | None]:
    judged = list(judged)
    hits = {
        f"hit@{k}": metrics.mean(metrics.hit_at_k(relevant, k) for relevant in judged)
        for k in (1, 5)
    }
    return hits | {"mrr@10": metrics.mean(metrics.reciprocal_rank(one, 10) for one in judged)}


if __name__ == "__main__":
    raise SystemExit(main())
