"""The demo's documents: made by the script, readable as intended, and enough of every kind."""

from __future__ import annotations

import collections
import csv
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from lxml import etree
from stdnum import ean, luhn
from stdnum.dk import cvr

from examples.make_documents.__main__ import documents, expected, with_table
from examples.make_documents.attachments import a_pdf, a_picture
from robot.adapters.folder import FolderSource
from robot.checks import compute
from robot.checks.catalogue import CATALOGUE
from robot.documents import read
from robot.domain.document import ApprovedDocument
from robot.domain.invoice import Format, Invoice, Kind, PaymentChannel
from robot.rulebook.book import RuleBook

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
DOCUMENTS = EXAMPLES / "documents"


class Expected(TypedDict):
    file: str
    customer: str
    outcome: str
    findings: str
    notes: str
    why: str


def rows() -> list[Expected]:
    with (EXAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [Expected(**row) for row in csv.DictReader(file)]  # type: ignore[typeddict-item]  # the header is tested


def codes(row: Expected) -> set[str]:
    return {*row["findings"].split(), *row["notes"].split()}


@pytest.fixture(scope="module")
def pulled() -> dict[str, ApprovedDocument]:
    return {document.name: document for document in FolderSource(DOCUMENTS, read).pull()}


@pytest.fixture(scope="module")
def invoices(pulled: dict[str, ApprovedDocument]) -> list[Invoice]:
    return [document.invoice for document in pulled.values() if document.invoice is not None]


# ------------------------------------------------------------------ made by the script


def test_the_script_writes_exactly_the_committed_files() -> None:
    committed = {
        path.relative_to(DOCUMENTS).as_posix(): path.read_bytes()
        for path in DOCUMENTS.rglob("*")
        if path.is_file()
    }

    assert committed == documents()


def test_the_script_writes_exactly_the_committed_expectations() -> None:
    assert (EXAMPLES / "expected.csv").read_text(encoding="utf-8") == expected()


def test_the_readme_lists_exactly_these_documents() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    assert with_table(readme) == readme


def test_every_document_says_why_it_is_there() -> None:
    assert [row["file"] for row in rows() if not re.fullmatch(r"\S.{15,99}[.]", row["why"])] == []


# ------------------------------------------------------------------ enough of every kind


def test_there_is_enough_of_every_outcome() -> None:
    counts = collections.Counter(row["outcome"] for row in rows())

    assert counts["post"] >= 30
    assert counts["bounce"] >= 20
    assert counts["hold"] >= 15
    assert counts["unreadable"] >= 3
    assert counts["not-an-invoice"] >= 2
    assert counts.total() >= 72


def test_six_customers_have_documents_of_every_common_outcome() -> None:
    by_customer = collections.defaultdict(set)
    for row in rows():
        by_customer[row["customer"]].add(row["outcome"])

    assert len(by_customer) == 6
    assert all(outcomes >= {"post", "bounce", "hold"} for outcomes in by_customer.values())


def test_more_than_fifty_error_types_occur_and_all_exist() -> None:
    known = RuleBook(ROOT / "rules", catalogue=CATALOGUE, compute=compute).taxonomy
    named = set().union(*(codes(row) for row in rows()))

    assert len(named) >= 50
    assert {code for code in named if code not in known} == set()


def test_some_documents_have_several_errors() -> None:
    assert sum(len(row["findings"].split()) > 1 for row in rows()) >= 3


def test_what_is_right_has_no_cause_and_what_is_stopped_has_one() -> None:
    assert [
        row["file"] for row in rows() if (row["outcome"] == "post") == bool(row["findings"])
    ] == []


@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.CREDIT_NOTE])
@pytest.mark.parametrize("profile", ["OIOUBL-2.02", "OIOUBL-2.1", "urn:cen.eu:en16931:2017"])
def test_every_format_and_kind_occurs(invoices: list[Invoice], profile: str, kind: Kind) -> None:
    assert any(
        (invoice.profile or "").startswith(profile) and invoice.kind is kind
        for invoice in invoices
    )


@pytest.mark.parametrize(
    "channel",
    [
        PaymentChannel.FIK_71,
        PaymentChannel.FIK_73,
        PaymentChannel.FIK_75,
        PaymentChannel.FIK_04,
        PaymentChannel.BANK,
        PaymentChannel.IBAN,
        PaymentChannel.NEMKONTO,
        PaymentChannel.CARD,
    ],
)
def test_every_way_to_pay_occurs(invoices: list[Invoice], channel: PaymentChannel) -> None:
    assert any(means.channel is channel for one in invoices for means in one.payment_means)


def test_the_varieties_of_real_files_occur(invoices: list[Invoice]) -> None:
    assert {one.currency for one in invoices} >= {"DKK", "EUR", "GBP"}
    assert {tax.category for one in invoices for tax in one.taxes} >= {"S", "Z", "AE", "K", "G"}
    assert max(len(one.lines) for one in invoices) == 30
    assert any(one.rounding for one in invoices)
    assert any(one.prepaid for one in invoices)
    assert any(one.allowances_charges for one in invoices)
    assert any(line.allowances_charges for one in invoices for line in one.lines)
    attached = [file for one in invoices for file in one.attachments]
    assert {file.media_type for file in attached} >= {"application/pdf", "image/png"}
    assert any(file.uri for file in attached)


