"""Fits the weights in `bot/qa/plausibility.py` and `bot/qa/confidence.py`.

    python -m training.fit_answers FOLDER --half FOLDER [--distractors FOLDER]

Folders hold articles and questions as benchmarks/README.md describes them. Asked are all questions
of the first and those on every second article of the other, by id, which stands among the articles
of the third; the other half is for measuring. First, the weights that make the right one of the
reader's spans the likeliest. Then, with these, how likely an answer is right: the questions are
asked as they are, with those that the articles do not answer, and the first of them (LEFT_OUT of
each folder) with every article that has their answer left out. An answer is right if it contains a
gold answer or a gold answer contains it. What is printed goes into the two modules; the figures
beside it are by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from benchmarks.datasets import Dataset, Question, load_dataset
from benchmarks.dateline import build, home_folder
from benchmarks.leave_out import LeaveOut
from bot.qa.candidates import Candidate
from bot.qa.confidence import Evidence, evidence_of
from bot.qa.factory import make_reader
from bot.qa.merging import merge
from bot.qa.pipeline import AnswerPipeline
from bot.qa.plausibility import NAMES, features, weighed
from bot.qa.questions import QuestionKind, question_kind
from bot.qa.span_reader import SpanReader
from bot.qa.specificity import most_specific
from bot.settings import load_settings
from index.archive import Archive
from index.article import ScoredPassage
from index.evaluation import metrics
from index.evaluation.calibration import auroc, expected_calibration_error

Array = NDArray[np.float64]
Search = Callable[[Question], list[ScoredPassage]]
LEFT_OUT = (200, 50)
"""Questions of each folder that are asked again without their articles."""
INVERSE_RIDGE = 10.0
"""The regression's C: there are few weights, and hundreds of questions."""
RIDGE = 1e-2
"""Of the ranking, per question and squared weight of a feature of unit variance."""


