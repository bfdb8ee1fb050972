"""An archive as one file: to keep a copy of it, or to bring it to another machine."""

from __future__ import annotations

from index.transfer.container import ArchiveNotEmptyError, TransferError, TransferReport
from index.transfer.exporting import export_archive
from index.transfer.importing import import_archive

__all__ = [
    "ArchiveNotEmptyError",
    "TransferError",
    "TransferReport",
    "export_archive",
    "import_archive",
]
