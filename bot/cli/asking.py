"""`dateline ask` and `search`: questions to answers, queries to passages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.answers import byline, indented, place_of, show_answer
from bot.cli.filters import (
    AsOfOption,
    SetOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    search_filter,
)
from bot.cli.options import HomeOption, JsonOption, refuse_blank
from bot.cli.output import Output, command, plain_line
from bot.cli.questions import BadQuestion, Question, read_questions, require_questions
from bot.qa.answer import Answer, iso_date, name_copies, passage_to_json
from bot.settings import load_settings
from index.article import ScoredPassage
from index.filtering import SearchFilter

if TYPE_CHECKING:
    from bot.qa.pipeline import AnswerPipeline

NOT_ANSWERED = 3
"""The exit code of an abstention."""


def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", show_default=False)] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Ask each line of a .jsonl or .jsonl.gz file; - is standard input.",
        ),
    ] = None,
    field: Annotated[
        str, typer.Option("--field", metavar="NAME", help="The key that holds the question.")
    ] = "question",
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    article_set: SetOption = None,
    tag: TagOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question with quotes; exit code 3 if none was found.

    A line of --file may carry its own day as "date"; --as-of holds for those that do not.
    """
    if (question is None) == (file is None):
        raise typer.BadParameter("give either a question or --file", param_hint="QUESTION")
    if question is not None:
        refuse_blank(question, "question")
    within = search_filter(since, until, source, article_set, tag)
    with command(json=json) as output:
        settings = load_settings(home=home)
        if file is not None:
            require_questions(file)  # before the models are loaded for nothing
        from bot.qa.factory import open_pipeline

        with open_pipeline(settings) as pipeline:
            if file is not None:
                questions = read_questions(file, field=field)
                code = _ask_each(pipeline, output, questions, within, as_of)
            else:
                answer = pipeline.ask(question or "", within=within, as_of=as_of)
                _show(output, answer)
                code = 0 if answer.answered else NOT_ANSWERED
        raise typer.Exit(code)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", show_default=False)],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    article_set: SetOption = None,
    tag: TagOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the passages closest to a query, best first."""
    refuse_blank(query, "query")
    within = search_filter(since, until, source, article_set, tag)
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            found = archive.search(query, k, within=within, as_of=as_of)
        if output.json:
            passages = [_passage_json(rank, scored) for rank, scored in enumerate(found, 1)]
            output.object({"query": query, "passages": passages})
            return
        for rank, scored in enumerate(found, 1):
            output.line(f"{rank}. {place_of(scored)}  [{scored.score:.4f}]")
            output.line(indented(scored.passage.text))
            if copies := name_copies(scored.also_in, byline):
                output.line(f"    {copies}")
            output.line()
        if not found:
            output.line("No passage found.")


def _ask_each(
    pipeline: AnswerPipeline,
    output: Output,
    questions: Iterable[Question | BadQuestion],
    within: SearchFilter,
    as_of: dt.date | None,
) -> int:
    """Ask every question and show the answers in order; the exit code."""
    bad = False
    for question in questions:
        if isinstance(question, BadQuestion):
            bad = True
            if output.json:
                output.object({"id": question.id, "error": question.error})
            else:
                output.line(f"Error: {plain_line(question.error)}")
        else:
            answer = pipeline.ask(
                question.text, id=question.id, within=within, as_of=question.date or as_of
            )
            if not output.json:
                output.line(f"Question: {plain_line(answer.question)}")
            _show(output, answer)
        if not output.json:
            output.line()
    return 1 if bad else 0


def _show(output: Output, answer: Answer) -> None:
    if output.json:
        output.object(answer.to_json())
    else:
        show_answer(output, answer)


def _passage_json(rank: int, scored: ScoredPassage) -> dict[str, Any]:
    article = scored.passage.article
    return {
        "rank": rank,
        **passage_to_json(scored),
        "cosine": scored.cosine,
        "bm25": scored.bm25,
        "title": article.title,
        "date": iso_date(article.date),
        "source": article.source,
        "url": article.url,
        "page": article.page_at(scored.passage.start),
        "text": scored.passage.text,
    }
