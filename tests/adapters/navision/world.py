"""Documents and a small Navision for the tests of the Navision adapter."""

# ruff: noqa: ANN401 - overrides take any field of the value that is built

from __future__ import annotations

import contextlib
import csv
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from robot.adapters.navision import small
from robot.domain.customer import Customer
from robot.domain.decision import PostingLine, PostingOrder
from robot.domain.document import ApprovedDocument, CodingLine, SourceStatement
from robot.domain.invoice import (
    BillingReference,
    Format,
    Identifier,
    Invoice,
    Kind,
    Line,
    Party,
)
from robot.flow.ports import Question

EXAMPLES = Path(__file__).parents[3] / "examples" / "navision"
COMPANY = "Eksempelstyrelsen"
TODAY = date(2026, 11, 24)
CUSTOMER = Customer(
    name=COMPANY, bogfoeringskreds="99001", dimensions=("delregnskab", "formaal", "sted")
)


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def copy_of_examples(folder: Path) -> Path:
    """The examples' CSV files, to be changed by a test."""
    return Path(shutil.copytree(EXAMPLES, folder / "csv"))


def add_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Append rows to a CSV file; columns that a row does not name stay empty."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    unknown = {name for row in rows for name in row} - set(header)
    assert not unknown, f"{path.name} has no column {unknown}"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerows(rows)


def execute(engine: Engine, statement: str, *companies: str) -> None:
    """Change the small Navision as a person would in NAV; `{}` is the company's prefix."""
    with engine.begin() as connection:
        for company in companies or (COMPANY,):
            connection.execute(text(statement.replace("{}", company)))


def restore(engine: Engine, template: Path) -> None:
    """Make the engine's database the template again, as another process would."""
    with (
        contextlib.closing(sqlite3.connect(template)) as built,
        contextlib.closing(sqlite3.connect(engine.url.database or "")) as mine,
    ):
        built.backup(mine)


def rows(engine: Engine, statement: str, company: str = COMPANY) -> list[tuple[Any, ...]]:
    """What the tables hold."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement.replace("{}", company)))]


def party(**numbers: str) -> Party:
    """A seller with identifiers by scheme."""
    return Party(
        name="Sælger",
        identifiers=tuple(
            Identifier(scheme=scheme, value=value, raw_scheme=scheme, raw_value=value)
            for scheme, value in numbers.items()
        ),
    )


def invoice(number: str = "F-1", *, total: str = "1250.00", **changes: Any) -> Invoice:
    """Dansk Kontor's invoice with one line and 25 % VAT."""
    gross = Decimal(total)
    net = gross / Decimal("1.25")
    values: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "format": Format.OIOUBL_2,
        "number": number,
        "issue_date": date(2026, 11, 20),
        "currency": "DKK",
        "seller": party(cvr="99130008"),
        "buyer": party(gln="5798000880016"),
        "net": net,
        "vat": gross - net,
        "total": gross,
        "payable": gross,
        "lines": (Line(number="1", text="Papir", net=net),),
        "content_hash": "0" * 64,
    }
    return Invoice(**(values | changes))


def referring(*numbers: str) -> dict[str, Any]:
    """What makes an invoice a credit note for others."""
    return {
        "kind": Kind.CREDIT_NOTE,
        "billing_references": tuple(BillingReference(number=number) for number in numbers),
    }


def question(
    document: Invoice | None = None,
    *,
    coding: Sequence[CodingLine] | None = None,
    posting_date: date | None = None,
    customer: Customer = CUSTOMER,
    today: date = TODAY,
) -> Question:
    """A question about one document."""
    return Question(
        document=ApprovedDocument(
            name="f.xml",
            statement=SourceStatement(
                system="sdi",
                document_id="1",
                posting_date=posting_date,
                coding=None if coding is None else tuple(coding),
            ),
            content_hash="0" * 64,
            invoice=document if document is not None else invoice(),
        ),
        customer=customer,
        today=today,
    )


def coded(account: str, **dimensions: str) -> CodingLine:
    """A line's coding."""
    return CodingLine(line="1", account=account, dimensions=tuple(dimensions.items()))


def line(
    account: str = "220100",
    amount: str = "1000.00",
    vat: str = "250.00",
    vat_code: str | None = "I25",
    **dimensions: str,
) -> PostingLine:
    """A line to post; delregnskab 100 when no dimension is given."""
    return PostingLine(
        account=account,
        dimensions=tuple((dimensions or {"delregnskab": "100"}).items()),
        vat_code=vat_code,
        amount=Decimal(amount),
        vat_amount=Decimal(vat),
        text="Papir",
    )


def order(key: str = "k1", *lines: PostingLine, **changes: Any) -> PostingOrder:
    """An order to post an invoice of Dansk Kontor."""
    lines = lines or (line(),)
    total = sum((it.amount + it.vat_amount for it in lines), Decimal(0))
    values: dict[str, Any] = {
        "document_key": key,
        "company": COMPANY,
        "kind": "invoice",
        "creditor": "10001",
        "external_number": f"F-{key}",
        "issue_date": date(2026, 11, 20),
        "due_date": date(2026, 12, 20),
        "posting_date": TODAY,
        "currency": "DKK",
        "total": total,
        "payable": total,
        "payment_reference": None,
        "payment_channel": "fik-71",
        "lines": lines,
    }
    return PostingOrder(**(values | changes))


def build(folder: Path, csv_dir: Path = EXAMPLES, *companies: str) -> Engine:
    """A new small Navision in a folder."""
    path = folder / "navision.db"
    small.build(path, csv_dir, companies or (COMPANY,))
    return small.connect(path)