def test_the_varieties_of_encoding_occur() -> None:
    starts = [path.read_bytes()[:200] for path in DOCUMENTS.rglob("*.xml")]

    assert any(start.startswith(b"\xef\xbb\xbf") for start in starts)
    assert any(b"ISO-8859-1" in start for start in starts)
    assert any(b"<sh:" in start or b"StandardBusinessDocument" in start for start in starts)
    assert any(b"<inv:Invoice" in start for start in starts)


# ------------------------------------------------------------------ readable as intended


def test_every_document_is_pulled_and_none_is_skipped() -> None:
    skipped: list[tuple[str, str]] = []
    source = FolderSource(
        DOCUMENTS, read, on_skipped=lambda name, reason: skipped.append((name, reason))
    )

    assert [document.name for document in source.pull()] == sorted(row["file"] for row in rows())
    assert skipped == []


def test_the_refused_are_those_that_should_be(pulled: dict[str, ApprovedDocument]) -> None:
    refused = {name: one.refusal for name, one in pulled.items() if one.refusal is not None}

    assert refused == {
        row["file"]: row["outcome"]
        for row in rows()
        if row["outcome"] in ("unreadable", "not-an-invoice")
    }


def test_the_typo_in_a_sidecar_is_told_with_its_place(pulled: dict[str, ApprovedDocument]) -> None:
    reasons = [one.reason or "" for one in pulled.values() if "sidecar" in one.name]

    assert len(reasons) == 1
    assert re.search(
        r"sidecar-with-a-typo\.json, line 7, column 3: .*did you mean 'confidential'\?", reasons[0]
    )


def test_ids_are_unique_and_say_whose_they_are(pulled: dict[str, ApprovedDocument]) -> None:
    ids = [(one.statement.system, one.statement.document_id) for one in pulled.values()]

    assert len(set(ids)) == len(ids)
    for row in rows():
        statement = pulled[row["file"]].statement
        assert statement.system == "folder" or row["customer"] in statement.document_id


def test_what_is_right_is_read_without_a_deviation(pulled: dict[str, ApprovedDocument]) -> None:
    deviating = {
        row["file"]: invoice.differences + invoice.remarks
        for row in rows()
        if row["outcome"] == "post" and (invoice := pulled[row["file"]].invoice)
        if invoice.differences or invoice.remarks
    }

    assert deviating == {}


def test_only_the_documents_about_sums_do_not_add_up(pulled: dict[str, ApprovedDocument]) -> None:
    about_sums = {"totals-wrong", "vat-amount-wrong", "vat-lost-peppol"}

    assert {
        name for name, one in pulled.items() if one.invoice is not None and one.invoice.differences
    } <= {row["file"] for row in rows() if about_sums & codes(row)}


def test_right_documents_are_approved_by_two_persons_and_coded_on_every_line(
    pulled: dict[str, ApprovedDocument],
) -> None:
    for row in rows():
        if row["outcome"] != "post":
            continue
        document = pulled[row["file"]]
        assert document.invoice is not None
        approvals = document.statement.approvals or ()
        coding = document.statement.coding or ()
        assert len({approval.by for approval in approvals[-2:]}) == 2
        assert {line.number for line in document.invoice.lines} <= {line.line for line in coding}


def numbers(invoices: list[Invoice]) -> Iterator[tuple[str, bool]]:
    for invoice in invoices:
        for party in (invoice.seller, invoice.buyer):
            if number := party.number("cvr"):
                yield number, cvr.is_valid(number)
            if number := party.number("gln"):
                yield number, ean.is_valid(number)
        for means in invoice.payment_means:
            if means.reference and means.channel.value.startswith("fik"):
                yield means.reference, luhn.is_valid(means.reference)


def test_only_the_documents_about_check_digits_have_wrong_ones(
    pulled: dict[str, ApprovedDocument],
) -> None:
    about_digits = {"fik-invalid", "supplier-cvr-invalid", "gln-invalid"}
    wrong = {
        name
        for name, one in pulled.items()
        if one.invoice is not None and not all(valid for _, valid in numbers([one.invoice]))
    }

    assert wrong == {row["file"] for row in rows() if about_digits & codes(row)}


def test_families_write_their_vat_where_their_rules_want_it(
    pulled: dict[str, ApprovedDocument],
) -> None:
    for row in rows():
        invoice = pulled[row["file"]].invoice
        if row["outcome"] != "post" or invoice is None:
            continue
        tree = etree.parse(DOCUMENTS / row["file"])
        (stated,) = tree.iterfind(".//{*}LegalMonetaryTotal/{*}TaxExclusiveAmount")
        expected_amount = invoice.vat if invoice.format is Format.OIOUBL_2 else invoice.net
        assert stated.text == f"{expected_amount:.2f}"


def test_sidecars_are_json_that_people_can_read() -> None:
    for path in DOCUMENTS.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


# ------------------------------------------------------------------ attachments are real files


def test_the_pdf_has_its_objects_where_its_table_says() -> None:
    content = a_pdf("a.pdf", "A", "Faktura (1)").content
    table = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    places = [int(line[:10]) for line in content[table:].splitlines() if line.endswith(b" n ")]

    assert content.startswith(b"%PDF-1.4\n")
    assert content[table:].startswith(b"xref\n")
    assert all(
        content[place:].startswith(b"%d 0 obj\n" % number)
        for number, place in enumerate(places, start=1)
    )
    assert len(places) == 5


def test_the_picture_has_its_pixel() -> None:
    content = a_picture("a.png", "A").content
    start = content.index(b"IDAT") + 4
    length = int.from_bytes(content[start - 8 : start - 4], "big")

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert zlib.decompress(content[start : start + length]) == b"\x00\x80"
