"""What may be opened as a workbook: an xlsx of bounded size, without macros or outside links."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

from openpyxl import load_workbook

from robot.errors import SheetError
from robot.flow.sheet_port import LARGEST

#: A sheet of 2,000 lines is far smaller unpacked, too.
_MOST_UNPACKED, _MOST_PARTS = 8_000_000, 200
#: Columns of a sheet that are looked at; a customer has far fewer dimensions.
MOST_COLUMNS: Final = 100
#: Parts that no sheet of ours has: programs, embedded files, controls, links to other files.
_ACTIVE: Final = re.compile(
    r"vbaProject|macrosheets/|externalLinks/|embeddings/|activeX/|ctrlProps/|customUI",
    re.IGNORECASE,
)
_MACROS: Final = b"macroEnabled"
#: Office writes no document type; with one, an entity could grow without end.
_DOCTYPE: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def opened(content: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    """The workbook; nothing that is too large, active or not a workbook is unpacked.

    Raises:
        SheetError: It is none that may be opened; says why.
    """
    if len(content) > LARGEST:
        megabytes = LARGEST // 1_000_000
        raise SheetError(
            f"the file is larger than {megabytes} MB",
            da=f"Filen er større end {megabytes} MB.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _refuse_dangerous(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SheetError(
            "this is no xlsx workbook", da="Filen er ikke et regneark i formatet xlsx."
        ) from error
    except Exception as error:
        if isinstance(error, SheetError):
            raise
        raise _broken() from error
    try:
        return load_workbook(io.BytesIO(content), keep_links=False, keep_vba=False)
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise _broken() from error


def _refuse_dangerous(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise SheetError(
            "the workbook is too large for a re-posting sheet; split it",
            da="Regnearket er for stort til et omposteringsark. Del det.",
        )
    for part in parts:
        if _ACTIVE.search(part.filename):
            raise SheetError(
                "the workbook has macros, embedded files or links to other files; "
                "copy the rows into an empty sheet",
                da="Regnearket har makroer, indlejrede filer eller links til andre filer. "
                "Kopiér rækkerne over i et tomt ark.",
            )
        # A part is never read past the size that was summed up: zipfile stops there.
        inside = packed.read(part)
        if _DOCTYPE.search(inside):
            raise _broken()
        if part.filename == "[Content_Types].xml" and _MACROS in inside:
            raise SheetError(
                "a workbook with macros is not taken; save it as .xlsx",
                da="Et regneark med makroer tages ikke. Gem det som .xlsx.",
            )


def _broken() -> SheetError:
    return SheetError(
        "this workbook is broken; save it anew as xlsx",
        da="Regnearket er beskadiget. Gem det igen som xlsx.",
    )
