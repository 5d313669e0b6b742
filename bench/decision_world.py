"""A hundred realistic rules, and documents for them: every field known, optional ones missing."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from robot.checks.catalogue import CATALOGUE
from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.rulebook.conditions import fields_of
from robot.rulebook.effective import EffectiveSet
from robot.rulebook.loader import load_files
from robot.rulebook.names import Fields
from robot.rulebook.source import RuleFiles, rule_file
from robot.rulebook.taxonomy import GIVEN_BY_THE_ROBOT

TODAY: Final = date(2026, 11, 24)
RULES: Final = 100
DIMENSIONS: Final = ("delregnskab", "formaal")
ACCOUNTS: Final = tuple(
    f"{prefix}{number:04}" for prefix in ("22", "51", "61") for number in range(100, 2000, 100)
)
VAT_CODES: Final = ("I25", "I0", "REP25", "EUV", "EUY")
#: Fields that a document may do without; rules ask of them only whether they are there.
OPTIONAL: Final = ("order.reference", "order.contract", "remark.text", "dimensions.formaal")
#: Flags that are seldom set, as checks that find something wrong are.
_FLAGS: Final = tuple(
    name for name, spec in CATALOGUE.items() if spec.type is FieldType.FLAG and not spec.of_line
)
#: The fields of a line by their names there. All lines share these names, as they do when the
#: checks have computed them, where each name stands once in the code.
_LINE_FIELDS: Final = {
    sys.intern(name.removeprefix("lines.")): spec
    for name, spec in CATALOGUE.items()
    if spec.of_line
}
_LINE_FLAGS: Final = tuple(
    name for name, spec in _LINE_FIELDS.items() if spec.type is FieldType.FLAG
)


def effective_rules() -> EffectiveSet:
    """The hundred rules, read by the loader like any other."""
    files = {"error_types.yaml": _error_types(), "standard.yaml": _standard()}
    loaded = load_files(
        RuleFiles(
            root="bench",
            files={name: rule_file(name, name, text.encode()) for name, text in files.items()},
        ),
        Fields(CATALOGUE),
    )
    if loaded.problems:
        raise ValueError("\n".join(map(str, loaded.problems)))
    return loaded.effective(None)


def documents(number: int, effective: EffectiveSet) -> list[dict[str, Any]]:
    """Field values of invoices with 1 to 20 lines: those that the rules use, and no others.

    The catalogue has more fields; the peers would have to convert them all for nothing.
    """
    chance = random.Random(20261124)  # noqa: S311 - test data
    conditions = [part.rule.condition for part in effective.rules]
    used = {field.name for c in conditions if c is not None for field in fields_of(c)}
    return [_only(used, _document(chance)) for _ in range(number)]


def _only(used: set[str], values: dict[str, Any]) -> dict[str, Any]:
    document = {name: value for name, value in values.items() if name in used}
    document["lines"] = tuple(
        {key: value for key, value in line.items() if f"lines.{key}" in used}
        for line in values["lines"]
    )
    return document


def _standard() -> str:
    chance = random.Random(7)  # noqa: S311 - test data
    rules = _rules(chance)
    texts = [
        f"  - id: rule-{index}\n    hold: cannot-check\n    when:\n"
        + "".join(f"      {part}\n" for part in next(rules))
        for index in range(RULES)
    ]
    return "rules:\n" + "".join(texts)


def _rules(chance: random.Random) -> Iterator[list[str]]:
    """Of every ten: three flags, three on amounts and dates, one on words, three on lines."""
    while True:
        for _ in range(2):
            yield [f"{chance.choice(_FLAGS)}: yes"]
        first, second = chance.sample(_FLAGS, 2)
        yield [f"{first}: yes", f"{second}: no"]
        yield [
            f"invoice.kind: {{is: {chance.choice(('invoice', 'credit-note'))}}}",
            f"invoice.total_dkk: {{above: {chance.randrange(1, 60) * 5000} DKK}}",
        ]
        yield [
            f"invoice.issue_date: {{before: today - {chance.randrange(30, 400)} days}}",
            f"{chance.choice(OPTIONAL[:3])}: missing",
        ]
        low = chance.randrange(100, 4000)
        yield [
            f"invoice.age_days: {{at_least: {chance.randrange(1, 90)}}}",
            f"invoice.payable: {{between: [{low} DKK, {low * 9} DKK]}}",
            f"{chance.choice(_FLAGS)}: no",
        ]
        yield [
            f"supplier.country: {{not_in: [DK, {chance.choice(('SE', 'DE', 'NO'))}]}}",
            f"{chance.choice(OPTIONAL[:2])}: present",
        ]
        prefix = chance.choice(("22", "51", "61", "6101"))
        code = chance.choice(VAT_CODES)
        yield [
            f"lines: {{any: {{account: {{starts_with: '{prefix}'}}, vat_code: {{is: {code}}}}}}}"
        ]
        yield [
            f"lines: {{any: {{{chance.choice(_LINE_FLAGS)}: {chance.choice(('yes', 'no'))}}}}}",
            f"{chance.choice(_FLAGS)}: no",
        ]
        low, high = chance.randrange(50, 5000), chance.randrange(5, 50) * 1000
        yield chance.choice(
            (
                ["lines: {any: {dimensions.formaal: missing, account: {starts_with: '225'}}}"],
                [f"lines: {{all: {{net: {{below: {low} DKK}}}}}}"],
                [f"lines: {{any: {{net: {{above: {high} DKK}}, quantity: {{at_most: 2}}}}}}"],
                ["lines: {none: {vat_code: {in: [I0, REP25]}}}"],
            )
        )


def _document(chance: random.Random) -> dict[str, Any]:
    values = {
        name: _value(name, spec.type, spec.choices, chance)
        for name, spec in CATALOGUE.items()
        if not spec.of_line and spec.type is not FieldType.LINES
    }
    accounts = chance.sample(ACCOUNTS, chance.randint(1, 3))
    codes = chance.sample(VAT_CODES, chance.randint(1, 2))
    values["lines"] = tuple(_line(accounts, codes, chance) for _ in range(chance.randint(1, 20)))
    return values


def _line(accounts: list[str], codes: list[str], chance: random.Random) -> dict[str, Any]:
    """A line; those of one invoice share a few accounts and VAT codes, as they do in life."""
    line = {
        name: _value(spec.name, spec.type, spec.choices, chance)
        for name, spec in _LINE_FIELDS.items()
        if not spec.open_ended
    }
    line["account"] = chance.choice(accounts)
    line["vat_code"] = chance.choice(codes)
    line["dimensions.delregnskab"] = "100"
    line["dimensions.formaal"] = chance.choice(("10", "20", None))
    return line


def _value(  # noqa: PLR0911 - one return a type
    name: str, kind: FieldType, choices: tuple[str, ...], chance: random.Random
) -> Any:  # noqa: ANN401 - values of every type
    if name in OPTIONAL:
        return chance.choice(("12345678", None))
    if kind is FieldType.MONEY:
        return Money(Decimal(chance.randrange(100, 5_000_000)) / 100, "DKK")
    if kind is FieldType.NUMBER:
        return Decimal(chance.randrange(0, 120))
    if kind is FieldType.DATE:
        return TODAY - timedelta(days=chance.randrange(0, 400))
    if kind is FieldType.FLAG:
        return chance.random() < (0.005 if name.startswith("lines.") else 0.05)
    if kind is FieldType.CHOICE:
        return chance.choice(choices)
    if kind is FieldType.ACCOUNTS:
        return frozenset({"15510001234567"})
    return chance.choice(("DK", "SE", "DE", "GB", "15510001234567"))


def _error_types() -> str:
    entry = (
        "{code}:\n  title: {{da: x, en: x}}\n  explain: {{da: x, en: x}}\n"
        "  fix: {{da: x, en: x}}\n  class: system\n  disposition: hold\n  owner: sam-creditor\n"
        "  fixable-by: sam-rule\n  severity: error\n  order: 1\n"
    )
    return "".join(entry.format(code=code) for code in GIVEN_BY_THE_ROBOT)
