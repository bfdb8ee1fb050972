"""Turns a reader's scores into probabilities, and chooses when it had better abstain.

    python -m training.calibrate FOLDER DATA [--limit N]

FOLDER is what `training.export` wrote; its `reader.json` gets `calibration` and `abstain_below`.
DATA holds `squad2`. Every second of its measuring articles, by name, is read for the fit; the
others give the error that is printed, and are for reporting. What is fitted is the probability
that the reader's best span for a given text is right: an F1 of at least one half with one of the
gold answers, and never where the text does not answer.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.qa.reading.one_text import best_span
from bot.qa.reading.packaged import DESCRIPTION, TOKENIZER, WEIGHTS
from bot.qa.reading.spans import SpanModel
from index.evaluation import metrics
from index.evaluation.calibration import (
    auroc,
    best_threshold,
    expected_calibration_error,
    fit_platt_scaling,
    risk_at,
    risk_coverage,
    utilities,
)
from training.corpus import SQUAD2_FOLDER, CorpusError, squad2_corpus

RIGHT_F1 = 0.5
"""From which on an answer counts as right."""
NOTHING_FOUND = -30.0
"""The score of a text in which there is no span at all."""
DIGITS = 6


@dataclass(frozen=True)
class TextQuestion:
    """A question, the text that it is asked of, and all that is accepted as its answer."""

    id: str
    question: str
    text: str
    article: str
    """The name of the article that the text is from."""
    answers: tuple[str, ...]
    """() where the text does not answer."""

    @property
    def answerable(self) -> bool:
        return bool(self.answers)


@dataclass(frozen=True)
class Judged:
    """A reader's best spans: for each question a score, and whether the span is right."""

    scores: list[float]
    right: list[bool]


def measuring_questions(data: Path) -> list[TextQuestion]:
    """All questions on the measuring articles of `squad2`, in the order of their file.

    Unlike training, measuring asks no place of an answer, so none is left out. Raises CorpusError
    for files that are not as training/README.md describes them.
    """
    paragraphs = squad2_corpus(data, training=False).paragraphs
    path = data / SQUAD2_FOLDER / "questions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        TextQuestion(
            row["id"],
            row["question"],
            paragraphs[row["context_id"]].text,
            paragraphs[row["context_id"]].article,
            tuple(row["answers"]),
        )
        for row in rows
        if row["context_id"] in paragraphs
    ]


def halves(questions: Sequence[TextQuestion]) -> tuple[list[TextQuestion], list[TextQuestion]]:
    """For the fit the first, third … article by name, and for reporting the others."""
    names = sorted({one.article for one in questions})
    fitted = set(names[::2])
    return (
        [one for one in questions if one.article in fitted],
        [one for one in questions if one.article not in fitted],
    )


def spread(questions: Sequence[TextQuestion], limit: int | None) -> list[TextQuestion]:
    """`limit` questions at most, taken at equal distances, so that all articles have some."""
    if limit is None or limit >= len(questions):
        return list(questions)
    return [questions[n * len(questions) // limit] for n in range(limit)]


def is_right(answer: str, golds: Sequence[str]) -> bool:
    return bool(golds) and metrics.best_over_golds(metrics.token_f1, answer, golds) >= RIGHT_F1


def judge(model: SpanModel, questions: Sequence[TextQuestion]) -> Judged:
    """Read each text alone."""
    scores, right = [], []
    for one in questions:
        best = best_span(model, one.question, one.text)
        scores.append(best.score if best else NOTHING_FOUND)
        right.append(is_right(one.text[best.start : best.end], one.answers) if best else False)
    return Judged(scores, right)


def calibrate(fit: Judged, report: Judged) -> dict[str, Any]:
    """The facts for reader.json, and under "measured" what they do on what they were not fitted
    on. Raises ValueError where higher scores are not the better ones.
    """
    scaling = fit_platt_scaling(fit.scores, fit.right)
    slope, intercept = round(scaling.slope, DIGITS), round(scaling.intercept, DIGITS)
    if slope <= 0:
        raise ValueError(f"right answers do not score higher (slope {slope}): is it trained?")
    own = scaling.probabilities(fit.scores)
    threshold = best_threshold(own, utilities(fit.right), np.zeros(len(own)))
    abstain_below = round(min(threshold.value, 1.0), DIGITS)
    others = scaling.probabilities(report.scores)
    given = others >= abstain_below
    curve = risk_coverage(report.scores, report.right)
    return {
        "calibration": {"slope": slope, "intercept": intercept},
        "abstain_below": abstain_below,
        "measured": {
            "fitted_on": len(own),
            "reported_on": len(others),
            "ece": expected_calibration_error(others, report.right),
            "ece_equal_width": expected_calibration_error(others, report.right, equal_width=True),
            "ece_of_the_fit": expected_calibration_error(own, fit.right),
            "auroc_of_right": auroc(report.scores, report.right),
            "utility": float(np.where(given, utilities(report.right), 0).mean()),
            "utility_of_the_fit": threshold.worth,
            "answered": float(given.mean()),
            "wrong_at_coverage": {str(c): risk_at(curve, c) for c in (0.2, 0.4, 0.6, 0.8, 1.0)},
        },
    }


def write_calibration(folder: Path, fitted: dict[str, Any]) -> None:
    """Beside, then in place: a crash leaves the description of before."""
    path = folder / DESCRIPTION
    facts = json.loads(path.read_text("utf-8"))
    facts |= {name: fitted[name] for name in ("calibration", "abstain_below")}
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    beside.replace(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate an exported reader.")
    parser.add_argument("folder", type=Path, help="what training.export wrote")
    parser.add_argument("data", type=Path, help="a folder with squad2/")
    parser.add_argument("--limit", type=int, metavar="N", help="read N questions only, for a trial")
    options = parser.parse_args(arguments)
    try:
        facts = json.loads((options.folder / DESCRIPTION).read_text("utf-8"))
        questions = spread(measuring_questions(options.data), options.limit)
    except (OSError, ValueError, CorpusError) as error:
        raise SystemExit(f"{options.folder}, {options.data}: {error}") from None
    from bot.qa.reading.span_model import OnnxSpanModel  # not load_reader: that wants what is made

    model = OnnxSpanModel(options.folder / WEIGHTS, options.folder / TOKENIZER, facts["max_tokens"])
    fit, report = halves(questions)
    print(f"reading {len(questions)} texts", file=sys.stderr, flush=True)
    try:
        fitted = calibrate(judge(model, fit), judge(model, report))
    except ValueError as error:
        raise SystemExit(f"{options.folder}: {error}") from None
    write_calibration(options.folder, fitted)
    print(json.dumps(fitted, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
