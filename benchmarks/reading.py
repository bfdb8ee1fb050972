"""The reader alone, given the text: are its spans right, and does it know when there is none?

    python benchmarks/reading.py DATA [--reader NAME_OR_FOLDER ...] [--set squad2 newsqa]
                                 [--limit N] [--json] [--svg FILE]

DATA is the folder above `squad2` (its measuring articles are asked, which no reader of
`training/` has seen) and `newsqa` (every question with its whole article; a part of these chose
the weights by which the best sentence, the peer, is found). `--reader` takes what
DATELINE_READER takes: "" is the reader that comes with Dateline, then folders that
`training/calibrate.py` has calibrated, then models of Hugging Face. EM and F1 are those of SQuAD's
script, best over all gold answers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Protocol

import numpy as np

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import DatasetError, load_dataset
from benchmarks.peers import quiet
from benchmarks.reliability import (
    COVERAGES,
    Found,
    Outcome,
    answerability,
    by_halves,
    calibrated,
    crossed,
    ece_of,
    reliability_svg,
    reliability_table,
)
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
    share,
)
from benchmarks.retrieval import PAUSE
from bot.qa.factory import SENTENCES_BELOW
from bot.qa.reading.loading import load_reader
from bot.qa.reading.one_text import best_span
from bot.qa.sentence_reader import SentenceReader
from bot.settings import Settings, load_settings
from index.article import Article, Passage, ScoredPassage
from index.chunking import Chunker
from index.embedding import EmbeddingModel
from index.errors import ModelFileError, SettingsError
from index.evaluation import metrics
from index.evaluation.calibration import ReliabilityBin
from training.calibrate import (
    NOTHING_FOUND,
    TextQuestion,
    measuring_questions,
    spread,
)
from training.corpus import CorpusError

SETS = ("squad2", "newsqa")
PASSAGES = 10
"""Of an article, those nearest to the question, from which the sentence reader chooses."""


class TextReader(Protocol):
    """Anything that answers a question from one text."""

    name: str
    abstain_below: float
    whole_sentences: bool
    """Whether an answer is right that only holds the gold answer."""

    def read(self, question: str, text: str) -> Found: ...


class SpanTextReader:
    """A reader that gives spans, with the calibration that it comes with."""

    whole_sentences = False

    def __init__(self, reader: str) -> None:
        loaded = load_reader(reader)
        folder = Path(reader).expanduser()
        self.name = (folder.name if folder.is_dir() else reader) if reader else "Dateline"
        self.abstain_below = loaded.calibration.abstain_below
        self._model, self._calibration = loaded.model, loaded.calibration

    def read(self, question: str, text: str) -> Found:
        best = best_span(self._model, question, text)
        score = best.score if best else NOTHING_FOUND
        answer = text[best.start : best.end] if best else ""
        return Found(answer, score, self._calibration.probability(score))


class SentenceTextReader:
    """The best sentence, by the sentence reader, of the text's passages."""

    name = "best sentence"
    abstain_below = SENTENCES_BELOW
    whole_sentences = True

    def __init__(self, settings: Settings) -> None:
        self._model = EmbeddingModel(settings.model, cache=settings.cache)
        self._chunker = Chunker(self._model.count_tokens, settings.chunk_tokens)
        self._reader = SentenceReader(self._model, abstain_below=0.0)

    def read(self, question: str, text: str) -> Found:
        article = Article("text", "", None, "", "", text)
        spans = self._chunker.spans(text)
        passages = [Passage(n, article, *span) for n, span in enumerate(spans, start=1)]
        asked = self._model.encode_queries([question])[0]
        cosines = self._model.encode_documents([one.text for one in passages]) @ asked
        nearest = [
            ScoredPassage(passages[n], float(cosines[n]), float(cosines[n]))
            for n in np.argsort(-cosines)[:PASSAGES]
        ]
        answer = self._reader.read(question, nearest)
        # Its confidence, unlike its score, compares between questions.
        return Found(answer.answer, answer.confidence, answer.confidence)


