"""What the robot makes of a database that lacks something, or whose login may too much."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
import sqlalchemy as sa

from robot.adapters.navision.catalog import POSTGRESQL_NAME_BYTES, name_in
from robot.adapters.navision.company import Companies, CompanyTables
from robot.adapters.navision.database import Database, open_server
from robot.adapters.navision.examination import Remark, examine
from robot.adapters.navision.reader import NavisionReader
from robot.adapters.navision.rights import refuse_excess
from robot.adapters.navision.schema import TABLES
from robot.adapters.navision.schema.model import Layout
from robot.domain.facts import Facts
from robot.domain.fields import UNKNOWN
from robot.errors import ErpError
from tests.adapters.navision.world import coded, invoice, party, question
from tests.contract.erp_places import READER, Places, places_in
from tests.contract.erp_world import LAYOUTS, World, fill

NAV2018 = LAYOUTS["nav2018"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with places_in(tmp_path_factory.mktemp("erp")) as places:
        yield places


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A database that a test may change."""

    engine: sa.Engine
    world: World

    def table(self, name: str) -> str:
        return f'"{self.world.company.translate(str.maketrans("/.%[]", "_____"))}${name}"'

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def drop_column(self, table: str, column: str) -> None:
        self.execute(f'ALTER TABLE {self.table(table)} DROP COLUMN "{column}"')

    def drop_table(self, table: str) -> None:
        self.execute(f"DROP TABLE {self.table(table)}")

    def facts(self) -> Facts:
        asked = question(
            invoice(seller=party(cvr="90100001"), currency="EUR"),
            coding=[coded("220100", delregnskab="100")],
            customer=self.world.customer,
        )
        return NavisionReader(self.engine, "ROBOT").facts([asked])[0]

    def remarks(self) -> list[Remark]:
        return examine(Database(self.engine), [self.world.company], excess_is_serious=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that lacks nothing."""
    path = tmp_path_factory.mktemp("whole") / "nav.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        fill(connection, LAYOUTS["nav2016"], None)
    engine.dispose()
    return path


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Iterator[Site]:
    path = shutil.copy(whole, tmp_path / "nav.db")
    engine = sa.create_engine(f"sqlite:///{path}")
    yield Site(engine=engine, world=LAYOUTS["nav2016"])
    engine.dispose()


class TestMissing:
    def test_nothing_is_missing(self, site: Site) -> None:
        assert [(it.words, it.good) for it in site.remarks()] == [
            ("company 'CRONUS Danmark A/S', nav-2018", True)
        ]

    @pytest.mark.parametrize(
        ("table", "column", "said"),
        [
            ("Purchase Header", "Vendor Invoice No_", "'Vendor Invoice No.' of table 'Purchase H"),
            ("Purchase Line", "Dimension Set ID", "'Dimension Set ID' of table 'Purchase Line'"),
            ("Vendor Ledger Entry", "Open", "'Open' of table 'Vendor Ledger Entry'"),
            ("Vendor", "Blocked", "'Blocked' of table 'Vendor'"),
        ],
    )
    def test_without_the_must_have_set_nothing_is_said(
        self, site: Site, table: str, column: str, said: str
    ) -> None:
        if table == "Vendor Ledger Entry":
            site.execute(f'DROP INDEX "{site.table(table)[1:-1]}$4"')
            site.execute(f'DROP INDEX "{site.table(table)[1:-1]}$5"')
        site.drop_column(table, column)

        with pytest.raises(ErpError) as raised:
            site.facts()

        assert said in raised.value.message
        assert "or the login may not see it" in raised.value.message
        assert [(it.serious, said in it.words) for it in site.remarks()] == [(True, True)]

    @pytest.mark.parametrize(
        ("table", "column", "unknown"),
        [
            ("Vendor", "GLN", {"creditor", "duplicates", "referenced_posted"}),
            ("Vendor Bank Account", "IBAN", {"creditor", "duplicates", "referenced_posted"}),
            ("G_L Account", "Direct Posting", {"coding"}),
            ("Dimension Value", "Dimension Value Type", {"coding"}),
            ("VAT Posting Setup", "VAT _", {"coding"}),
            ("Currency Exchange Rate", "Exchange Rate Amount", {"currencies", "rate_to_dkk"}),
            (
                "Accounting Period",
                "Closed",
                {"posting", "currencies", "rate_to_dkk", "duplicates", "referenced_posted"},
            ),
            (
                "Detailed Vendor Ledg_ Entry",
                "Amount",
                {"duplicates", "referenced_posted"},
            ),
        ],
    )
    def test_what_a_part_lacks_makes_it_unknown_and_is_said(
        self, site: Site, table: str, column: str, unknown: set[str]
    ) -> None:
        whole = site.facts()
        site.drop_column(table, column)

        facts = site.facts()

        parts = [field.name for field in fields(Facts) if field.name != "creditor_candidates"]
        assert {it for it in parts if getattr(facts, it) is UNKNOWN} == unknown
        assert not [it for it in parts if getattr(whole, it) is UNKNOWN]
        assert any(column.removesuffix("_") in it.words and it.serious for it in site.remarks())

    @pytest.mark.parametrize(
        ("table", "unknown"),
        [("Default Dimension", "coding"), ("Vendor Bank Account", "creditor")],
    )
    def test_a_table_that_is_not_shown(self, site: Site, table: str, unknown: str) -> None:
        site.drop_table(table)

        assert getattr(site.facts(), unknown) is UNKNOWN
        assert any(f"for want of table '{table}'" in it.words for it in site.remarks())

    def test_columns_of_which_absence_says_enough(self, site: Site) -> None:
        site.drop_column("Payment Method", "Payment Channel")

        assert site.facts().creditor is not UNKNOWN

    def test_a_company_that_is_not_there(self, site: Site) -> None:
        remarks = examine(Database(site.engine), ["Ingen"], excess_is_serious=True)

        assert [it.words for it in remarks] == ["there is no company 'Ingen'"]


class TestNames:
    @pytest.mark.parametrize("fold", [str.lower, str.upper])
    def test_a_catalogue_that_folds_names_is_understood(
        self, site: Site, fold: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        companies = Companies()
        found = companies._look_around

        def folded(connection: sa.Connection) -> None:
            found(connection)
            companies._headers = [fold(name) for name in companies._headers]

        monkeypatch.setattr(companies, "_look_around", folded)

        with site.engine.connect() as connection:
            tables = companies.tables(connection, site.world.company)

        assert tables is not None
        assert tables.layout is Layout.NAV_2018

    def test_a_catalogue_that_shows_other_names_is_asked_by_name(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        companies = Companies()
        monkeypatch.setattr(companies, "_headers", ["cronus~0af3"])
        monkeypatch.setattr(companies, "_names", frozenset({site.world.company}))

        with site.engine.connect() as connection:
            assert companies.tables(connection, site.world.company) is not None

    def test_companies_that_differ_in_case_alone_stop(self, site: Site) -> None:
        site.execute('INSERT INTO "Company" ("Name") VALUES (\'Cronus danmark A/S\')')

        with pytest.raises(ErpError, match="have the same tables in SQL"):
            site.facts()

    def test_long_names_are_cut_for_postgresql_so_that_they_stay_different(self) -> None:
        tables = [
            CompanyTables(world.company, world.layout, dialect_name="postgresql")
            for world in LAYOUTS.values()
        ]
        names = [name for it in tables for name in it.names()]
        whole = {
            name_in("mssql", table.name_in_sql(it.company, it.layout))
            for it in tables
            for table in TABLES
        }

        assert max(len(name.encode()) for name in names) <= POSTGRESQL_NAME_BYTES
        assert any("~" in name for name in names)
        short = {name_in("postgresql", name) for name in whole}
        assert len(short) == len(whole)

    def test_a_short_name_stays_as_it_is(self) -> None:
        assert name_in("postgresql", "Økonomi$Vendor") == "Økonomi$Vendor"
        assert name_in("mssql", "x" * 100) == "x" * 100


class TestRights:
    """On a PostgreSQL server; SQL Server's question is compiled and parsed in test_tsql."""

    @pytest.mark.parametrize("engine", ["postgresql", "postgresql-odbc"])
    def test_a_login_that_only_reads_is_taken(self, engine: str, places: Places) -> None:
        erp = places.erp(engine, "nav2018")
        guarded = Companies(schema=erp.database.schema, guard=refuse_excess)
        reader = NavisionReader(erp.database, "ROBOT", companies=guarded)

        (facts,) = reader.facts([question(customer=NAV2018.customer)])

        assert facts.creditor is not UNKNOWN
        assert [it.good for it in examine(erp.database, [NAV2018.company], excess_is_serious=True)]

    @pytest.mark.parametrize("engine", ["postgresql", "postgresql-odbc"])
    def test_one_table_that_it_may_write_is_enough_to_refuse(
        self, engine: str, places: Places
    ) -> None:
        erp = places.erp(engine, "nav2018")
        whole = CompanyTables(NAV2018.company, NAV2018.layout, dialect_name="postgresql")
        name = f'"{erp.database.schema}"."{whole.names()[1]}"'
        with erp.owner.begin() as connection:
            connection.exec_driver_sql(f"GRANT UPDATE ON {name.replace('%', '%%')} TO {READER}")
        guarded = Companies(schema=erp.database.schema, guard=refuse_excess)
        try:
            with pytest.raises(ErpError) as raised:
                NavisionReader(erp.database, "ROBOT", companies=guarded).facts(
                    [question(customer=NAV2018.customer)]
                )
            remarks = examine(erp.database, [NAV2018.company], excess_is_serious=False)
        finally:
            with erp.owner.begin() as connection:
                connection.exec_driver_sql(
                    f"REVOKE UPDATE ON {name.replace('%', '%%')} FROM {READER}"
                )

        assert raised.value.message.startswith("The ERP's login can do more than read: it may UPD")
        assert "excess_rights" in raised.value.hint
        assert [it.serious for it in remarks if "UPDATE" in it.words] == [False]

    def test_a_superuser_is_refused(self, places: Places) -> None:
        erp = places.erp("postgresql", "nav2018")
        engine = open_server(places.postgres().url())
        schema = erp.database.schema
        reader = NavisionReader(
            Database(engine, schema=schema),
            "ROBOT",
            companies=Companies(schema=schema, guard=refuse_excess),
        )

        with pytest.raises(ErpError, match="it is a superuser; it may INSERT, UPDATE, DELETE in"):
            reader.facts([question(customer=NAV2018.customer)])
        engine.dispose()

    def test_a_table_that_it_may_not_read_is_named(self, places: Places) -> None:
        erp = places.erp("postgresql", "bc22")
        world = LAYOUTS["bc22"]
        whole = CompanyTables(world.company, world.layout, dialect_name="postgresql")
        short = next(it for it in whole.names() if it.startswith("Økonomistyrelsen$Default Dim"))
        name = f'"{erp.database.schema}"."{short}"'
        with erp.owner.begin() as connection:
            connection.exec_driver_sql(f"REVOKE SELECT ON {name} FROM {READER}")  # noqa: S608 -- this file's own words
        try:
            remarks = examine(erp.database, [world.company], excess_is_serious=True)
        finally:
            with erp.owner.begin() as connection:
                connection.exec_driver_sql(f"GRANT SELECT ON {name} TO {READER}")

        said = [it.words for it in remarks if not it.good]
        assert any(f"may not SELECT from '{short}'" in it for it in said)
        assert any("for want of table 'Default Dimension'" in it for it in said)
