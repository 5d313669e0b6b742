"""Fyrvæsenet: small and lenient. Petty purchases need no order, posting dates may be moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from examples.make_documents.bill import Adjustment, Coding, Standard
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
from examples.make_documents.others import reminder, truncated
from examples.make_documents.payment import card
from examples.make_documents.ubl import Wire
from examples.make_documents.world import (
    DANSK_KONTOR,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    MOEBELSNEDKEREN,
    NORDLYS_EL,
    RENGOERING_OEST,
    TELETAARNET,
    VOGNMAND_VEST,
)
from examples.make_documents.world import FYRVAESENET as HERE

_OLD, _NEW, _PEPPOL = Standard.OIOUBL_2_02, Standard.OIOUBL_2_1, Standard.PEPPOL

_POSTED = (
    Draft(
        name="batteries-by-telephone",
        why="A petty purchase without an order reference, which is allowed here.",
        bill=bill(
            _OLD,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0927",
            november(16),
            line("Batterier, D", "40", "18.50", "220100"),
            line("Lommelygte", "4", "125.00", "220100"),
        ),
        wire=Wire(mark=True),
    ),
    Draft(
        name="power-for-the-lighthouse",
        why="Every element has a prefix, also the root.",
        bill=bill(
            _NEW,
            HERE,
            NORDLYS_EL,
            "77004520",
            november(17),
            line("Elforbrug, Skagen Fyr", "1240", "1.1250", "224000", unit="KWH"),
            line("Abonnement", "1", "62.50", "224000", unit="MON"),
            period=(date(2026, 10, 1), date(2026, 10, 31)),
        ),
        wire=Wire(prefixes=("inv", "agg", "bas")),
    ),
    Draft(
        name="posting-date-that-is-moved",
        why="10 November is closed here; by dispensation it becomes the first open day.",
        notes=("posting-date-closed",),
        bill=bill(
            _NEW,
            HERE,
            TELETAARNET,
            "9900123477",
            november(5),
            line("Datalink til fyret", "1", "980.00", "223000", unit="MON"),
            period=(november(1), november(30)),
        ),
        said=Said(posting_date=november(10)),
    ),
    Draft(
        name="chart-cabinet",
        why="With an order reference up to 10,000 DKK.",
        bill=bill(
            _PEPPOL,
            HERE,
            MOEBELSNEDKEREN,
            "3310",
            november(17),
            line("Kortskab, eg", "1", "6800.00", "221000"),
            order="FV-2026-17",
        ),
    ),
    Draft(
        name="credit-for-coffee",
        why="A Peppol credit note that names a posted invoice.",
        bill=credit(
            _PEPPOL,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-K210",
            november(19),
            line("Kaffe, returneret", "2", "92.00", "220100", unit="KGM"),
            billing_reference=("KK-7004", november(18)),
        ),
    ),
    Draft(
        name="window-cleaning",
        why="A cleaning account needs an order reference; here it is.",
        bill=bill(
            _OLD,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-55",
            november(17),
            line("Pudsning af linse og ruder", "1", "3900.00", "226000"),
            order="FV-2026-18",
        ),
    ),
    Draft(
        name="weather-tablet",
        why="Peppol with unusual prefixes, to the supplier's NemKonto.",
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55131",
            november(18),
            line("Tablet, vandtæt", "1", "4890.00", "222000"),
            line("Holder", "1", "390.00", "222000"),
            order="FV-2026-20",
        ),
        wire=Wire(prefixes=("ns0", "ns1", "ns2")),
    ),
)

_STOPPED = (
    Draft(
        name="vat-code-without-vat",
        why="Coded as without VAT, but the invoice has 25 %.",
        outcome=Outcome.BOUNCE,
        findings=("vat-code-wrong",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0963",
            november(17),
            line("Logbøger", "12", "88.00", "220100", vat_code="I0"),
        ),
    ),
    Draft(
        name="account-with-a-digit-missing",
        why="Account 22010 does not exist; 220100 was meant.",
        outcome=Outcome.BOUNCE,
        findings=("account-unknown",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0964",
            november(17),
            line("Tovværk", "30", "21.00", "22010"),
        ),
    ),
    Draft(
        name="vat-miscalculated",
        why="The supplier's VAT is 45 kroner too high; the sums follow it.",
        outcome=Outcome.BOUNCE,
        findings=("vat-amount-wrong",),
        bill=bill(
            _NEW,
            HERE,
            MOEBELSNEDKEREN,
            "3312",
            november(18),
            line("Reparation af trappe", "1", "3600.00", "221000"),
            order="FV-2026-21",
            vat_error=Decimal("45.00"),
        ),
    ),
    Draft(
        name="second-line-not-coded",
        why="Only the first of two lines is coded.",
        outcome=Outcome.BOUNCE,
        findings=("coding-missing",),
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7140",
            november(18),
            line("Kaffe", "4", "92.00", "220100", unit="KGM"),
            line("Kaffemaskine, udlån", "1", "150.00", None),
        ),
    ),
    Draft(
        name="freight-that-is-not-coded",
        why="The lines are coded, the charge for freight on the whole document is not.",
        outcome=Outcome.BOUNCE,
        findings=("coding-missing",),
        bill=bill(
            _PEPPOL,
            HERE,
            MOEBELSNEDKEREN,
            "3316",
            november(18),
            line("Hylder, birk", "4", "1150.00", "221000"),
            order="FV-2026-23",
            adjustments=(
                Adjustment(reason="Fragt", amount=Decimal("400.00"), charge=True),
                Adjustment(
                    reason="Rabat", amount=Decimal("200.00"), codings=(Coding(account="221000"),)
                ),
            ),
        ),
    ),
    Draft(
        name="haulier-that-is-blocked",
        why="The creditor is blocked for posting.",
        outcome=Outcome.BOUNCE,
        findings=("creditor-blocked",),
        bill=bill(
            _OLD,
            HERE,
            VOGNMAND_VEST,
            "50118",
            november(16),
            line("Transport af bøjer", "1", "5400.00", "229000"),
            contract="FYR-0007",
        ),
    ),
    Draft(
        name="paid-by-card",
        why="Bought in the shop with the office's card; paying it again would be wrong.",
        outcome=Outcome.BOUNCE,
        findings=("paid-already",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0970",
            november(18),
            line("Printerpatroner", "2", "410.00", "220100"),
            payments=(card(),),
        ),
    ),
    Draft(
        name="peppol-that-lost-its-vat",
        why="Known fault on the way: the lines say 25 %, the document's VAT is 0.",
        outcome=Outcome.HOLD,
        findings=("vat-lost-peppol",),
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55140",
            november(18),
            line("Router", "1", "1250.00", "222000"),
            order="FV-2026-22",
            vat_lost=True,
        ),
    ),
    Draft(
        name="cut-off-on-the-way",
        why="The file ends in the middle of a line.",
        outcome=Outcome.UNREADABLE,
        findings=("unreadable",),
        raw=truncated(
            bill(
                _NEW,
                HERE,
                RENGOERING_OEST,
                "RØ-2026-57",
                november(18),
                line("Trappevask", "1", "900.00", "226000"),
            )
        ),
    ),
    Draft(
        name="reminder",
        why="A reminder (rykker) is no invoice; the invoice behind it may be missing.",
        outcome=Outcome.NOT_AN_INVOICE,
        findings=("not-an-invoice",),
        raw=reminder(HERE, NORDLYS_EL, "77003901", november(16), Decimal("1487.50")),
    ),
)

EXAMPLES = finished(HERE, (*_POSTED, *_STOPPED))