@dataclass(frozen=True)
class Asked:
    """A question that a span may answer, and what the reader found in the passages."""

    question: Question
    kind: QuestionKind
    answerable: bool
    candidates: list[Candidate]

    def right(self, text: str) -> bool:
        return self.answerable and bool(
            metrics.best_over_golds(metrics.contains_either, text, self.question.answers)
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit what is made of the reader's spans.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=Path, metavar="FOLDER", required=True)
    parser.add_argument("--distractors", type=Path, metavar="FOLDER", nargs="+", default=[])
    parser.add_argument("--home", type=Path, help="keep the archive here, or use the one there")
    parser.add_argument("--half-home", type=Path, help="the same for the other archive")
    parser.add_argument("--no-build", action="store_true", help="the archives are made already")
    options = parser.parse_args(arguments)
    whole = load_dataset(options.folder)
    mixed = load_dataset(options.half, distractors=options.distractors)
    asked = [
        *collect(whole, whole.questions, LEFT_OUT[0], options.home, build_it=not options.no_build),
        *collect(mixed, half(mixed), LEFT_OUT[1], options.half_home, build_it=not options.no_build),
    ]
    fit_confidence(asked, fit_ranking([one for one in asked if one.answerable]))
    return 0


def half(dataset: Dataset) -> list[Question]:
    """The questions on the first, third … of the articles that have any, by id."""
    ids = sorted({id for question in dataset.questions for id in question.article_ids})
    chosen = set(ids[::2])
    return [question for question in dataset.questions if question.article_ids <= chosen]


def collect(
    dataset: Dataset,
    questions: Sequence[Question],
    left_out: int,
    kept: Path | None,
    *,
    build_it: bool,
) -> list[Asked]:
    """The questions, the dataset's unanswerable ones, and the first `left_out` without their
    articles, each with what the reader finds.
    """
    with home_folder(kept) as home:
        settings = load_settings(home=home)
        if build_it:
            build(dataset, settings)
        with Archive.open(home, settings=settings) as archive:
            reader = make_reader(settings, archive.model)
            if not isinstance(reader, SpanReader):
                raise SystemExit("DATELINE_READER names no reader of spans")
            without = LeaveOut(AnswerPipeline(archive, reader), dataset.articles)

            def search(question: Question) -> list[ScoredPassage]:
                return archive.search(question.text, as_of=question.date)

            def search_rest(question: Question) -> list[ScoredPassage]:
                return without.search(question, question.text, 10, as_of=question.date)

            return [
                *ask(reader, questions, search, answerable=True),
                *ask(reader, dataset.unanswerable, search, answerable=False),
                *ask(reader, questions[:left_out], search_rest, answerable=False),
            ]


def ask(
    reader: SpanReader, questions: Iterable[Question], search: Search, *, answerable: bool
) -> Iterator[Asked]:
    for question in questions:
        kind = question_kind(question.text)
        if kind.has_span and (found := reader.candidates(question.text, kind, search(question))):
            yield Asked(question, kind, answerable, found)


def fit_ranking(asked: Sequence[Asked]) -> Array:
    """Weights of NAMES, in log-odds beside the reader's score, which has the weight 1."""
    lists = []
    for one in asked:
        right = np.array([one.right(candidate.text) for candidate in one.candidates])
        if right.any() and not right.all():
            scores = np.array([[candidate.score] for candidate in one.candidates])
            rows = np.hstack([scores, features(one.candidates, one.question.text, one.kind)])
            lists.append((rows, right))
    spread = np.concatenate([rows for rows, _ in lists]).std(axis=0)
    spread[spread == 0] = 1.0

    def loss(scaled: Array) -> tuple[float, Array]:
        total, gradient = RIDGE / 2 * float(scaled @ scaled), RIDGE * scaled
        for rows, right in lists:
            scores = rows / spread @ scaled
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            mass = max(float(likely[right].sum()), 1e-12)
            total -= np.log(mass) / len(lists)
            gradient = gradient + (likely - likely * right / mass) @ (rows / spread) / len(lists)
        return total, gradient

    fitted: Array = minimize(loss, np.zeros(1 + len(NAMES)), jac=True).x / spread
    weights: Array = fitted[1:] / fitted[0]
    before = np.mean([bool(right[np.argmax(rows[:, 0])]) for rows, right in lists])
    after = np.mean([bool(right[np.argmax(rows @ [1.0, *weights])]) for rows, right in lists])
    named = dict(zip(NAMES, weights.round(2).tolist(), strict=True))
    print(f"_WEIGHTS = {named}")
    print(f"{len(lists)} questions; right span first: {before:.3f} before, {after:.3f} with them")
    return weights


def fit_confidence(asked: Sequence[Asked], weights: Array) -> None:
    evidence, right = [], []
    for one in asked:
        candidates = weighed(one.candidates, one.question.text, one.kind, weights)
        readings = merge(candidates, kind=one.kind)
        first, *others = most_specific(readings, one.kind, one.question.text)
        evidence.append(astuple(evidence_of(first, others)))
        right.append(one.right(first.text))
    rows, good = np.array(evidence), np.array(right)
    answerable = np.array([one.answerable for one in asked])
    spread = rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=5000)
    likely = cross_val_predict(model, rows / spread, good, cv=5, method="predict_proba")[:, 1]
    model.fit(rows / spread, good)
    fitted = Evidence(*(round(float(one), 3) for one in model.coef_[0] / spread))
    print(f"ConfidenceModel(weights={fitted}, constant={model.intercept_[0]:.3f})")
    print(
        f"{len(rows)} questions, {answerable.sum()} answerable, {good.mean():.3f} right; AUROC "
        f"{auroc(likely, good):.3f}, calibration error "
        f"{expected_calibration_error(likely, good):.3f}"
    )
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        given = likely >= least
        print(
            f"answered from {least}: of the answerable {given[answerable].mean():.3f}, of the "
            f"others {given[~answerable].mean():.3f}; right of the answers {good[given].mean():.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
