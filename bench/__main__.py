"""`python -m bench [name …]`: speed as ratios to a named floor or peer of the same run.

Without a name `dashboard` and `load` are done with fewer documents; by theirs they take minutes.
"""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.ratio import Ratio

SUBJECTS: Final = (
    "reading",
    "companies",
    "deciding",
    "loading",
    "endtoend",
    "backtest",
    "dashboard",
    "load",
)


def main(names: list[str]) -> int:
    """Run the named subjects, or all, and print one table."""
    console = Console()
    table = Table(title=f"Python {platform.python_version()}, one core, {platform.machine()}")
    for heading in ("what", "value", "floor or peer", "its value", "ratio", "aim"):
        table.add_column(
            heading, justify="left" if heading in ("what", "floor or peer") else "right"
        )
    for name in names or SUBJECTS:
        console.print(f"measuring {name} …", style="dim")
        module = importlib.import_module(f"bench.{name}")
        whole: Callable[[], list[Ratio]] = module.run
        run = whole if names else getattr(module, "brief", whole)
        for ratio in run():
            table.add_row(
                ratio.name,
                f"{ratio.value:,.0f} {ratio.unit}",
                ratio.floor_name,
                f"{ratio.floor_value:,.0f}",
                f"{ratio.ratio:.2f}",
                ratio.aim,
            )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
