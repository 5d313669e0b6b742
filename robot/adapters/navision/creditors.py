"""Who the supplier is in the ERP: Vendor (23), Vendor Bank Account (288), Payment Method (289)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, FromClause, Row, Select, and_, null, or_, select

from robot.adapters.navision.bank_details import AccountRow, Payee, bank_details_hash
from robot.adapters.navision.batch import Inquiry, chunks
from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.database import Reading
from robot.adapters.navision.options import PaymentChannelOption, VendorBlocked
from robot.adapters.navision.schema.masterdata import PAYMENT_METHOD, VENDOR, VENDOR_BANK_ACCOUNT
from robot.domain.facts import BankAccount, Blocked, Creditor
from robot.domain.invoice import Invoice, Party, PaymentChannel, PaymentMeans

#: Payment method codes that say more than NAV's payment channel; a site gives its own.
PAYMENT_METHODS: Final[Mapping[str, PaymentChannel]] = {
    "FIK01": PaymentChannel.FIK_01,
    "FIK04": PaymentChannel.FIK_04,
    "FIK15": PaymentChannel.FIK_15,
    "FIK71": PaymentChannel.FIK_71,
    "FIK73": PaymentChannel.FIK_73,
    "FIK75": PaymentChannel.FIK_75,
    "BANK": PaymentChannel.BANK,
    "IBAN": PaymentChannel.IBAN,
    "NEMKONTO": PaymentChannel.NEMKONTO,
    "KORT": PaymentChannel.CARD,
}
#: What NAV's own payment channel says; a payment slip alone does not name the FIK type.
_CHANNELS: Final[Mapping[int, PaymentChannel]] = {
    PaymentChannelOption.ACCOUNT_TRANSFER: PaymentChannel.BANK,
    PaymentChannelOption.NATIONAL_CLEARING: PaymentChannel.BANK,
    PaymentChannelOption.DIRECT_DEBIT: PaymentChannel.DIRECT_DEBIT,
}
_BLOCKED: Final[Mapping[int, Blocked]] = {
    VendorBlocked.NO: Blocked.NO,
    VendorBlocked.PAYMENT: Blocked.PAYMENT,
    VendorBlocked.ALL: Blocked.ALL,
}
_BY_SEVERITY: Final = (Blocked.NO, Blocked.PAYMENT, Blocked.PRIVACY, Blocked.ALL)
_CVR: Final = re.compile(r"(?:DK)?([0-9]{8})", re.ASCII)
#: Sellers in one statement: each may need six VAT numbers and two GLNs as parameters.
_SELLERS: Final = 200
_VALUES: Final = 1000

Identity: TypeAlias = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRow:
    """What a row of table 23 says, joined with the row of the vendor who is paid."""

    creditor: Creditor
    #: Plain VAT registration number (`99130008`, `DE111111125`).
    vat_number: str
    vat_group: str
    payee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The creditor chosen for a document and the other rows of the same supplier."""

    row: VendorRow
    others: tuple[VendorRow, ...]

    @property
    def creditor(self) -> Creditor:
        """The creditor."""
        return self.row.creditor

    @property
    def ledger_numbers(self) -> frozenset[str]:
        """Every number under which this supplier's entries may stand."""
        rows = (self.row, *self.others)
        return frozenset(number for row in rows for number in (row.payee, row.creditor.number))


class CreditorBook:
    """The creditors that a batch of documents may mean."""

    def __init__(self, rows: Iterable[VendorRow]) -> None:
        self._by_vat: dict[str, list[VendorRow]] = defaultdict(list)
        self._by_gln: dict[str, list[VendorRow]] = defaultdict(list)
        for row in rows:
            if row.vat_number:
                self._by_vat[row.vat_number].append(row)
            if row.creditor.gln:
                self._by_gln[row.creditor.gln].append(row)

    def match(self, invoice: Invoice) -> Match | None:
        """The creditor by CVR, then GLN, then VAT number; None when no row has any of them.

        Among several rows the one that can be posted goes first, then the one that is paid as
        the document says, then the one with the document's currency, then the lowest number.
        """
        cvr, gln, vat = identity(invoice.seller)
        found = (
            (self._by_vat.get(cvr) if cvr else None)
            or (self._by_gln.get(gln) if gln else None)
            or (self._by_vat.get(vat) if vat else None)
        )
        if not found:
            return None
        row = min(found, key=lambda row: _preference(row.creditor, invoice))
        same = {it.creditor.number: it for it in (*found, *self._by_vat.get(row.vat_number, ()))}
        return Match(row=row, others=tuple(it for it in same.values() if it is not row))


