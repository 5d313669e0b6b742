"""Purchase documents before posting (38, 39): made of an order, and read as an order again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from sqlalchemy import Connection, delete, insert, select

from robot.adapters.navision.company import CompanyTables
from robot.adapters.navision.options import (
    PurchaseDocumentType,
    PurchaseLineType,
    ReleaseStatus,
)
from robot.adapters.navision.posting.dimension_sets import DimensionSets
from robot.adapters.navision.posting.document import make_document
from robot.adapters.navision.posting.master import MasterData
from robot.adapters.navision.posting.numbers import NumberSeries, ReservedNumber
from robot.adapters.navision.posting.texts import NavTexts
from robot.adapters.navision.schema.masterdata import DIMENSION_SET_ENTRY
from robot.adapters.navision.schema.purchase import PURCHASE_HEADER, PURCHASE_LINE
from robot.adapters.navision.schema.sqltypes import as_code
from robot.domain.canonical import sha256_hex
from robot.domain.decision import PostingLine, PostingOrder
from robot.domain.invoice import Kind


@dataclass(frozen=True, kw_only=True)
class DraftKey:
    """Which purchase document."""

    type: int
    number: str
    series: str


def order_of(text: str, key: str, company: str) -> PostingOrder:
    """The order that the robot sent, read by somebody else than its writer."""
    root = ET.fromstring(text)  # noqa: S314 -- the test's own robot wrote it
    at = root.attrib

    def day(name: str) -> Any:  # noqa: ANN401 -- a date; the due date may be none
        return None if name not in at else date.fromisoformat(at[name])

    return PostingOrder(
        document_key=key,
        company=company,
        kind=at["kind"],
        creditor=at.get("vendor", ""),
        external_number=at.get("externalNumber", ""),
        issue_date=day("documentDate"),
        due_date=day("dueDate"),
        posting_date=day("postingDate"),
        currency=at["currency"],
        total=Decimal(at["amountIncludingVat"]),
        payable=Decimal(at["amountIncludingVat"]),
        payment_reference=at.get("paymentReference"),
        payment_channel="",
        applies_to=at.get("appliesTo"),
        bank_details_hash=at.get("bankDetailsHash", ""),
        lines=tuple(
            PostingLine(
                account=line.attrib.get("account", ""),
                dimensions=tuple((it.attrib["code"], it.attrib.get("value", "")) for it in line),
                vat_code=line.attrib.get("vatCode"),
                amount=Decimal(line.attrib["amount"]),
                vat_amount=Decimal(line.attrib["vatAmount"]),
                text=line.attrib.get("text", ""),
                voucher=line.attrib.get("voucher", ""),
            )
            for line in root
        ),
    )


class Drafts:
    """The purchase documents of one company."""

    def __init__(self, tables: CompanyTables, texts: NavTexts, user: str) -> None:
        self._tables = tables
        self._texts = texts
        self._user = user
        self._header, self._line = tables[PURCHASE_HEADER], tables[PURCHASE_LINE]

    def make(self, connection: Connection, order: PostingOrder) -> DraftKey:
        """A released purchase document.

        Raises:
            Refusal: A code names nothing, or a text is too long.
        """
        master = MasterData(connection, self._tables, self._user)
        setup = master.purchases_setup()
        assert setup is not None
        credit = order.kind == Kind.CREDIT_NOTE.value
        kind = "Credit Memo Nos_" if credit else "Invoice Nos_"
        codes = setup.code(kind), setup.code(f"Posted {kind}")
        numbers = NumberSeries(self._tables, self._texts)
        reserved = numbers.at(connection, *codes, order.posting_date).reserve(codes[0])
        document = make_document(order, reserved.number, master, self._texts)
        numbers.use(connection, reserved)
        sets = DimensionSets(self._tables)
        connection.execute(
            insert(self._header),
            [
                {
                    "Document Type": document.type.value,
                    "No_": document.number,
                    "Buy-from Vendor No_": document.vendor_number,
                    "Pay-to Vendor No_": document.payee_number,
                    "Posting Date": document.posting_date,
                    "Document Date": document.document_date,
                    "Due Date": document.due_date,
                    "Currency Code": document.currency,
                    _external(document.type): document.external_number,
                    "Payment Reference": document.payment_reference,
                    "Applies-to Doc_ No_": document.applies_to[:20],
                    "No_ Series": codes[0],
                    "Posting No_ Series": codes[1],
                    "Status": ReleaseStatus.RELEASED.value,
                    "Dimension Set ID": sets.number(master, document.dimensions),
                }
            ],
        )
        connection.execute(
            insert(self._line),
            [
                {
                    "Document Type": document.type.value,
                    "Document No_": document.number,
                    "Line No_": line.number,
                    "Buy-from Vendor No_": document.vendor_number,
                    "Type": PurchaseLineType.GL_ACCOUNT.value,
                    "No_": line.account_number,
                    "Description": line.text,
                    "Quantity": Decimal(1),
                    "Amount": line.amount,
                    "Amount Including VAT": line.amount + line.vat_amount,
                    "VAT Prod_ Posting Group": line.vat_code,
                    "Dimension Set ID": sets.number(master, line.dimensions),
                }
                for line in document.lines
            ],
        )
        return DraftKey(type=document.type.value, number=document.number, series=codes[0])

    def find(self, connection: Connection, order: PostingOrder) -> list[DraftKey]:
        """The unposted documents with the order's vendor and number."""
        credit = order.kind == Kind.CREDIT_NOTE.value
        kind = PurchaseDocumentType.CREDIT_MEMO if credit else PurchaseDocumentType.INVOICE
        header = self._header
        statement = select(header.c["No_"], header.c["No_ Series"]).where(
            header.c["Document Type"] == kind.value,
            header.c["Buy-from Vendor No_"] == as_code(order.creditor),
            header.c[_external(kind)] == as_code(order.external_number),
        )
        return [
            DraftKey(type=kind.value, number=number, series=series)
            for number, series in connection.execute(statement)
        ]

    def header(self, connection: Connection, key: DraftKey) -> Mapping[str, Any] | None:
        """The header's row."""
        row = connection.execute(select(self._header).where(*self._is(key))).one_or_none()
        return None if row is None else row._asdict()

    def called(self, connection: Connection, number: str) -> DraftKey:
        """The document of this number."""
        header = self._header
        statement = select(header.c["Document Type"], header.c["No_ Series"]).where(
            header.c["No_"] == number
        )
        kind, series = connection.execute(statement).one()
        return DraftKey(type=kind, number=number, series=series)

    def change(self, connection: Connection, key: DraftKey, **values: object) -> None:
        """Change the header; names with `_` for blanks."""
        changes = {name.replace("_", " "): value for name, value in values.items()}
        connection.execute(self._header.update().where(*self._is(key)).values(changes))

    def total(self, connection: Connection, key: DraftKey) -> Decimal:
        """The amount with VAT of all lines."""
        return sum(
            (line["Amount Including VAT"] for line in self._lines(connection, key)), Decimal(0)
        )

    def fingerprint(self, connection: Connection, key: DraftKey) -> str:
        """How the document says that it is paid, and each of its lines, as the app hashes it."""
        header = self.header(connection, key)
        assert header is not None
        names = ("Pay-to Vendor No_", "Currency Code", "Payment Method Code", "Creditor No_")
        parts = [str(header[name]) for name in (*names, "Payment Reference")]
        for line in self._lines(connection, key):
            parts += [str(line[name]) for name in ("Type", "No_", "Amount Including VAT")]
            parts += [str(line[name]) for name in ("VAT Prod_ Posting Group", "Dimension Set ID")]
        return sha256_hex("|".join(parts))

    def delete(self, connection: Connection, key: DraftKey) -> None:
        """Delete header and lines."""
        line = self._line
        connection.execute(delete(self._header).where(*self._is(key)))
        connection.execute(
            delete(line).where(
                line.c["Document Type"] == key.type, line.c["Document No_"] == key.number
            )
        )

    def as_order(
        self, connection: Connection, key: DraftKey, *, company: str, bank_details_hash: str
    ) -> PostingOrder:
        """The document as the posting routine takes it: as it is now, whoever changed it."""
        header = self.header(connection, key)
        assert header is not None
        credit = key.type == PurchaseDocumentType.CREDIT_MEMO
        total = self.total(connection, key)
        return PostingOrder(
            document_key="",
            company=company,
            kind=(Kind.CREDIT_NOTE if credit else Kind.INVOICE).value,
            creditor=header["Buy-from Vendor No_"],
            external_number=header[_external(PurchaseDocumentType(key.type))],
            issue_date=header["Document Date"],
            due_date=header["Due Date"],
            posting_date=header["Posting Date"],
            currency=header["Currency Code"] or "DKK",
            total=total,
            payable=total,
            payment_reference=header["Payment Reference"],
            payment_channel="",
            applies_to=header["Applies-to Doc_ No_"] or None,
            bank_details_hash=bank_details_hash,
            lines=tuple(
                PostingLine(
                    account=line["No_"],
                    dimensions=self._dimensions(connection, line["Dimension Set ID"]),
                    vat_code=line["VAT Prod_ Posting Group"],
                    amount=line["Amount"],
                    vat_amount=line["Amount Including VAT"] - line["Amount"],
                    text=line["Description"],
                )
                for line in self._lines(connection, key)
            ),
        )

    def number_of(self, connection: Connection, key: DraftKey) -> ReservedNumber:
        """The document's number as the posting routine takes it; it is used already."""
        header = self.header(connection, key)
        assert header is not None
        return ReservedNumber(
            series=key.series, line=0, number=key.number, day=header["Posting Date"]
        )

    def _dimensions(self, connection: Connection, number: int) -> tuple[tuple[str, str], ...]:
        entry = self._tables[DIMENSION_SET_ENTRY]
        statement = select(entry.c["Dimension Code"], entry.c["Dimension Value Code"]).where(
            entry.c["Dimension Set ID"] == number
        )
        return tuple((code, value) for code, value in connection.execute(statement))

    def _lines(self, connection: Connection, key: DraftKey) -> list[Mapping[str, Any]]:
        line = self._line
        statement = (
            select(line)
            .where(line.c["Document Type"] == key.type, line.c["Document No_"] == key.number)
            .order_by(line.c["Line No_"])
        )
        return [row._asdict() for row in connection.execute(statement)]

    def _is(self, key: DraftKey) -> tuple[Any, ...]:
        return (
            self._header.c["Document Type"] == key.type,
            self._header.c["No_"] == key.number,
        )


def _external(kind: PurchaseDocumentType) -> str:
    credit = kind is PurchaseDocumentType.CREDIT_MEMO
    return "Vendor Cr_ Memo No_" if credit else "Vendor Invoice No_"
