"""`invoice-robot rules docs`: the playbook and the catalogues, to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from robot import bootstrap, settings
from robot.cli.rule_texts import readability
from robot.cli.rule_tools import MakeTools
from robot.domain.calendar import COPENHAGEN
from robot.domain.page import Page
from robot.errors import RuleChangeError
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.playbook.chapter import chapter
from robot.rulebook.playbook.edition import Edition
from robot.rulebook.playbook.reference import error_catalogue, field_catalogue
from robot.rulebook.playbook.values import LANGUAGES

_RENDER: Final[dict[str, Callable[[Page], str]]] = {
    "md": bootstrap.page_as_markdown,
    "html": bootstrap.page_as_html,
}


@click.command("docs")
@click.argument("customer", required=False)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Default: the customer's own, else da."
)
@click.option(
    "--format", "form", type=click.Choice(["md", "html"]), default="md", show_default=True
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="A folder to write to."
)
@click.option("--errors", is_flag=True, help="The catalogue of error types.")
@click.option("--fields", is_flag=True, help="The catalogue of fields.")
@click.option(
    "--readability", is_flag=True, help="The error types' texts with their LIX, and what to mend."
)
@click.option("--json", "as_json", is_flag=True, help="With --readability: for machines.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As the rules count on this day.")
@click.pass_obj
def docs(
    tools: MakeTools,
    /,
    customer: str | None,
    language: str | None,
    form: str,
    out: Path | None,
    as_of: Any,  # noqa: ANN401 - click gives a datetime or None
    **catalogues: bool,
) -> None:
    """Write the playbook chapter of CUSTOMER (default: of all), or a catalogue, to be read.

    CUSTOMER is a file's name or a bogføringskreds.
    """
    given = settings.load()
    if catalogues["readability"]:
        loaded = load(given.rules.directory, tools().catalogue)
        readability(given, loaded, as_json=catalogues["as_json"])
        return
    today = as_of.date() if as_of else bootstrap.SystemClock().now().astimezone(COPENHAGEN).date()
    if catalogues["fields"]:
        page = field_catalogue(tools().catalogue, language or "da")
        pages = [("fields", page)]
    else:
        loaded = load(given.rules.directory, tools().catalogue)
        pages = list(_pages(loaded, customer, language, today, errors=catalogues["errors"]))
    if out is None and len(pages) != 1:
        raise click.UsageError("several pages: name a customer, or a folder with --out")
    for name, page in pages:
        text = _RENDER[form](page)
        if out is None:
            click.echo(text, nl=False)
            continue
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"{name}.{page.language}.{form}"
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))


def _pages(
    loaded: LoadedRules, customer: str | None, language: str | None, today: date, *, errors: bool
) -> Iterator[tuple[str, Page]]:
    if errors:
        yield "error-types", error_catalogue(loaded.taxonomy, edition(language or "da", today))
        return
    stems = sorted(loaded.customers) if customer is None else [_stem(loaded, customer)]
    for stem in stems:
        served = loaded.customers[stem].customer
        own = "da" if served is None else served.language
        system = "" if served is None else served.source_system
        try:
            yield stem, chapter(loaded, stem, edition(language or own, today, system))
        except KeyError:
            path = loaded.customers[stem].file.path
            raise RuleChangeError(
                f"{path} is broken, or what it rests on", hint="see `invoice-robot rules check`"
            ) from None


def edition(language: str, today: date, source_system: str = "") -> Edition:
    """How a page is written in a language, as on a day."""
    return Edition(
        language=language,
        today=today,
        complete=bootstrap.text_completer(language),
        source_system=source_system,
    )


def _stem(loaded: LoadedRules, name: str) -> str:
    for stem, file in loaded.customers.items():
        if name in {stem, file.customer.bogfoeringskreds if file.customer else None}:
            return stem
    known = ", ".join(sorted(loaded.customers)) or "none"
    raise click.UsageError(f"there is no customer '{name}' (known: {known})")


COMMANDS: Final[tuple[click.Command, ...]] = (docs,)
