"""How long does one question take, from nothing: a whole process, imports and models included?

    python benchmarks/cold_start.py FOLDER [--home DIR] [--stock-home DIR] [--runs N] [--json]

`dateline ask` and a stock LlamaIndex script that loads its persisted index and retrieves, over the
same articles, in turns. Both indexes are built first, or those that are kept there are used.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.dateline import build, home_folder
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import StockLlamaIndex, model_folder
from benchmarks.reporting import markdown_table, number, progress
from index.evaluation import metrics

CHECKOUT = Path(__file__).resolve().parent.parent
NOT_ANSWERED = 3
"""The exit code of `dateline ask` where it abstains, which takes as long."""
STOCK_SCRIPT = """
import sys
from llama_index.core import Settings, StorageContext, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

model, folder, question = sys.argv[1:]
Settings.llm = None
Settings.embed_model = HuggingFaceEmbedding(model_name=model)
store = FaissVectorStore.from_persist_dir(folder)
context = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
retriever = load_index_from_storage(context).as_retriever(similarity_top_k=10)
for node in retriever.retrieve(question):
    print(node.score, node.text[:80])
"""


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("How long does one question take, from nothing?")
    options_parser.add_argument("--runs", type=int, default=5, help="of each, in turns")
    options = options_parser.parse_args(arguments)
    dataset = dataset_of(options)
    questions = [question.text for question in dataset.questions[: options.runs]]
    given = options.stock_home
    with (
        home_folder(options.home) as home,
        nullcontext(str(given)) if given else TemporaryDirectory() as folder,
    ):
        build(dataset, settings_of(options, home))
        stock = Path(folder) / ("" if given else "stock")
        StockLlamaIndex(dataset.articles.values(), stock)
        ask = [sys.executable, "-m", "bot.cli", "ask", "--home", str(home)]
        script = [sys.executable, "-c", STOCK_SCRIPT, str(model_folder()), str(stock)]
        seconds: dict[str, list[float]] = {"dateline ask": [], "LlamaIndex, stock": []}
        for question in [questions[0], *questions]:  # the first warms the disk's cache
            for name, command in zip(seconds, (ask, script), strict=True):
                seconds[name].append(timed([*command, question]))
            progress(f"{len(seconds['dateline ask'])} of {len(questions) + 1} runs")
    medians = {name: metrics.percentile(values[1:], 50) for name, values in seconds.items()}
    print(json.dumps(medians) if options.json else report(dataset.name, medians))
    return 0


def timed(command: Sequence[str]) -> float:
    """Seconds of a whole process. Raises CalledProcessError if it fails."""
    started = perf_counter()
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False)
    seconds = perf_counter() - started
    if done.returncode not in (0, NOT_ANSWERED):
        raise subprocess.CalledProcessError(
            done.returncode, command, done.stdout, done.stderr.decode()[-500:]
        )
    return seconds


def report(name: str, medians: dict[str, Any]) -> str:
    """The medians as Markdown."""
    stock = medians["LlamaIndex, stock"]
    rows = [
        [system, number(value, 2), number(value / stock, 2)] for system, value in medians.items()
    ]
    return f"**{name}**\n\n" + markdown_table(["cold question", "seconds", "of stock"], rows)


if __name__ == "__main__":
    raise SystemExit(main())
