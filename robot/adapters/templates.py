"""Jinja2 as everything that people read uses it: a missing value is an error, HTML is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from robot.errors import TextError


class Templates:
    """The templates of one folder, and fragments that come with the rules.

    A template whose name ends in `.html.j2` escapes everything, also what it imports; all others
    and the fragments are plain text.

    Args:
        folder: Where the templates are.
        filters: Filters by name, on top of Jinja2's own.
    """

    def __init__(self, folder: Path, filters: Mapping[str, Callable[..., object]]) -> None:
        self._folder = folder
        # Two environments: a macro escapes as the template that defines it was compiled, but its
        # result counts as safe when the caller escapes. Shared sentences must be compiled twice.
        self._html = _environment(folder, filters, escape=True)
        self._text = _environment(folder, filters, escape=False)
        self._fragments: dict[str, jinja2.Template] = {}

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Render one template.

        Raises:
            TextError: The template is not there, is not valid, or a value is missing.
        """
        try:
            environment = self._html if name.endswith(".html.j2") else self._text
            return environment.get_template(name).render(values)
        except jinja2.TemplateNotFound as error:
            raise TextError(f"{self._folder / name}: no such template ({error.name})") from error
        except jinja2.TemplateSyntaxError as error:
            raise TextError(f"{self._folder / name}:{error.lineno}: {error.message}") from error
        except jinja2.TemplateError as error:
            raise TextError(f"{self._folder / name}: {error}") from error

    def fragment(self, source: str, values: Mapping[str, object], *, place: str) -> str:
        """Render a piece of text that stands in a rule file.

        Args:
            source: The fragment.
            values: What it may use.
            place: Where it stands, for the message.

        Raises:
            TextError: It is not valid, uses a value that there is not, or comes out empty.
        """
        try:
            if source not in self._fragments:
                self._fragments[source] = self._text.from_string(source)
            text = self._fragments[source].render(values)
        except jinja2.TemplateError as error:
            raise TextError(f"{place}: {error}", hint="correct it in error_types.yaml") from error
        if not text.strip():
            raise TextError(f"{place}: the text is empty", hint="write it in error_types.yaml")
        return text


def _environment(
    folder: Path, filters: Mapping[str, Callable[..., object]], *, escape: bool
) -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment
