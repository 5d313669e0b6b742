"""The names that a rule may use: fields, lists, parameters, dimensions."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from robot.domain.fields import FieldSpec, FieldType
from robot.rulebook.conditions import FieldRef, Value
from robot.rulebook.problem import Position

_OWN_NAME: Final = re.compile(r"[\w-]{1,60}")
_LINE_PREFIX: Final = "lines."


class ParameterType(StrEnum):
    """What a parameter of standard.yaml may hold."""

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    DAYS = "days"
    FLAG = "flag"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSpec:
    """A declared parameter; `several` when it holds a list of values."""

    name: str
    type: ParameterType
    values: tuple[Value, ...]
    several: bool = False
    why: str = ""
    at: Position


class Fields:
    """The field catalogue as the rule language looks names up in it."""

    def __init__(self, catalogue: Mapping[str, FieldSpec]) -> None:
        self.catalogue = catalogue
        self.document: dict[str, FieldRef] = {}
        self.line: dict[str, FieldRef] = {}
        self._open: dict[tuple[bool, str], FieldRef] = {}
        self._specs: dict[FieldRef, FieldSpec] = {}
        for name, spec in catalogue.items():
            if spec.type is FieldType.LINES:
                continue
            # One object for each name, as in the values: finding one in them then takes one look.
            key = sys.intern(name.removeprefix(_LINE_PREFIX) if spec.of_line else name)
            reference = FieldRef(
                key=key, type=spec.type, of_line=spec.of_line, open_ended=spec.open_ended
            )
            self._specs[reference] = spec
            if spec.open_ended:
                self._open[spec.of_line, key] = reference
            else:
                (self.line if spec.of_line else self.document)[key] = reference

    def __reduce__(self) -> tuple[type[Fields], tuple[dict[str, FieldSpec]]]:
        # A read-only view of a mapping can't be pickled.
        return Fields, (dict(self.catalogue),)

    def find(self, key: str, *, of_line: bool) -> FieldRef | None:
        """The field of a document or of a line by its name there."""
        known = (self.line if of_line else self.document).get(key)
        if known is not None:
            return known
        for (is_line, prefix), reference in self._open.items():
            own = key.removeprefix(prefix)
            if is_line is of_line and own != key and _OWN_NAME.fullmatch(own):
                return replace(reference, key=key)
        return None

    def spec(self, reference: FieldRef) -> FieldSpec:
        """The catalogue's entry of a field; of the prefix for an open-ended one."""
        known = self._specs.get(reference)
        if known is not None:
            return known
        for (is_line, prefix), opened in self._open.items():
            if is_line is reference.of_line and reference.key.startswith(prefix):
                return self._specs[opened]
        raise KeyError(reference.name)

    def prefixes(self, *, of_line: bool) -> tuple[str, ...]:
        """The prefixes that own names may follow."""
        return tuple(prefix for is_line, prefix in self._open if is_line is of_line)

    @cached_property
    def version(self) -> str:
        """SHA-256 over everything in the catalogue that rules depend on, 16 hex."""
        text = "\n".join(
            f"{name}|{spec.type}|{','.join(spec.choices)}|{spec.of_line}|{spec.open_ended}"
            for name, spec in sorted(self.catalogue.items())
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Everything that may be named in one file's conditions."""

    fields: Fields
    lists: Collection[str] = ()
    parameters: Mapping[str, ParameterSpec] = field(default_factory=lambda: MappingProxyType({}))
    #: Parameters that are declared but can't be read; None when none of them can.
    unreadable_parameters: Collection[str] | None = ()
    #: The customer's dimensions; None when the file does not say and any may be used.
    dimensions: tuple[str, ...] | None = None

    def excused(self, parameter: str) -> bool:
        """Whether a parameter is not known because of a problem that is told elsewhere."""
        return self.unreadable_parameters is None or parameter in self.unreadable_parameters
