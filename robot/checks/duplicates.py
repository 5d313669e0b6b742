"""Documents that repeat another one; `robot.domain.likeness` says when two are alike."""

from __future__ import annotations

from typing import Final

from robot.checks.values import Values
from robot.domain.facts import Duplicate
from robot.domain.fields import UNKNOWN, Unknown
from robot.domain.likeness import Likeness, Trait, likeness, number_key

__all__ = ["Likeness", "Trait", "duplicate_values", "likeness", "number_key"]

_ORDER: Final = {"posted": 0, "draft": 1, "robot": 2}
_UNKNOWN: Final[Values] = dict.fromkeys(
    ("duplicate.exact", "duplicate.suspected", "duplicate.other", "duplicate.where"), UNKNOWN
)
_NONE: Final[Values] = {
    "duplicate.exact": False,
    "duplicate.suspected": False,
    "duplicate.other": None,
    "duplicate.where": None,
}


def duplicate_values(duplicates: tuple[Duplicate, ...] | Unknown) -> Values:
    """Fields `duplicate.*`; exact before similar, and posted before draft, names the other."""
    if isinstance(duplicates, Unknown):
        return _UNKNOWN
    if not duplicates:
        return _NONE
    other = min(
        duplicates,
        key=lambda d: (not d.exact, _ORDER.get(d.where, len(_ORDER)), d.number),
    )
    return {
        "duplicate.exact": other.exact,
        "duplicate.suspected": not other.exact,
        "duplicate.other": other.number,
        "duplicate.where": other.where,
    }
