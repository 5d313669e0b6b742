"""A rehearsal decides as on a day to come and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from robot import bootstrap, settings
from robot.domain.decision import Outcome
from robot.domain.facts import Facts
from robot.flow.ports import Question, RuleBook
from robot.flow.rehearsal import rehearse
from robot.flow.year_end import DatedRule
from robot.rulebook.dated import dated_rules
from tests.support.factories import a_document, an_invoice, facts

TODAY, CHRISTMAS, AFTER = date(2026, 11, 24), date(2026, 12, 15), date(2027, 1, 12)
_FILE = """
customer:
  name: Eksempelstyrelsen
  bogfoeringskreds: "99001"
  cvr: "33391005"
  glns: ["5798000880016"]
language: da
owner: Team Kreditor 1
approved-by: kontorchef
mailboxes:
  - {address: regnskab@eksempelstyrelsen.example.test, kind: shared, for: all}
dimensions: [delregnskab, formaal, sted]
rules:
  - id: december-by-hand
    why: Alt ses igennem i december.
    hold: agreed-by-hand
    when: {invoice.kind: {is: invoice}}
    from: 2026-12-01
    until: 2027-01-11
"""


class SameFacts:
    """An ERP that says the same about every document."""

    def facts(self, questions: Sequence[Question]) -> list[Facts]:
        return [facts() for _ in questions]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    folder = tmp_path_factory.mktemp("rules")
    shipped = Path("rules")
    for path in shipped.rglob("*"):
        if path.is_file() and not {"customers", "cases"} & set(path.parts):
            target = folder / path.relative_to(shipped)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "customers").mkdir()
    (folder / "customers" / "eksempelstyrelsen.yaml").write_text(_FILE, encoding="utf-8")
    given = settings.load()
    rules = given.rules.model_copy(update={"directory": folder})
    data = tmp_path_factory.mktemp("data")
    return bootstrap.rulebook(given.model_copy(update={"rules": rules, "data": data}))


def codes(rulebook: RuleBook, day: date) -> tuple[tuple[str, ...], Outcome]:
    document = a_document(an_invoice(), customer="99001")
    (found,) = rehearse([document], rulebook, SameFacts(), today=TODAY, day=day)
    return found.new_codes, found.then


def test_a_dated_wish_holds_on_its_days_and_not_after(rulebook: RuleBook) -> None:
    assert codes(rulebook, CHRISTMAS)[0] == ("agreed-by-hand",)
    assert "agreed-by-hand" not in codes(rulebook, AFTER)[0]


def test_the_same_day_makes_no_difference(rulebook: RuleBook) -> None:
    document = a_document(an_invoice(), customer="99001")
    (found,) = rehearse([document], rulebook, SameFacts(), today=TODAY, day=TODAY)
    assert not found.differs


def test_dated_rules_are_listed_with_their_days(rulebook: RuleBook) -> None:
    assert dated_rules(rulebook.for_customer("99001")) == [
        DatedRule(
            customer="99001",
            rule="december-by-hand",
            why="Alt ses igennem i december.",
            first=date(2026, 12, 1),
            last=date(2027, 1, 11),
        )
    ]
