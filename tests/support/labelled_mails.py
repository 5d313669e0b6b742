"""Invented mails of customers with what they are about: for training, and in words kept from it.

The sentences were written as people write, not after the patterns in `rules/mail_words.yaml`; some
name no key word at all. Each code has sentences to learn from and others that nobody learns from.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from robot.domain.reported import OTHER
from robot.domain.topic_quality import LabelledMail

#: Code to sentences to learn from and sentences kept from it.
SENTENCES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "creditor-unknown": (
        (
            "Kan I oprette {firm} som kreditor? Fakturaen {n} ligger og venter.",
            "Leverandøren {firm} er ikke oprettet i Navision.",
            "Vi har fået en ny leverandør, {firm}, som I bedes oprette.",
            "{firm} findes ikke på listen, når vi vil vælge dem.",
            "Please set up {firm} as a new supplier.",
            "The supplier {firm} has not been created yet.",
        ),
        (
            "Hvordan får vi {firm} ind i systemet, så vi kan handle med dem?",
            "Vi mangler at få oprettet {firm} som leverandør.",
            "We can't find {firm} among the suppliers. Could you create the vendor?",
        ),
    ),
    "creditor-blocked": (
        (
            "Kreditoren {firm} er spærret, og vi skal bruge dem igen.",
            "Hvorfor er leverandøren {firm} blevet spærret?",
            "Kan I ophæve spærringen af {firm}?",
            "{firm} er låst hos jer. Luk venligst op for dem.",
            "The supplier {firm} is blocked. Please unblock it.",
        ),
        (
            "Vi får at vide, at {firm} er en spærret kreditor.",
            "Could you lift the block on {firm}?",
        ),
    ),
    "payment-details-differ": (
        (
            "{firm} har skiftet bank og skriver, at pengene skal på et nyt kontonummer.",
            "Leverandøren har ændret sine betalingsoplysninger.",
            "Bankoplysningerne på faktura {n} er ikke de samme som før.",
            "Der står et andet kontonummer på fakturaen fra {firm} end sidst.",
            "{firm} has a new bank account.",
            "The bank details on invoice {n} have changed.",
        ),
        (
            "Vi har ringet til {firm}: de har fået ny bankkonto.",
            "{firm} wrote that they changed bank. What do we do?",
        ),
    ),
    "due-date-passed": (
        (
            "Vi har fået en rykker på faktura {n} fra {firm}.",
            "Hvornår bliver faktura {n} betalt? Den er godkendt for længst.",
            "{firm} ringer og siger, at de stadig ikke har fået deres penge.",
            "Forfaldsdatoen er overskredet med {few} dage.",
            "{firm} sent us a reminder for invoice {n}.",
            "Invoice {n} has not been paid yet.",
        ),
        (
            "Leverandøren truer med inkasso, hvis ikke {n} betales nu.",
            "{firm} rykker os for betaling af {n}.",
            "When will invoice {n} be paid?",
        ),
    ),
    "duplicate-suspected": (
        (
            "Faktura {n} er betalt to gange.",
            "Vi kan se en dobbeltbetaling til {firm}.",
            "Vi har modtaget samme faktura igen fra {firm}, nu med nummer {n}.",
            "Er {n} ikke en dublet af den fra sidste måned?",
            "Invoice {n} was posted twice.",
            "This looks like a duplicate of invoice {n}.",
        ),
        (
            "{firm} har sendt os to ens regninger. Den ene skal ikke med.",
            "Er der sket en dobbelt bogføring af {n}?",
            "We were charged twice by {firm} for the same thing.",
        ),
    ),
    "credit-note-without-reference": (
        (
            "Kreditnota {n} skal udlignes med fakturaen fra {firm}.",
            "Hvilken faktura hører kreditnotaen {n} til?",
            "Kan I modregne {n} i den næste betaling til {firm}?",
            "Which invoice does credit note {n} belong to?",
        ),
        (
            "{firm} har sendt en kreditnota på {amount}. Hvor bliver den af?",
            "Please set off the credit note {n}.",
        ),
    ),
    "vat-amount-wrong": (
        (
            "Momsen på faktura {n} er forkert.",
            "Momsbeløbet stemmer ikke, det skulle være {amount}.",
            "{firm} har beregnet momsen forkert.",
            "The VAT on invoice {n} is wrong.",
            "The VAT amount is calculated incorrectly.",
        ),
        (
            "Vi får en anden moms end {firm}, når vi regner efter.",
            "VAT was calculated on the wrong base on {n}.",
        ),
    ),
    "vat-code-wrong": (
        (
            "Hvilken momskode skal vi bruge til repræsentation?",
            "Vi har brugt en forkert momskode på {n}.",
            "Momskoden på linje {few} skal rettes.",
            "Which VAT code should we use for {n}?",
        ),
        (
            "Kan I ændre momskoden til den for hotel?",
            "We chose the wrong VAT code.",
        ),
    ),
    "dimension-missing": (
        (
            "Vi kan ikke sende {n}, fordi der mangler en dimension.",
            "Delregnskab mangler på linje {few}, siger systemet.",
            "Robotten skriver, at formål mangler, men vi har udfyldt det.",
            "A dimension is missing on line {few} of {n}.",
        ),
        (
            "Der mangler et projektnummer på {n}, og vi ved ikke hvilket.",
            "It says that a project is missing. Which one?",
        ),
    ),
    "dimension-blocked": (
        (
            "Projekt {few} er lukket, men vi har stadig fakturaer på det.",
            "Formålet er spærret, kan I åbne det?",
            "Delregnskabet er nedlagt. Hvad skal vi bruge i stedet?",
            "The project is closed, but we still get invoices for it.",
        ),
        (
            "Vores gamle sted {few} er lukket. Hvilket skal vi tage?",
            "The dimension {few} is blocked.",
        ),
    ),
    "account-blocked": (
        (
            "Kontoen er spærret, når vi konterer {n}.",
            "Konto 229900 er lukket for bogføring. Hvilken skal vi bruge?",
            "Hvorfor er finanskontoen spærret?",
            "The account 229900 is blocked.",
        ),
        (
            "Konto 229900 kan ikke længere bruges, den er spærret.",
            "It says the account is closed.",
        ),
    ),
    "posting-date-closed": (
        (
            "Perioden er lukket. Kan I åbne oktober?",
            "Bogføringsdatoen ligger i en lukket periode.",
            "Kan bogføringsdatoen på {n} flyttes til næste måned?",
            "The period is closed. Can you open it?",
        ),
        (
            "Vi nåede ikke at godkende {n}, før måneden blev lukket.",
            "Can you change the posting date of {n}?",
        ),
    ),
    "approval-missing": (
        (
            "Vores godkender er på ferie. Hvem kan godkende {n}?",
            "Faktura {n} afventer 2. godkendelse, men godkenderen er stoppet.",
            "Vi mangler en godkender på {n}.",
            "The approver is on leave. Who can approve {n}?",
        ),
        (
            "Lederen er sygemeldt, og ingen kan godkende {n}.",
            "Invoice {n} is waiting for approval by somebody who has left.",
        ),
    ),
    "receipt-missing": (
        (
            "Hvordan varemodtager vi {n}?",
            "Varemodtagelsen på {n} kan ikke gennemføres.",
            "Robotten siger, at varen ikke er modtaget, men den står på kontoret.",
            "How do we do the goods receipt of {n}?",
        ),
        (
            "Vi har glemt at varemodtage {n}.",
            "The receipt of goods is done now for {n}.",
        ),
    ),
    "wrong-recipient": (
        (
            "Faktura {n} er ikke til os.",
            "{firm} har sendt regningen til forkert EAN.",
            "Fakturaen hører til en anden styrelse.",
            "Invoice {n} is not for us.",
        ),
        (
            "Vi har aldrig handlet med {firm}; {n} må være fejlsendt.",
            "Invoice {n} belongs to another agency.",
        ),
    ),
    "attachment-missing": (
        (
            "Der mangler bilag på {n}.",
            "Specifikationen til faktura {n} mangler.",
            "Vi kan ikke se, hvad der er købt, for der er intet vedhæftet.",
            "The attachment of {n} is missing.",
        ),
        (
            "Kan I skaffe timesedlen? Der mangler en specifikation.",
            "Invoice {n} lacks a specification.",
        ),
    ),
    "source-unavailable": (
        (
            "SDI er nede igen.",
            "IndFak virker ikke i dag, og vi kan ikke godkende noget.",
            "Systemet er meget langsomt og fejler hele tiden.",
            "IndFak is down.",
        ),
        (
            "Er der driftsproblemer i SDI? Vi kommer ikke ind.",
            "SDI does not work this morning.",
        ),
    ),
    OTHER: (
        (
            "Hvornår holder I lukket mellem jul og nytår?",
            "Kan vi få et møde om samarbejdet i januar?",
            "Tak for hjælpen i går.",
            "Vores rejseafregninger driller. Hvem skal vi skrive til?",
            "Hvem er vores kontaktperson, nu hvor Lone er gået?",
            "Could we have a meeting about next year?",
            "Thank you for your help.",
        ),
        (
            "Jeg har et spørgsmål om løn, er det jer?",
            "Vi vil gerne tilmelde to til kurset.",
            "Who do we ask about travel expenses?",
        ),
    ),
}
_FIRMS: Final = (
    "Dansk Kontor A/S",
    "Kaffekompagniet ApS",
    "Rengøring Øst A/S",
    "Nordlys IT",
    "Bogtrykkeriet Fjord",
    "Müller GmbH",
)
_SUBJECTS: Final = ("Spørgsmål", "Faktura {n}", "Haster", "Hjælp", "{firm}", "Invoice {n}", "")
_OPENINGS: Final = ("Hej SAM\n", "Kære alle\n", "Goddag,\n", "Hi,\n", "", "Hej igen, ")
_ENDINGS: Final = (
    "\nVenlig hilsen\nRegnskab",
    "\nMvh. Anne",
    "\nSig til, hvis I skal bruge mere.",
    "\nPå forhånd tak",
    "\nKind regards",
    "",
)


def mails_to_learn_from(each: int = 12, seed: int = 1) -> list[LabelledMail]:
    """So many mails of each code, in words of the first kind."""
    return list(_mails(each, seed, kept=False))


def mails_in_other_words(each: int = 6, seed: int = 2) -> list[LabelledMail]:
    """So many mails of each code, in words that nobody learns from."""
    return list(_mails(each, seed, kept=True))


def _mails(each: int, seed: int, *, kept: bool) -> Iterator[LabelledMail]:
    chance = random.Random(seed)  # noqa: S311 - invented mails, always the same
    for code, kinds in SENTENCES.items():
        sentences = kinds[kept]
        for number in range(each):
            values = {
                "firm": chance.choice(_FIRMS),
                "n": str(chance.randrange(1000, 99999)),
                "few": str(chance.randrange(2, 30)),
                "amount": f"{chance.randrange(1, 90)}.{chance.randrange(100, 999)},00 kr.",
            }
            body = sentences[number % len(sentences)]
            text = chance.choice(_OPENINGS) + body + chance.choice(_ENDINGS)
            yield LabelledMail(
                subject=chance.choice(_SUBJECTS).format(**values),
                text=text.format(**values),
                code=code,
            )
