"""`invoice-robot pause` from another process stops a run in its middle, between two documents."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from robot import settings
from tests.faults.conftest import Tally
from tests.faults.site import Site
from tests.faults.world import PROJECT, EndState, Orders

COMMAND = [sys.executable, "-c", "from robot.cli.main import main; main()"]
#: Their bogføringskredse.
FYRVAESENET = "99002"


def ask(site: Site, *arguments: str) -> None:
    """The command of a person at another terminal, on the same store."""
    config = site.folder / "robot.toml"
    config.write_text(
        f'data = "{site.folder}"\n'
        f'[erp]\npath = "{site.folder}/navision.db"\n'
        f'[store]\nurl = "{site.store}"\n'
        f'[rules]\ndirectory = "{PROJECT}/rules"\n'
        f'[mail]\ntemplates = "{PROJECT}/config/mail"\n'
        f'[log]\ndirectory = "{site.folder}/logs"\n',
        encoding="utf-8",
    )
    subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env={**os.environ, settings.CONFIG_VARIABLE: str(config)},
        check=True,
        capture_output=True,
        timeout=60,
    )


def paused_in_the_middle(site: Site, *scope: str) -> EndState:
    """Everything is claimed in one step; the first document is done when the switch is set."""
    with site.frozen_at("called", Orders(clock="running", chunk_size=50)) as robot:
        ask(site, "pause", *scope, "--reason", "wait for the month's end")
        # A switch is noticed within a second, however many documents there are.
        time.sleep(1)
    assert robot.exitcode == 0
    return site.end()


@pytest.mark.parametrize(
    "engine",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)],
    indirect=True,
)
def test_a_pause_of_everything_lets_only_the_document_in_hand_finish(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    before = len(undisturbed.ledger) - posted(undisturbed)
    end = paused_in_the_middle(site)
    assert posted(end) + bounced(end) == 1
    assert len(end.ledger) - before == posted(end)
    assert end.mails == ()
    ask(site, "resume")
    site.recover()
    assert (outcomes(site.end()), site.breaches()) == (outcomes(undisturbed), [])
    tally("paused in the middle of a run", site.engine.name)


@pytest.mark.faults
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_pause_of_one_customer_leaves_the_others_going(
    site: Site, undisturbed: EndState, tally: Tally
) -> None:
    end = paused_in_the_middle(site, "--customer", FYRVAESENET)
    assert posted(end) > 1
    assert len(end.mails) == len(undisturbed.mails) - 1
    assert posted(end) + bounced(end) < posted(undisturbed) + bounced(undisturbed)
    ask(site, "resume", "--customer", FYRVAESENET)
    site.recover()
    assert (outcomes(site.end()), site.breaches()) == (outcomes(undisturbed), [])
    tally("one customer paused in the middle of a run", site.engine.name)


def outcomes(end: EndState) -> tuple[object, ...]:
    """Without the ids of mails, which tell of fewer documents after a pause in between."""
    return end.documents, end.ledger, end.rejected


def posted(end: EndState) -> int:
    return sum(document[2] == "posted" for document in end.documents)


def bounced(end: EndState) -> int:
    return sum(document[2] == "bounced" for document in end.documents)
