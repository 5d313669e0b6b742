"""A robot killed before, in or after each step of a mail, with a mail server at the other end."""

from __future__ import annotations

import email
from collections import Counter
from collections.abc import Iterator

import pytest

from robot.adapters.store.store import open_store
from robot.domain.state import EffectStatus
from tests.faults.conftest import Tally
from tests.faults.site import Site
from tests.faults.world import EndState, Orders, Standing
from tests.support.faulty_smtp import Faults, FaultyServer, faulty_smtp

#: Moments of a mail with the copies that can arrive when the robot is killed there.
STEPS = {
    "tell-before": 1,
    "freeze-before": 1,
    "freeze-after": 1,
    "mail-before": 1,
    # Taken, and killed before that was written down: nobody can know.
    "mail-after": 2,
    "mail-settled": 1,
    "tell-after": 1,
}
#: What the server does to one message, with the copies that can arrive.
LINES = {"before": 1, "lose": 1, "drop": 2, "451 4.3.2 later": 1}


@pytest.fixture(name="server")
def _server() -> Iterator[FaultyServer]:
    with faulty_smtp(Faults()) as server:
        yield server


def copies(server: FaultyServer) -> Counter[str]:
    """Message-ID to how many copies the server took."""
    return Counter(
        email.message_from_bytes(envelope.original_content or b"")["Message-ID"]
        for envelope in server.faults.taken
    )


def unsettled(site: Site) -> list[str]:
    opened = open_store(site.store, Standing(), check=False)
    try:
        return [
            f"{row.mail.message_id} is {row.status}"
            for row in opened.mails.all()
            if row.status is not EffectStatus.DONE
        ]
    finally:
        opened.close()


def outcomes(end: EndState) -> tuple[object, ...]:
    return end.documents, end.ledger, end.rejected


@pytest.mark.parametrize("point", STEPS)
def test_killed_there_each_mail_arrives_and_at_most_as_often_as_it_must(
    site: Site, server: FaultyServer, undisturbed: EndState, tally: Tally, point: str
) -> None:
    orders = Orders(smtp_port=server.port)
    site.kill_at(point, orders)
    assert site.run(orders) == 0
    assert site.run(orders) == 0
    arrived = copies(server)
    assert len(arrived) == len(undisturbed.mails)
    assert max(arrived.values()) <= STEPS[point]
    assert unsettled(site) == []
    assert outcomes(site.end()) == outcomes(undisturbed)
    tally("killed at a step of a mail by SMTP", "sqlite", point="", effects="notice")


@pytest.mark.parametrize("fault", LINES)
def test_whatever_the_line_does_each_mail_arrives(
    site: Site, server: FaultyServer, undisturbed: EndState, tally: Tally, fault: str
) -> None:
    server.faults.data.append(fault)
    assert site.run(Orders(smtp_port=server.port)) == 0
    # The next day: what was put off may be tried again.
    tomorrow = Orders(smtp_port=server.port, clock="tomorrow")
    assert site.run(tomorrow) == 0
    arrived = copies(server)
    told = {line.partition(" ")[0] for line in undisturbed.mails}
    assert told <= arrived.keys()
    assert all(arrived[mail] <= LINES[fault] for mail in told)
    assert unsettled(site) == []
    tally("the mail server's line", "sqlite", effects="notice")
