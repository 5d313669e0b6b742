"""Thousands of mails, a third of them automatic answers: no loop, caps hold, nothing is lost."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from robot.domain.notice import MailPurpose
from robot.domain.thread import ThreadKeys
from robot.flow.context import RunOptions
from robot.flow.inbox import poll
from robot.flow.inbox_answers import STORM_LEAST
from robot.flow.mailbox_port import Position, RawMail
from tests.faults.conftest import Tally
from tests.support.flow_world import FlowWorld, a_served_customer, an_approved
from tests.support.mail_in import ROBOT, ListMailbox, a_mail, a_reception

KEYS = ThreadKeys([b"a key of the storm's threads, number 1"])
AUTOMATIC = {MailPurpose.STATUS, MailPurpose.ACKNOWLEDGEMENT}
#: Megabytes that thousands of mails may add to what a few need.
GROWTH = 40


@dataclass
class StormMailbox(ListMailbox):
    """Makes each mail when it is asked for: 30 % answer automatically, 70 % ask for the status."""

    many: int = 0
    to: str = field(default="")

    def fetch(self, after: Position) -> Iterator[RawMail]:
        for uid in range(after.last_uid + 1, self.many + 1):
            automatic = uid % 10 < 3
            content = a_mail(
                "Jeg er på ferie." if automatic else f"STATUS\n\nMail nummer {uid}",
                to=self.to,
                sender=f"person{uid % 200}@example.test",
                message_id=f"<storm-{uid}@k.test>",
                more="Auto-Submitted: auto-replied\r\n" if automatic else "",
            )
            yield RawMail(
                folder=after.folder,
                validity=self.validity,
                uid=uid,
                content=content,
                size=len(content),
            )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("many", [400, pytest.param(10_000, marks=pytest.mark.faults)])
def test_a_storm_passes(tmp_path: Path, tally: Tally, many: int) -> None:
    world = FlowWorld(tmp_path, an_approved("F-1", "bounce dimension-missing"))
    world.run()
    (row,) = world.rows()
    mailbox = StormMailbox(many=40, to=KEYS.reply_address(ROBOT, row.case_number or ""))
    customer = a_served_customer(domains=("example.test",))
    reception = a_reception(tmp_path, mailbox, customer)
    ports = replace(world.ports, threads=KEYS, reception=reception)
    options = RunOptions(owner="robot-1")
    first = poll(ports, options)
    before = _memory()
    mailbox.many = many
    second = poll(ports, options)

    assert first.mails + second.mails == many
    assert sum((first.routes + second.routes).values()) == many
    assert second.routes["noted"] + first.routes["noted"] == many * 3 // 10
    answers = [mail for mail in world.store.mails.all() if mail.mail.purpose in AUTOMATIC]
    assert len(answers) <= STORM_LEAST
    assert second.answers == 0
    assert len(second.problems) == 1
    assert _memory() - before < GROWTH
    assert world.store.trail.verify().broken_at is None
    world.store.close()
    tally(f"storm of {many:,} mails", "sqlite")
