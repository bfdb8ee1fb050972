"""Fits the weights in `bot/qa/plausibility.py`, `confidence.py` and `sentence_answers.py`.

    python -m training.fit_answers FOLDER --half FOLDER [--distractors FOLDER]

Folders hold articles and questions as benchmarks/README.md describes them. Asked are all questions
of the first and those on every second article of the other, by id, which stands among the articles
of the third; the other half is for measuring. First, the weights that make the right one of the
reader's spans the likeliest. Then, with these, how likely an answer is right: the questions are
asked as they are, with those that the articles do not answer, and the first of them (LEFT_OUT of
each folder) with every article that has their answer left out. An answer is right if it contains a
gold answer or a gold answer contains it. The same for the best sentence. What is printed goes into
the modules; the figures beside it are by five-fold cross-validation.
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
from sklearn.model_selection import StratifiedKFold

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
from bot.qa.sentence_answers import SentenceAnswers, SentenceConfidence, ToldSentence
from bot.qa.sentence_reader import SentenceRanker
from bot.qa.span_reader import SpanReader
from bot.qa.specificity import most_specific
from bot.settings import load_settings
from index.archive import Archive
from index.article import ScoredPassage
from index.evaluation import metrics
from index.evaluation.calibration import auroc, expected_calibration_error

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Search = Callable[[Question], list[ScoredPassage]]
LEFT_OUT = (200, 50)
"""Questions of each folder that are asked again without their articles."""
UNANSWERABLE = 0.25
"""The share of people's questions that the articles do not answer: assumed, nobody has counted."""
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
    sentence: ToldSentence
    """The one that tells most likely, by the weights as they are."""

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
    fit_sentences(asked)
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
            sentences = SentenceAnswers(SentenceRanker(archive.model))
            without = LeaveOut(AnswerPipeline(archive, reader), dataset.articles)

            def search(question: Question) -> list[ScoredPassage]:
                return archive.search(question.text, as_of=question.date)

            def search_rest(question: Question) -> list[ScoredPassage]:
                return without.search(question, question.text, 10, as_of=question.date)

            return [
                *ask(reader, sentences, questions, search, answerable=True),
                *ask(reader, sentences, dataset.unanswerable, search, answerable=False),
                *ask(reader, sentences, questions[:left_out], search_rest, answerable=False),
            ]


def ask(
    reader: SpanReader,
    sentences: SentenceAnswers,
    questions: Iterable[Question],
    search: Search,
    *,
    answerable: bool,
) -> Iterator[Asked]:
    for question in questions:
        kind = question_kind(question.text)
        passages = search(question)
        if kind.has_span and (found := reader.candidates(question.text, kind, passages)):
            scored = weighed(found, question.text, kind)
            best = sentences.told(question.text, passages, scored)[0]
            yield Asked(question, kind, answerable, found, best)


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
        evidence.append(astuple(evidence_of(one.question.text, first, others)))
        right.append(one.right(first.text))
    answerable = np.array([one.answerable for one in asked])
    fitted, constant = fit_logistic(np.array(evidence), np.array(right), answerable)
    print(f"ConfidenceModel(weights={Evidence(*fitted)}, constant={constant})")


def fit_sentences(asked: Sequence[Asked]) -> None:
    """The same for sentences: right is one that has a gold answer in it.

    The questions are those that a span answers, as nobody has marked the others' sentences.
    """
    rows = [
        [one.sentence.ranked, one.sentence.read, one.sentence.sentence.passage_cosine]
        for one in asked
    ]
    right = [
        one.answerable
        and bool(
            metrics.best_over_golds(
                metrics.contains_gold, one.sentence.sentence.text, one.question.answers
            )
        )
        for one in asked
    ]
    answerable = np.array([one.answerable for one in asked])
    fitted, constant = fit_logistic(np.array(rows), np.array(right), answerable)
    print(SentenceConfidence(*fitted, constant))


def fit_logistic(rows: Array, right: Bools, answerable: Bools) -> tuple[list[float], float]:
    """The weights of the columns, and the constant; prints how they do in cross-validation.

    Questions count so that UNANSWERABLE of them have no answer.
    """
    others = answerable.sum() / (~answerable).sum() * UNANSWERABLE / (1 - UNANSWERABLE)
    counts = np.where(answerable, 1.0, others)
    spread = rows.std(axis=0)
    spread[spread == 0] = 1.0
    model = LogisticRegression(C=INVERSE_RIDGE, max_iter=5000)
    likely = np.zeros(len(rows))
    for known, unknown in StratifiedKFold(5, shuffle=True, random_state=0).split(rows, right):
        model.fit(rows[known] / spread, right[known], sample_weight=counts[known])
        likely[unknown] = model.predict_proba(rows[unknown] / spread)[:, 1]
    often = np.rint(100 * counts).astype(int)
    print(
        f"{len(rows)} questions, {answerable.sum()} answerable, "
        f"{np.average(right, weights=counts):.3f} right; AUROC {auroc(likely, right):.3f}, "
        "calibration error "
        f"{expected_calibration_error(np.repeat(likely, often), np.repeat(right, often)):.3f}"
    )
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        given = likely >= least
        gain = np.where(given, np.where(right, 1, -1), 0)
        print(
            f"answered from {least}: {given[answerable].mean():.3f} of the answerable, "
            f"{given[~answerable].mean():.3f} of the others; right "
            f"{np.average(right[given], weights=counts[given]):.3f}; utility "
            f"{np.average(gain, weights=counts):.3f}"
        )
    model.fit(rows / spread, right, sample_weight=counts)
    weights = [round(float(one), 3) for one in model.coef_[0] / spread]
    return weights, round(float(model.intercept_[0]), 3)


if __name__ == "__main__":
    sys.exit(main())
