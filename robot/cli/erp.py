"""`invoice-robot erp`: what Navision said that nobody has mapped, and mapping it."""

from __future__ import annotations

import shlex
from typing import Final

import click

from robot.cli.joined import JSON_OPTION, REASON_OPTION, console, echo_json, person, robot, table
from robot.flow.unmapped import UnmappedText, unmapped_texts
from robot.rulebook.refusal_mapping import map_refusal, previewed

_SHOWN_DOCUMENTS: Final = 5


@click.group("erp")
def erp() -> None:
    """What Navision answers."""


@erp.command("unmapped")
@JSON_OPTION
def unmapped(*, as_json: bool) -> None:
    """List the texts that no error type is known for, with the documents that they hold."""
    with robot() as joined:
        found = unmapped_texts(joined.store)
    if as_json:
        echo_json(
            [
                {"text": it.text, "documents": [source_id for _, source_id in it.documents]}
                for it in found
            ]
        )
    elif not found:
        click.echo("Every text is mapped.")
    else:
        _show(found)
    raise SystemExit(int(bool(found)))


def _show(found: list[UnmappedText]) -> None:
    shown = table("documents", "what Navision said")
    for it in found:
        named = ", ".join(source_id for _, source_id in it.documents[:_SHOWN_DOCUMENTS])
        more = len(it.documents) - _SHOWN_DOCUMENTS
        rest = f" and {more} more" if more > 0 else ""
        shown.add_row(f"{len(it.documents)}: {named}{rest}", it.text or "(no text)")
    console().print(shown)
    example = shlex.quote(found[0].text[:60] or "PATTERN")
    click.echo(f"Map one: invoice-robot erp map {example} CODE --reason '…'")


@erp.command("map")
@click.argument("pattern")
@click.argument("code")
@REASON_OPTION
def map_text(pattern: str, code: str, reason: str) -> None:
    """Add PATTERN (RE2, found anywhere in the text) to the table as error type CODE.

    The documents that it now explains are looked at again in the next run.
    """
    with robot() as joined:
        taxonomy = joined.ports.taxonomy
        mapping = previewed(joined.store, taxonomy, pattern, code)
        path = map_refusal(
            joined.store,
            taxonomy,
            joined.settings.rules.directory,
            mapping,
            person=person(),
            reason=reason,
        )
    texts = len(mapping.explained) + len(mapping.others)
    click.echo(
        f"{path}: added. It explains {len(mapping.explained)} of {texts} unmapped texts; "
        f"{len(mapping.documents)} documents are looked at again in the next run."
    )


COMMANDS: Final = (erp,)
