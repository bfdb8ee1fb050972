"""Are the answers right, are refusals right, and is every quote byte for byte in its article?

    python benchmarks/answers.py FOLDER [--distractors FOLDER ...] [--leave-out] [--sweep] [--json]

Questions go through the pipeline that the command line and the bot use. Exits 1 if a quote is
not byte for byte the text at its place, both in the archive and in the input file;
benchmarks/README.md says what is measured and how.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.answering import ask_all, calibration_of, refusals, scores, sweep
from benchmarks.baselines import baselines
from benchmarks.datasets import Dataset
from benchmarks.dateline import build, home_folder
from benchmarks.leave_out import LeaveOut
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import peers, quiet
from benchmarks.quotes import check_quotes
from benchmarks.reliability import reliability_table
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
    share,
)
from bot.qa.factory import abstain_below, open_pipeline
from index.evaluation.calibration import ReliabilityBin

NAMES = {"contains": "contains gold", "either": "one contains the other", "em": "EM", "f1": "F1"}


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("Are answers and refusals right, and are the quotes exact?")
    options_parser.add_argument(
        "--leave-out",
        action="store_true",
        help="ask each question again with every article that has its answer taken out",
    )
    options_parser.add_argument(
        "--sweep", action="store_true", help="show what other values of abstain_below would do"
    )
    options_parser.add_argument(
        "--no-build",
        dest="build",
        action="store_false",
        help="take the archive in --home as it is: it must have exactly these articles",
    )
    options = options_parser.parse_args(arguments)
    dataset = dataset_of(options)
    questions = [question for question in dataset.questions if question.answers]
    if not questions:
        raise SystemExit(f"{options.path}: no question has a gold answer")
    with quiet():
        facts = environment()
    with home_folder(options.home) as home:
        settings = settings_of(options, home)
        threshold = abstain_below(settings)
        if options.sweep:  # every candidate has to come out: the threshold is applied afterwards
            settings = settings_of(options, home, abstain_below=0.0)
        if options.build:
            build(dataset, settings)
        others = (
            peers(dataset.articles, stock=options.stock, stock_home=options.stock_home)
            if options.peers
            else []
        )
        with quiet(), open_pipeline(settings) as pipeline:
            there = {article.id for article in pipeline.archive.articles()}
            if there != dataset.articles.keys():
                raise SystemExit(f"{home} does not have exactly the articles of {dataset.name}")
            progress(f"asking {len(questions)} questions")
            asked = ask_all(lambda _: pipeline, questions, answerable=True)
            sets = {}
            if dataset.unanswerable:
                progress(f"asking {len(dataset.unanswerable)} unanswerable questions")
                sets["unanswerable questions"] = ask_all(
                    lambda _: pipeline, dataset.unanswerable, answerable=False
                )
            if options.leave_out:
                progress(f"asking {len(questions)} questions without their articles")
                without = LeaveOut(pipeline, dataset.articles)
                sets["articles left out"] = ask_all(
                    without.pipeline_for, questions, answerable=False
                )
            everything = [*asked, *(one for outcomes in sets.values() for one in outcomes)]
            checked, wrong = check_quotes(everything, pipeline.archive, dataset.articles)
            rows = [scores("Dateline", asked, threshold=threshold), *baselines(others, questions)]
    results: dict[str, Any] = {
        "benchmark": "answers",
        "dataset": dataset.name,
        "articles": len(dataset.articles),
        "questions": len(questions),
        "abstain_below": threshold,
        "environment": facts,
        "systems": rows,
        "refusals": [refusals(name, asked, outcomes, threshold) for name, outcomes in sets.items()],
        "quotes": {"checked": checked, "wrong": wrong},
        "sweep": sweep(everything) if options.sweep else None,
        "calibration": calibration_of(everything) if options.sweep else None,
    }
    print(json.dumps(results, ensure_ascii=False) if options.json else report(dataset, results))
    for line in wrong:
        progress(line)
    return 1 if wrong else 0


def report(dataset: Dataset, results: dict[str, Any]) -> str:
    """The results as Markdown."""
    parts = [
        f"**{dataset.name}**: {results['articles']:,} articles, {results['questions']:,} "
        f"answerable questions, answers below a confidence of {results['abstain_below']} withheld. "
        f"{environment_line(results['environment'])}",
        _answers_table(results["systems"]),
        "All: an abstention scores 0. Answered: over the answered questions only. Gold in "
        "passages: a passage it was chosen from has the gold answer. Gold article: the answer is "
        "from an article labelled as having it.",
    ]
    if results["refusals"]:
        parts.append(_refusals_table(results["refusals"]))
    if results["sweep"]:
        parts.append(_sweep_table(results["sweep"]))
        parts.append(
            "Utility: right +1, abstained 0, wrong -1, per question asked, the unanswerable ones "
            "included; right means that the answer contains the gold answer."
        )
    if results["calibration"]:
        parts.append(_calibration_table(results["calibration"]))
    quotes = results["quotes"]
    exact = quotes["checked"] - len(quotes["wrong"])
    parts.append(f"quotes byte-exact: {exact:,} of {quotes['checked']:,}")
    return "\n\n".join(parts)


def _answers_table(systems: Sequence[dict[str, Any]]) -> str:
    return markdown_table(
        [
            "answers",
            "coverage",
            *(f"{name}, all" for name in NAMES.values()),
            *(f"{name}, answered" for name in NAMES.values()),
            "gold in passages",
            "gold article",
            "mean characters",
            "p50 ms",
            "p95 ms",
        ],
        [
            [
                row["system"],
                share(row["coverage"]),
                *(share(row["all"].get(measure)) for measure in NAMES),
                *(share(row["answered"].get(measure)) for measure in NAMES),
                share(row["gold_in_passages"]),
                share(row["from_gold_article"]),
                number(row["mean_answer_characters"]),
                number(row["ms_p50"], 1),
                number(row["ms_p95"], 1),
            ]
            for row in systems
        ],
    )


def _refusals_table(rows: Sequence[dict[str, Any]]) -> str:
    return markdown_table(
        ["refusals", "unanswerable", "of these refused", "others refused", "recall", "precision"],
        [
            [
                row["set"],
                number(row["unanswerable"]),
                number(row["rightly_refused"]),
                number(row["wrongly_refused"]),
                share(row["recall"]),
                share(row["precision"]),
            ]
            for row in rows
        ],
    )


def _calibration_table(found: dict[str, Any]) -> str:
    table = reliability_table("Dateline", [ReliabilityBin(**one) for one in found["bins"]])
    return (
        f"{table}\n\nExpected calibration error {found['ece']:.3f} over {found['questions']:,} "
        f"answers, the withheld included, of which {found['right']:.3f} are right (one contains "
        f"the other); AUROC {share(found['auroc'])}."
    )


def _sweep_table(rows: Sequence[dict[str, Any]]) -> str:
    best = max(row["utility"] for row in rows)
    return markdown_table(
        ["abstain below", "utility", "coverage", "accuracy, answered", "refusal recall"],
        [
            [
                f"{row['abstain_below']:.2f}",
                f"**{row['utility']:.3f}**" if row["utility"] == best else f"{row['utility']:.3f}",
                share(row["coverage"]),
                share(row["accuracy"]),
                share(row["refusal_recall"]),
            ]
            for row in rows
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
