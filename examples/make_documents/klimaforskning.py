"""Institut for Klimaforskning: a list of mandates, many foreign suppliers, project numbers."""

from __future__ import annotations

from datetime import date

from examples.make_documents.attachments import a_pdf
from examples.make_documents.bill import (
    EXPORT,
    GERMAN,
    INTRA_COMMUNITY,
    REVERSE_CHARGE,
    Standard,
)
from examples.make_documents.drafts import (
    Draft,
    Outcome,
    Said,
    bill,
    credit,
    finished,
    line,
    november,
)
from examples.make_documents.payment import iban
from examples.make_documents.world import (
    BUECHER,
    DANSK_KONTOR,
    GAMMEL_LEVERANDOER,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    KONSULENTHUSET,
    KURSUSCENTRET,
    OXFIELD,
)
from examples.make_documents.world import KLIMAFORSKNING as HERE

_OLD, _NEW, _PEPPOL = Standard.OIOUBL_2_02, Standard.OIOUBL_2_1, Standard.PEPPOL
_CUSTOMS = (a_pdf("customs.pdf", "Customs declaration", "Customs declaration 26DK0311"),)

_POSTED = (
    Draft(
        name="books-from-hamburg",
        why="Goods from the EU in euro: no VAT on the invoice, coded as reverse charge.",
        bill=bill(
            _PEPPOL,
            HERE,
            BUECHER,
            "RE-4711",
            november(10),
            line(
                "Handbuch der Glaziologie",
                "12",
                "85.00",
                "220200",
                vat=INTRA_COMMUNITY,
                vat_code="EUV",
            ),
            line(
                "Atlas der Polargebiete",
                "1",
                "180.00",
                "220200",
                vat=INTRA_COMMUNITY,
                vat_code="EUV",
            ),
            currency="EUR",
            order="IK-2026-301",
        ),
    ),
    Draft(
        name="instrument-from-oxford",
        why="From outside the EU in pounds, with the customs papers attached.",
        bill=bill(
            _PEPPOL,
            HERE,
            OXFIELD,
            "OXI/2026/311",
            november(11),
            line("Ice core sensor", "3", "940.00", "222000", vat=EXPORT, vat_code="EUY"),
            currency="GBP",
            order="IK-2026-302",
            attachments=_CUSTOMS,
        ),
    ),
    Draft(
        name="proof-reading-from-hamburg",
        why="A service from the EU, reverse charge.",
        bill=bill(
            _PEPPOL,
            HERE,
            BUECHER,
            "RE-4730",
            november(12),
            line(
                "Lektorat, 60 Seiten", "60", "11.50", "225000", vat=REVERSE_CHARGE, vat_code="EUY"
            ),
            currency="EUR",
            order="IK-2026-304",
        ),
    ),
    Draft(
        name="food-for-the-field-trip",
        why="Ordered on the project's number instead of an order.",
        bill=bill(
            _PEPPOL,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7115",
            november(13),
            line("Proviant til feltarbejde", "14", "185.00", "220100"),
            project="P002",
        ),
    ),
    Draft(
        name="data-storage",
        why="With an order reference up to 15,000 DKK, to the supplier's NemKonto.",
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55125",
            november(13),
            line("Harddisk, 20 TB", "4", "2450.00", "222000"),
            order="IK-2026-305",
        ),
        said=Said(approver="eva"),
    ),
    Draft(
        name="statistics-advice",
        why="An account that requires formaal.",
        bill=bill(
            _NEW,
            HERE,
            KONSULENTHUSET,
            "F-88933",
            november(13),
            line("Statistisk rådgivning", "9", "1250.00", "225000", unit="HUR"),
            order="IK-2026-306",
        ),
    ),
    Draft(
        name="credit-for-consultants",
        why="An OIOUBL 2.02 credit note for a posted invoice.",
        bill=credit(
            _OLD,
            HERE,
            KONSULENTHUSET,
            "F-K0031",
            november(16),
            line("Rettelse af timer", "2", "1000.00", "225000", unit="HUR"),
            billing_reference=("F-88120", date(2026, 10, 20)),
        ),
        said=Said(approver="gro"),
    ),
)

