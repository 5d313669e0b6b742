"""What the commands of `invoice-robot rules` have in common: their tools and arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import click
from rich.console import Console

from robot.domain.fields import FieldSpec
from robot.errors import RuleChangeError
from robot.rulebook.cases import ReadDocument
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.ruleset import Compute

FAILED: Final = 1
JSON: Final = click.option("--json", "as_json", is_flag=True, help="For machines.")
DIRECTORY: Final = click.argument(
    "directory", default="rules", type=click.Path(file_okay=False, path_type=Path)
)
RULES: Final = click.option(
    "--rules",
    "directory",
    default="rules",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The rule directory.",
)


def _no_store(beginning: str) -> str:
    raise RuleChangeError(f"no set '{beginning}': there is no store here")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTools:
    """What the commands need of the rest: the catalogue, the checks, the reader, the date."""

    catalogue: Mapping[str, FieldSpec]
    compute: Compute
    #: The present date in Copenhagen.
    today: Callable[[], date]
    read_document: ReadDocument | None = None
    #: The text of the one set that was ever used or proposed and whose hash begins so.
    kept_set: Callable[[str], str] = _no_store


#: Makes the tools when a command needs them.
MakeTools: TypeAlias = Callable[[], RuleTools]


def loaded_rules(directory: Path, tools: RuleTools) -> LoadedRules:
    """Read a rule directory, telling a person at the terminal that it takes a moment.

    Raises:
        UsageError: There is no such directory.
    """
    if not directory.is_dir():
        raise click.UsageError(f"there is no directory {directory}")
    with Console(stderr=True).status("Reading the rules …"):
        return load(directory, tools.catalogue)


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
