"""Four articles and the questions about them, in the benchmarks' format."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ARTICLES = {
    "flood": (
        "River floods Marwick",
        "The river Orle flooded the town of Marwick on Tuesday.\r\n\r\nMayor Ines Calder said that "
        "412 people spent the night in a school gym.  \u201cWe lost the old bridge,\u201d she "
        "said.\u2028Repairs will cost \u20ac3 million.",
    ),
    "museum": (
        "Museum finds lost painting",
        "A painting by Tobias Wren, thought lost since 1911, hung in a dentist's waiting room in "
        "Oslo. \U0001f3a8 The city museum bought it for $90,000.\n\nIt shows a harbour in winter.",
    ),
    "strike": (
        "Bus drivers strike",
        "Bus drivers in Lund walked out on Monday after pay talks failed.\n\nThe union's leader, "
        "Petra Holm, asked for a raise of 7 percent. The company offered 3 percent.",
    ),
    "comet": (
        "Comet returns",
        "Comet Adeyemi will be visible in March, astronomers in Nairobi said. It was last seen in "
        "1894. Its tail is 2 million kilometres long.",
    ),
}
QUESTIONS = [
    ("q1", "Which town did the river Orle flood?", "flood", ["Marwick"]),
    ("q2", "Who painted the picture found in a waiting room in Oslo?", "museum", ["Tobias Wren"]),
    ("q3", "Who leads the union of the bus drivers in Lund?", "strike", ["Petra Holm", "Holm"]),
    ("q4", "When was Comet Adeyemi last seen?", "comet", ["1894"]),
]


def write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def question_row(id: str, question: str, article: str, answers: list[str]) -> dict[str, Any]:
    text = ARTICLES[article][1]
    return {
        "id": id,
        "question": question,
        "answers": answers,
        "evidence_article_ids": [article],
        "spans": [{"text": answer, "start": text.index(answer)} for answer in answers],
        "grades": {article: 1},
        "answerable": True,
    }


def article_row(id: str, title: str, text: str) -> dict[str, Any]:
    return {"id": id, "title": title, "date": "", "source": "test", "url": "", "text": text}
