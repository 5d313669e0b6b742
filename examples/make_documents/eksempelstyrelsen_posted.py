"""What is right at Eksempelstyrelsen: posted by the robot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from examples.make_documents.attachments import a_link, a_pdf
from examples.make_documents.bill import ZERO_RATED, Adjustment, Coding, Standard
from examples.make_documents.drafts import (
    Draft,
    bill,
    credit,
    line,
    november,
)
from examples.make_documents.payment import fik_73
from examples.make_documents.ubl import Wire
from examples.make_documents.world import (
    ADVOKATERNE,
    DAGBLADET_SKRIFT,
    DANSK_KONTOR,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    KONSULENTHUSET,
    MOEBELSNEDKEREN,
    NORDLYS_EL,
    RENGOERING_OEST,
    TELETAARNET,
)
from examples.make_documents.world import EKSEMPELSTYRELSEN as HERE

_OLD, _NEW, _PEPPOL = Standard.OIOUBL_2_02, Standard.OIOUBL_2_1, Standard.PEPPOL
PAPER = bill(
    _NEW,
    HERE,
    DANSK_KONTOR,
    "DK-2026-0931",
    november(9),
    line("Kopipapir A4, 80 g", "40", "32.50", "220100"),
    line("Toner, sort", "2", "745.00", "220100"),
    line("Ringbind, blå", "25", "18.40", "220100"),
    order="45001201",
)
COFFEE = bill(
    _OLD,
    HERE,
    KAFFEKOMPAGNIET,
    "KK-7104",
    november(10),
    line("Kaffebønner, økologiske", "30", "92.00", "220100", unit="KGM"),
    line("Te, assorteret", "12", "24.50", "220100"),
    order="45001188",
)

POSTED = (
    Draft(
        name="copy-paper",
        why="An everyday purchase: OIOUBL 2.1, FIK 71, an order reference, two approvals.",
        bill=PAPER,
    ),
    Draft(
        name="coffee",
        why="OIOUBL 2.02 with a byte order mark, paid to a bank account.",
        bill=COFFEE,
        wire=Wire(mark=True),
    ),
    Draft(
        name="cleaning",
        why="A service over a period that is over, with the supplier's own PDF attached.",
        bill=bill(
            _NEW,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-51",
            november(16),
            line("Rengøring, 16. oktober til 15. november", "1", "14800.00", "226000"),
            order="45001050",
            period=(date(2026, 10, 16), november(15)),
            attachments=(a_pdf("faktura.pdf", "Faktura", "Faktura 2026-51"),),
        ),
    ),
    Draft(
        name="screens",
        why="Peppol with an allowance on a line, paid to the supplier's NemKonto.",
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55104",
            november(11),
            line(
                "Skærm, 27 tommer",
                "4",
                "2890.00",
                "222000",
                allowance=Adjustment(
                    reason="Rammeaftale",
                    amount=Decimal("1156.00"),
                    percent=Decimal(10),
                    base=Decimal("11560.00"),
                ),
            ),
            line("Tastatur", "4", "420.00", "222000"),
            line("Kabel, USB-C", "8", "65.00", "222000"),
            order="45001215",
        ),
    ),
    Draft(
        name="thirty-telephones",
        why="Thirty lines, FIK 75 and no order reference: utilities need none here.",
        bill=bill(
            _NEW,
            HERE,
            TELETAARNET,
            "9900123401",
            november(5),
            *(
                line(f"Mobilabonnement, nummer {number}", "1", "129.00", "223000", unit="MON")
                for number in range(1, 31)
            ),
            period=(november(1), november(30)),
        ),
    ),
    Draft(
        name="electricity",
        why="Quantities and prices with four decimals; a utility without an order reference.",
        bill=bill(
            _OLD,
            HERE,
            NORDLYS_EL,
            "77004411",
            november(6),
            line("Elforbrug", "3412", "0.8412", "224000", unit="KWH"),
            line("Nettarif", "3412", "0.2230", "224000", unit="KWH"),
            line("Abonnement", "1", "62.50", "224000", unit="MON"),
            period=(date(2026, 10, 1), date(2026, 10, 31)),
        ),
    ),
    Draft(
        name="newspapers-and-books",
        why="Two VAT rates, and the file is written in ISO-8859-1.",
        bill=bill(
            _NEW,
            HERE,
            DAGBLADET_SKRIFT,
            "S-2026-11031",
            november(12),
            line(
                "Avis, løssalg til læsesalen",
                "74",
                "20.00",
                "220200",
                vat=ZERO_RATED,
                vat_code="I0",
            ),
            line("Årbogen »Ærø og øhavet«", "3", "248.00", "220200"),
            order="45001233",
        ),
        wire=Wire(encoding="ISO-8859-1"),
    ),
    Draft(
        name="office-chairs",
        why="An allowance and a charge on the whole document, each coded like a line.",
        bill=bill(
            _NEW,
            HERE,
            MOEBELSNEDKEREN,
            "3301",
            november(13),
            line("Kontorstol, model Høvl", "6", "1895.00", "220100"),
            order="45001240",
            adjustments=(
                Adjustment(
                    reason="Mængderabat",
                    amount=Decimal("568.50"),
                    percent=Decimal(5),
                    base=Decimal("11370.00"),
                    codings=(Coding(account="220100"),),
                ),
                Adjustment(
                    reason="Levering og opstilling",
                    amount=Decimal("350.00"),
                    charge=True,
                    codings=(Coding(account="229000"),),
                ),
            ),
        ),
    ),
    Draft(
        name="legal-advice",
        why="An account that requires the dimension formaal; a link to the time sheet.",
        bill=bill(
            _PEPPOL,
            HERE,
            ADVOKATERNE,
            "2026/118",
            november(12),
            line("Rådgivning om udbud", "8", "1850.00", "225000", unit="HUR"),
            order="45001199",
            attachments=(
                a_link("timer", "Timeseddel", "https://advokaterne.example.test/timer/118"),
            ),
        ),
    ),
    Draft(
        name="consultants-in-envelope",
        why="Peppol inside an SBDH envelope, with FIK 71 in Peppol's one field.",
        bill=bill(
            _PEPPOL,
            HERE,
            KONSULENTHUSET,
            "F-88931",
            november(13),
            line("Procesanalyse", "12", "1250.00", "225000", unit="HUR"),
            order="45001222",
        ),
        wire=Wire(envelope=True),
    ),
    Draft(
        name="credit-for-toner",
        why="A credit note that names an invoice which is posted.",
        bill=credit(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-K077",
            november(13),
            line("Toner, returneret", "1", "400.00", "220100"),
            billing_reference=("DK-2026-0815", date(2026, 10, 12)),
        ),
    ),
    Draft(
        name="towels-for-two-units",
        why="One line that is coded on two units, and FIK 73, which has no payment id.",
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0944",
            november(12),
            line(
                "Papirhåndklæder, palle",
                "1",
                "2400.00",
                None,
                codings=(
                    Coding(account="220100", amount=Decimal("1500.00")),
                    Coding(
                        account="220100",
                        amount=Decimal("900.00"),
                        dimensions={"delregnskab": "200", "formaal": "20", "sted": "AAR"},
                    ),
                ),
            ),
            order="45001237",
            payments=(fik_73("81234562"),),
        ),
    ),
    Draft(
        name="fruit-rounded",
        why="Rounded to half a krone, which OIOUBL counts in the total; the rounding is coded.",
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7119",
            november(16),
            line("Frugtordning, uge 46", "7", "121.35", "220100"),
            order="45001188",
            rounding=Decimal("0.19"),
        ),
    ),
)
