"""What every robot of the fault tests reads alike is read and compiled once for all of them.

The rules and the texts are the project's own and stay as they are, so a robot that is forked from
a process that has read them does without a third of its run's work. They are known by their
contents: what is changed is read anew.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

import jinja2
import pytest

from robot.rulebook import book
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.source import RuleFiles


def keep_what_is_read_alike(patch: pytest.MonkeyPatch) -> None:
    """Have this process and those forked from it keep rules and texts, until `patch` is undone."""
    patch.setattr(book, "load_files", _kept_rules(load_files))
    patch.setattr(jinja2.Environment, "compile", _kept_texts(jinja2.Environment.compile))


def _kept_rules(load: Callable[..., LoadedRules]) -> Callable[..., LoadedRules]:
    kept: dict[tuple[object, ...], LoadedRules] = {}

    def load_once(
        files: RuleFiles, fields: Fields, *, earlier: LoadedRules | None = None
    ) -> LoadedRules:
        key = files.root, *((name, file.text) for name, file in sorted(files.files.items()))
        if key not in kept:
            kept[key] = load(files, fields, earlier=earlier)
        return kept[key]

    return load_once


def _kept_texts(compile_text: Callable[..., CodeType]) -> Callable[..., CodeType]:
    kept: dict[tuple[object, ...], CodeType] = {}

    def compile_once(
        environment: jinja2.Environment,
        source: Any,  # noqa: ANN401 - a text, or what Jinja2 has made of it
        *place: Any,  # noqa: ANN401 - handed on
    ) -> CodeType:
        key = type(environment), environment.autoescape, source, *place
        if key not in kept:
            kept[key] = compile_text(environment, source, *place)
        return kept[key]

    return compile_once
