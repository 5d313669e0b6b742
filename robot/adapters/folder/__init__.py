"""Approved documents from a folder: UBL files, each with an optional sidecar.

The layout, the sidecar's keys and what happens to other files are described in `source`.
"""

from robot.adapters.folder.source import (
    DEFAULT_LIMITS,
    FolderSource,
    Limits,
    Read,
    document_from,
)

__all__ = ["DEFAULT_LIMITS", "FolderSource", "Limits", "Read", "document_from"]
