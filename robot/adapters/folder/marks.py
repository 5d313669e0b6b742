"""The marks of rejections: `X.rejected.json` beside `X.xml` says which versions were reopened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from robot.adapters.folder.files import put, shown, why
from robot.errors import SourceError

_EXPLANATION = (
    "The robot rejected these versions of the document beside this file. Correct the document or"
    " its sidecar and approve it again: it is then a new version, and is taken in the next run."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One version that was reopened, and why."""

    version: str
    reasons: tuple[str, ...]


def rejections(mark: Path) -> tuple[Rejection, ...]:
    """What the mark says; nothing when there is none, or none that can be read.

    A damaged mark lets the document through again: it is then decided anew, and never lost.
    """
    try:
        stated = json.loads(mark.read_bytes())["rejections"]
        return tuple(
            Rejection(version=str(one["version"]), reasons=tuple(map(str, one["reasons"])))
            for one in stated
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()


def add_rejection(mark: Path, version: str, reasons: Sequence[str], *, like: Path) -> None:
    """Note one version; noting it again changes nothing.

    The mark is complete or not there at any moment, also when the machine stops meanwhile.

    Args:
        mark: The file to write.
        version: The version that is reopened.
        reasons: Why, in words for the customer.
        like: The file whose permissions the mark gets, so that who reads that one reads this too.

    Raises:
        SourceError: The mark can't be written.
    """
    before = rejections(mark)
    if any(rejection.version == version for rejection in before):
        return
    noted = (*before, Rejection(version=version, reasons=tuple(reasons)))
    text = json.dumps(
        {
            "explanation": _EXPLANATION,
            "rejections": [
                {"version": one.version, "reasons": list(one.reasons)} for one in noted
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
    try:
        put(mark, f"{text}\n".encode("utf-8", "backslashreplace"), like)
    except OSError as error:
        raise SourceError(
            f"the rejection can't be noted in {shown(str(mark))}: {why(error)}",
            hint="let the robot's user write in the folder of documents",
        ) from error
