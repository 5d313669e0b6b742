"""The rules in force: found by customer, kept when a file breaks, put back when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from robot.domain.decision import Outcome
from robot.domain.document import ApprovedDocument, SourceStatement
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.fields import UNKNOWN
from robot.domain.invoice import Identifier
from robot.domain.money import Money
from robot.rulebook.book import RuleBook
from robot.rulebook.last_good import LastGood, LastGoodFolder
from tests.rulebook.world import CATALOGUE, CUSTOMER, ERROR_TYPES, TODAY, document, standard
from tests.support.factories import a_party, an_invoice

POST = standard("id: small\npost:\nwhen: {invoice.total: {at_most: 2000 DKK}}")
OTHER = """\
customer: {name: Andet, bogfoeringskreds: "99002", cvr: "33391005", glns: ["5798000990012"]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    write(folder, "error_types.yaml", ERROR_TYPES)
    write(folder, "standard.yaml", POST)
    write(folder, "customers/eksempel.yaml", CUSTOMER)
    write(folder, "customers/andet.yaml", OTHER)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def computed(source: ApprovedDocument, *_: object) -> Mapping[str, Any]:
    assert source.invoice is not None
    total = Money(source.invoice.total, source.invoice.currency)
    return document(**{"invoice.total": total, "posting.date": source.statement.posting_date})


def book(rules: Path, last_good: LastGood | None = None) -> RuleBook:
    return RuleBook(rules, catalogue=CATALOGUE, compute=computed, last_good=last_good)


def held_back(made: RuleBook) -> list[str]:
    return [str(problem) for problem in made.problems_in_force]


def received(
    *,
    customer: str | None = None,
    gln: str | None = None,
    cvr: str | None = None,
    refusal: str | None = None,
) -> ApprovedDocument:
    buyer = a_party("Køber", cvr=cvr, gln=gln)
    return ApprovedDocument(
        name="a.xml",
        statement=SourceStatement(
            system="folder", document_id="1", customer=customer, posting_date=TODAY
        ),
        content_hash="0" * 64,
        invoice=None if refusal else an_invoice(buyer=buyer),
        refusal=refusal,
        reason="a reminder" if refusal else None,
    )


def found(rules: Path, **how: str) -> str | None:
    customer = book(rules).customer_for(received(**how))
    return None if customer is None else customer.name


def test_the_sources_own_word_comes_first(rules: Path) -> None:
    assert found(rules, customer="99002", gln="5798000880016") == "Andet"


def test_a_customer_that_the_source_names_and_nobody_knows_is_not_guessed(rules: Path) -> None:
    assert found(rules, customer="12345", gln="5798000880016") is None


def test_the_buyers_gln_names_the_customer(rules: Path) -> None:
    assert found(rules, gln="5798000990012") == "Andet"


def test_any_of_the_buyers_glns_names_the_customer(rules: Path) -> None:
    gln = Identifier(
        scheme="gln", value="5798000990012", raw_scheme="GLN", raw_value="5798000990012"
    )
    buyer = a_party("Køber", gln="5790000000005", identifiers=(gln,))
    source = received()
    invoice = an_invoice(buyer=buyer)
    again = ApprovedDocument(
        name="a.xml", statement=source.statement, content_hash="0" * 64, invoice=invoice
    )
    customer = book(rules).customer_for(again)
    assert customer is not None
    assert customer.name == "Andet"


def test_a_cvr_that_two_customers_share_names_neither(rules: Path) -> None:
    assert found(rules, cvr="33391005") is None
    (rules / "customers/andet.yaml").unlink()
    assert found(rules, cvr="33391005") == "Eksempel"


def test_a_document_is_decided_by_its_customers_rules(rules: Path) -> None:
    rule_set = book(rules).for_customer("99001")
    decision = rule_set.decide(received(), NOTHING_KNOWN, TODAY)
    assert decision.outcome is Outcome.POST
    assert decision.ruleset == rule_set.hash
    assert decision.posting_date == TODAY
    assert len(decision.facts_hash) == 64


def test_other_facts_give_another_facts_hash(rules: Path) -> None:
    rule_set = book(rules).for_customer("99001")
    hashes = {
        rule_set.decide(received(), facts, TODAY).facts_hash
        for facts in (
            NOTHING_KNOWN,
            Facts(creditor=None),
            Facts(currencies=frozenset({"DKK", "EUR"})),
            Facts(currencies=frozenset({"EUR", "DKK"})),
        )
    }
    assert len(hashes) == 3


@pytest.mark.parametrize("refusal", ["unreadable", "not-an-invoice"])
def test_what_is_no_invoice_is_decided_without_rules(rules: Path, refusal: str) -> None:
    decision = book(rules).for_unknown().decide(received(refusal=refusal), NOTHING_KNOWN, TODAY)
    assert decision.outcome.value == refusal
    (found_,) = decision.findings
    assert (found_.code, found_.seen) == (refusal, "a reminder")


def test_a_document_of_nobody_is_held(rules: Path) -> None:
    decision = book(rules).for_unknown().decide(received(), NOTHING_KNOWN, TODAY)
    assert decision.outcome is Outcome.HOLD
    assert [finding.code for finding in decision.findings] == ["customer-unknown"]


def test_a_document_of_nobody_never_bounces(rules: Path) -> None:
    write(rules, "standard.yaml", standard("id: a\nbounce: reference-missing"))
    decision = book(rules).for_unknown().decide(received(), NOTHING_KNOWN, TODAY)
    assert decision.outcome is Outcome.HOLD


def test_an_unknown_customer_has_no_rules(rules: Path) -> None:
    with pytest.raises(KeyError):
        book(rules).for_customer("00000")


@pytest.fixture(params=["memory", "folder"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> LastGood | None:
    return LastGoodFolder(tmp_path / "kept") if request.param == "folder" else None


def test_a_broken_file_leaves_the_last_good_one_in_force(
    rules: Path, kept: LastGood | None
) -> None:
    made = book(rules, kept)
    before = made.for_customer("99001")
    assert held_back(made) == []
    write(rules, "customers/eksempel.yaml", f"{CUSTOMER}rules: [")
    made.reload()
    assert made.for_customer("99001").hash == before.hash
    assert made.for_customer("99001").decide(received(), NOTHING_KNOWN, TODAY).outcome == "post"
    assert held_back(made) != []
    assert made.customer_for(received(gln="5798000880016")) is not None
    write(rules, "customers/eksempel.yaml", CUSTOMER.replace("da", "en"))
    made.reload()
    assert made.for_customer("99001").hash != before.hash
    assert held_back(made) == []


def test_a_broken_file_does_not_keep_the_others_back(rules: Path) -> None:
    made = book(rules)
    before = made.for_customer("99002").hash
    write(rules, "customers/eksempel.yaml", "rules: [")
    write(rules, "customers/andet.yaml", OTHER + "language: en\n")
    made.reload()
    assert made.for_customer("99002").hash != before


def test_a_broken_standard_leaves_everybodys_last_good_rules_in_force(
    rules: Path, kept: LastGood | None
) -> None:
    made = book(rules, kept)
    before = [made.for_customer(kreds).hash for kreds in ("99001", "99002")]
    unknown = made.for_unknown().hash
    write(rules, "standard.yaml", "rules: [{id: small}")
    made.reload()
    assert [made.for_customer(kreds).hash for kreds in ("99001", "99002")] == before
    assert made.for_unknown().hash == unknown
    assert "reference-missing" in made.taxonomy


def test_the_last_good_rules_outlive_the_process(rules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    before = book(rules, LastGoodFolder(folder)).for_customer("99001").hash
    write(rules, "customers/eksempel.yaml", "rules: [")
    assert book(rules, LastGoodFolder(folder)).for_customer("99001").hash == before


def test_without_a_good_version_everything_is_held(rules: Path) -> None:
    write(rules, "customers/eksempel.yaml", f"{CUSTOMER}rules: [{{id: x}}]\n")
    made = book(rules)
    rule_set = made.for_customer("99001")
    decision = rule_set.decide(received(), NOTHING_KNOWN, TODAY)
    assert decision.outcome is Outcome.HOLD
    assert [finding.code for finding in decision.findings] == ["rules-missing"]
    assert rule_set.customer.name == "Eksempel"
    reminder = rule_set.decide(received(refusal="not-an-invoice"), NOTHING_KNOWN, TODAY)
    assert reminder.outcome is Outcome.NOT_AN_INVOICE


def test_without_any_good_standard_everything_is_held(rules: Path) -> None:
    (rules / "standard.yaml").unlink()
    made = book(rules)
    for rule_set in (made.for_customer("99001"), made.for_customer("99002"), made.for_unknown()):
        decision = rule_set.decide(received(), NOTHING_KNOWN, TODAY)
        assert [finding.code for finding in decision.findings] == ["rules-missing"]


def test_a_file_that_is_taken_away_takes_its_rules_along(rules: Path) -> None:
    made = book(rules)
    (rules / "customers/andet.yaml").unlink()
    made.reload()
    with pytest.raises(KeyError):
        made.for_customer("99002")


def test_a_new_file_for_a_known_number_does_not_push_the_old_one_out(rules: Path) -> None:
    made = book(rules)
    before = made.for_customer("99001").hash
    write(rules, "customers/zweiter.yaml", CUSTOMER.replace("Eksempel", "Zweiter"))
    made.reload()
    assert made.for_customer("99001").hash == before
    assert any("must name one customer" in str(p) for p in made.problems_in_force)


def test_all_customers_are_listed(rules: Path) -> None:
    assert [customer.name for customer in book(rules).customers] == ["Eksempel", "Andet"]


def test_values_that_are_not_known_are_left_unknown(rules: Path) -> None:
    assert computed(received())["order.reference"] is UNKNOWN
    assert book(rules).for_customer("99001").text.startswith("invoice-robot rules, form 1\n")


def _a_folder(path: Path) -> None:
    path.mkdir()


def _a_link_to_nothing(path: Path) -> None:
    path.symlink_to("gone.yaml")


def _a_link_in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def _a_pipe(path: Path) -> None:
    os.mkfifo(path)


NO_FILES = pytest.mark.parametrize(
    ("put", "told"),
    [
        (_a_folder, "it is a folder"),
        (_a_link_to_nothing, "it is a link to gone.yaml, where nothing is"),
        (_a_link_in_a_circle, "which leads back to it"),
        (_a_pipe, "it is not a file (a pipe or a device)"),
    ],
)


@NO_FILES
@pytest.mark.parametrize("name", ["customers/eksempel.yaml", "standard.yaml"])
def test_what_is_no_file_leaves_the_last_good_set_in_force(
    rules: Path, put: Callable[[Path], None], told: str, name: str
) -> None:
    made = book(rules)
    before = made.for_customer("99001").hash
    (rules / name).unlink()
    put(rules / name)
    made.reload()
    assert made.for_customer("99001").hash == before
    assert any(f"{name}:1:1: the file can't be opened: " in line for line in held_back(made))
    assert any(told in line for line in held_back(made))


@pytest.mark.parametrize("linked", [True, False])
def test_a_folder_of_customers_that_is_none_leaves_all_in_force(
    rules: Path, *, linked: bool
) -> None:
    made = book(rules)
    before = {kreds: made.for_customer(kreds).hash for kreds in ("99001", "99002")}
    shutil.rmtree(rules / "customers")
    if linked:
        (rules / "customers").symlink_to("nowhere")
    else:
        (rules / "customers").write_text("customer:\n")
    made.reload()
    assert {kreds: made.for_customer(kreds).hash for kreds in before} == before
    assert any(line.startswith(f"{rules}/customers:1:1: ") for line in held_back(made))
    assert any("the last good version stays in force" in line for line in held_back(made))
