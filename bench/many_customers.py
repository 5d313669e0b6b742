"""A rule directory of any size: the shipped standard, and customers with many own rules."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Final

from stdnum import ean

PROJECT: Final = Path(__file__).resolve().parents[1]
SHIPPED: Final = PROJECT / "rules"
_ACCOUNTS: Final = ("220100", "221000", "223000", "224000", "227000", "228000", "229000")
_CODES: Final = ("agreed-by-hand", "large-amount")
_FLAGS: Final = ("supplier.foreign", "supplier.in_eu", "order.reference_junk", "currency.set_up")


def write_rules(directory: Path, *, customers: int, rules: int, seed: int = 7) -> None:
    """Write a directory laid out like `rules/`, without cases.

    Args:
        directory: Made when it is not there.
        customers: How many customer files.
        rules: How many rules in each.
        seed: The same seed writes the same files.
    """
    for name in ("standard.yaml", "error_types.yaml", "calendar.yaml"):
        directory.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHIPPED / name, directory / name)
    shutil.copytree(SHIPPED / "lists", directory / "lists", dirs_exist_ok=True)
    (directory / "customers").mkdir(exist_ok=True)
    chance = random.Random(seed)  # noqa: S311 - made-up rules, no secrets
    for number in range(customers):
        text = customer_text(number, rules, chance)
        (directory / "customers" / f"customer-{number:04}.yaml").write_text(text, "utf-8")


def customer_text(number: int, rules: int, chance: random.Random) -> str:
    """One customer's file."""
    gln = f"579800{number:06}"
    head = (
        f'customer:\n  name: Kunde {number}\n  bogfoeringskreds: "{10000 + number}"\n'
        f'  glns: ["{gln}{ean.calc_check_digit(gln)}"]\n  source-system: sdi\n'
        f"language: da\nowner: Team Kreditor\n"
        f"mailboxes:\n  - {{address: regnskab@kunde-{number}.example.test, for: all}}\n"
        f"dimensions: [delregnskab, formaal]\n"
        f"set:\n  small-invoice.limit: {chance.randrange(6, 40)}000 DKK\nrules:\n"
    )
    return head + "".join(_rule(index, chance) for index in range(rules))


def _rule(index: int, chance: random.Random) -> str:
    kind = chance.choice(("post", "hold", "bounce", "bounce", "note"))
    effect = {
        "post": "post:",
        "hold": f"hold: {chance.choice(_CODES)}",
        "bounce": "bounce: dimension-missing",
        "note": "note: document-deviates",
    }[kind]
    parts = [_condition(chance) for _ in range(chance.randrange(1, 4))]
    # One field once in a block; which condition wins does not matter here.
    block = {part.partition(":")[0]: part for part in parts}
    block["supplier.country"] = f"supplier.country: {{is: {chance.choice('ABCDEFGHIJ')}{index}}}"
    lines = "".join(f"      {part}\n" for part in block.values())
    return f"  - id: rule-{index}\n    why: Aftalt med kunden.\n    {effect}\n    when:\n{lines}"


def _condition(chance: random.Random) -> str:
    amount = chance.randrange(1, 90) * 500
    return chance.choice(
        (
            f"invoice.total_dkk: {{at_most: {amount} DKK}}",
            f"invoice.total_dkk: {{above: {amount} DKK}}",
            f'lines: {{any: {{coded: yes, account: {{is: "{chance.choice(_ACCOUNTS)}"}}}}}}',
            'lines: {any: {account: {starts_with: "22"}, dimensions.formaal: missing}}',
            f'creditor.number: {{in: ["{chance.randrange(10000, 10400)}"]}}',
            "creditor.number: {in_list: utilities}",
            f"{chance.choice(_FLAGS)}: {chance.choice(('yes', 'no'))}",
            f"order.contract: {{matches: '[A-Z]{{2}}-\\d{{{chance.randrange(3, 8)}}}'}}",
            f"invoice.age_days: {{above: {chance.randrange(1, 90)}}}",
        )
    )