def read_creditors(
    reading: Reading,
    tables: CompanyTables,
    inquiries: Sequence[Inquiry],
    payment_methods: Mapping[str, PaymentChannel],
) -> CreditorBook:
    """Look up the creditors of a batch: four statements, more only past 200 sellers.

    Who they may be is discovered; what their rows say, who is paid for them and on which account
    is read by key, committed.
    """
    sellers = dict.fromkeys(identity(inquiry.invoice.seller) for inquiry in inquiries)
    paid: dict[str, str] = {}
    for chunk in chunks(sellers, _SELLERS):
        paid.update(tuple(row) for row in reading.discovery.execute(_numbers(tables, chunk)))
    rows = _rows(reading.decisive, tables, {*paid, *paid.values()} - {""})
    chosen = [rows[number] for number in paid if number in rows]
    payees = [rows.get(row.pay_to, row) for row in chosen]
    accounts = read_account_rows(reading.decisive, tables, {payee.number for payee in payees})
    channels = _channels(reading.discovery, tables, payment_methods)
    return CreditorBook(
        _vendor_row(row, payee, accounts.get(payee.number, ()), channels)
        for row, payee in zip(chosen, payees, strict=True)
    )


def identity(seller: Party) -> Identity:
    """A seller's plain CVR, GLN and VAT (or SE) number; None for what it does not state."""
    return (
        plain_vat(seller.number("cvr")) or None,
        seller.number("gln"),
        plain_vat(seller.number("vat") or seller.number("se")) or None,
    )


def plain_vat(number: str | None) -> str:
    """A VAT registration number without spaces and marks; a Danish one without its prefix."""
    plain = re.sub(r"[^0-9A-Z]", "", (number or "").upper())
    danish = _CVR.fullmatch(plain)
    return danish[1] if danish else plain


def _numbers(tables: CompanyTables, sellers: Sequence[Identity]) -> Select[*tuple[Any, ...]]:
    """The numbers of the creditors that these sellers may be, and of whom is paid for each."""
    vendor = tables.read(VENDOR)
    same_gln = tables.read(VENDOR, "same_gln")
    plain_numbers = {number for cvr, _, vat in sellers for number in (cvr, vat) if number}
    written = sorted({spelling for number in plain_numbers for spelling in _spellings(number)})
    glns = sorted({gln for _, gln, _ in sellers if gln})
    vat = vendor.c["VAT Registration No_"]
    vat_of_gln = select(same_gln.c["VAT Registration No_"]).where(same_gln.c["GLN"].in_(glns))
    return select(vendor.c["No_"], vendor.c["Pay-to Vendor No_"]).where(
        or_(
            vat.in_(written),
            vendor.c["GLN"].in_(glns),
            and_(vat != "", vat.in_(vat_of_gln)),
        )
    )


def _rows(
    connection: Connection, tables: CompanyTables, numbers: Iterable[str]
) -> Mapping[str, Row[*tuple[Any, ...]]]:
    """The rows of table 23 by number, with what Business Central's Danish app adds to them."""
    vendor = tables.read(VENDOR)
    giro = tables.companion(VENDOR, "GiroAccNo")
    source: FromClause = vendor
    if giro is not None:
        source = vendor.outerjoin(giro.table, giro.table.c["No_"] == vendor.c["No_"])
    statement = select(
        vendor.c["No_"].label("number"),
        vendor.c["Name"].label("name"),
        vendor.c["VAT Registration No_"].label("vat_number"),
        vendor.c["Blocked"].label("blocked"),
        # Before NAV 2018 nobody could be blocked so: no column, no block.
        (vendor.c["Privacy Blocked"] if "Privacy Blocked" in vendor.c else null()).label(
            "privacy"
        ),
        vendor.c["Country_Region Code"].label("country"),
        vendor.c["Currency Code"].label("currency"),
        vendor.c["GLN"].label("gln"),
        vendor.c["Payment Method Code"].label("method"),
        vendor.c["Creditor No_"].label("fik"),
        vendor.c["Preferred Bank Account Code"].label("preferred"),
        vendor.c["VAT Bus_ Posting Group"].label("vat_group"),
        vendor.c["Pay-to Vendor No_"].label("pay_to"),
        (null() if giro is None else giro.column).label("giro"),
    ).select_from(source)
    return {
        row.number: row
        for chunk in chunks(sorted(numbers), _VALUES)
        for row in connection.execute(statement.where(vendor.c["No_"].in_(chunk)))
    }


def _spellings(number: str) -> tuple[str, ...]:
    """How a plain number may stand in table 23."""
    return (number, f"DK{number}", f"DK {number}") if _CVR.fullmatch(number) else (number,)


