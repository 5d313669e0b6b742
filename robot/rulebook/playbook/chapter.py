"""A customer's chapter of the playbook (*drejebog*), from its rule file and the standard."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from robot.domain.customer import Customer
from robot.domain.money import Money
from robot.domain.page import Block, Code, Grid, Listing, Page, Paragraph, Section, Words
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec
from robot.rulebook.playbook.edition import Edition
from robot.rulebook.playbook.rule_sections import RuleSections
from robot.rulebook.playbook.values import value_text
from robot.rulebook.rules import Action

_SHOWN_HASH: Final = 12
_SYSTEMS: Final = {"sdi": "SDI", "indfak": "IndFak"}
_KINDS: Final = {"shared": ("fælles", "shared"), "personal": ("personlig", "personal")}
_PURPOSES: Final = {
    "all": ("alt", "everything"),
    "notices": ("returnerede bilag", "returned documents"),
    "reminders": ("påmindelser", "reminders"),
    "escalation": ("eskalering", "escalation"),
}


def chapter(loaded: LoadedRules, stem: str, edition: Edition) -> Page:
    """The chapter of one customer.

    Args:
        loaded: The rules.
        stem: The customer's file.
        edition: Language, day, and how texts are completed.

    Raises:
        KeyError: There is no such file, or it is broken.
    """
    effective = loaded.effective(stem)
    return _Chapter(loaded.customers[stem], loaded, effective, edition).page()


class _Chapter:
    def __init__(
        self, file: CustomerFile, loaded: LoadedRules, effective: EffectiveSet, edition: Edition
    ) -> None:
        self._file = file
        self._loaded = loaded
        self._effective = effective
        self._edition = edition
        self._customer: Customer = effective.customer
        self._say = edition.say
        self._rules = RuleSections(effective, edition)
        self._of_sheets = RuleSections(effective.for_repostings, edition)

    def page(self) -> Page:
        sections = [
            self._master_data(),
            self._mailboxes(),
            self._dimensions(),
            self._thresholds(),
            self._dispensations(),
            self._mandates(),
            self._rules.posted(),
            self._rules.returned(),
            self._rules.held(),
            self._rules.noted(),
            self._of_sheets.of_sheets(),
            self._lists(),
        ]
        return Page(
            language=self._edition.language,
            title=self._say(
                f"Drejebog for {self._customer.name}", f"Playbook of {self._customer.name}"
            ),
            lead=tuple(self._lead()),
            sections=tuple(section for section in sections if section is not None),
            foot=self._foot(),
        )

    def _lead(self) -> Iterator[Words]:
        yield self._say(
            "Sådan behandler fakturarobotten jeres godkendte fakturaer og kreditnotaer. Kapitlet "
            "er skrevet af de regler, som robotten følger, så det kan ikke sige noget andet end "
            "det, der sker. Er noget ikke, som I vil have det, så sig det til jeres kontakt i "
            "SAM.",
            "This is what the invoice robot does with your approved invoices and credit notes. "
            "The chapter is written from the rules that the robot follows, so it can't say "
            "anything else than what happens. If something is not as you want it, tell your "
            "contact at SAM.",
        )
        yield self._say(
            "Robotten går hvert bilag igennem efter alle reglerne på én gang: Er der noget, som "
            "SAM skal se på, bliver bilaget hos SAM. Er der noget, som kun I kan rette, får I "
            "bilaget retur med alle fejl på én gang. Er der intet at bemærke, og er det et af de "
            "bilag, som robotten må bogføre, bliver det bogført. Resten tager en medarbejder i "
            "SAM.",
            "The robot goes through each document by all rules at once. If there is something "
            "that SAM has to look at, the document stays with SAM. If there is something that "
            "only you can put right, you get the document back with all errors at once. If "
            "nothing is wrong and it is one of those that the robot may post, it is posted. A "
            "colleague at SAM takes the rest.",
        )

    def _foot(self) -> Words:
        day = self._edition.period(self._edition.today, None).partition(" ")[2]
        return (
            self._say("Regelsæt ", "Rule set "),
            Code(self._effective.hash[:_SHOWN_HASH]),
            self._say(f", som det gælder {day}. Fil: ", f", as it counts on {day}. File: "),
            Code(self._file.file.name),
            ".",
        )

    # ------------------------------------------------------------ who

    def _master_data(self) -> Section:
        customer = self._customer
        say = self._say
        rows: list[tuple[Words, Words]] = [
            (say("Institution", "Institution"), customer.name),
            ("Bogføringskreds", customer.bogfoeringskreds),
            (say("CVR-nummer", "CVR number"), customer.cvr or say("ikke oplyst", "not stated")),
            (say("EAN-numre (GLN)", "EAN numbers (GLN)"), ", ".join(customer.glns) or "–"),
            (
                say("Regnskab i Navision Stat", "Company in Navision Stat"),
                customer.company or customer.name,
            ),
            (
                say("Fakturaerne godkendes i", "Invoices are approved in"),
                _SYSTEMS.get(customer.source_system, customer.source_system),
            ),
            (
                say("Fakturamanager hos SAM", "Invoice management by SAM"),
                say("ja", "yes") if customer.fakturamanager else say("nej", "no"),
            ),
            (
                say("Vi skriver, når det rettede er bogført", "We write when it is posted"),
                say("ja", "yes") if customer.closing_mails else say("nej", "no"),
            ),
            (
                say("Vi skriver til jer på", "We write to you in"),
                say("dansk", "Danish") if customer.language == "da" else say("engelsk", "English"),
            ),
            (say("Ansvarlig i SAM", "Responsible at SAM"), self._file.owner or "–"),
            (say("Aftalt med", "Agreed with"), self._file.approved_by or "–"),
        ]
        heads = (say("Oplysning", "Item"), say("Værdi", "Value"))
        caption = say("Stamdata", "Master data")
        return Section(
            id="stamdata",
            heading=caption,
            blocks=(Grid(caption=caption, heads=heads, rows=tuple(rows)),),
        )

    def _mailboxes(self) -> Section:
        say = self._say
        place = 0 if self._edition.language == "da" else 1
        heading = say("Hvem der får besked", "Who is told")
        if not self._customer.mailboxes:
            text = say(
                "Der er ingen postkasse, så ingen får besked, når et bilag kommer retur.",
                "There is no mailbox, so nobody is told when a document comes back.",
            )
            return Section(id="postkasser", heading=heading, blocks=(Paragraph(words=text),))
        rows = tuple(
            (
                box.address,
                _KINDS[box.kind][place],
                _PURPOSES[box.purpose][place],
                ", ".join(box.members) or "–",
            )
            for box in self._customer.mailboxes
        )
        heads = (
            say("Postkasse", "Mailbox"),
            say("Slags", "Kind"),
            say("Får", "Gets"),
            say("Brugere", "Users"),
        )
        blocks: list[Block] = [Grid(caption=heading, heads=heads, rows=rows)]
        if self._customer.domains:
            domains = ", ".join(self._customer.domains)
            text = say(
                f"Svar regnes som jeres, når de kommer fra {domains}.",
                f"Replies count as yours when they come from {domains}.",
            )
            blocks.append(Paragraph(words=text))
        return Section(id="postkasser", heading=heading, blocks=tuple(blocks))

    def _dimensions(self) -> Section:
        say = self._say
        heading = say("Dimensioner", "Dimensions")
        if not self._customer.dimensions:
            text = say(
                "Der er ikke aftalt nogen rækkefølge; Navision Stats egne krav gælder.",
                "No order is agreed; what Navision Stat itself demands counts.",
            )
            return Section(id="dimensioner", heading=heading, blocks=(Paragraph(words=text),))
        intro = say(
            "I denne rækkefølge, som er Navision Stats:",
            "In this order, which is Navision Stat's:",
        )
        names = Listing(items=tuple(self._customer.dimensions), numbered=True)
        return Section(id="dimensioner", heading=heading, blocks=(Paragraph(words=intro), names))

    def _mandates(self) -> Section:
        say = self._say
        heading = say("Hvem der må godkende", "Who may approve")
        if not self._customer.mandates:
            text = say(
                "Der er ingen bemyndigelseserklæring hos SAM, så robotten ser ikke på, hvem der "
                "har godkendt, men kun på, at to forskellige har gjort det.",
                "SAM has no declaration of authority, so the robot does not look at who approved, "
                "only that two different persons did.",
            )
            return Section(id="bemyndigelser", heading=heading, blocks=(Paragraph(words=text),))
        rows = tuple(
            (given.person, self._limit(given.limit), self._period(given))
            for given in self._customer.mandates
        )
        heads = (
            say("Bruger", "User"),
            say("Højst", "At most"),
            say("Gælder", "Counts"),
        )
        intro = say(
            "Kun disse må give 2. godkendelse:", "Only these may give the second approval:"
        )
        grid = Grid(caption=heading, heads=heads, rows=rows)
        return Section(id="bemyndigelser", heading=heading, blocks=(Paragraph(words=intro), grid))

    def _period(self, given: object) -> str:
        first, last = getattr(given, "valid_from", None), getattr(given, "valid_to", None)
        return self._edition.period(first, last)

    def _limit(self, limit: Decimal | None) -> str:
        if limit is None:
            return self._say("uden beløbsgrænse", "any amount")
        return value_text(Money(limit, "DKK"), self._edition.language)

    # ------------------------------------------------------------ what is agreed

    def _thresholds(self) -> Section:
        say = self._say
        heading = say("Beløbsgrænser og frister", "Thresholds")
        standard = self._loaded.standard
        declared = {} if standard is None else standard.parameters
        rows = tuple(self._threshold(spec) for spec in declared.values())
        heads = (
            say("Hvad den bruges til", "What it is for"),
            say("Hos jer", "Yours"),
            say("Standard", "Standard"),
        )
        return Section(
            id="graenser",
            heading=heading,
            blocks=(Grid(caption=heading, heads=heads, rows=rows),),
        )

    def _threshold(self, spec: ParameterSpec) -> tuple[Words, ...]:
        own = self._file.settings.get(spec.name)
        spelled = spec.name.replace("-", " ").replace(".", ", ").capitalize()
        why = self._edition.reason(spec.why).rstrip(".") or spelled
        standard = self._values(spec)
        if own is None or own.values == spec.values:
            return (why, " ", Code(spec.name)), standard, self._say("det samme", "the same")
        return (why, " ", Code(spec.name)), self._values(own), standard

    def _values(self, spec: ParameterSpec) -> str:
        text = ", ".join(value_text(value, self._edition.language) for value in spec.values)
        return f"{text} {self._say('dage', 'days')}" if spec.name.endswith(".days") else text

    def _dispensations(self) -> Section:
        say = self._say
        heading = say("Dispensationer", "Dispensations")
        every = (*self._effective.rules, *self._effective.repostings)
        given = [part for part in every if part.dispensation is not None]
        if not given:
            text = say("I har ingen dispensationer.", "You have no dispensations.")
            return Section(id="dispensationer", heading=heading, blocks=(Paragraph(words=text),))
        rows: list[tuple[Words, ...]] = []
        for part in given:
            dispensation = part.dispensation
            if dispensation is None:
                continue
            kind = self._rules.kind(part)
            title = part.rule.id if kind is None else self._edition.title(kind)
            rows.append(
                (
                    (title, " ", Code(part.rule.id)),
                    self._done(dispensation.action),
                    self._period(dispensation),
                    dispensation.why,
                    dispensation.approved_by,
                )
            )
        heads = (
            say("Fra reglen", "From the rule"),
            say("Hvad der sker i stedet", "What happens instead"),
            say("Gælder", "Counts"),
            say("Hvorfor", "Why"),
            say("Givet af", "Given by"),
        )
        grid = Grid(caption=heading, heads=heads, rows=tuple(rows))
        return Section(id="dispensationer", heading=heading, blocks=(grid,))

    def _done(self, action: Action | None) -> str:
        if action is Action.MOVE_POSTING_DATE:
            return self._say(
                "bogføringsdatoen flyttes til den første åbne dag",
                "the posting date is moved to the first open day",
            )
        return self._say("reglen gælder ikke", "the rule does not count")

    def _lists(self) -> Section | None:
        say = self._say
        blocks: list[Block] = []
        heads = (
            say("Værdi", "Value"),
            say("Gælder", "Counts"),
            say("Hvorfor", "Why"),
            say("Ansvarlig", "Owner"),
        )
        for name, values in self._effective.lists.items():
            rows = tuple(
                (row.value, self._period(row), row.why or "–", row.owner or "–")
                for row in values.rows
            )
            title = say(f"Listen {name}", f"The list {name}")
            grid = Grid(caption=title, heads=heads, rows=rows)
            blocks.append(Section(id=f"liste-{name}", heading=title, blocks=(grid,)))
        heading = say("Lister", "Lists")
        return Section(id="lister", heading=heading, blocks=tuple(blocks)) if blocks else None
