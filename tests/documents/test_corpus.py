"""The real documents, against an independent reading with another parser and other code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from robot.documents import Refused, read
from robot.domain.invoice import Invoice

pytestmark = pytest.mark.corpus

INVOICES = frozenset({"Invoice", "CreditNote"})
#: What the corpus calls its duties: OIOUBL's category word, Portugal's stamp duty, Turkey's ÖTV.
DUTIES = frozenset({"Excise", "BOL", "0071"})
#: Rows that INDEX.tsv calls Invoice although they are not in UBL's namespace.
NOT_UBL = frozenset({"legacy-oioxml-0p71.xml"})


@dataclass(frozen=True)
class Row:
    path: Path
    document_type: str
    valid: str

    @property
    def is_invoice(self) -> bool:
        return self.document_type in INVOICES and self.path.name not in NOT_UBL

    def read(self) -> Invoice | Refused:
        found = read(self.path.read_bytes())
        assert not isinstance(found, Refused) or "the reader failed" not in found.reason
        return found


def rows(corpus: Path) -> Iterator[Row]:
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = row["document_type"].rpartition("/")[2]
            yield Row(corpus / row["path"], kind, row["valid"])


class Plain:
    """A document as nested lists of (name, attributes, text, children), without namespaces."""

    def __init__(self, element: ET.Element) -> None:
        self.name = element.tag.rpartition("}")[2]
        self.attributes = element.attrib
        self.text = " ".join((element.text or "").split())
        self.children = [Plain(child) for child in element]

    def at(self, path: str) -> list[Plain]:
        found = [self]
        for step in path.split("/"):
            found = [child for each in found for child in each.children if child.name == step]
        return found

    def first(self, *paths: str) -> str | None:
        texts = (each.text for path in paths for each in self.at(path))
        return next((text for text in texts if text), None)


def plain_invoice(path: Path) -> Plain:
    document = Plain(ET.parse(path).getroot())  # noqa: S314 - known files, no entities in them
    while document.name not in INVOICES:
        document = document.children[-1]
    return document


def currency_of(document: Plain) -> str | None:
    payable = document.at("LegalMonetaryTotal/PayableAmount")[0]
    return document.first("DocumentCurrencyCode") or payable.attributes.get("currencyID")


def vat_of(document: Plain) -> Decimal:
    """Every tax total in the document's currency, less what its subtotals say is a duty."""
    vat = Decimal(0)
    for total in document.at("TaxTotal"):
        amount = total.at("TaxAmount")[0]
        if amount.attributes.get("currencyID") == currency_of(document):
            vat += Decimal(amount.text)
            for subtotal in total.at("TaxSubtotal"):
                scheme = subtotal.first("TaxCategory/TaxScheme/ID")
                code = subtotal.first("TaxCategory/TaxScheme/TaxTypeCode")
                if DUTIES & {subtotal.first("TaxCategory/ID"), scheme, code}:
                    vat -= Decimal(subtotal.first("TaxAmount") or "0")
    return vat


def independent_reading(path: Path) -> dict[str, object]:
    document = plain_invoice(path)
    party = "AccountingSupplierParty/Party"
    person = " ".join(
        name
        for part in ("FirstName", "FamilyName")
        if (name := document.first(f"{party}/Person/{part}"))
    )
    return {
        "number": document.first("ID"),
        "payable": Decimal(document.first("LegalMonetaryTotal/PayableAmount") or "NaN"),
        "currency": currency_of(document),
        "vat": vat_of(document),
        "lines": len(document.at("InvoiceLine")) + len(document.at("CreditNoteLine")),
        "supplier": document.first(
            f"{party}/PartyName/Name", f"{party}/PartyLegalEntity/RegistrationName"
        )
        or person
        or None,
    }


def our_reading(invoice: Invoice) -> dict[str, object]:
    name = invoice.seller.name
    return {
        "number": " ".join(invoice.number.split()),
        "payable": invoice.payable,
        "currency": invoice.currency,
        "vat": invoice.vat,
        "lines": len(invoice.lines),
        "supplier": None if name is None else " ".join(name.split()),
    }


def test_every_invoice_that_is_valid_or_unverified_reads_like_the_independent_reading(
    corpus: Path,
) -> None:
    compared = 0
    for row in rows(corpus):
        if row.is_invoice and row.valid != "no":
            found = row.read()
            assert isinstance(found, Invoice), (row.path, found)
            assert our_reading(found) == independent_reading(row.path), row.path
            compared += 1
    assert compared > 150


def test_every_invoice_that_is_invalid_is_read_alike_or_refused_in_words(corpus: Path) -> None:
    for row in rows(corpus):
        if row.is_invoice and row.valid == "no":
            found = row.read()
            if isinstance(found, Invoice):
                assert our_reading(found) == independent_reading(row.path), row.path
            else:
                assert len(found.reason.split()) > 4, (row.path, found)


def test_everything_else_is_refused_with_a_reason_that_names_it(corpus: Path) -> None:
    for row in rows(corpus):
        if row.is_invoice:
            continue
        found = row.read()
        assert isinstance(found, Refused), row.path
        if found.document_type is None:
            assert found.code == "unreadable", row.path
        else:
            told = found.document_type in found.reason or "OIOXML" in found.reason
            assert told or "CII" in found.reason, (row.path, found)


def test_what_valid_documents_state_adds_up(corpus: Path) -> None:
    """The official rules check the sums; they don't check a line's price in plain EN 16931."""
    for row in rows(corpus):
        if row.is_invoice and row.valid == "yes":
            found = row.read()
            assert isinstance(found, Invoice)
            sums = [part for part, _ in found.differences if not part.startswith("line:")]
            assert sums == [], (row.path, found.differences)


def test_no_prefix_of_a_real_document_raises(corpus: Path) -> None:
    for row in rows(corpus):
        content = row.path.read_bytes()
        for part in (1, 2, 3, 5, 8):
            assert isinstance(read(content[: len(content) * part // 9]), Refused), row.path
