"""`dateline read`: the reader by itself, on texts that are given with the questions."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import JsonOption, blank_problem, refuse_blank
from bot.cli.output import Output, command, plain, plain_line
from bot.cli.questions import STDIN, require_questions
from bot.settings import load_settings
from index.errors import LoadError
from index.loaders.fields import load_error, shown
from index.loaders.jsonl import parse_records, read_records

if TYPE_CHECKING:
    from bot.qa.reading.packaged import CalibratedReader

NOT_ANSWERED = 3
"""The exit code of an abstention."""


@dataclass(frozen=True)
class Example:
    """A line of an examples file; with an `error`, one that cannot be read."""

    id: str | int | None
    question: str = ""
    text: str = ""
    error: str = ""


@dataclass(frozen=True)
class ReadAnswer:
    """What the reader says: `text[start:end]`, or nothing."""

    id: str | int | None
    answer: str
    start: int | None
    end: int | None
    confidence: float
    """That the best span answers the question, given or not."""

    @property
    def answered(self) -> bool:
        return self.start is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "answered": self.answered,
            "answer": self.answer,
            "start": self.start,
            "end": self.end,
            "confidence": round(self.confidence, 4),
        }


def read(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", show_default=False)] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="FILE", help="Text to read, in UTF-8; - is standard input."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Read each line of a .jsonl or .jsonl.gz file: id, question and text; "
            "- is standard input.",
        ),
    ] = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(
            "--abstain-below",
            min=0,
            max=1,
            help="Confidence under which there is no answer; the reader's own, if left out.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Answer a question from one text, with no archive; exit code 3 if it has no answer.

    Start and end of an answer count Unicode characters, from 0, with a byte order mark left out.
    """
    if (file is None) == (question is None) or (text is None) != (question is None):
        raise typer.BadParameter("give a question with --text, or --file", param_hint="QUESTION")
    if question is not None:
        refuse_blank(question, "question")
    with command(json=json) as output:
        settings = load_settings()
        if file is not None:
            require_questions(file)  # before the model is loaded for nothing
        given = _text(text) if text is not None else ""
        from bot.qa.reading.loading import SENTENCES, load_reader

        # Whole sentences are no spans of a text: without a reading model, the packaged one reads.
        reader = load_reader("" if settings.reader == SENTENCES else settings.reader)
        least = reader.calibration.abstain_below if abstain_below is None else abstain_below
        if file is not None:
            code = _read_each(reader, output, read_examples(file), least)
        else:
            reading = _reading(reader, Example(None, question or "", given), least)
            _show(output, reading)
            code = 0 if reading.answered else NOT_ANSWERED
        raise typer.Exit(code)


def read_examples(path: Path) -> Iterator[Example]:
    """The lines of a `.jsonl` or `.jsonl.gz` file, or of standard input for `-`, in order.

    `id` (a string or an integer) is optional; other keys are ignored. Raises LoadError if the file
    cannot be opened.
    """
    if path == STDIN:
        place, records = "standard input", parse_records(sys.stdin.buffer, "standard input")
    else:
        place, records = shown(path), read_records(path)
    for number, record in records:
        if not isinstance(record, LoadError):
            yield _example(f"{place}, line {number}", record)
        elif number == 0:
            raise record
        else:
            yield Example(None, error=str(record))


def _example(place: str, record: dict[str, Any]) -> Example:
    id = record.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int | None):
        return Example(None, error=f"{place}: the id is neither a string nor an integer")
    for key in ("question", "text"):
        value = record.get(key)
        if value is None:
            return Example(id, error=f"{place}: there is no {key!r}")
        if not isinstance(value, str):
            return Example(id, error=f"{place}: the {key} is no string: put it in quotes")
        # A text may be empty: then it answers nothing.
        problem = blank_problem(value)
        if problem and (key == "question" or value.strip()):
            return Example(id, error=f"{place}: the {key} {problem}")
    return Example(id, record["question"], record["text"])


def _text(path: Path) -> str:
    """A file as text, its line ends as they are. Raises LoadError if it is not UTF-8."""
    data = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        place = "standard input" if path == STDIN else shown(path)
        reason = f"not UTF-8 at byte {error.start}"
        raise load_error(place, reason, "convert the file to UTF-8") from None


def _read_each(
    reader: CalibratedReader, output: Output, examples: Iterator[Example], abstain_below: float
) -> int:
    """Answer every example, in order; the exit code."""
    bad = False
    for example in examples:
        if example.error:
            bad = True
            if output.json:
                output.object({"id": example.id, "error": example.error})
            else:
                output.line(f"Error: {plain_line(example.error)}")
        else:
            if not output.json:
                output.line(f"Question: {plain_line(example.question)}")
            _show(output, _reading(reader, example, abstain_below))
        if not output.json:
            output.line()
    return 1 if bad else 0


def _reading(reader: CalibratedReader, example: Example, abstain_below: float) -> ReadAnswer:
    from bot.qa.reading.one_text import best_span

    best = best_span(reader.model, example.question, example.text)
    confidence = reader.calibration.probability(best.score) if best else 0.0
    if best is None or confidence < abstain_below:
        return ReadAnswer(example.id, "", None, None, confidence)
    answer = example.text[best.start : best.end]
    return ReadAnswer(example.id, answer, best.start, best.end, confidence)


def _show(output: Output, reading: ReadAnswer) -> None:
    if output.json:
        output.object(reading.to_json())
    elif reading.answered:
        output.line(plain(reading.answer))
        output.line(
            f"    characters {reading.start} to {reading.end}, confidence {reading.confidence:.2f}"
        )
    else:
        output.line("No answer found.")
