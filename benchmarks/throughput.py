"""How many more questions are answered in a second when many ask at once than one by one?

    python benchmarks/throughput.py FOLDER [--home ARCHIVE] [--askers 32] [--limit 128] [--json]

All through the desk that the bot has, in rounds of as many questions as there are askers, each
round in three ways, in turns: one asker who waits for every answer; all askers at once, each with
another question; all askers at once, four of whom ask each question. Only ratios of one run
compare. The answers of all ways are compared as well: they have to be the same.

Cores busy are processor seconds of the process per second. A second can hold no more than all cores
busy, so that with the work for a question given, the ratio cannot exceed cores / cores busy one by
one: see *most*. What other processes take counts against all ways alike.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Question
from benchmarks.dateline import build, home_folder
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import quiet
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
)
from benchmarks.retrieval import WARM_UP
from bot.desk import AnswerDesk
from bot.desk.single_flight import normalised
from bot.qa.answer import Answer
from bot.qa.factory import open_pipeline
from bot.qa.pipeline import AnswerPipeline
from index.evaluation import metrics

ASKERS = 32
QUESTIONS = 128
SAME = 4
"""Askers of one question, in the third way."""


@dataclass
class Way:
    """One way to ask, and what it took."""

    name: str
    asked: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    """Seconds that each asker waited."""

    def summary(self, one_by_one: Way) -> dict[str, Any]:
        each = self.seconds / self.asked
        return {
            "way": self.name,
            "asked": self.asked,
            "ratio": one_by_one.seconds / one_by_one.asked / each,
            "processor_ms": 1000 * self.processor_seconds / self.asked,
            "cores_busy": self.processor_seconds / self.seconds,
            "wait_s_p50": metrics.percentile(self.waits, 50),
            "wait_s_p95": metrics.percentile(self.waits, 95),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("How many more questions are answered when many ask at once?")
    options_parser.add_argument("--askers", type=int, default=ASKERS, metavar="N")
    options = options_parser.parse_args(arguments)
    if options.askers < SAME:
        raise SystemExit(f"--askers: {SAME} or more")
    dataset = dataset_of(options)
    # Each once: what is asked twice in one moment is answered once, which is the third way.
    distinct = {normalised(question.text): question for question in dataset.questions}
    questions = list(distinct.values())[: options.limit or QUESTIONS]
    rounds = [
        questions[first : first + options.askers]
        for first in range(0, len(questions) - options.askers + 1, options.askers)
    ]
    if not rounds:
        raise SystemExit(f"{options.path}: fewer questions than askers ({options.askers})")
    with quiet():
        facts = environment()
    with home_folder(options.home) as home:
        settings = settings_of(options, home)
        build(dataset, settings)
        with quiet(), open_pipeline(settings) as pipeline:
            ways, different = asyncio.run(measure(pipeline, rounds))
    result = {
        "benchmark": "throughput",
        "dataset": dataset.name,
        "articles": len(dataset.articles),
        "askers": options.askers,
        "cores": os.cpu_count(),
        "ways": [way.summary(ways[0]) for way in ways],
        "different_answers": different,
        "environment": facts,
    }
    print(json.dumps(result, ensure_ascii=False) if options.json else report(result))
    return 0


async def measure(
    pipeline: AnswerPipeline, rounds: Sequence[Sequence[Question]]
) -> tuple[list[Way], int]:
    """What each way took, and how many answers differed from those given one by one."""
    desk = AnswerDesk(pipeline, waiting=len(rounds[0]))
    ways = [Way("one by one"), Way("all at once"), Way(f"all at once, {SAME} ask the same")]
    different = 0
    try:
        for text in WARM_UP:
            await desk.ask(text)
        for n, questions in enumerate(rounds, 1):
            distinct = -(-len(questions) // SAME)
            same = [questions[place % distinct] for place in range(len(questions))]
            asked = [questions, questions, same]
            answers: list[list[Answer]] = [[], [], []]
            # Every way comes first in turn: what follows finds warmer caches.
            for place in [(n + shift) % len(ways) for shift in range(len(ways))]:
                answers[place] = await ask(desk, ways[place], asked[place], at_once=place > 0)
            expected = {
                question.id: said(answer)
                for question, answer in zip(questions, answers[0], strict=True)
            }
            for place in (1, 2):
                for question, answer in zip(asked[place], answers[place], strict=True):
                    different += said(answer) != expected[question.id]
            progress(f"{n} of {len(rounds)} rounds")
    finally:
        desk.close()
        await desk.closed()
    return ways, different


async def ask(
    desk: AnswerDesk, way: Way, questions: Sequence[Question], *, at_once: bool
) -> list[Answer]:
    async def one(question: Question) -> Answer:
        asked = time.perf_counter()
        answer = await desk.ask(question.text, as_of=question.date)
        way.waits.append(time.perf_counter() - asked)
        return answer

    started, processor = time.perf_counter(), time.process_time()
    if at_once:
        answers = await asyncio.gather(*(one(question) for question in questions))
    else:
        answers = [await one(question) for question in questions]
    way.seconds += time.perf_counter() - started
    way.processor_seconds += time.process_time() - processor
    way.asked += len(questions)
    return answers


def said(answer: Answer) -> str:
    """All of an answer that anybody can see, without the times it took."""
    return json.dumps({**answer.to_json(), "timings_ms": {}})


def report(result: dict[str, Any]) -> str:
    """The result as Markdown."""
    rows = [
        [
            way["way"],
            number(way["ratio"], 2),
            number(way["cores_busy"], 2),
            number(way["processor_ms"]),
            number(way["wait_s_p50"], 2),
            number(way["wait_s_p95"], 2),
        ]
        for way in result["ways"]
    ]
    headings = ["asking", "questions/s", "cores busy", "processor ms", "wait p50 s", "wait p95 s"]
    one_by_one = result["ways"][0]
    most = result["cores"] / one_by_one["cores_busy"]
    return "\n\n".join(
        [
            f"**{result['dataset']}**: {result['articles']:,} articles, {one_by_one['asked']} "
            f"questions each way, {result['askers']} askers. "
            + environment_line(result["environment"]),
            markdown_table(headings, rows),
            "questions/s is a multiple of one by one; with the same work for each question, "
            f"{result['cores']} cores give at most {most:.2f}. Answers that were not the same: "
            f"{result['different_answers']}.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
