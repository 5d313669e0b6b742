"""Renew the documents whose commands are really run."""

from __future__ import annotations

from typing import Final

from examples.transcripts.script import renewed
from examples.transcripts.stage import ROOT, stage

#: Each is run in a world of its own; whether it needs a robot that has run.
DOCUMENTS: Final = {"docs/an-ops-persons-day.md": True, "docs/rules-guide.md": False}


def current(name: str) -> str:
    """A document as it must be: with what its commands print now."""
    text = (ROOT / name).read_text(encoding="utf-8")
    with stage(running=DOCUMENTS[name]) as world:
        return renewed(text, world.folder, world)


def main() -> None:
    """Write each document anew."""
    for name in DOCUMENTS:
        (ROOT / name).write_text(current(name), encoding="utf-8")
        print(f"renewed {name}")


if __name__ == "__main__":
    main()
