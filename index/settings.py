"""Settings of an index, with their bounds. Environment names are the fields with `DATELINE_`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_MODEL = "all-MiniLM-L6-v2"


class IndexSettings(BaseModel):
    """How articles become passages and vectors. An index remembers these and checks them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(default=DEFAULT_MODEL, min_length=1)
    """all-MiniLM-L6-v2 (packaged), or any sentence-transformers model name or folder."""

    chunk_tokens: int = Field(default=128, ge=16, le=8192)
    """Most tokens of a passage, counted with the model's own tokenizer; never over its limit."""

    chunk_overlap: int = Field(default=0, ge=0, le=4096)
    """Most tokens of whole sentences that a passage repeats from the one before it."""

    keep_generations: int = Field(default=3, ge=1, le=100)
    """How many published generations stay on disk, the serving one included."""

    reranker: str = ""
    """A cross-encoder that orders the best passages anew; empty: none."""

    rerank_depth: int = Field(default=10, ge=1, le=100)
    """How many of the best passages the reranker reads."""

    memory_mb: int = Field(default=2048, ge=64, le=1_048_576)
    """MiB of memory that the vectors may take while they are searched; beyond it, they are stored
    in fewer bits, and the search is no longer exact."""

    cache: Path | None = None
    """Folder for the exported model; empty: the platform's cache folder."""
