"""Do the spellings of one name find each other, and do different names stay apart?

    python benchmarks/names.py [FOLDER] [--limit N] [--json]

Pairs of names from name_pairs.tsv, and, given a folder of articles and questions, BM25 over whole
articles with and without name keys: questions as they are, and those that have a name with
another spelling in its place.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import bm25s
import numpy as np

from benchmarks.datasets import Dataset, DatasetError, Question, load_dataset
from benchmarks.reporting import markdown_table, number, progress, share
from index.analysis import Analyzer
from index.evaluation import metrics
from index.names import KEY_PREFIX

PAIRS_FILE = Path(__file__).with_name("name_pairs.tsv")
VARIANT, DIFFERENT, RESPELLING = "variant", "different", "respelling"
"""Two spellings of one name; similar spellings of two names; a name of the questions and a
spelling it could be asked with. The first two are judged by hand, and news articles have both."""
HALVES = ("development", "final")
DEPTH = 10
_LETTERS = re.compile(r"[^\W\d_]+")

Terms = Callable[[str], list[str]]


@dataclass(frozen=True)
class Pair:
    name: str
    other: str
    kind: str

    @property
    def half(self) -> str:
        """The rules for name keys were tuned by the errors of the development half."""
        names = " ".join(sorted((self.name.casefold(), self.other.casefold())))
        return HALVES[hashlib.sha256(names.encode()).digest()[0] & 1]


def read_pairs(path: Path = PAIRS_FILE) -> list[Pair]:
    """The pairs of a file with the columns name, other and kind, tab-separated under a heading."""
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    return [Pair(*line.split("\t")) for line in lines]


def meetings(pairs: Iterable[Pair], terms_of: Mapping[str, Terms]) -> list[dict[str, Any]]:
    """For each way to make terms, the share of pairs of which both names have a term in common."""
    found = list(pairs)
    rows = []
    for system, terms in terms_of.items():
        row: dict[str, Any] = {"system": system}
        for half in HALVES:
            for kind in (VARIANT, DIFFERENT):
                row[f"{kind}, {half}"] = metrics.mean(
                    float(not set(terms(pair.name)).isdisjoint(terms(pair.other)))
                    for pair in found
                    if pair.kind == kind and pair.half == half
                )
        rows.append(row)
    return rows


def ways() -> dict[str, Terms]:
    analyzer = Analyzer()

    def key(text: str) -> list[str]:
        return [term for term in analyzer.query_terms(text, ()) if term.startswith(KEY_PREFIX)]

    found: dict[str, Terms] = {"terms": analyzer.terms}
    try:
        from jellyfish import metaphone, nysiis
    except ImportError:
        progress("jellyfish is not installed: its keys are left out")
    else:
        found["NYSIIS"] = lambda text: [nysiis(_plain(text))]
        found["Metaphone"] = lambda text: [metaphone(_plain(text))]
    return found | {
        "name key": key,
        "terms and name key": lambda text: analyzer.query_terms(text, ()),
    }


def respelled(question: str, others: Mapping[str, str]) -> str:
    """`question` with each capitalised name that is in `others` spelled as there."""
    return _LETTERS.sub(lambda found: others.get(found.group(), found.group()), question)


def retrieval(dataset: Dataset, others: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of hit@1, hit@5 and MRR@10 by article, and the words analysed a second."""
    questions = dataset.questions
    changed = [(one, respelled(one.text, others)) for one in questions]
    changed = [(one, text) for one, text in changed if text != one.text]
    asked: dict[str, list[tuple[Question, str]]] = {
        "all": [(one, one.text) for one in questions],
        "with a name to respell": [(one, one.text) for one, _ in changed],
        "respelled": changed,
        "respelled, lower case": [(one, text.lower()) for one, text in changed],
    }
    rows = []
    for system, index_terms in (
        ("terms", Analyzer.terms),
        ("name keys for unknown words", Analyzer.index_terms),
        ("name keys for all words", Analyzer.index_terms),
    ):
        analyzer = Analyzer()  # a new one each time: what it remembers would flatter its speed
        progress(f"indexing {len(dataset.articles)} articles, {system}")
        search, vocabulary, words_per_second = _index(dataset, partial(index_terms, analyzer))
        if system == "name keys for all words":
            vocabulary = ()
        for name, some in asked.items():
            ranks = [
                [
                    id in question.article_ids
                    for id in search(analyzer.query_terms(text, vocabulary))
                ]
                for question, text in some
            ]
            rows.append(
                {
                    "questions": name,
                    "system": system,
                    "count": len(some),
                    "hit@1": metrics.mean(metrics.hit_at_k(rank, 1) for rank in ranks),
                    "hit@5": metrics.mean(metrics.hit_at_k(rank, 5) for rank in ranks),
                    "mrr@10": metrics.mean(metrics.reciprocal_rank(rank, DEPTH) for rank in ranks),
                    "words_per_second": words_per_second,
                }
            )
    return sorted(rows, key=lambda row: list(asked).index(row["questions"]))


