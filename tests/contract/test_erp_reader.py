"""One contract for reading Navision, on every engine, in every layout, under awkward names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import event

from robot.adapters.navision.reader import NavisionReader
from robot.domain.customer import Customer
from robot.domain.facts import Coding, Facts
from robot.domain.invoice import Invoice
from tests.adapters.navision.world import coded, invoice, party, question
from tests.contract.erp_places import ENGINES, Erp, Places, places_in
from tests.contract.erp_scenarios import Scenario
from tests.contract.erp_world import LAYOUTS, OTHER

#: SQL Server's limit for the parameters of one statement.
PARAMETERS: Final = 2100


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with places_in(tmp_path_factory.mktemp("erp")) as places:
        yield places


on_each_engine = pytest.mark.parametrize("engine", ENGINES)
in_each_layout = pytest.mark.parametrize("layout", LAYOUTS)


def at(facts: Facts, place: str) -> object:
    """The value at a place; `rules` are the dimension rules as plain tuples."""
    if place == "rules":
        assert isinstance(facts.coding, Coding)
        return frozenset(
            (it.table, it.owner, it.dimension, it.value, it.posting) for it in facts.coding.rules
        )
    value: object = facts
    for name in place.split("/"):
        value = _inside(value, name)
    return value


def _inside(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name)


@on_each_engine
@pytest.mark.parametrize(
    ("layout", "scenario"),
    [
        pytest.param(layout, scenario, id=f"{layout}-{scenario.name}")
        for layout, world in LAYOUTS.items()
        for scenario in world.scenarios
    ],
)
def test_the_facts_of(engine: str, layout: str, scenario: Scenario, places: Places) -> None:
    facts = places.answers(engine, layout)[scenario.name]

    assert {place: at(facts, place) for place in scenario.expected} == scenario.expected


@on_each_engine
@in_each_layout
def test_the_other_company_of_the_database_is_another(
    engine: str, layout: str, places: Places
) -> None:
    erp = places.erp(engine, layout)
    reader = NavisionReader(erp.database, "ROBOT")
    other = Customer(name=OTHER, bogfoeringskreds="2")

    facts = reader.facts(
        [
            question(invoice(seller=party(cvr=cvr)), customer=customer)
            for cvr in ("90100001", "99130008")
            for customer in (erp.world.customer, other)
        ]
    )

    found = [it.creditor.number if it.creditor else None for it in facts]  # type: ignore[union-attr]  # known
    assert found == ["100001", None, "10001", "10001"]


class TestPrice:
    """Round trips and parameters, over 1,000 documents that differ in all that is looked up."""

    @staticmethod
    @contextmanager
    def statements(erp: Erp) -> Iterator[list[int]]:
        """How many parameters each statement has; session settings count as statements, too."""
        seen: list[int] = []

        def note(_connection: object, _cursor: object, _text: str, given: Any, *_: object) -> None:  # noqa: ANN401 -- the driver's
            seen.append(len(given or ()))

        event.listen(erp.database.engine, "before_cursor_execute", note)
        yield seen
        event.remove(erp.database.engine, "before_cursor_execute", note)

    @staticmethod
    def documents(size: int) -> list[Invoice]:
        return [
            invoice(
                f"N{number}",
                seller=party(cvr=str(80_000_000 + number) if number % 2 else "99130008"),
                total=str(1000 + number),
                currency=["DKK", "EUR"][number % 2],
            )
            for number in range(size)
        ]

    @on_each_engine
    def test_statements_for_1000_documents(self, engine: str, places: Places) -> None:
        erp = places.erp(engine, "nav2018")
        reader = NavisionReader(erp.database, "ROBOT")
        asked = [
            question(
                document,
                coding=[coded(str(200_000 + number), delregnskab=str(number), sted=f"S{number}")],
                customer=erp.world.customer,
            )
            for number, document in enumerate(self.documents(1000))
        ]
        reader.facts(asked[:2])
        prices = []
        for size in (2, 200, 1000):
            with self.statements(erp) as seen:
                reader.facts(asked[:size])
            prices.append(len(seen))
            assert max(seen) <= PARAMETERS

        # Five statements more in a batch of 1,000 than in one of 200, none for a document.
        assert prices[1] <= prices[0] + 3
        assert prices[2] <= prices[1] + 8
        assert prices[2] <= 35
