"""A real small model behind a real OpenAI-compatible server on loopback: llama.cpp's."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from collections.abc import Iterator

from benchmarks.generating import CONTEXT_TOKENS, WEIGHTS_PACKAGE, weights_file

NAME = "smollm2"


def installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("xllamacpp", WEIGHTS_PACKAGE))


@contextlib.contextmanager
def real_llm() -> Iterator[str]:
    """The base address of the API; the server ends with the block."""
    llama = importlib.import_module("xllamacpp")
    settings = llama.CommonParams()
    settings.model.path = str(weights_file())
    settings.n_ctx = CONTEXT_TOKENS
    settings.n_parallel = 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
    settings.n_threads_http = 2
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.verbosity = 0
    server = llama.Server(settings)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server
