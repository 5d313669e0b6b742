"""What may be coded: accounts (table 15), dimensions (348 to 352) and VAT codes (325).

Dimension names and values come out as the customer spells them; NAV's Code is upper case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from sqlalchemy import Connection, and_, or_, select

from robot.adapters.navision.batch import Inquiry, chunks
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.creditors import Match
from robot.adapters.navision.options import (
    GL_ACCOUNT_TABLE,
    POSTABLE_VALUES,
    VENDOR_TABLE,
    AccountType,
    CombinationRestriction,
    ValuePostingRule,
    VatCalculationType,
)
from robot.adapters.navision.schema.masterdata import (
    DEFAULT_DIMENSION,
    DIMENSION,
    DIMENSION_COMBINATION,
    DIMENSION_VALUE,
    DIMENSION_VALUE_COMBINATION,
    GL_ACCOUNT,
)
from robot.adapters.navision.schema.setup import VAT_POSTING_SETUP
from robot.adapters.navision.schema.sqltypes import as_code
from robot.domain.document import CodingLine
from robot.domain.facts import (
    Account,
    BlockedCombination,
    Coding,
    DimensionRule,
    DimensionValue,
    ValuePosting,
)

_VALUES: Final = 1000
_POSTINGS: Final[Mapping[int, ValuePosting]] = {
    ValuePostingRule.CODE_MANDATORY: ValuePosting.MANDATORY,
    ValuePostingRule.SAME_CODE: ValuePosting.SAME,
    ValuePostingRule.NO_CODE: ValuePosting.NONE,
}
_OWNERS: Final[Mapping[int, str]] = {GL_ACCOUNT_TABLE: "account", VENDOR_TABLE: "creditor"}

#: A dimension and a value, both as NAV's Code.
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """A row of VAT Posting Setup; the rate in percent."""

    rate: Decimal
    reverse_charge: bool


@dataclass(slots=True, kw_only=True)
class CodingBook:
    """What the company allows for the codes that a batch of documents uses; NAV's own codes."""

    accounts: dict[str, Account] = field(default_factory=dict)
    #: Dimension code -> blocked.
    dimensions: dict[str, bool] = field(default_factory=dict)
    #: Dimension and value -> (blocked, postable).
    values: dict[Pair, tuple[bool, bool]] = field(default_factory=dict)
    #: Table number and No. -> rules, the No. empty for the whole table.
    rules: dict[tuple[int, str], list[tuple[str, str, ValuePosting]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    blocked_dimensions: list[Pair] = field(default_factory=list)
    blocked_values: list[tuple[Pair, Pair]] = field(default_factory=list)
    #: VAT business posting group -> VAT code (its product posting group) -> what it gives.
    vat_codes: dict[str, dict[str, VatCode]] = field(default_factory=lambda: defaultdict(dict))
    _answers: dict[object, Coding] = field(default_factory=dict)

    def coding(self, inquiry: Inquiry, match: Match | None) -> Coding:
        """What the ERP allows for the accounts and dimensions that this document uses."""
        lines = inquiry.statement.coding or ()
        used = frozenset((line.account, line.dimensions) for line in lines)
        creditor = match.row.payee if match else None
        group = match.row.vat_group if match else None
        question = (used, creditor, group, inquiry.customer.dimensions)
        answer = self._answers.get(question)
        if answer is None:
            answer = self._coding(lines, creditor, group, inquiry.customer.dimensions)
            self._answers[question] = answer
        return answer

    def _coding(
        self,
        lines: Sequence[CodingLine],
        creditor: str | None,
        vat_group: str | None,
        customer_dimensions: Sequence[str],
    ) -> Coding:
        accounts = sorted({line.account for line in lines if line.account})
        pairs = {pair for line in lines for pair in line.dimensions}
        spelled = {as_code(name): name for name, _ in sorted(pairs)}
        spelled |= {as_code(name): name for name in customer_dimensions}
        names = {code: spelled.get(code, code.lower()) for code in self.dimensions}
        owners = [(GL_ACCOUNT_TABLE, as_code(account)) for account in accounts]
        owners += [(GL_ACCOUNT_TABLE, ""), (VENDOR_TABLE, "")]
        if creditor:
            owners.append((VENDOR_TABLE, creditor))
        vat_codes = self._vat_codes(vat_group)
        return Coding(
            accounts={
                account: known
                for account in accounts
                if (known := self.accounts.get(as_code(account)))
            },
            dimensions=frozenset(names.values()),
            blocked_dimensions=frozenset(
                names[code] for code, blocked in self.dimensions.items() if blocked
            ),
            values={
                (name, value): DimensionValue(
                    dimension=name, code=value, blocked=state[0], postable=state[1]
                )
                for name, value in pairs
                if (state := self.values.get((as_code(name), as_code(value))))
            },
            rules=tuple(
                DimensionRule(
                    table=_OWNERS[table],
                    owner=number,
                    dimension=names.get(dimension, dimension.lower()),
                    value=value or None,
                    posting=posting,
                )
                for table, number in owners
                for dimension, value, posting in self.rules.get((table, number), ())
            ),
            combinations=self._combinations(names),
            vat_rates={name: code.rate for name, code in vat_codes.items()},
            reverse_charge=frozenset(
                name for name, code in vat_codes.items() if code.reverse_charge
            ),
        )

    def _combinations(self, names: Mapping[str, str]) -> tuple[BlockedCombination, ...]:
        whole = [
            BlockedCombination(
                first=names.get(first, first.lower()),
                first_value=None,
                second=names.get(second, second.lower()),
                second_value=None,
            )
            for first, second in self.blocked_dimensions
        ]
        return (
            *whole,
            *(
                BlockedCombination(
                    first=names.get(first, first.lower()),
                    first_value=first_value,
                    second=names.get(second, second.lower()),
                    second_value=second_value,
                )
                for (first, first_value), (second, second_value) in self.blocked_values
            ),
        )

    def _vat_codes(self, vat_group: str | None) -> Mapping[str, VatCode]:
        if vat_group is not None:
            return self.vat_codes.get(vat_group, {})
        # Nobody knows the creditor: a code counts as set up when it is for any kind of creditor.
        return {name: code for group in self.vat_codes.values() for name, code in group.items()}


def read_coding(
    connection: Connection,
    tables: CompanyTables,
    inquiries: Sequence[Inquiry],
    matches: Iterable[Match | None],
) -> CodingBook:
    """Look up all codes of a batch: seven statements, more only past 1,000 different codes."""
    lines = [line for inquiry in inquiries for line in inquiry.statement.coding or ()]
    accounts = sorted({as_code(line.account) for line in lines if line.account})
    pairs = {(as_code(name), as_code(value)) for line in lines for name, value in line.dimensions}
    payees = sorted({match.row.payee for match in matches if match})
    book = CodingBook()
    _read_accounts(connection, tables, accounts, book)
    _read_dimensions(connection, tables, book)
    _read_values(connection, tables, pairs, book)
    _read_rules(connection, tables, accounts, payees, book)
    _read_combinations(connection, tables, pairs, book)
    _read_vat(connection, tables, book)
    return book


def _read_accounts(
    connection: Connection, tables: CompanyTables, numbers: Sequence[str], book: CodingBook
) -> None:
    table = tables.read(GL_ACCOUNT)
    for chunk in chunks(numbers, _VALUES):
        statement = select(
            table.c["No_"],
            table.c["Name"],
            table.c["Account Type"],
            table.c["Blocked"],
            table.c["Direct Posting"],
        ).where(table.c["No_"].in_(chunk))
        for number, name, kind, blocked, direct in connection.execute(statement):
            book.accounts[number] = Account(
                number=number,
                name=name,
                posting=kind == AccountType.POSTING,
                blocked=blocked,
                direct_posting=direct,
            )


def _read_dimensions(connection: Connection, tables: CompanyTables, book: CodingBook) -> None:
    table = tables.read(DIMENSION)
    for code, blocked in connection.execute(select(table.c["Code"], table.c["Blocked"])):
        book.dimensions[code] = blocked


def _read_values(
    connection: Connection, tables: CompanyTables, pairs: Iterable[Pair], book: CodingBook
) -> None:
    table = tables.read(DIMENSION_VALUE)
    for chunk in chunks(sorted({value for _, value in pairs}), _VALUES):
        statement = select(
            table.c["Dimension Code"],
            table.c["Code"],
            table.c["Blocked"],
            table.c["Dimension Value Type"],
        ).where(table.c["Code"].in_(chunk))
        for dimension, value, blocked, kind in connection.execute(statement):
            book.values[dimension, value] = (blocked, kind in POSTABLE_VALUES)


def _read_rules(
    connection: Connection,
    tables: CompanyTables,
    accounts: Sequence[str],
    creditors: Sequence[str],
    book: CodingBook,
) -> None:
    table = tables.read(DEFAULT_DIMENSION)
    number, table_id = table.c["No_"], table.c["Table ID"]
    owners = [(GL_ACCOUNT_TABLE, account) for account in ("", *accounts)]
    owners += [(VENDOR_TABLE, creditor) for creditor in ("", *creditors)]
    for chunk in chunks(owners, _VALUES):
        own = {kind: [no for owner, no in chunk if owner == kind] for kind in _OWNERS}
        statement = select(
            table_id,
            number,
            table.c["Dimension Code"],
            table.c["Dimension Value Code"],
            table.c["Value Posting"],
        ).where(
            table.c["Value Posting"] != ValuePostingRule.NONE.value,
            or_(*(and_(table_id == kind, number.in_(nos)) for kind, nos in own.items())),
        )
        for kind, owner, dimension, value, posting in connection.execute(statement):
            # An unknown rule is taken as the strictest: the dimension may then not be there.
            rule = _POSTINGS.get(posting, ValuePosting.NONE)
            book.rules[kind, owner].append((dimension, value, rule))


def _read_combinations(
    connection: Connection, tables: CompanyTables, pairs: Iterable[Pair], book: CodingBook
) -> None:
    table = tables.read(DIMENSION_COMBINATION)
    limited = set()
    statement = select(
        table.c["Dimension 1 Code"],
        table.c["Dimension 2 Code"],
        table.c["Combination Restriction"],
    )
    for first, second, restriction in connection.execute(statement):
        if restriction == CombinationRestriction.LIMITED:
            limited.add((first, second))
        else:
            book.blocked_dimensions.append((first, second))
    table = tables.read(DIMENSION_VALUE_COMBINATION)
    for chunk in chunks(sorted({value for _, value in pairs}), _VALUES):
        statement = select(
            table.c["Dimension 1 Code"],
            table.c["Dimension 1 Value Code"],
            table.c["Dimension 2 Code"],
            table.c["Dimension 2 Value Code"],
        ).where(table.c["Dimension 1 Value Code"].in_(chunk))
        for row in connection.execute(statement):
            first, second = (row[0], row[1]), (row[2], row[3])
            if (first[0], second[0]) in limited:
                book.blocked_values.append((first, second))


def _read_vat(connection: Connection, tables: CompanyTables, book: CodingBook) -> None:
    table = tables.read(VAT_POSTING_SETUP)
    statement = select(
        table.c["VAT Bus_ Posting Group"],
        table.c["VAT Prod_ Posting Group"],
        table.c["VAT Calculation Type"],
        table.c["VAT _"],
    )
    for group, code, calculation, rate in connection.execute(statement):
        book.vat_codes[group][code] = VatCode(
            rate=rate, reverse_charge=calculation == VatCalculationType.REVERSE_CHARGE
        )