def read_account_rows(
    connection: Connection, tables: CompanyTables, numbers: Iterable[str]
) -> Mapping[str, Sequence[AccountRow]]:
    """The bank accounts of vendors, as they are stored, in the order of the table's key."""
    table = tables.read(VENDOR_BANK_ACCOUNT)
    accounts: dict[str, list[AccountRow]] = defaultdict(list)
    for chunk in chunks(sorted(numbers), _VALUES):
        statement = (
            select(
                table.c["Vendor No_"],
                table.c["Code"],
                table.c["Bank Branch No_"],
                table.c["Bank Account No_"],
                table.c["IBAN"],
                table.c["SWIFT Code"],
            )
            .where(table.c["Vendor No_"].in_(chunk))
            .order_by(table.c["Vendor No_"], table.c["Code"])
        )
        for vendor, code, branch, account, iban, swift in connection.execute(statement):
            accounts[vendor].append(
                AccountRow(code=code, branch=branch, account=account, iban=iban, swift=swift)
            )
    return accounts


def _bank_account(row: AccountRow) -> BankAccount:
    return BankAccount(
        branch=_digits(row.branch) or None,
        account=_digits(row.account) or None,
        iban=_plain(row.iban) or None,
    )


def _channels(
    connection: Connection, tables: CompanyTables, by_code: Mapping[str, PaymentChannel]
) -> Mapping[str, PaymentChannel]:
    table = tables.read(PAYMENT_METHOD)
    channels = {}
    columns = [table.c["Code"]]
    if "Payment Channel" in table.c:
        columns.append(table.c["Payment Channel"])
    for code, *option in connection.execute(select(*columns)):
        channel = by_code.get(code) or _CHANNELS.get(option[0] if option else 0)
        if channel is not None:
            channels[code] = channel
    return channels


def _vendor_row(
    row: Row[*tuple[Any, ...]],
    payee: Row[*tuple[Any, ...]],
    accounts: Sequence[AccountRow],
    channels: Mapping[str, PaymentChannel],
) -> VendorRow:
    blocked = max(
        _blocked(row.blocked, privacy=bool(row.privacy)),
        _blocked(payee.blocked, privacy=bool(payee.privacy)),
        key=_BY_SEVERITY.index,
    )
    plain = plain_vat(row.vat_number)
    danish = row.country in {"", "DK"} and _CVR.fullmatch(plain) is not None
    channel = channels.get(payee.method)
    paid = Payee(
        number=payee.number,
        payment_method=payee.method,
        creditor_number=payee.fik,
        preferred_account=payee.preferred,
    )
    return VendorRow(
        creditor=Creditor(
            number=row.number,
            name=row.name,
            cvr=plain if danish else None,
            blocked=blocked,
            pay_to=payee.number if payee is not row else None,
            country=row.country or None,
            currency=row.currency or None,
            gln=row.gln or None,
            payment_method=payee.method or None,
            payment_channel=channel.value if channel else None,
            creditor_number=_digits(payee.fik) or None,
            giro_account=_digits(payee.giro) or None,
            accounts=tuple(_bank_account(it) for it in accounts),
            bank_details_hash=bank_details_hash(paid, accounts),
        ),
        vat_number=plain,
        vat_group=row.vat_group,
        payee=payee.number,
    )


def _blocked(option: int, *, privacy: bool) -> Blocked:
    # A value that NAV adds one day blocks: what is not understood is never posted to.
    blocked = _BLOCKED.get(option, Blocked.ALL)
    return max(blocked, Blocked.PRIVACY if privacy else Blocked.NO, key=_BY_SEVERITY.index)


def _preference(creditor: Creditor, invoice: Invoice) -> tuple[bool, bool, bool, str]:
    return (
        creditor.blocked in {Blocked.ALL, Blocked.PRIVACY},
        not any(_pays(creditor, means) for means in invoice.payment_means),
        (creditor.currency or "DKK") != invoice.currency,
        creditor.number,
    )


def _pays(creditor: Creditor, means: PaymentMeans) -> bool:
    """Whether the payment means lead to an account that this creditor has."""
    account = _digits(means.account)
    if account and account in {creditor.creditor_number, creditor.giro_account}:
        return True
    return any(
        (known.iban is not None and known.iban == _plain(means.iban))
        or (
            known.account is not None
            and known.account.lstrip("0") == account.lstrip("0")
            and known.branch == _digits(means.branch)
        )
        for known in creditor.accounts
    )


def _digits(text: str | None) -> str:
    return re.sub(r"[^0-9]", "", text or "")


def _plain(text: str | None) -> str:
    return re.sub(r"[^0-9A-Z]", "", (text or "").upper())