_BOUNCED = (
    Draft(
        name="german-vat",
        why="The German supplier charged German VAT, which can't be refunded here.",
        outcome=Outcome.BOUNCE,
        findings=("foreign-vat",),
        bill=bill(
            _PEPPOL,
            HERE,
            BUECHER,
            "RE-4744",
            november(13),
            line("Kartenmaterial", "5", "60.00", "220200", vat=GERMAN, vat_code="EUV"),
            currency="EUR",
            order="IK-2026-307",
        ),
    ),
    Draft(
        name="foreign-purchase-coded-as-danish",
        why="Coded with Danish VAT, a code that the ledger does not have for foreign suppliers.",
        outcome=Outcome.BOUNCE,
        findings=("vat-code-unknown",),
        bill=bill(
            _PEPPOL,
            HERE,
            OXFIELD,
            "OXI/2026/320",
            november(16),
            line("Calibration", "1", "620.00", "221000", vat=EXPORT, vat_code="I25"),
            currency="GBP",
            order="IK-2026-309",
            attachments=_CUSTOMS,
        ),
    ),
    Draft(
        name="iban-mistyped",
        why="Two digits of the IBAN are swapped: invalid, and not the creditor's.",
        outcome=Outcome.BOUNCE,
        findings=("payment-details-differ", "account-number-invalid"),
        bill=bill(
            _PEPPOL,
            HERE,
            BUECHER,
            "RE-4751",
            november(16),
            line(
                "Zeitschrift für Polarforschung",
                "4",
                "42.00",
                "220200",
                vat=INTRA_COMMUNITY,
                vat_code="EUV",
            ),
            currency="EUR",
            order="IK-2026-310",
            payments=(iban("DE89370400440523013000", "COBADEFFXXX"),),
        ),
    ),
    Draft(
        name="dated-next-week",
        why="The invoice is dated after the day on which it was approved.",
        outcome=Outcome.BOUNCE,
        findings=("issue-date-in-future",),
        notes=("posting-date-unusual",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0980",
            date(2026, 12, 1),
            line("Feltdagbøger", "30", "36.00", "220100"),
            order="IK-2026-311",
        ),
    ),
    Draft(
        name="customs-papers-missing",
        why="From outside the EU without anything attached.",
        outcome=Outcome.BOUNCE,
        findings=("attachment-missing",),
        bill=bill(
            _PEPPOL,
            HERE,
            OXFIELD,
            "OXI/2026/322",
            november(17),
            line("Thermistor string", "2", "410.00", "222000", vat=EXPORT, vat_code="EUY"),
            currency="GBP",
            order="IK-2026-312",
        ),
    ),
)

_HELD = (
    Draft(
        name="approved-by-somebody-else",
        why="The second approver is not on the customer's list of mandates.",
        outcome=Outcome.HOLD,
        findings=("approver-not-mandated",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0962",
            november(17),
            line("Etiketter til prøver", "20", "45.00", "220100"),
            order="IK-2026-313",
        ),
        said=Said(approver="finn"),
    ),
    Draft(
        name="two-creditors-with-one-number",
        why="Two creditors have the supplier's CVR number; the robot does not guess.",
        outcome=Outcome.HOLD,
        findings=("creditor-ambiguous",),
        bill=bill(
            _OLD,
            HERE,
            KURSUSCENTRET,
            "KC-3410",
            november(16),
            line("Kursus i feltsikkerhed", "2", "2400.00", "228000"),
            order="IK-2026-314",
        ),
    ),
    Draft(
        name="in-swiss-francs",
        why="A currency that the ledger does not have, so no limit can be checked either.",
        outcome=Outcome.HOLD,
        findings=("currency-unknown", "cannot-check"),
        notes=("currency-differs",),
        bill=bill(
            _PEPPOL,
            HERE,
            BUECHER,
            "RE-4760",
            november(17),
            line("Gletscherkarten", "3", "95.00", "220200", vat=INTRA_COMMUNITY, vat_code="EUV"),
            currency="CHF",
            order="IK-2026-315",
        ),
        said=Said(approver="gro"),
    ),
    Draft(
        name="blocked-for-payment",
        why="The creditor may be posted but not paid.",
        outcome=Outcome.HOLD,
        findings=("creditor-payment-blocked",),
        bill=bill(
            _OLD,
            HERE,
            GAMMEL_LEVERANDOER,
            "2026-09",
            november(12),
            line("Reservedele til vejrstation", "1", "3100.00", "221000"),
            order="IK-2026-316",
        ),
    ),
    Draft(
        name="from-last-winter",
        why="Ten months old: it may have been paid in another way.",
        outcome=Outcome.HOLD,
        findings=("invoice-too-old",),
        notes=("due-date-passed",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0066",
            date(2026, 1, 29),
            line("Vandtætte poser", "50", "19.00", "220100"),
            order="IK-2026-015",
        ),
    ),
)

EXAMPLES = finished(HERE, (*_POSTED, *_BOUNCED, *_HELD))
