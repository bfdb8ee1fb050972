"""Asks questions through the real pipeline and judges what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from benchmarks.datasets import Question
from bot.qa.pipeline import AnswerPipeline
from index.evaluation import calibration, metrics

RIGHT, WRONG = 1, -1
"""Utility of a right and of a wrong answer; an abstention is worth 0. Measured from a right answer,
a wrong one costs twice what abstaining does."""
THRESHOLDS = (*(step / 20 for step in range(20)), 0.97, 0.98, 0.99)
MEASURES: Mapping[str, Callable[[str, str], float]] = {
    "contains": metrics.contains_gold,
    "either": metrics.contains_either,
    "em": metrics.exact_match,
    "f1": metrics.token_f1,
}


@dataclass(frozen=True)
class Outcome:
    """One question asked of one system, and what came back."""

    question: Question
    answerable: bool
    """Whether the articles that were searched have an answer."""
    answered: bool
    text: str
    confidence: float
    seconds: float
    article_id: str | None
    """The article that the answer is taken from."""
    passages: tuple[str, ...]
    """The texts it was chosen from, best first."""
    published: Mapping[str, Any] | None = None
    """The answer's JSON, for Dateline."""

    def given(self, threshold: float) -> bool:
        """Whether an answer is given when those of less confidence are withheld."""
        return self.answered and self.confidence >= threshold

    def score(self, measure: str) -> float:
        return metrics.best_over_golds(MEASURES[measure], self.text, self.question.answers)


def ask_all(
    pipeline_for: Callable[[Question], AnswerPipeline],
    questions: Iterable[Question],
    *,
    answerable: bool,
) -> list[Outcome]:
    """Each question through the pipeline that is meant for it."""
    outcomes: list[Outcome] = []
    for question in questions:
        pipeline = pipeline_for(question)
        if not outcomes:
            pipeline.ask("who signed the agreement on Monday?")  # loads models, untimed
        started = perf_counter()
        answer = pipeline.ask(question.text, id=question.id, as_of=question.date)
        seconds = perf_counter() - started
        outcomes.append(
            Outcome(
                question=question,
                answerable=answerable,
                answered=answer.answered,
                text=answer.answer,
                confidence=answer.confidence,
                seconds=seconds,
                article_id=answer.citations[0].article.id if answer.citations else None,
                passages=tuple(scored.passage.text for scored in answer.passages),
                published=answer.to_json(),
            )
        )
    return outcomes


def scores(
    name: str,
    outcomes: Sequence[Outcome],
    *,
    threshold: float = 0.0,
    measures: Iterable[str] = MEASURES,
) -> dict[str, Any]:
    """What one system's answers to answerable questions are worth, as `--json` has it."""
    given = [outcome for outcome in outcomes if outcome.given(threshold)]
    values = {measure: [one.score(measure) for one in given] for measure in measures}
    milliseconds = [1000 * outcome.seconds for outcome in outcomes]
    return {
        "system": name,
        "coverage": len(given) / len(outcomes),
        "all": {measure: sum(found) / len(outcomes) for measure, found in values.items()},
        "answered": {measure: metrics.mean(found) for measure, found in values.items()},
        "gold_in_passages": metrics.mean(_gold_in_passages(outcome) for outcome in outcomes),
        "from_gold_article": metrics.mean(
            float(one.article_id in one.question.article_ids) for one in given
        ),
        "mean_answer_characters": metrics.mean(len(one.text) for one in given),
        "ms_p50": metrics.percentile(milliseconds, 50),
        "ms_p95": metrics.percentile(milliseconds, 95),
    }


def refusals(
    name: str, asked: Sequence[Outcome], unanswerable: Sequence[Outcome], threshold: float
) -> dict[str, Any]:
    """Precision and recall of refusing, over answerable and one set of unanswerable questions."""
    found = metrics.refusal_scores(
        (outcome.answerable, not outcome.given(threshold)) for outcome in (*asked, *unanswerable)
    )
    return {
        "set": name,
        "unanswerable": found.unanswerable,
        "rightly_refused": found.rightly_refused,
        "wrongly_refused": found.refused - found.rightly_refused,
        "recall": found.recall,
        "precision": found.precision,
    }


def sweep(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Utility, coverage and accuracy at each threshold; `outcomes` were asked without one.

    Utility is per question asked; right means that the answer contains the gold answer.
    """
    right = {
        id(outcome)
        for outcome in outcomes
        if outcome.answerable and outcome.answered and outcome.score("contains")
    }
    answerable = sum(outcome.answerable for outcome in outcomes)
    rows = []
    for threshold in THRESHOLDS:
        given = [outcome for outcome in outcomes if outcome.given(threshold)]
        good = sum(id(outcome) in right for outcome in given)
        found = metrics.refusal_scores(
            (outcome.answerable, not outcome.given(threshold)) for outcome in outcomes
        )
        rows.append(
            {
                "abstain_below": threshold,
                "utility": (RIGHT * good + WRONG * (len(given) - good)) / len(outcomes),
                "coverage": sum(outcome.answerable for outcome in given) / answerable,
                "accuracy": good / len(given) if given else None,
                "refusal_recall": found.recall,
                "refusal_precision": found.precision,
            }
        )
    return rows


def calibration_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What the confidences are worth; `outcomes` were asked without a threshold.

    Right means that the answer contains a gold answer or a gold answer contains it.
    """
    given = [outcome for outcome in outcomes if outcome.answered]
    confidences = [outcome.confidence for outcome in given]
    right = [outcome.answerable and outcome.score("either") > 0 for outcome in given]
    return {
        "questions": len(given),
        "right": sum(right) / len(given),
        "ece": calibration.expected_calibration_error(confidences, right),
        "auroc": calibration.auroc(confidences, right),
        "bins": [asdict(one) for one in calibration.reliability_bins(confidences, right)],
    }


def _gold_in_passages(outcome: Outcome) -> float:
    return float(
        any(
            metrics.best_over_golds(metrics.contains_gold, text, outcome.question.answers)
            for text in outcome.passages
        )
    )
