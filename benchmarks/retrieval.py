"""How well, and how fast, are the right articles and passages found?

    python benchmarks/retrieval.py FOLDER [--distractors FOLDER ...] [--json]

Dateline, stock LlamaIndex and plain BM25 over the same articles and questions in one process;
benchmarks/README.md says what is measured and how.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Dataset, Question
from benchmarks.dateline import home_folder, open_dateline
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import Hit, System, TokenCounter, bm25_over_passages, peers, quiet
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
    share,
)
from index.evaluation import metrics

DEPTHS = (1, 5, 10)
TIMED_K = 10
"""Results asked for when time is taken, and by which passages are judged."""
DEEP_K = 50
"""Passages fetched first, untimed, to rank articles: more until there are ten of them."""
BUDGETS = (500, 2000)
"""Characters read from the top of the ranking."""
PAUSE = 0.01
"""Seconds before each timed search: the threads of torch and of ONNX Runtime wait for more work
by spinning for some milliseconds, which would be counted against the system that is next."""
WARM_UP = ("who signed the agreement on Monday?", "where did the storm make landfall?") * 3


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("How well, and how fast, are the right articles and passages found?")
    options_parser.add_argument(
        "--bm25-own", action="store_true", help="plain BM25 over Dateline's own passages, too"
    )
    options = options_parser.parse_args(arguments)
    dataset = dataset_of(options)
    if not dataset.questions:
        raise SystemExit(f"{options.path}: no question has a gold article")
    with quiet():
        facts = environment()
    with home_folder(options.home) as home:
        settings = settings_of(options, home)
        with open_dateline(dataset, settings) as dateline:
            systems: list[System] = [dateline]
            if any(question.date for question in dataset.questions):
                undated = dataclasses.replace(dateline, name="Dateline, no date", dated=False)
                systems.append(undated)
            if options.peers:
                systems += peers(
                    dataset.articles, stock=options.stock, stock_home=options.stock_home
                )
            if options.bm25_own:
                name = "BM25, Dateline's passages"
                systems.append(bm25_over_passages(name, dateline.pieces, dataset.articles))
            with quiet():
                results = compare(systems, dataset)
    if options.json:
        print(json.dumps(as_json(dataset, results, facts), ensure_ascii=False))
    else:
        print(report(dataset, results, facts))
    return 0


class Tally:
    """What one system did with all the questions."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.seconds: list[float] = []
        self.lengths: list[int] = []
        self.by_article: list[list[bool]] = []
        self.by_passage: list[list[bool]] = []
        self.within: dict[int, list[float]] = {budget: [] for budget in BUDGETS}
        self.ndcg: list[float] = []

    def ask(self, question: Question) -> None:
        sleep(PAUSE)
        started = perf_counter()
        hits = self.system.search(question.text, TIMED_K, question.date)
        self.seconds.append(perf_counter() - started)
        self.lengths += [len(hit.text) for hit in hits]
        articles = rank_articles(self.system, question)
        self.by_article.append([id in question.article_ids for id in articles])
        if question.grades:
            self.ndcg.append(metrics.ndcg_at_k(articles, question.grades, 10))
        if question.spans:
            ends = [gold_end(hit, question) for hit in hits]
            self.by_passage.append([end is not None for end in ends])
            for budget in BUDGETS:
                read = zip((len(hit.text) for hit in hits), ends, strict=True)
                self.within[budget].append(metrics.hit_within(read, budget))

    def summary(self, dataset: Dataset, tokens: TokenCounter) -> dict[str, Any]:
        system = self.system
        read, held = tokens.count(system.embedded_texts)
        seconds = system.build_seconds
        characters = sum(len(article.text) for article in dataset.articles.values())
        milliseconds = [1000 * value for value in self.seconds]
        return {
            "system": system.name,
            "pieces": len(system.pieces),
            "mean_piece_characters": metrics.mean(len(piece.text) for piece in system.pieces),
            "mean_found_characters": metrics.mean(self.lengths),
            "by_article": _ranking(self.by_article) | {"ndcg@10": metrics.mean(self.ndcg)},
            "by_passage": None if system.whole_articles else _ranking(self.by_passage),
            "span_within_characters": {
                str(budget): metrics.mean(hits) for budget, hits in self.within.items()
            },
            "build_seconds": seconds or None,
            "articles_per_second": _rate(len(dataset.articles), seconds),
            "passages_per_second": _rate(len(system.pieces), seconds),
            "characters_per_second": _rate(characters, seconds),
            "embedded_tokens_per_second": _rate(read, seconds),
            "share_of_tokens_read_by_the_model": read / held if held else None,
            "query_ms_p50": metrics.percentile(milliseconds, 50),
            "query_ms_p95": metrics.percentile(milliseconds, 95),
        }


