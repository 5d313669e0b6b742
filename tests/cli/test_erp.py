"""`erp unmapped` and `erp map`: from a text that nobody knew to a document looked at again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from robot.cli.main import main
from robot.domain.state import State
from robot.flow.unmapped import unmapped_texts
from tests.cli.settled import settle_in
from tests.support.factories import a_line, an_invoice
from tests.support.flow_world import FlowWorld, an_approved

ROOT = Path(__file__).parents[2]
TEXT = "Ugyldig kombination på konto 12345678901234 for 010190-1234"
KEPT = "Ugyldig kombination på konto …1234 for …1234"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlowWorld]:
    """Two documents that Navision refuses with the same unknown text, and the real rules."""
    made = FlowWorld(
        tmp_path,
        *(
            replace(
                an_approved(number, customer="99001"),
                invoice=an_invoice(number=number, lines=(a_line("1", amount), a_line("2"))),
            )
            for number, amount in (("F-1", Decimal(100)), ("F-2", Decimal(200)))
        ),
    )
    made.erp.refuse = {"F-1": TEXT, "F-2": TEXT}
    made.run()
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    settle_in(tmp_path, monkeypatch)
    yield made
    made.store.close()


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["erp", *arguments])


def test_what_nobody_mapped_is_listed_with_whom_it_holds(world: FlowWorld) -> None:
    del world
    listed = invoke("unmapped", "--json")

    assert json.loads(listed.output) == [{"text": KEPT, "documents": ["SDI-F-1", "SDI-F-2"]}]
    assert listed.exit_code == 1
    assert "invoice-robot erp map" in invoke("unmapped").output


def test_a_mapped_text_is_in_the_table_and_its_documents_are_looked_at_again(
    world: FlowWorld, tmp_path: Path
) -> None:
    done = invoke("map", "ugyldig kombination", "dimension-combination", "--reason", "set i dag")

    assert done.exit_code == 0, done.output
    assert "explains 1 of 1 unmapped texts; 2 documents" in done.output
    table = (tmp_path / "rules" / "erp_refusals.yaml").read_text(encoding="utf-8")
    assert table.endswith(
        "  - code: dimension-combination\n    why: 'set i dag'\n    patterns:\n"
        "      - 'ugyldig kombination'\n"
    )
    assert all(row.recheck for row in world.rows(states=frozenset({State.HELD})))
    acts = [(row.act, row.detail) for row in world.store.trail.rows()]
    assert (
        "refusal-mapped",
        {"pattern": "ugyldig kombination", "code": "dimension-combination", "reason": "set i dag"},
    ) in acts


@pytest.mark.parametrize(
    ("pattern", "code", "words"),
    [
        ("(x", "erp-busy", "not a pattern that RE2 takes"),
        ("x", "no-such-type", "there is no error type 'no-such-type'"),
        ("x", "erp-unmapped", "there is no error type 'erp-unmapped'"),
    ],
)
def test_what_can_not_be_mapped_changes_nothing(
    world: FlowWorld, tmp_path: Path, pattern: str, code: str, words: str
) -> None:
    refused = invoke("map", pattern, code, "--reason", "x")

    assert words in refused.output
    assert refused.exit_code == 2
    table = tmp_path / "rules" / "erp_refusals.yaml"
    assert table.read_bytes() == (ROOT / "rules" / "erp_refusals.yaml").read_bytes()
    assert not any(row.recheck for row in world.rows())


def test_nothing_unmapped_is_said_so(world: FlowWorld) -> None:
    world.erp.refuse = {}
    for row in world.rows():
        with world.store.writing(actor="bod") as unit:
            unit.request(row.id)
    world.run()

    assert unmapped_texts(world.store) == []
    listed = invoke("unmapped")
    assert (listed.exit_code, listed.output) == (0, "Every text is mapped.\n")
