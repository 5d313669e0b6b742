"""What is stopped at Eksempelstyrelsen: bounced to the customer, held, or unreadable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from examples.make_documents.attachments import a_pdf
from examples.make_documents.bill import Standard
from examples.make_documents.drafts import (
    Draft,
    Outcome,
    Said,
    bill,
    line,
    november,
)
from examples.make_documents.eksempelstyrelsen_posted import COFFEE, PAPER
from examples.make_documents.payment import bank, fik_71, mistyped
from examples.make_documents.world import (
    ADVOKATERNE,
    DANSK_KONTOR,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    KONSULENTHUSET,
    MOEBELSNEDKEREN,
    NY_LEVERANDOER,
    RENGOERING_OEST,
)
from examples.make_documents.world import EKSEMPELSTYRELSEN as HERE

_OLD, _NEW, _PEPPOL = Standard.OIOUBL_2_02, Standard.OIOUBL_2_1, Standard.PEPPOL
_NO_UNIT = {"formaal": "10", "sted": "KBH"}
_CLOSED_UNIT = {"delregnskab": "900", "formaal": "10", "sted": "KBH"}
_BAD_PAIR = {"delregnskab": "300", "formaal": "10", "sted": "ODE"}

BOUNCED = (
    Draft(
        name="dimension-forgotten-on-line-3",
        why="Five lines are coded, but on the third one delregnskab was forgotten.",
        outcome=Outcome.BOUNCE,
        findings=("dimension-missing",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0950",
            november(13),
            line("Kuglepenne", "50", "4.20", "220100"),
            line("Notesblokke", "30", "11.00", "220100"),
            line("Whiteboardtusser", "20", "14.50", "220100", dimensions=_NO_UNIT),
            line("Post-it", "24", "9.75", "220100"),
            line("Sakse", "6", "38.00", "220100"),
            order="45001244",
        ),
    ),
    Draft(
        name="closed-account-and-unit",
        why="Last year's template: the account is blocked, and so is the unit.",
        outcome=Outcome.BOUNCE,
        findings=("account-blocked", "dimension-blocked"),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0951",
            november(13),
            line("Diverse artikler", "1", "1180.00", "229900", dimensions=_CLOSED_UNIT),
            order="45001245",
        ),
    ),
    Draft(
        name="unit-and-purpose-that-do-not-combine",
        why="delregnskab 300 can't be used together with formaal 10.",
        outcome=Outcome.BOUNCE,
        findings=("dimension-combination",),
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55119",
            november(13),
            line("Headset", "10", "340.00", "222000", dimensions=_BAD_PAIR),
            order="45001246",
        ),
    ),
    Draft(
        name="above-the-approvers-limit",
        why="The second approver may approve up to 10,000 DKK.",
        outcome=Outcome.BOUNCE,
        findings=("approval-limit-exceeded",),
        bill=bill(
            _PEPPOL,
            HERE,
            KONSULENTHUSET,
            "F-88940",
            november(13),
            line("Facilitering af strategidag", "1", "15200.00", "225000"),
            order="45001250",
        ),
        said=Said(approver="finn"),
    ),
    Draft(
        name="posting-date-in-october",
        why="The flow took so long that the posting date's period was closed meanwhile.",
        outcome=Outcome.BOUNCE,
        findings=("posting-date-closed",),
        bill=bill(
            _OLD,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-47",
            date(2026, 10, 27),
            line("Vinduespolering", "1", "5200.00", "226000"),
            order="45001051",
        ),
        said=Said(posting_date=date(2026, 10, 28)),
    ),
    Draft(
        name="new-bank-account",
        why="The supplier's bank account is another than the creditor's: perhaps a fraud.",
        outcome=Outcome.BOUNCE,
        findings=("payment-details-differ",),
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7123",
            november(16),
            line("Kaffebønner, økologiske", "20", "92.00", "220100", unit="KGM"),
            order="45001188",
            payments=(bank("9876", "0000123456"),),
        ),
    ),
    Draft(
        name="total-does-not-add-up",
        why="The supplier's total is 100 kroner more than its parts.",
        outcome=Outcome.BOUNCE,
        findings=("totals-wrong",),
        bill=bill(
            _NEW,
            HERE,
            MOEBELSNEDKEREN,
            "3304",
            november(13),
            line("Reoler, bøg", "2", "2350.00", "220100"),
            order="45001251",
            total_error=Decimal("100.00"),
        ),
    ),
    Draft(
        name="payment-id-mistyped",
        why="The payment id of FIK 71 has a wrong check digit.",
        outcome=Outcome.BOUNCE,
        findings=("fik-invalid",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0956",
            november(16),
            line("Kuverter, C5", "2000", "0.42", "220100"),
            order="45001252",
            payments=(mistyped(fik_71("81234562", 20260956)),),
        ),
    ),
    Draft(
        name="references-that-say-nothing",
        why="Order number »NA« and reference »0«: filled in, but nobody can be found by them.",
        outcome=Outcome.BOUNCE,
        findings=("reference-unusable",),
        bill=bill(
            _NEW,
            HERE,
            MOEBELSNEDKEREN,
            "3307",
            november(16),
            line("Opslagstavle", "3", "890.00", "220100"),
            order="NA",
            reference="0",
        ),
    ),
    Draft(
        name="four-mistakes-at-once",
        why="Told all at once: no order, a dimension missing, not approved, a closed period.",
        outcome=Outcome.BOUNCE,
        findings=(
            "dimension-missing",
            "posting-date-closed",
            "approval-missing",
            "order-reference-missing",
        ),
        bill=bill(
            _PEPPOL,
            HERE,
            ADVOKATERNE,
            "2026/097",
            date(2026, 10, 26),
            line("Rådgivning om lejekontrakt", "3", "1850.00", "225000", dimensions=_NO_UNIT),
        ),
        said=Said(approver=None, posting_date=date(2026, 10, 29)),
    ),
    Draft(
        name="approved-once-only",
        why="The receipt is approved, the purchase is not.",
        outcome=Outcome.BOUNCE,
        findings=("approval-missing",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0960",
            november(17),
            line("Makulator", "1", "1995.00", "220100"),
            order="45001255",
        ),
        said=Said(approver=None),
    ),
)

HELD = (
    Draft(
        name="remark-til-sam",
        why="The remark begins with TIL SAM, so a person reads it.",
        outcome=Outcome.HOLD,
        findings=("remark-to-sam",),
        bill=bill(
            _NEW,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-53",
            november(16),
            line("Hovedrengøring", "1", "6400.00", "226000"),
            order="45001051",
        ),
        said=Said(remark="TIL SAM: Halvdelen skal viderefaktureres til Fyrvæsenet."),
    ),
    Draft(
        name="sent-twice",
        why="The supplier sent number 01 once more, and both were approved.",
        outcome=Outcome.HOLD,
        findings=("duplicate-exact",),
        bill=PAPER,
        said=Said(requester="cara"),
    ),
    Draft(
        name="sent-twice-with-another-number",
        why="Number 02 again, now as »KK7104«.",
        outcome=Outcome.HOLD,
        findings=("duplicate-suspected",),
        bill=replace(COFFEE, number="KK7104"),
    ),
    Draft(
        name="new-supplier",
        why="A supplier that the ledger does not know; the centre sets it up.",
        outcome=Outcome.HOLD,
        findings=("creditor-unknown",),
        bill=bill(
            _NEW,
            HERE,
            NY_LEVERANDOER,
            "1",
            november(17),
            line("Oplæg på medarbejderdag", "1", "8000.00", "225000"),
            order="45001256",
        ),
    ),
    Draft(
        name="confidential-case",
        why="The supplier or the customer marked the document as confidential.",
        outcome=Outcome.HOLD,
        findings=("confidential",),
        bill=bill(
            _PEPPOL,
            HERE,
            ADVOKATERNE,
            "2026/121",
            november(16),
            line("Bistand i personalesag", "6", "1850.00", "225000", unit="HUR"),
            order="45001257",
        ),
        said=Said(confidential=True),
    ),
    Draft(
        name="larger-than-agreed",
        why="Right in every respect, but above what the robot may post for this customer.",
        outcome=Outcome.HOLD,
        findings=("outside-criteria",),
        bill=bill(
            _PEPPOL,
            HERE,
            KONSULENTHUSET,
            "F-88952",
            november(17),
            line("Evaluering, fase 2", "26", "1500.00", "225000", unit="HUR"),
            order="45001260",
        ),
    ),
    Draft(
        name="reception",
        why="Representation is looked at by a person, by agreement.",
        outcome=Outcome.HOLD,
        findings=("agreed-by-hand",),
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7130",
            november(17),
            line("Kaffe og kage, 40 gæster", "40", "65.00", "227000", vat_code="REP25"),
            order="45001261",
        ),
    ),
    Draft(
        name="scan-that-is-not-xml",
        why="Somebody saved a scanned PDF under the name of an e-invoice.",
        outcome=Outcome.UNREADABLE,
        findings=("unreadable",),
        raw=a_pdf("scan.pdf", "Scan", "Scannet faktura 4711").content,
    ),
)