def rank_articles(system: System, question: Question) -> list[str]:
    """Ids of articles in the order in which their passages first appear: ten, if there are."""
    k = DEEP_K
    while True:
        hits = system.search(question.text, k, question.date)
        articles = list(dict.fromkeys(hit.article_id for hit in hits))
        if len(articles) >= max(DEPTHS) or len(hits) < k:
            return articles
        k *= 4


def gold_end(hit: Hit, question: Question) -> int | None:
    """Where in the hit the first gold span ends that lies in it whole; None if none does."""
    ends = [
        end - hit.start
        for article_id, start, end in question.spans
        if hit.article_id == article_id and hit.start <= start and end <= hit.end
    ]
    return min(ends, default=None)


def compare(systems: Sequence[System], dataset: Dataset) -> list[dict[str, Any]]:
    """Ask every system every question, in turns, so that a noisy moment hits all alike."""
    tallies = [Tally(system) for system in systems]
    for system in systems:
        for query in WARM_UP:
            system.search(query, TIMED_K)
    for place, question in enumerate(dataset.questions):
        first = place % len(tallies)
        for tally in tallies[first:] + tallies[:first]:
            tally.ask(question)
        if place % 100 == 99:
            progress(f"{place + 1} of {len(dataset.questions)} questions asked")
    tokens = TokenCounter()
    return [tally.summary(dataset, tokens) for tally in tallies]


def as_json(
    dataset: Dataset, results: Sequence[dict[str, Any]], facts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "benchmark": "retrieval",
        "dataset": dataset.name,
        "articles": len(dataset.articles),
        "questions": len(dataset.questions),
        "questions_with_spans": sum(bool(question.spans) for question in dataset.questions),
        "questions_passed_over": dataset.passed_over,
        "timed_k": TIMED_K,
        "environment": facts,
        "systems": list(results),
    }


def report(dataset: Dataset, results: Sequence[dict[str, Any]], facts: dict[str, Any]) -> str:
    """The results as Markdown."""
    graded = any(question.grades for question in dataset.questions)
    spans = sum(bool(question.spans) for question in dataset.questions)
    hits = [f"hit@{k}" for k in DEPTHS]
    measures = [*hits, "mrr@10", *(["ndcg@10"] if graded else [])]
    parts = [
        f"**{dataset.name}**: {len(dataset.articles):,} articles, "
        f"{len(dataset.questions):,} questions. {environment_line(facts)}",
        markdown_table(
            ["by article", *measures],
            [
                [row["system"], *(share(row["by_article"][name]) for name in measures)]
                for row in results
            ],
        ),
    ]
    if dataset.passed_over:
        parts.append(f"Passed over, having no gold article: {dataset.passed_over}.")
    if spans:
        parts.append(_passage_table(results, [*hits, "mrr@10"]))
        parts.append(
            f"By passage: the whole gold answer, at its own place, lies in the passage ({spans} "
            "questions). Longer passages hold it more easily; the last columns give each system "
            f"the same number of characters, read from the top of its first {TIMED_K} results."
        )
    parts.append(_speed_table(results))
    parts.append(
        f"Build: articles in memory to a searchable index, the model's loading included. Query: "
        f"the first {TIMED_K} results, systems asked in turns."
    )
    return "\n\n".join(parts)


def _passage_table(results: Sequence[dict[str, Any]], measures: Sequence[str]) -> str:
    return markdown_table(
        ["by passage", "characters", *measures, *(f"in first {budget:,}" for budget in BUDGETS)],
        [
            [
                row["system"],
                number(row["mean_found_characters"]),
                *(share(row["by_passage"] and row["by_passage"][name]) for name in measures),
                *(share(row["span_within_characters"][str(budget)]) for budget in BUDGETS),
            ]
            for row in results
        ],
    )


def _speed_table(results: Sequence[dict[str, Any]]) -> str:
    headings = ["speed", "passages", "mean characters", "build s", "articles/s", "passages/s"]
    headings += ["characters/s", "tokens embedded/s", "read by model", "query p50 ms", "p95 ms"]
    return markdown_table(
        headings,
        [
            [
                row["system"],
                number(row["pieces"]),
                number(row["mean_piece_characters"]),
                number(row["build_seconds"], 1),
                number(row["articles_per_second"], 1),
                number(row["passages_per_second"], 1),
                number(row["characters_per_second"]),
                number(row["embedded_tokens_per_second"] or None),
                share(row["share_of_tokens_read_by_the_model"]),
                number(row["query_ms_p50"], 1),
                number(row["query_ms_p95"], 1),
            ]
            for row in results
        ],
    )


def _ranking(judged: Sequence[Sequence[bool]]) -> dict[str, float | None]:
    hits = {
        f"hit@{k}": metrics.mean(metrics.hit_at_k(relevant, k) for relevant in judged)
        for k in DEPTHS
    }
    return hits | {"mrr@10": metrics.mean(metrics.reciprocal_rank(one, 10) for one in judged)}


def _rate(amount: float, seconds: float) -> float | None:
    return amount / seconds if seconds else None


if __name__ == "__main__":
    raise SystemExit(main())
