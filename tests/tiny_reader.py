"""A reader of real files that knows what each word is worth, and nothing else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from bot.qa.reading.packaged import DESCRIPTION, TOKENIZER, WEIGHTS
from index.model_files import file_sha256, model_location
from index.settings import DEFAULT_MODEL

OTHER_WORDS = -4.0


def write_tiny_reader(folder: Path, worth: Mapping[str, float]) -> None:
    """A folder as training writes it, not yet calibrated.

    The start logit and the end logit of a token are both `worth`, or OTHER_WORDS; [CLS] has 0.
    """
    folder.mkdir(parents=True)
    tokenizer = Path(model_location(DEFAULT_MODEL)) / TOKENIZER
    (folder / TOKENIZER).write_bytes(tokenizer.read_bytes())
    vocabulary = Tokenizer.from_file(str(tokenizer)).get_vocab()
    table = np.full(len(vocabulary), OTHER_WORDS, np.float32)
    for word, value in {"[CLS]": 0.0, **worth}.items():
        table[vocabulary[word]] = value
    onnx.save(_lookup(table), str(folder / WEIGHTS))
    facts = {
        "format": 1,
        "max_tokens": 320,
        "sha256": {name: file_sha256(folder / name) for name in (WEIGHTS, TOKENIZER)},
    }
    (folder / DESCRIPTION).write_text(json.dumps(facts), "utf-8")


def write_squad2(data: Path, paragraphs: Sequence[tuple[str, str, list[str]]]) -> None:
    """`squad2` below `data`: one question for each (article, text, answers)."""
    articles: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for n, (article, text, answers) in enumerate(paragraphs):
        id = f"p{n}"
        articles.append({"id": id, "title": article, "text": text})
        spans = [{"text": answer, "start": text.index(answer)} for answer in answers]
        questions.append(
            {
                "id": f"q{n}",
                "question": "How many boats?",
                "answers": answers,
                "context_id": id,
                "spans": spans,
                "answerable": bool(answers),
                # Where an answer stands twice, which of its places is meant is not known.
                "ambiguous_offset": any(text.count(answer) > 1 for answer in answers),
            }
        )
    (data / "squad2").mkdir(parents=True)
    for name, rows in (("articles", articles), ("questions", questions)):
        with gzip.open(data / "squad2" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


def _lookup(table: np.ndarray[Any, np.dtype[np.float32]]) -> onnx.ModelProto:
    shape = ["windows", "tokens"]
    names = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], [name]) for name in ("start", "end")],
        "reader",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in names],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n in ("start", "end")],
        [numpy_helper.from_array(table, "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
