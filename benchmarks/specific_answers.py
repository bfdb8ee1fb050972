"""Of the answers that are true together, is the most specific given: the village, not the country?

    python benchmarks/specific_answers.py FOLDER [--split final] [--open] [--failures] [--json]

FOLDER holds the folders of articles that the cases name. Each question is asked of its own article
alone or, with `--open`, of all the articles that the cases name. "Right" is an answer with the
specific words in it: from a whole sentence that is little to ask, so mean lengths are shown.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import ARTICLES, DatasetError
from benchmarks.dateline import home_folder, prepare
from benchmarks.peers import quiet
from benchmarks.reporting import markdown_table, number, progress, share
from bot.qa.answer import Answer
from bot.qa.factory import open_pipeline
from bot.qa.pipeline import AnswerPipeline
from bot.settings import load_settings
from index.article import Article
from index.errors import LoadError, SettingsError
from index.evaluation import metrics
from index.filtering import SearchFilter
from index.loaders import load_paths

CASES = Path(__file__).resolve().with_suffix(".jsonl")
SEEDS = CASES.parent.parent / "seeds"  # read for the dataset of that name
SPLITS = ("development", "final")
VERDICTS = ("right", "broader", "wrong", "abstained")


@dataclasses.dataclass(frozen=True)
class Case:
    """A question of which one article gives answers of different precision."""

    id: str
    split: str
    kind: str
    article_id: str
    dataset: str
    """The folder of the article."""
    question: str
    answers: tuple[str, ...]
    """The most specific answer in its accepted wordings; one of them has to be in what is given."""
    broader: tuple[str, ...]
    """True and less specific."""
    wrong: tuple[str, ...]
    """What the article says of something else."""


def load_cases(path: Path = CASES) -> list[Case]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").strip().split("\n")]
    words = ("answers", "broader", "wrong")
    return [Case(**{**row, **{name: tuple(row[name]) for name in words}}) for row in rows]


def load_articles(folder: Path, cases: Iterable[Case]) -> dict[str, Article]:
    """The cases' articles by id, each in an article set of its own, by which it can be searched.

    Raises DatasetError if one is missing, or does not have the words that its case names.
    """
    wanted = {(case.dataset, case.article_id) for case in cases}
    articles: dict[str, Article] = {}
    for dataset in sorted({case.dataset for case in cases}):
        path = SEEDS if dataset == "seeds" else folder / dataset / ARTICLES
        if not path.exists():
            raise DatasetError(f"no {path}: the first argument is the folder above it")
        for item in load_paths([path]):
            if not isinstance(item, LoadError) and (dataset, item.id) in wanted:
                articles[item.id] = dataclasses.replace(item, article_set=item.id)
    for case in cases:
        if case.article_id not in articles:
            raise DatasetError(f"case {case.id}: no article {case.article_id} in {case.dataset}")
        text = metrics.searchable_words(articles[case.article_id].text)
        for words in (*case.answers, *case.broader, *case.wrong):
            if not metrics.contains_words(text, words):
                raise DatasetError(f"case {case.id}: {case.article_id} does not have {words!r}")
    return articles


def judge(case: Case, answer: Answer) -> str:
    """One of VERDICTS. Specific words in the context beside an answer make it "broader" only."""
    if not answer.answered:
        return "abstained"
    given = metrics.searchable_words(answer.answer)
    beside = metrics.searchable_words(str(answer.to_json().get("context") or ""))

    def has(text: str, wordings: Iterable[str]) -> bool:
        return any(metrics.contains_words(text, wording) for wording in wordings)

    if has(given, case.answers):
        return "right"
    if has(given, case.wrong):
        return "wrong"
    if has(given, case.broader) or has(beside, (*case.answers, *case.broader)):
        return "broader"
    return "wrong"


def ask(pipeline: AnswerPipeline, case: Case, article: Article, *, alone: bool) -> Answer:
    """The answer on the day of the article, from it `alone` or from the whole archive."""
    within = SearchFilter(article_sets=(article.article_set,)) if alone else None
    return pipeline.ask(case.question, id=case.id, within=within, as_of=article.date)


def summary(judged: Sequence[tuple[Case, Answer, str]]) -> list[dict[str, Any]]:
    """Shares of each verdict by split and kind, with a row for all kinds of a split."""
    rows = []
    kinds = [*sorted({case.kind for case, _, _ in judged}), "all"]
    for split in SPLITS:
        for kind in kinds:
            some = [one for one in judged if one[0].split == split and kind in ("all", one[0].kind)]
            if some:
                verdicts = [verdict for _, _, verdict in some]
                row: dict[str, Any] = {"split": split, "kind": kind, "cases": len(some)}
                row |= {name: verdicts.count(name) / len(some) for name in VERDICTS}
                lengths = [len(answer.answer) for _, answer, _ in some if answer.answered]
                rows.append({**row, "mean_answer_characters": metrics.mean(lengths)})
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Is the most specific answer given?")
    parser.add_argument("path", type=Path, help="folder above the folders of articles")
    parser.add_argument("--cases", type=Path, default=CASES, metavar="FILE", help="other cases")
    parser.add_argument("--split", choices=SPLITS, help="ask the cases of one split only")
    parser.add_argument("--limit", type=int, metavar="N", help="ask the first N cases only")
    parser.add_argument("--open", action="store_true", help="ask all articles, not just its own")
    parser.add_argument("--reader", help="a reader, as DATELINE_READER names it")
    parser.add_argument("--failures", action="store_true", help="list what was not right")
    parser.add_argument("--home", type=Path, help="keep the archive in this folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    cases = load_cases(options.cases)
    asked = [case for case in cases if options.split in (None, case.split)][: options.limit]
    if not asked:
        raise SystemExit(f"{options.cases}: no case is left to ask")
    with home_folder(options.home) as home:
        try:
            articles = load_articles(options.path, cases if options.open else asked)
            settings = load_settings(home=home, reader=options.reader)
        except (DatasetError, SettingsError) as error:
            raise SystemExit(str(error)) from None
        prepare(settings)
        progress(f"asking {len(asked)} questions of {len(articles)} articles")
        with quiet(), open_pipeline(settings) as pipeline:
            pipeline.archive.index(list(articles.values()))
            judged: list[tuple[Case, Answer, str]] = []
            for case in asked:
                answer = ask(pipeline, case, articles[case.article_id], alone=not options.open)
                judged.append((case, answer, judge(case, answer)))
    failures = [
        {"id": case.id, "question": case.question, "expected": case.answers[0]}
        | {"verdict": verdict, "got": answer.answer, "confidence": round(answer.confidence, 4)}
        for case, answer, verdict in judged
        if verdict != "right"
    ]
    results: dict[str, Any] = {
        "benchmark": "specific_answers",
        "scope": "open" if options.open else "article given",
        "articles": len(articles),
        "rows": summary(judged),
        "failures": failures if options.failures else None,
    }
    print(json.dumps(results, ensure_ascii=False) if options.json else report(results))
    return 0


def report(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    names = ("split", "kind", "cases", *VERDICTS)
    rows = [
        [share(row[name]) if name in VERDICTS else str(row[name]) for name in names]
        + [number(row["mean_answer_characters"])]
        for row in results["rows"]
    ]
    table = markdown_table([*names, "mean characters"], rows)
    parts = [f"**{results['scope']}**, {results['articles']} articles", table]
    for one in results["failures"] or ():
        parts.append(f"{one['id']} {one['question']} Expected: {one['expected']}")
        parts[-1] += f"\n{one['verdict']} ({one['confidence']:.2f}): {one['got']}"
    return "\n\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(main())
