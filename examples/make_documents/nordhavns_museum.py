"""Nordhavns Museum: notices in English; exhibitions are run as projects."""

from __future__ import annotations

from datetime import date

from examples.make_documents.attachments import a_link, a_picture
from examples.make_documents.bill import Standard
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
from examples.make_documents.payment import bank
from examples.make_documents.ubl import Wire
from examples.make_documents.world import (
    DAGBLADET_SKRIFT,
    DANSK_KONTOR,
    DOMSARKIVET,
    IT_HUSET,
    KAFFEKOMPAGNIET,
    KONSULENTHUSET,
    MOEBELSNEDKEREN,
    NORDLYS_EL,
    RENGOERING_OEST,
    STARTOP,
    TELETAARNET,
)
from examples.make_documents.world import NORDHAVNS_MUSEUM as HERE

_OLD, _NEW, _PEPPOL = Standard.OIOUBL_2_02, Standard.OIOUBL_2_1, Standard.PEPPOL
_NO_PROJECT = {"delregnskab": "100"}
_ROPES = {"delregnskab": "100", "projekt": "P002"}

_POSTED = (
    Draft(
        name="exhibition-posters",
        why="Bought for an exhibition that is running: its project stands for an order.",
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0934",
            november(10),
            line("Plakater, A1", "60", "85.00", "220100"),
            line("Skilte, skum", "14", "150.00", "220100"),
        ),
    ),
    Draft(
        name="museum-cafe",
        why="With an order reference, in ISO-8859-1, paid to a bank account.",
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7111",
            november(12),
            line("Kaffebønner", "15", "92.00", "220100", unit="KGM", dimensions=_NO_PROJECT),
            line("Småkager, økologiske", "10", "31.00", "220100", dimensions=_NO_PROJECT),
            order="NM-1180",
        ),
        wire=Wire(encoding="ISO-8859-1"),
    ),
    Draft(
        name="light-for-the-showcases",
        why="Peppol with FIK 71.",
        bill=bill(
            _PEPPOL,
            HERE,
            NORDLYS_EL,
            "77004533",
            november(13),
            line("Strøm til udstillingsbelysning", "2200", "1.4500", "224000", unit="KWH"),
            period=(date(2026, 10, 1), date(2026, 10, 31)),
        ),
    ),
    Draft(
        name="image-rights",
        why="With a picture attached.",
        bill=bill(
            _NEW,
            HERE,
            DAGBLADET_SKRIFT,
            "S-2026-11044",
            november(16),
            line("Brugsret til pressefotos", "6", "650.00", "220200", dimensions=_ROPES),
            attachments=(a_picture("foto.png", "Forsidefoto"),),
        ),
    ),
    Draft(
        name="cleaning-after-opening",
        why="The supporting document is a link, which nobody fetches.",
        bill=bill(
            _OLD,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-52",
            november(16),
            line("Rengøring efter åbning", "1", "4200.00", "226000"),
            attachments=(
                a_link("timer", "Timeseddel", "https://rengoering.example.test/timer/52"),
            ),
        ),
    ),
    Draft(
        name="telephones",
        why="A small purchase with an order reference, FIK 75.",
        bill=bill(
            _NEW,
            HERE,
            TELETAARNET,
            "9900123488",
            november(9),
            line("Telefonabonnement", "8", "149.00", "223000", dimensions=_NO_PROJECT),
            order="NM-1151",
            period=(november(1), november(30)),
        ),
    ),
    Draft(
        name="audio-guide-licence",
        why="Peppol in an envelope, to the supplier's NemKonto; a remark that nobody reads.",
        notes=("remark-unread",),
        bill=bill(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-55122",
            november(16),
            line("Licens til audioguide, ni måneder", "9", "640.00", "222000", dimensions=_ROPES),
            order="NM-1190",
        ),
        wire=Wire(envelope=True),
        said=Said(remark="Skal udlignes med kreditnota IT-K12, når den kommer."),
    ),
    Draft(
        name="credit-for-tablets",
        why="A Peppol credit note for a posted invoice, with a reason.",
        bill=credit(
            _PEPPOL,
            HERE,
            IT_HUSET,
            "IT-K12",
            november(18),
            line("Tablet, defekt ved levering", "1", "1000.00", "222000"),
            billing_reference=("IT-55012", november(10)),
            notes=("Returneret 16. november.",),
        ),
    ),
)

