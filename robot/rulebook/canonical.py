"""Facts as one canonical text, so that equal facts have one hash on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import singledispatch

from robot.domain.facts import Facts


def facts_hash(facts: Facts) -> str:
    """SHA-256 over the facts, hex; the order of sets and mappings does not matter."""
    return hashlib.sha256(_text(facts).encode()).hexdigest()


@singledispatch
def _text(value: object) -> str:
    if is_dataclass(value):
        parts = (f"{part.name}={_text(getattr(value, part.name))}" for part in fields(value))
        return f"{type(value).__name__}({';'.join(parts)})"
    return f"{type(value).__name__}:{value}"


@_text.register(type(None))
@_text.register(bool)
@_text.register(int)
@_text.register(str)
def _plain(value: object) -> str:
    return repr(value)


@_text.register(Enum)
def _member(value: Enum) -> str:
    return f"{type(value).__name__}:{value.value}"


@_text.register(tuple)
@_text.register(list)
def _sequence(value: tuple[object, ...] | list[object]) -> str:
    return f"[{','.join(map(_text, value))}]"


@_text.register(frozenset)
@_text.register(set)
def _set(value: frozenset[object] | set[object]) -> str:
    return f"({','.join(sorted(map(_text, value)))})"


@_text.register(Mapping)
def _mapping(value: Mapping[object, object]) -> str:
    pairs = (f"{_text(key)}:{_text(inner)}" for key, inner in value.items())
    return f"{{{','.join(sorted(pairs))}}}"
