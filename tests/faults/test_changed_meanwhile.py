"""A document or its creditor is changed between the decision and the posting: decided anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.faults.conftest import Tally
from tests.faults.engines import ENGINES
from tests.faults.matrix import every
from tests.faults.site import Site
from tests.faults.world import DOCUMENTS

#: Posted when nothing happens to it.
NAME = "fyrvaesenet/02-power-for-the-lighthouse"
COMPANY = "Fyrvæsenet"
#: It is decided; recorded; claimed; and the document before it in its chunk was sent.
POINTS = ["decided", "record-after", "claim-after", "called"]
SHORT = ["record-after", "called"]
assert "02" in DOCUMENTS["fyrvaesenet"]


CASES = every(ENGINES, POINTS, short=[("sqlite", point) for point in SHORT])


def source_id(site: Site) -> str:
    sidecar = json.loads((site.folder / f"documents/{NAME}.json").read_text(encoding="utf-8"))
    return str(sidecar["document_id"])


def withdraw(site: Site) -> None:
    for suffix in (".xml", ".json"):
        (site.folder / f"documents/{NAME}{suffix}").unlink()


def approve_with_an_unknown_account(site: Site) -> None:
    path = site.folder / f"documents/{NAME}.json"
    sidecar = json.loads(path.read_text(encoding="utf-8"))
    sidecar["approvals"][-1]["at"] = "2026-11-23T20:00:00Z"
    sidecar["coding"][0]["account"] = "22010"
    path.write_text(json.dumps(sidecar), encoding="utf-8")


def pay_elsewhere(site: Site) -> None:
    with closing(sqlite3.connect(site.folder / "navision.db")) as connection:
        changed = connection.execute(
            f'UPDATE "{COMPANY}$Vendor Bank Account"'  # noqa: S608 - our own
            " SET \"Bank Account No_\" = '0009999999'"
        ).rowcount
        changed += connection.execute(
            f'UPDATE "{COMPANY}$Vendor" SET "Preferred Bank Account Code" = \'NEW\''  # noqa: S608
        ).rowcount
        connection.commit()
    assert changed


@pytest.mark.parametrize(("engine", "point"), CASES, indirect=["engine"])
@pytest.mark.parametrize("happens", [withdraw, approve_with_an_unknown_account, pay_elsewhere])
def test_it_is_not_posted_by_the_old_decision(
    site: Site, tally: Tally, point: str, happens: Callable[[Site], None]
) -> None:
    document = source_id(site)
    with site.frozen_at(point) as robot:
        happens(site)
    assert robot.exitcode == 0
    states = {it[2]: it[3:] for it in site.end().documents if it[0] == document}
    assert "posted" not in states, states
    site.recover()
    by_name = {
        withdraw: ({"held"}, {"source-withdrawn"}),
        approve_with_an_unknown_account: ({"bounced", "superseded"}, {"account-unknown"}),
    }
    if happens in by_name:
        states = {it[2]: it[3:] for it in site.end().documents if it[0] == document}
        wanted, codes = by_name[happens]
        assert set(states) == wanted
        assert codes <= {code for found in states.values() for code in found}
    assert site.breaches() == []
    tally(f"changed under its feet: {happens.__name__.replace('_', ' ')}", site.engine.name)
