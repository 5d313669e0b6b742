"""A filled re-posting sheet from the desk to the general ledger, on the small Navision.

The tests share one world: each moves an amount of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from robot import bootstrap
from robot.domain.journey import EventName
from robot.domain.state import EffectKind, EffectStatus, State
from robot.errors import ActError, ErpUnavailableError
from robot.flow.case_commands import all_acts
from robot.flow.clerk import Clerk
from robot.flow.command_port import CommandStatus, NewCommand
from robot.flow.commands import carry_out
from robot.flow.sheet_port import SheetStatus, Way
from robot.flow.sheets import new_sheet
from tests.support.reposting import opened, rows_moving
from tests.support.reposting_centre import KREDS, Centre

TOMORROW: Final = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    made = Centre(tmp_path_factory.mktemp("reposting"))
    yield made
    made.close()


def test_a_right_sheet_is_decided_posted_by_the_journal_and_read_back(centre: Centre) -> None:
    row = centre.hand_in(centre.sheet(*rows_moving(1200.5)))
    assert (row.status, row.author, row.rows, row.total) == (
        SheetStatus.ACCEPTED,
        "Ane Ansvarlig",
        2,
        Decimal("1200.5"),
    )

    centre.run()

    document = centre.document(row)
    assert document is not None
    assert (document.state, document.receipt, document.core.kind) == (
        State.POSTED,
        row.numbers[0],
        "reposting",
    )
    assert centre.ledger(row) == [
        ("225000", "1", Decimal("1200.5")),
        ("220100", "1", Decimal("-1200.5")),
    ]
    (decision,) = centre.store.documents.decisions(document.id)
    assert decision.decision.posted_by == ("post-reposting",)
    (effect,) = centre.store.documents.effects(document.id)
    assert (effect.kind, effect.status) == (EffectKind.POSTING, EffectStatus.DONE)
    key = document.core.document_key
    told = {event.event for event in centre.store.journeys.of([key])[key]}
    assert told >= {EventName.RECEIVED, EventName.POSTED}
    # The figures are those of invoices.
    assert centre.store.measures.subjects([key]) == []
    acts = centre.store.trail.rows(acts=("sheet-handed-in", "sheet-accepted"))
    assert [entry.act for entry in acts] == ["sheet-handed-in", "sheet-accepted"]


def test_a_sheet_sent_twice_or_saved_anew_is_posted_once(centre: Centre) -> None:
    first = centre.sheet(*rows_moving(2))
    row = centre.hand_in(first)
    again = centre.hand_in(first)
    anew = centre.hand_in(centre.sheet(*reversed(rows_moving(2))), by="pia")
    centre.run()
    centre.run()

    assert again == row
    assert (anew.status, anew.faults[0].en) == (
        SheetStatus.REFUSED,
        f"this was handed in before: it is {row.numbers[0]}",
    )
    assert len(centre.ledger(row)) == 2


def test_a_wrong_sheet_goes_back_marked_and_may_come_again_when_navision_has_changed(
    centre: Centre,
) -> None:
    debit, credit = rows_moving(3)
    content = centre.sheet(debit, (*credit[:3], "229900", *credit[4:]))
    row = centre.hand_in(content)
    assert row.status is SheetStatus.RETURNED
    assert [(it.row, it.column, it.da) for it in row.faults] == [
        (7, "Finanskonto", "Kontoen er spærret.")
    ]
    marked = centre.store.sheets.marked(row.content_hash)
    assert marked is not None
    assert opened(marked)["Ompostering"]["D7"].comment.text == "Kontoen er spærret."

    with centre.unblocked("229900"):
        row = centre.hand_in(content)
    assert row.status is SheetStatus.ACCEPTED
    # Blocked again before the run: the rules see it, and nothing is posted.
    centre.run()
    document = centre.document(row)
    assert document is not None
    assert (document.state, document.codes) == (State.HELD, ("reposting-cells-wrong",))
    assert centre.ledger(row) == []


def test_what_can_not_be_taken_is_refused_in_words(centre: Centre) -> None:
    row = centre.hand_in(b"PK\x03\x04 no workbook")
    assert (row.status, row.faults[0].en) == (SheetStatus.REFUSED, "this is no xlsx workbook")
    strange = centre.hand_in(centre.sheet(*rows_moving(4)), customer="99002")
    assert strange.faults[0].en == "the sheet is one of 99001, not of 99002"


def test_while_navision_is_away_a_sheet_waits_and_the_next_run_answers_it(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_questions: object) -> None:
        raise ErpUnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(centre.joined.ports.reader, "facts", away)
        with pytest.raises(ErpUnavailableError):
            centre.hand_in(centre.sheet(*rows_moving(5)))
    (waiting,) = centre.store.sheets.waiting()
    centre.run()
    answered = centre.store.sheets.get(waiting)
    assert answered is not None
    assert answered.status is SheetStatus.ACCEPTED
    assert len(centre.ledger(answered)) == 2


def test_the_kill_switch_keeps_sheets_back_too(centre: Centre) -> None:
    row = centre.hand_in(centre.sheet(*rows_moving(6)))
    with centre.store.writing(actor="ops") as unit:
        unit.pause(KREDS, "year-end")
    centre.run()
    assert (centre.document(row), centre.ledger(row)) == (None, [])
    with centre.store.writing(actor="ops") as unit:
        unit.resume(KREDS)


def test_a_large_sheet_is_released_by_somebody_else_than_who_handed_it_in(centre: Centre) -> None:
    row = centre.hand_in(centre.sheet(*rows_moving(600_000)), by="bo")
    centre.run()
    document = centre.document(row)
    assert document is not None
    assert document.codes == ("reposting-second-person",)

    ports = centre.joined.ports
    clerk = Clerk(store=centre.store, taxonomy=ports.taxonomy, clock=ports.clock, name="Bo")
    with pytest.raises(ActError, match="somebody else"):
        clerk.release(document.core.source_id, "it is right")
    with pytest.raises(ActError, match="can't be sent back"):
        clerk.bounce(document.core.source_id, "it is wrong", ["reposting-cells-wrong"])
    replace(clerk, name="pia").release(document.core.source_id, "seen")
    centre.run()
    assert len(centre.ledger(row)) == 2


def test_where_navision_posts_no_journals_a_clerk_imports_a_file(centre: Centre) -> None:
    row = centre.hand_in(centre.sheet(*rows_moving(7)))
    centre.run(posts_repostings=False)
    document = centre.document(row)
    assert document is not None
    assert (document.state, document.codes) == (State.HELD, ("reposting-import-by-clerk",))
    posted = centre.hand_in(centre.sheet(*rows_moving(7.5)))
    centre.run()
    with pytest.raises(ActError, match="does not wait"):
        centre.desk.journal(posted.numbers[0])
    head, *lines = centre.desk.journal(row.numbers[0]).decode("utf-8-sig").splitlines()
    assert head.startswith("Bilagsnr.;Bogføringsdato;")
    assert [line.split(";")[0] for line in lines] == [row.numbers[0]] * 2


def test_what_a_clerk_imported_meanwhile_is_not_posted_again(centre: Centre) -> None:
    row = centre.hand_in(centre.sheet(*rows_moving(8)))
    centre.import_by_hand(row.numbers[0])
    centre.run()
    document = centre.document(row)
    assert document is not None
    assert (document.state, document.codes) == (State.HELD, ("reposting-posted-already",))


def test_a_command_of_the_dashboard_answers_a_sheet(centre: Centre) -> None:
    content = centre.sheet(*rows_moving(9))
    sheet = new_sheet("C:\\ark\\mit ark.xlsx", content, way=Way.DASHBOARD, customer=KREDS)
    with centre.store.writing(actor="bo") as unit:
        assert unit.sheets.take_in(sheet)
        asked = {"sheet": sheet.content_hash}
        command = NewCommand(kind="reposting-sheet", argument=asked, reason="x", once="1")
        unit.commands.ask(command)
    ports = centre.joined.ports
    carry_out(centre.store, ports.taxonomy, ports.clock, all_acts(list, lambda: ports))
    (done,) = centre.store.commands.about("sheet", sheet.content_hash)
    assert done.status is CommandStatus.DONE
    assert done.outcome is not None
    assert done.outcome.text("en").startswith("accepted as OMP-")
    row = centre.store.sheets.get(sheet.content_hash)
    assert row is not None
    assert (row.name, row.handed_in_by) == ("mit ark.xlsx", "bo")


def test_sheets_in_the_watched_folder_are_answered_beside_them(centre: Centre) -> None:
    december = [(row[0], "01-12-2026", *row[2:]) for row in rows_moving(10)]
    right = centre.sheet(*rows_moving(10), *december)
    (centre.documents_folder / "rigtigt.xlsx").write_bytes(right)
    (centre.documents_folder / "forkert.xlsx").write_bytes(centre.sheet(rows_moving(11)[0]))
    centre.run()
    centre.run()
    assert sorted(path.name for path in centre.documents_folder.iterdir()) == [
        "forkert.rettes.xlsx",
        "forkert.svar.txt",
        "forkert.xlsx",
        "rigtigt.svar.txt",
        "rigtigt.xlsx",
    ]
    found = centre.store.sheets.get(new_sheet("", right, way=Way.FOLDER).content_hash)
    assert found is not None
    # Each posting date is a document of its own.
    assert len(found.numbers) == 2
    assert [amount for *_, amount in centre.ledger(found)] == [10, -10, 10, -10]
    answer = (centre.documents_folder / "rigtigt.svar.txt").read_text(encoding="utf-8")
    numbers = ", ".join(found.numbers)
    assert answer.splitlines() == [
        f"modtaget som {numbers}; næste kørsel afgør det",
        f"accepted as {numbers}; the next run decides",
    ]
    steps = json.loads(centre.core(found.numbers[0]).steps)
    assert steps[0][:2] == ["received", "folder"]


def test_the_file_of_a_sheet_goes_when_it_was_done_with_long_ago_and_what_it_moved_stays(
    centre: Centre,
) -> None:
    wrong = centre.hand_in(centre.sheet(rows_moving(78)[0]))
    content = centre.sheet(*rows_moving(77))
    right = centre.hand_in(content)
    kept = [centre.store.sheets.content(row.content_hash) for row in (wrong, right)]
    assert all(kept)
    desk = replace(centre.desk, keeps=timedelta(hours=1), clock=bootstrap.FixedClock(TOMORROW))
    desk.work_off(_raised)
    # The right one is not posted yet.
    assert centre.store.sheets.content(right.content_hash) == content
    assert centre.store.sheets.content(wrong.content_hash) == b""
    assert centre.store.sheets.marked(wrong.content_hash) is None
    centre.run()
    desk.work_off(_raised)
    assert centre.store.sheets.content(right.content_hash) == b""
    # The same lines in another file are still known.
    again = centre.hand_in(centre.sheet(*rows_moving(77), author="En Anden"))
    assert again.status is SheetStatus.REFUSED
    # A wrong one may come again: its file is back.
    assert centre.hand_in(kept[0]).faults == wrong.faults


def _raised(error: Exception, _about: str) -> None:
    raise error