_STOPPED = (
    Draft(
        name="fee-for-a-late-payment",
        why="One line is a reminder fee; the customer decides whether to pay it.",
        outcome=Outcome.BOUNCE,
        findings=("reminder-fee",),
        bill=bill(
            _NEW,
            HERE,
            TELETAARNET,
            "9900123502",
            november(16),
            line("Telefonabonnement", "8", "149.00", "223000"),
            line("Rykkergebyr", "1", "80.00", "223000"),
            order="NM-1151",
        ),
    ),
    Draft(
        name="deposit-for-showcases",
        why="A deposit is paid in advance, which needs a legal basis.",
        outcome=Outcome.BOUNCE,
        findings=("prepayment",),
        bill=bill(
            _PEPPOL,
            HERE,
            MOEBELSNEDKEREN,
            "3314",
            november(17),
            line("Depositum for montrer", "1", "6000.00", "221000"),
        ),
    ),
    Draft(
        name="project-that-does-not-exist",
        why="Project P009 was never set up; P002 was meant.",
        outcome=Outcome.BOUNCE,
        findings=("dimension-unknown",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0958",
            november(16),
            line(
                "Hampereb til montre",
                "25",
                "44.00",
                "220100",
                dimensions={"delregnskab": "100", "projekt": "P009"},
            ),
            order="NM-1192",
        ),
    ),
    Draft(
        name="for-another-institution",
        why="The invoice carries the EAN number of Domsarkivet but was approved here.",
        outcome=Outcome.BOUNCE,
        findings=("wrong-recipient",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0959",
            november(16),
            line("Syrefri mapper", "100", "9.00", "220100"),
            order="NM-1193",
            receiver_gln=DOMSARKIVET.gln,
        ),
    ),
    Draft(
        name="neither-project-nor-order",
        why="Nobody can tell what it was bought for.",
        outcome=Outcome.BOUNCE,
        findings=("order-reference-missing",),
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7125",
            november(16),
            line("Kaffe og te", "1", "780.00", "220100", dimensions=_NO_PROJECT),
        ),
    ),
    Draft(
        name="sold-to-a-factoring-company",
        why="Another company than the supplier is to be paid.",
        outcome=Outcome.BOUNCE,
        findings=("payee-differs",),
        bill=bill(
            _NEW,
            HERE,
            KONSULENTHUSET,
            "F-88960",
            november(17),
            line(
                "Udstillingsdesign, skitse",
                "5",
                "1250.00",
                "225000",
                dimensions={"delregnskab": "100", "formaal": "30", "projekt": "P001"},
            ),
            notes=(
                "Fordringen er overdraget til Startop IVS. Betal med frigørende virkning til dem.",
            ),
            payee=STARTOP,
        ),
    ),
    Draft(
        name="ean-number-mistyped",
        why="The receiver's EAN number has a wrong check digit.",
        outcome=Outcome.HOLD,
        findings=("gln-invalid",),
        bill=bill(
            _NEW,
            HERE,
            DANSK_KONTOR,
            "DK-2026-0961",
            november(17),
            line("Montrelåse", "6", "120.00", "220100"),
            order="NM-1195",
            receiver_gln="5798000990022",
        ),
    ),
    Draft(
        name="reception-for-guests",
        why="Representation needs a list of guests, which a person looks at.",
        outcome=Outcome.HOLD,
        findings=("agreed-by-hand",),
        bill=bill(
            _OLD,
            HERE,
            KAFFEKOMPAGNIET,
            "KK-7133",
            november(17),
            line("Fernisering, kaffe og kager", "60", "48.00", "227000", vat_code="REP25"),
        ),
    ),
    Draft(
        name="new-account-confirmed-in-remark",
        why="The customer has confirmed the new account in the remark; a person reads that.",
        outcome=Outcome.HOLD,
        findings=("answer-to-read",),
        bill=bill(
            _OLD,
            HERE,
            RENGOERING_OEST,
            "RØ-2026-58",
            november(17),
            line("Pudsning af montrer", "1", "2600.00", "226000"),
            payments=(bank("2222", "0007650000"),),
        ),
        said=Said(remark="Kontonummeret er bekræftet: vi ringede til leverandøren 19. november."),
    ),
)

EXAMPLES = finished(HERE, (*_POSTED, *_STOPPED))