def questions_of(name: str, data: Path, limit: int | None) -> list[TextQuestion]:
    """The questions of one of SETS, or `limit` of them, evenly spread.

    Raises DatasetError or CorpusError for files that cannot be read.
    """
    if name == "squad2":
        return spread(measuring_questions(data), limit)
    dataset = load_dataset(data / name, all_questions=True)
    return spread(
        [
            TextQuestion(one.id, one.text, dataset.articles[id].text, id, one.answers)
            for one in dataset.questions
            for id in sorted(one.article_ids)[:1]
        ],
        limit,
    )


def ask(readers: Sequence[TextReader], questions: Sequence[TextQuestion]) -> list[list[Outcome]]:
    """Every reader's outcomes, asked in turns, so that a noisy moment hits all alike."""
    outcomes: list[list[Outcome]] = [[] for _ in readers]
    for reader in readers:
        reader.read(questions[0].question, questions[0].text)  # loads models, untimed
    for place, one in enumerate(questions):
        for turn in range(len(readers)):
            n = (place + turn) % len(readers)
            sleep(PAUSE)
            started = perf_counter()
            found = readers[n].read(one.question, one.text)
            seconds = perf_counter() - started
            outcomes[n].append(Outcome(one, found, seconds, readers[n].whole_sentences))
        if place % 200 == 199:
            progress(f"{place + 1} of {len(questions)} questions asked")
    return outcomes


# Scores ----------------------------------------------------------------------------------------


def scores(reader: TextReader, outcomes: Sequence[Outcome], *, halved: bool) -> dict[str, Any]:
    """One reader's row of one set, as `--json` has it; `halved` if half of it is for calibration,
    which the set with unanswerable questions is.
    """
    answerable = [one for one in outcomes if one.question.answerable]
    given = [one for one in answerable if one.found.confidence >= reader.abstain_below]
    milliseconds = [1000 * one.seconds for one in outcomes]
    row: dict[str, Any] = {
        "reader": reader.name,
        "questions": len(outcomes),
        "answerable": len(answerable),
        "abstain_below": reader.abstain_below,
        "forced": {
            "em": metrics.mean(one.em for one in answerable),
            "f1": metrics.mean(one.f1 for one in answerable),
            "contains": metrics.mean(one.contains for one in answerable),
        },
        "answerable_answered": len(given) / len(answerable) if answerable else None,
        "f1_of_answered": metrics.mean(one.f1 for one in given),
        "ms_p50": metrics.percentile(milliseconds, 50),
        "ms_p95": metrics.percentile(milliseconds, 95),
    }
    if halved:
        row |= answerability(outcomes, reader.abstain_below)
        fitted, reported = by_halves(outcomes)
        pairs = [(fitted, reported), (reported, fitted)] if fitted and reported else []
        both = [crossed(*pair) for pair in pairs]
    else:
        reported, both = list(outcomes), []
    if reported:
        row["calibration"] = calibrated(reported, reader.abstain_below)
        row["calibration"]["ece_refitted"] = ece_of(both) if both else None
    return row


# Report ----------------------------------------------------------------------------------------


