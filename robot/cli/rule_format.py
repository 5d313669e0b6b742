"""`invoice-robot rules format`: one look for all rule files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from robot import settings
from robot.errors import RuleFileError
from robot.rulebook.format import formatted
from robot.rulebook.source import rule_file

_FOLDERS: Final = ("", "customers", "lists", "cases")


@click.command("format")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="FILE…")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if it would.")
def format_files(paths: tuple[Path, ...], *, only_check: bool) -> None:
    """Lay out rule files (default: all of the settings' directory); what they say stays.

    A directory stands for the rule files in it. A broken file is left as it is.
    """
    refused = changed = 0
    for path in _each(paths or (settings.load().rules.directory,)):
        file = rule_file(path.name, str(path), path.read_bytes())
        try:
            text = formatted(file)
        except RuleFileError as error:
            click.echo(str(error), err=True)
            refused += 1
            continue
        if text.encode() == path.read_bytes():
            continue
        changed += 1
        if only_check:
            click.echo(f"{path} would change")
        else:
            _write(path, text)
            click.echo(f"{path} changed")
    raise SystemExit(1 if refused or (only_check and changed) else 0)


def _each(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            for folder in _FOLDERS:
                yield from sorted((path / folder).glob("*.yaml"))
        else:
            yield path


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(path.stat().st_mode)
    temporary.replace(path)


COMMANDS: Final[tuple[click.Command, ...]] = (format_files,)
