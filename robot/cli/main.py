"""The command `invoice-robot`."""

from __future__ import annotations

import click


@click.group()
@click.version_option(package_name="invoice-robot")
def main() -> None:
    """Fakturarobotten: bogfører de godkendte fakturaer, der er i orden."""
