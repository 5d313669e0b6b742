"""An invoice with a rounding is known again by what the ledger owes, not by its bare total."""

from __future__ import annotations

from pathlib import Path

from robot import bootstrap
from robot.cli.demo import EXAMPLES, world
from robot.domain.state import State
from robot.flow.records import DocumentFilter
from robot.flow.run import run_once

ORIGINAL = EXAMPLES / "documents" / "eksempelstyrelsen" / "13-fruit-rounded.xml"
NUMBER = "KK-7119"


def test_the_same_under_another_number_is_suspected_when_the_first_is_posted(
    tmp_path: Path,
) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    robot = bootstrap.assemble(world(tmp_path, nothing), clock=bootstrap.FixedClock())
    documents = robot.settings.source.path
    documents.mkdir(exist_ok=True)
    try:
        options = bootstrap.run_options(robot.settings, "by-hand")
        _place(documents, "first", NUMBER)
        run_once(robot.ports, options)
        _place(documents, "second", f"{NUMBER}-2")
        run_once(robot.ports, options)
        rows = list(robot.store.documents.listing(DocumentFilter()))
    finally:
        robot.close()
    assert [(row.state, row.codes) for row in rows] == [
        (State.POSTED, ()),
        (State.HELD, ("duplicate-suspected",)),
    ]


def _place(folder: Path, name: str, number: str) -> None:
    text = ORIGINAL.read_text(encoding="utf-8").replace(NUMBER, number)
    (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    sidecar = ORIGINAL.with_suffix(".json").read_text(encoding="utf-8")
    sidecar = sidecar.replace('"document_id": "', f'"document_id": "{name}-', 1)
    (folder / f"{name}.json").write_text(sidecar, encoding="utf-8")