def _index(
    dataset: Dataset, terms: Terms
) -> tuple[Callable[[Sequence[str]], list[str]], Container[str], float]:
    ids = list(dataset.articles)
    texts = [f"{article.title}\n{article.text}" for article in dataset.articles.values()]
    vocabulary: dict[str, int] = {}
    started = process_time()
    rows = [[vocabulary.setdefault(t, len(vocabulary)) for t in terms(text)] for text in texts]
    seconds = process_time() - started
    index = bm25s.BM25()
    index.index((rows, vocabulary), show_progress=False)

    def search(query: Sequence[str]) -> list[str]:
        known = [term for term in query if term in vocabulary]
        if not known:
            return []
        scores = index.get_scores(known)
        return [ids[row] for row in np.argsort(-scores, kind="stable")[:DEPTH] if scores[row] > 0]

    words = sum(len(text.split()) for text in texts)
    return search, vocabulary, words / max(seconds, 1e-9)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Do the spellings of one name find each other?")
    parser.add_argument("path", type=Path, nargs="?", help="folder of articles and questions")
    parser.add_argument("--limit", type=int, metavar="N", help="ask the first N questions only")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    pairs = read_pairs()
    results: dict[str, Any] = {"benchmark": "names", "pairs": meetings(pairs, ways())}
    if options.path:
        try:
            dataset = load_dataset(options.path, limit=options.limit)
        except DatasetError as error:
            raise SystemExit(str(error)) from None
        others = {pair.name: pair.other for pair in pairs if pair.kind == RESPELLING}
        results |= {"dataset": dataset.name, "retrieval": retrieval(dataset, others)}
    print(json.dumps(results, ensure_ascii=False) if options.json else report(pairs, results))
    return 0


def report(pairs: Sequence[Pair], results: Mapping[str, Any]) -> str:
    """The results as Markdown."""
    kinds = [f"{kind}, {half}" for half in HALVES for kind in (VARIANT, DIFFERENT)]
    counts = {name: sum(f"{pair.kind}, {pair.half}" == name for pair in pairs) for name in kinds}
    parts = [
        "Share of pairs that meet: spellings of one name should, different names should not.",
        markdown_table(
            ["", *(f"{name} ({counts[name]})" for name in kinds)],
            [[row["system"], *(share(row[name]) for name in kinds)] for row in results["pairs"]],
        ),
    ]
    if "retrieval" in results:
        parts += [
            f"**{results['dataset']}**: BM25 over whole articles, by article.",
            markdown_table(
                ["questions", "", "n", "hit@1", "hit@5", "MRR@10", "words/s"],
                [
                    [
                        row["questions"],
                        row["system"],
                        number(row["count"]),
                        *(share(row[measure]) for measure in ("hit@1", "hit@5", "mrr@10")),
                        number(row["words_per_second"]),
                    ]
                    for row in results["retrieval"]
                ],
            ),
        ]
    return "\n\n".join(parts)


def _plain(name: str) -> str:
    """Lower case without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


if __name__ == "__main__":
    sys.exit(main())
