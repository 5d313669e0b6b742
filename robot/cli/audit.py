"""`invoice-robot audit`: the trail of everything that was done."""

from __future__ import annotations

from typing import Final

import click

from robot.cli.joined import JSON_OPTION, echo_json, robot


@click.group("audit")
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@JSON_OPTION
def verify(*, as_json: bool) -> None:
    """Prove that no row of the trail was changed, taken out or put in between."""
    with robot() as joined:
        proof = joined.store.trail.verify()
    broken = proof.broken_at is not None
    if as_json:
        echo_json(
            {
                "rows": proof.rows,
                "head": proof.head,
                "broken_at": proof.broken_at,
                "problem": proof.problem,
            }
        )
    elif broken:
        click.echo(f"The trail is broken at row {proof.broken_at}: {proof.problem}")
    else:
        click.echo(f"The trail is whole: {proof.rows} rows, head {proof.head}")
    raise SystemExit(int(broken))


COMMANDS: Final = (audit,)
