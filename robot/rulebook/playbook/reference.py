"""The catalogue of error types and the catalogue of fields, as pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from robot.domain.fields import FieldSpec, FieldType
from robot.domain.page import Block, Code, Grid, Page, Paragraph, Section, Strong, Words
from robot.domain.taxonomy import Disposition, ErrorClass, ErrorType, FixableBy, Owner, Taxonomy
from robot.rulebook.playbook.edition import Edition
from robot.rulebook.playbook.values import either, in_words
from robot.rulebook.vocabulary import FLAG_WORDS, OPERATORS, STATES, Quantifier

_OWNERS: Final = {
    Owner.CUSTOMER: ("kunden", "the customer"),
    Owner.SAM_CREDITOR: ("SAM, kreditor", "SAM, creditors"),
    Owner.SAM_MASTERDATA: ("SAM, stamdata", "SAM, master data"),
    Owner.SUPPLIER: ("leverandøren", "the supplier"),
    Owner.SYSTEM_OWNER: ("systemejeren", "the system owner"),
    Owner.BANK: ("banken", "the bank"),
}
_FIXERS: Final = {
    FixableBy.SAM_RULE: ("SAM, regler", "SAM, rules"),
    FixableBy.SAM_MASTERDATA: ("SAM, stamdata", "SAM, master data"),
    FixableBy.CUSTOMER: ("kunden", "the customer"),
    FixableBy.SUPPLIER: ("leverandøren", "the supplier"),
    FixableBy.SYSTEM_OWNER: ("systemejeren", "the system owner"),
}
_CLASSES: Final = {
    ErrorClass.BUSINESS: ("faglig", "business"),
    ErrorClass.POLICY: ("politik", "policy"),
    ErrorClass.WAITING: ("venter", "waiting"),
    ErrorClass.SYSTEM: ("teknisk", "system"),
    ErrorClass.SECURITY: ("sikkerhed", "security"),
}
_DISPOSITIONS: Final = {
    Disposition.BOUNCE: ("Sendes retur til kunden", "Returned to the customer"),
    Disposition.HOLD: ("Gemmes til en medarbejder", "Held for a clerk"),
    Disposition.RETRY: ("Prøves igen", "Tried again"),
    Disposition.DROP: ("Bruges ikke", "Dropped"),
    Disposition.NOTE: ("Noteres kun", "Only noted"),
}
_TYPES: Final = {
    FieldType.MONEY: ("beløb", "amount"),
    FieldType.NUMBER: ("tal", "number"),
    FieldType.DATE: ("dato", "date"),
    FieldType.CODE: ("kode", "code"),
    FieldType.TEXT: ("tekst", "text"),
    FieldType.CHOICE: ("valg", "choice"),
    FieldType.FLAG: ("ja/nej", "yes/no"),
    FieldType.ACCOUNT: ("konto", "account"),
    FieldType.ACCOUNTS: ("konti", "accounts"),
    FieldType.LINES: ("linjer", "lines"),
}


def error_catalogue(taxonomy: Taxonomy, edition: Edition) -> Page:
    """Every error type, by what happens to the document."""
    say = edition.say
    sections = []
    for disposition in Disposition:
        kinds = [kind for kind in taxonomy if kind.disposition is disposition]
        if kinds:
            heading = say(*_DISPOSITIONS[disposition])
            blocks = tuple(_error_type(kind, edition) for kind in kinds)
            sections.append(Section(id=disposition.value, heading=heading, blocks=blocks))
    return Page(
        language=edition.language,
        title=say("Fejltyper", "Error types"),
        lead=(
            say(
                f"{len(taxonomy)} ting kan være galt med en godkendt faktura. Teksterne er dem, "
                "som kunden læser; værdier fra den enkelte faktura sættes ind.",
                f"{len(taxonomy)} things can be wrong with an approved invoice. The texts are "
                "those that the customer reads; values of the invoice are put in.",
            ),
        ),
        sections=tuple(sections),
        foot=(say("Skrevet af ", "Written from "), Code("rules/error_types.yaml"), "."),
    )


def _error_type(kind: ErrorType, edition: Edition) -> Section:
    say = edition.say
    place = 0 if edition.language == "da" else 1
    blocks: list[Block] = [
        Paragraph(words=Code(kind.code)),
        Paragraph(words=edition.explain(kind)),
        Paragraph(words=(Strong(say("Det gøres:", "What is done:")), " ", edition.fix(kind))),
    ]
    facts = [
        (say("Uret går hos", "The clock runs at"), _OWNERS[kind.owner][place]),
        (
            say("Kan rettes for altid af", "Can be put right for good by"),
            _FIXERS[kind.fixable_by][place],
        ),
        (say("Slags", "Class"), _CLASSES[kind.error_class][place]),
        (say("Frist", "Deadline"), _deadline(kind, edition)),
        (
            say("Manuel tid", "Manual handling"),
            say(f"{kind.minutes} minutter", f"{kind.minutes} minutes"),
        ),
    ]
    if kind.suppressed_by:
        words = say("Vises ikke sammen med", "Not shown beside")
        facts.append((words, ", ".join(kind.suppressed_by)))
    text = "; ".join(f"{name}: {value}" for name, value in facts)
    blocks.append(Paragraph(words=f"{text}.", aside=True))
    return Section(id=kind.code, heading=edition.title(kind), blocks=tuple(blocks))


def _deadline(kind: ErrorType, edition: Edition) -> str:
    days = kind.deadline_days
    if days is None:
        return edition.say("ingen egen", "none of its own")
    if days == 0:
        return edition.say("samme dag", "the same day")
    word = edition.say("arbejdsdag" if days == 1 else "arbejdsdage", "working day")
    ending = edition.say("", "" if days == 1 else "s")
    return f"{days} {word}{ending}"


def field_catalogue(catalogue: Mapping[str, FieldSpec], language: str) -> Page:
    """Every field that rules can use, by the first word of its name."""

    def say(danish: str, english: str) -> str:
        return in_words(language, danish, english)

    groups: dict[str, list[FieldSpec]] = {}
    for spec in catalogue.values():
        groups.setdefault(spec.name.partition(".")[0], []).append(spec)
    heads = (
        say("Felt", "Field"),
        say("Type", "Type"),
        say("Betydning", "Meaning"),
        say("Kilde", "Source"),
    )
    sections = [
        Section(
            id=name,
            heading=name,
            blocks=(Grid(caption=name, heads=heads, rows=_field_rows(specs, language)),),
        )
        for name, specs in groups.items()
    ]
    return Page(
        language=language,
        title=say("Felter, som regler kan bruge", "Fields that rules can use"),
        lead=(
            say(
                f"{len(catalogue)} felter. Et felt kan mangle, og det kan være ukendt; et ukendt "
                "felt bogfører aldrig noget.",
                f"{len(catalogue)} fields. A field can be missing, and it can be unknown; an "
                "unknown field never posts anything.",
            ),
        ),
        sections=(_operators(language), *sections),
        foot=(
            say("Skrevet af feltkataloget: ", "Written from the catalogue: "),
            Code("rules fields"),
            ".",
        ),
    )


def _field_rows(specs: Iterable[FieldSpec], language: str) -> tuple[tuple[Words, ...], ...]:
    place = 0 if language == "da" else 1
    rows: list[tuple[Words, ...]] = []
    for spec in specs:
        name = (
            f"{spec.name}<{in_words(language, 'navn', 'name')}>" if spec.open_ended else spec.name
        )
        kind = _TYPES[spec.type][place]
        if spec.choices:
            kind = f"{kind}: {either(list(spec.choices), language)}"
        unit = f" ({spec.unit})" if spec.unit else ""
        rows.append((Code(name), kind, f"{(spec.da, spec.en)[place]}{unit}", spec.source))
    return tuple(rows)


def _operators(language: str) -> Section:
    place = 0 if language == "da" else 1
    rows: list[tuple[Words, ...]] = []
    for kind in FieldType:
        words = [operator.value for operator in OPERATORS[kind]]
        if kind is FieldType.FLAG:
            words = list(FLAG_WORDS)
        if kind is FieldType.LINES:
            words = [*(word.value for word in Quantifier), "count", "sum"]
        pieces: list[str | Code] = []
        for word in (*words, *STATES):
            pieces += [Code(str(word)), " "]
        rows.append((_TYPES[kind][place], tuple(pieces[:-1])))
    heading = in_words(language, "Operatorer", "Operators")
    heads = (in_words(language, "Type", "Type"), heading)
    return Section(
        id="operatorer",
        heading=heading,
        blocks=(Grid(caption=heading, heads=heads, rows=tuple(rows)),),
    )
