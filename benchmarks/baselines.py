"""What answers are worth that are merely the top of a search: never withheld, right or not."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from benchmarks.answering import Outcome, scores
from benchmarks.datasets import Question
from benchmarks.peers import Hit, PlainBM25, StockLlamaIndex, System
from benchmarks.reporting import progress
from index.sentences import sentence_spans

PASSAGES = 10


def baselines(systems: Sequence[System], questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The scores of each peer that finds passages."""
    rows: list[dict[str, Any]] = []
    for system in systems:
        if isinstance(system, StockLlamaIndex):
            # A chunk of a thousand words is no answer, so EM and F1 would say nothing.
            name, measures = f"{system.name}: whole top chunk", ["contains"]
        elif isinstance(system, PlainBM25) and not system.whole_articles:
            name, measures = "BM25: best sentence of the best chunks", ["contains", "em", "f1"]
        else:
            continue
        progress(f"asking {len(questions)} questions: {name}")
        rows.append(scores(name, [_ask(system, one) for one in questions], measures=measures))
    return rows


def _ask(system: System, question: Question) -> Outcome:
    started = perf_counter()
    hits = system.search(question.text, PASSAGES)
    best = hits[0] if hits else None
    if best and isinstance(system, PlainBM25):
        best = best_sentence(question.text, hits)
    seconds = perf_counter() - started
    return Outcome(
        question=question,
        answerable=True,
        answered=best is not None,
        text=best.text if best else "",
        confidence=1.0,
        seconds=seconds,
        article_id=best.article_id if best else None,
        passages=tuple(hit.text for hit in hits),
    )


def best_sentence(query: str, hits: Sequence[Hit]) -> Hit:
    """The sentence of `hits` that BM25 ranks first among them, their first if none matches."""
    sentences = [
        ("", Hit(hit.article_id, hit.start + start, hit.start + end, hit.text[start:end]))
        for hit in hits
        for start, end in sentence_spans(hit.text)
    ]
    found = PlainBM25("sentences", sentences).search(query, 1)
    return found[0] if found else sentences[0][1]