def report(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    parts = [environment_line(results["environment"])]
    for name, rows in results["sets"].items():
        first = rows[0]
        parts.append(
            f"**{name}**, the text given: {first['questions']:,} questions, "
            f"{first['answerable']:,} of them answerable."
        )
        if "shipped" in first:
            parts.append(_answerability_table(rows))
            parts.append(
                "Own threshold: the one that the reader comes with, for a utility of right +1, "
                "wrong -1. Best: the one with the best F1 on these questions, as in SQuAD's "
                "script. Other half's: each half of the articles with the best one of the other "
                "half. AUROC: of telling answerable questions from the others."
            )
        parts.append(_forced_table(rows))
        parts.append(
            "Answerable questions only, never withheld; then the share of them that is answered "
            "with the reader's own threshold, and the F1 of these answers."
        )
        rows = [row for row in rows if "calibration" in row]
        parts.append(_calibration_table(rows))
        parts.append(
            "Right: F1 of 0.5 or more (best sentence: contains the gold answer). Measured on "
            "articles that no calibration was fitted on; refitted: Platt scaling on one half of "
            "the articles, its error on the other, both ways. Ten bins of equal mass, or of equal "
            "width. Wrong: the share of wrong answers where so many questions are answered."
        )
        parts += [reliability_table(row["reader"], _bins(row)) for row in rows]
    return "\n\n".join(parts)


def _answerability_table(rows: Sequence[dict[str, Any]]) -> str:
    columns = {"own threshold": "shipped", "best": "best", "other half's": "crossed"}
    return markdown_table(
        [
            "with answerability",
            *(f"{measure}, {name}" for name in columns for measure in ("EM", "F1")),
            "AUROC",
        ],
        [
            [
                row["reader"],
                *(share(row[key][name]) for key in columns.values() for name in ("em", "f1")),
                share(row["auroc"]),
            ]
            for row in rows
        ],
    )


def _forced_table(rows: Sequence[dict[str, Any]]) -> str:
    headings = ["answerable", "EM", "F1", "contains gold", "answered", "F1, answered"]
    return markdown_table(
        [*headings, "p50 ms", "p95 ms"],
        [
            [
                row["reader"],
                *(share(row["forced"][name]) for name in ("em", "f1", "contains")),
                share(row["answerable_answered"]),
                share(row["f1_of_answered"]),
                number(row["ms_p50"], 1),
                number(row["ms_p95"], 1),
            ]
            for row in rows
        ],
    )


def _calibration_table(rows: Sequence[dict[str, Any]]) -> str:
    headings = ["calibration", "questions", "ECE", "equal width", "refitted", "Brier", "answered"]
    measures = ("ece", "ece_equal_width", "ece_refitted", "brier", "answered", "utility")
    return markdown_table(
        [*headings, "utility", *(f"wrong, {coverage:.0%}" for coverage in COVERAGES)],
        [
            [
                row["reader"],
                number(row["calibration"]["questions"]),
                *(share(row["calibration"][name]) for name in measures),
                *(share(risk) for risk in row["calibration"]["wrong_at_coverage"].values()),
            ]
            for row in rows
        ],
    )


def _bins(row: dict[str, Any]) -> list[ReliabilityBin]:
    return [ReliabilityBin(**one) for one in row["calibration"]["bins"]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Is the reader right, given the text?")
    parser.add_argument("path", type=Path, help="folder above the folders of the sets")
    parser.add_argument("--reader", nargs="+", default=[""], metavar="NAME_OR_FOLDER")
    parser.add_argument("--set", nargs="+", choices=SETS, default=list(SETS), dest="sets")
    parser.add_argument("--limit", type=int, metavar="N", help="ask N questions of each, spread")
    parser.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="measure the best sentence beside the readers",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write reliability diagrams")
    options = parser.parse_args(arguments)
    try:
        sets = {name: questions_of(name, options.path, options.limit) for name in options.sets}
        with quiet():
            facts = environment()
            readers: list[TextReader] = [SpanTextReader(name) for name in options.reader]
            if options.peers:
                readers.append(SentenceTextReader(load_settings()))
    except (DatasetError, CorpusError, ModelFileError, SettingsError) as error:
        raise SystemExit(str(error)) from None
    results: dict[str, Any] = {"benchmark": "reading", "environment": facts, "sets": {}}
    for name, questions in sets.items():
        if not questions:
            raise SystemExit(f"{options.path / name}: there is no question to ask")
        progress(f"{name}: asking {len(readers)} readers {len(questions)} questions")
        with quiet():
            outcomes = ask(readers, questions)
        results["sets"][name] = [
            scores(reader, own, halved=name == "squad2")
            for reader, own in zip(readers, outcomes, strict=True)
        ]
    if options.svg:
        diagrams = {
            f"{row['reader']}, {name}": _bins(row)
            for name, rows in results["sets"].items()
            for row in rows
            if "calibration" in row
        }
        options.svg.write_text(reliability_svg(diagrams), "utf-8")
    print(json.dumps(results, ensure_ascii=False) if options.json else report(results))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
