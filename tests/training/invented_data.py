"""A small folder of invented training data, in the form that training/README.md describes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TOWNS = ("Elmford", "Brackwater", "Harrow Hill", "Castlemere", "Wynford", "Oakhaven")
PEOPLE = ("Anna Holt", "Piotr Zielinski", "Mary Okafor", "Jonas Berg", "Lucia Ferrante", "Tom Reed")


def write_training_data(folder: Path) -> None:
    """36 questions with answers, and six articles of `squad2` with some that have none."""
    texts, questions = [], []
    for n, (town, person) in enumerate(zip(TOWNS, PEOPLE, strict=True)):
        id = f"p{n}"
        facts = {
            f"Where was the bridge number {n} built?": town,
            f"Who opened the bridge in {town}?": person,
            f"When did {person} open the bridge?": f"{1950 + 7 * n}",
            f"How much did the bridge in {town} cost?": f"{n + 2} million pounds",
            f"What is the market in {town} known for?": ("cheese", "wool", "fish")[n % 3],
            f"How many people live in {town}?": f"{12 + n},400",
        }
        values = list(facts.values())
        text = (
            f"Bridge number {n} was built in {values[0]}. It was opened by {values[1]} in "
            f"{values[2]} and cost {values[3]}. The market there is known for {values[4]}. "
            f"The town has {values[5]} inhabitants, most of whom work on the river."
        )
        texts.append(_paragraph(id, town, text))
        questions += [
            _question(f"{id}-{k}", q, id, text, a) for k, (q, a) in enumerate(facts.items())
        ]
    write_rows(folder / "train" / "invented_articles.jsonl.gz", texts)
    write_rows(folder / "train" / "invented_questions.jsonl.gz", questions)
    _write_squad2(folder / "squad2")


def _write_squad2(folder: Path) -> None:
    texts, questions = [], []
    for n, town in enumerate(TOWNS):
        id = f"s{n}"
        text = f"The library of {town} closed in {1990 + n}. Nobody was hurt by the flood."
        texts.append(_paragraph(id, f"Article {n}", text))
        questions += [
            _question(f"{id}-0", f"When did the library of {town} close?", id, text, f"{1990 + n}"),
            _question(f"{id}-1", f"Who designed the library of {town}?", id, text, ""),
        ]
    write_rows(folder / "articles.jsonl.gz", texts)
    write_rows(folder / "questions.jsonl.gz", questions)


def _paragraph(id: str, title: str, text: str) -> dict[str, Any]:
    return {"id": id, "title": title, "date": "", "source": "", "url": "", "text": text}


def _question(id: str, question: str, paragraph: str, text: str, answer: str) -> dict[str, Any]:
    spans = [{"text": answer, "start": text.index(answer)}] if answer else []
    return {
        "id": id,
        "question": question,
        "answers": [answer] if answer else [],
        "context_id": paragraph,
        "spans": spans,
        "answerable": bool(answer),
    }


def write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
