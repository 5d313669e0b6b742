"""A rule author's and an approver's pages, and mapping what Navision said, from asking to done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from robot import bootstrap
from robot.checks.catalogue import CATALOGUE
from robot.domain.money import Money
from robot.domain.rights import Role
from robot.domain.state import State
from robot.flow.commands import carry_out, carry_out_long
from robot.flow.history_port import Aftermath
from robot.flow.records import DocumentFilter
from robot.rulebook.loader import load
from robot.rulebook.refusals import ERP_REFUSALS
from tests.support import factories as make
from tests.support.everyday import RULES, addressed, approved, facts, rules_of
from tests.support.history import DAY, keep, later, past
from tests.web.site import AUTHOR, OTHER, OWN, REFUSED, UNKNOWN_TEXT, Site, token_of


@pytest.fixture(name="robot", scope="module")
def _robot(site: Site) -> Iterator[bootstrap.Robot]:
    made = bootstrap.assemble(site.settings, clock=site.clock)
    try:
        yield made
    finally:
        made.close()


def carried_out(site: Site, robot: bootstrap.Robot) -> str:
    """Do all that waits as the daemon does; the answer to the last of it."""
    given = (robot.store, robot.ports.taxonomy, site.clock, robot.acts())
    while carry_out(*given) + carry_out_long(*given, owner="test"):
        pass
    outcome = site.dashboard.store.commands.last(1)[0].outcome
    return outcome.text("en") if outcome else ""


@pytest.fixture(scope="module")
def regretted(site: Site) -> None:
    """An invoice of the past over the old limit, which its customer corrected later."""
    rule_set = rules_of(load(RULES, CATALOGUE), "eksempelstyrelsen")
    customer = rule_set.customer
    document = approved(addressed(make.an_invoice(), customer), customer)
    values = {
        **rule_set.values(document, facts(), DAY),
        "invoice.total_dkk": Money(Decimal(40000), "DKK"),
        "invoice.number": "=FORTRUDT",
    }
    told = past("regretted", values, customer=OWN, amount_dkk=Decimal(40000))
    keep(
        site.settings.history.directory,
        [told],
        [later("regretted", Aftermath.CORRECTED)],
    )


def test_a_proposal_is_tried_on_the_past_before_it_is_approved(
    site: Site, robot: bootstrap.Robot, regretted: None
) -> None:
    del regretted
    path = f"/rules/{site.proposals[OWN]}"
    approver = site.as_role(Role.APPROVER)
    before = approver.get(path, params={"lang": "en"}).text
    assert "There is no fresh trial on the past" in before
    assert "-  small-invoice.limit: 25000 DKK" in before
    assert (
        "small-invoice.limit 25,000 → 60,000 DKK for Eksempelstyrelsen – <strong>looser" in before
    )
    danish = approver.get(path, params={"lang": "da"}).text
    assert "small-invoice.limit 25.000 → 60.000 DKK for Eksempelstyrelsen – <strong>løs" in danish
    asked = approver.post(path + "/try", data={"csrf": token_of(approver, path)})
    assert asked.status_code == 303
    assert carried_out(site, robot).startswith("tried on ")

    shown = approver.get(path, params={"lang": "en"}).text
    assert "There is no fresh trial on the past" not in shown
    danger = shown.index("Would have posted what was found wrong later: 1 invoice, DKK 40,000.00")
    assert (
        danger < shown.index("From decision to decision") < shown.index("Other changed invoices")
    )
    # Held before and posted now: the regretted one, and one of the demo's own run.
    assert re.search(r'<th scope="row">held</th><td class="n">2<br><small>DKK 88,750.00', shown)
    assert site.dashboard.store.trail.verify().broken_at is None

    file = approver.get(path, params={"format": "csv"}).text
    assert "'=FORTRUDT" in file
    assert "newly posted, found wrong later" in file


def test_a_trial_grows_old(site: Site, robot: bootstrap.Robot) -> None:
    path = f"/rules/{site.proposals[OTHER]}"
    approver = site.as_role(Role.APPROVER)
    approver.post(path + "/try", data={"csrf": token_of(approver, path)})
    carried_out(site, robot)
    try:
        site.clock.ahead += timedelta(days=8)
        assert "The trial is out of date" in approver.get(path, params={"lang": "en"}).text
    finally:
        site.clock.ahead = timedelta()


def test_who_wrote_a_proposal_tries_it_and_approves_it_not(
    site: Site, robot: bootstrap.Robot
) -> None:
    path = f"/rules/{site.proposals[OWN]}"
    author = site.browser(name=AUTHOR, groups="rule-author")
    shown = author.get(path, params={"lang": "en"}).text
    assert f"{path}/try" in shown
    assert f"{path}/approve" not in shown
    both = site.browser(name=AUTHOR, groups="approver")
    form = {"csrf": token_of(both), "reason": "mine"}
    assert "somebody else has to approve" in both.get(path, params={"lang": "en"}).text
    both.post(path + "/approve", data=form)
    assert "can't approve it" in carried_out(site, robot)
    # The same refusal on a Danish page.
    assert (
        "kan ikke godkende det (fire øjne: en anden skal gøre det)"
        in both.get(path, params={"lang": "da"}).text
    )


def test_an_approval_is_noted_with_its_reason(site: Site, robot: bootstrap.Robot) -> None:
    path = f"/rules/{site.proposals[OWN]}"
    approver = site.as_role(Role.APPROVER)
    assert approver.post(path + "/approve", data={"csrf": token_of(approver)}).status_code == 400
    form = {"csrf": token_of(approver), "reason": "prøvet"}
    assert approver.post(path + "/approve", data=form).status_code == 303
    carried_out(site, robot)
    assert "en-approver" in approver.get(path).text
    assert "prøvet" in approver.get(path).text


def test_a_set_that_was_in_force_shows_its_text_and_a_stranger_s_hash_nothing(
    site: Site,
) -> None:
    viewer = site.as_role(Role.VIEWER)
    in_force = site.dashboard.rules.for_customer(OWN).hash
    assert "small-invoice.limit: 25000 DKK" in viewer.get(f"/rules/{in_force}").text
    assert viewer.get(f"/rules/{'0' * 64}").status_code == 404


def test_what_navision_said_is_mapped_after_a_look_at_what_that_does(
    site: Site, robot: bootstrap.Robot
) -> None:
    admin = site.as_role(Role.ADMIN)
    listed = admin.get("/dead-letters/map", params={"lang": "en"}).text
    assert re.search(r"pattern=Linje\+7\+%5C%28a%5C%2Bb%5C%29", listed)
    query = {"pattern": r"Linje \d+ \(a\+b\)", "code": "dimension-combination", "lang": "en"}
    look = admin.get("/dead-letters/map", params=query).text
    assert "<strong>2 invoices</strong> are looked at again" in look
    assert f">{REFUSED}</a>" in look
    table = site.settings.rules.directory / ERP_REFUSALS
    assert r"Linje \d+" not in table.read_text(encoding="utf-8")

    form = {**query, "csrf": token_of(admin), "reason": "set i dag"}
    assert admin.post("/dead-letters/map", data=form).status_code == 303
    assert carried_out(site, robot).startswith("mapped; 2 documents")
    assert table.read_text(encoding="utf-8").endswith(r"      - 'Linje \d+ \(a\+b\)'" + "\n")
    held = DocumentFilter(states=frozenset({State.HELD}), code="erp-unmapped")
    assert all(row.recheck for row in site.dashboard.store.documents.listing(held))
    acts = [row.actor for row in site.dashboard.store.trail.rows(acts=("refusal-mapped",))]
    assert acts == ["en-admin"]


@pytest.mark.parametrize(
    ("pattern", "code", "words"),
    [("(", "erp-busy", "RE2"), (".*", "erp-busy", "matches every text"), ("x", "no", "no error")],
)
def test_a_pattern_that_will_not_do_is_said_so_and_not_mapped(
    site: Site, pattern: str, code: str, words: str
) -> None:
    admin = site.as_role(Role.ADMIN)
    before = len(site.dashboard.store.commands.last(1_000))
    query = {"pattern": pattern, "code": code}
    assert words in admin.get("/dead-letters/map", params=query).text
    form = {**query, "csrf": token_of(admin), "reason": "x"}
    assert admin.post("/dead-letters/map", data=form).status_code == 400
    assert len(site.dashboard.store.commands.last(1_000)) == before


def test_every_check_shows_the_value_that_it_saw(site: Site) -> None:
    bounced = next(it for it in site.documents[OWN] if it.state is State.BOUNCED)
    page = site.as_role(Role.CLERK).get(f"/documents/{bounced.id}/checks", params={"lang": "en"})
    assert "rules were asked" in page.text
    assert re.search(r"invoice\.total_dkk .*? – saw <strong>[\d,.]+ DKK</strong>", page.text)
    assert UNKNOWN_TEXT not in page.text
    danish = site.as_role(Role.CLERK).get(f"/documents/{bounced.id}/checks?lang=da").text
    assert re.search(r"invoice\.total_dkk højst \$[\w.-]+ \([\d.,]+ DKK\)</code> – så", danish)


def test_a_clerk_says_what_a_mail_is_about(site: Site, robot: bootstrap.Robot) -> None:
    clerk = site.as_role(Role.CLERK)
    path = f"/mails/{site.mail}/name"
    assert f'action="{path}"' in clerk.get("/mails").text
    clerk.post(path, data={"csrf": token_of(clerk), "code": "no-such-type"})
    assert "no error type" in carried_out(site, robot)
    clerk.post(path, data={"csrf": token_of(clerk), "code": "dimension-missing"})
    assert carried_out(site, robot) == "the mail is about dimension-missing"
    shown = clerk.get("/mails", params={"lang": "en"}).text
    assert "About: <strong>A dimension is missing</strong> (a clerk)" in shown
