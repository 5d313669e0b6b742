"""What has ended or ends soon: dispensations, rows of lists, mandates, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from robot.domain.customer import Mandate
from robot.domain.decision import Effect
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.nodes import YamlMapping, YamlSequence, read_yaml
from robot.rulebook.problem import Position, Report
from robot.rulebook.rules import Dispensation, Rule
from robot.rulebook.source import RuleFile
from robot.rulebook.standard import Standard
from robot.rulebook.value_lists import ValueList

#: Days ahead in which what ends is told.
SOON: Final = 30


class Expiry:
    """Looks at dates from one day on."""

    def __init__(self, today: date, remarks: Remarks) -> None:
        self._today = today
        self._remarks = remarks

    def rules(self, rules: Iterable[Rule]) -> None:
        """Note rules that no longer count."""
        for rule in rules:
            if rule.valid_to is not None:
                self._ends(f"rule '{rule.id}'", "rule", rule.valid_to, rule.at)

    def lists(self, lists: Iterable[ValueList], customers: frozenset[str] | None = None) -> None:
        """Note rows that no longer count, stand twice, or belong to nobody.

        Args:
            lists: With their rows' places.
            customers: Every bogføringskreds; None when rows name no customers.
        """
        for one in lists:
            seen: dict[tuple[str, str | None], Position] = {}
            for row in one.rows:
                if row.valid_to is not None:
                    what = f"'{row.value}' of the list '{one.name}'"
                    self._ends(what, "row", row.valid_to, row.at, row.owner)
                if customers is not None and row.customer not in {None, *customers}:
                    self._remarks.add(
                        "row-of-nobody",
                        row.at,
                        f"'{row.value}' is for '{row.customer}', which is no customer's "
                        "bogføringskreds: it never counts",
                    )
                key = (row.value, row.customer)
                if key in seen and row.valid_from is None and row.valid_to is None:
                    self._remarks.add(
                        "row-twice",
                        row.at,
                        f"'{row.value}' is in the list '{one.name}' twice; "
                        f"the first is on line {seen[key].line}",
                    )
                seen.setdefault(key, row.at)

    def customer(self, file: CustomerFile, standard: Standard) -> None:
        """Note what ends in a customer's file, and what it says without effect."""
        rules = {rule.id: rule for rule in standard.every_rule}
        for given in file.dispensations:
            what = f"the dispensation from '{given.rule}'"
            self._ends(what, "dispensation", given.valid_to, given.at, given.approved_by)
            if given.rule in rules:
                self._relaxes(given, rules[given.rule])
        if file.customer is not None and file.customer.mandates:
            self._mandates(file.customer.mandates, file.file)
        for name, setting in file.settings.items():
            declared = standard.parameters.get(name)
            if declared is not None and declared.values == setting.values:
                self._remarks.add(
                    "set-as-standard",
                    setting.at,
                    f"'{name}' is set to what the standard says ({declared.at}); "
                    "a change there will not reach this customer",
                    related=(declared.at,),
                )

    def _relaxes(self, given: Dispensation, rule: Rule) -> None:
        if rule.effect is Effect.NOTE:
            why = "it only notes, and stops nothing"
        elif rule.valid_to is not None and (given.valid_from or rule.valid_to) > rule.valid_to:
            why = f"it ends on {rule.valid_to}, before the dispensation begins"
        elif rule.valid_from is not None and rule.valid_from > given.valid_to:
            why = f"it begins on {rule.valid_from}, after the dispensation has ended"
        else:
            return
        self._remarks.add(
            "dispensation-without-effect",
            given.at,
            f"the dispensation from '{rule.id}' relaxes nothing: {why}",
            related=(rule.at,),
        )

    def _mandates(self, mandates: Sequence[Mandate], file: RuleFile) -> None:
        places = places_of("mandates", file)
        placed = list(zip(mandates, places, strict=False))
        for mandate, at in placed:
            if mandate.valid_to is not None:
                what = f"the mandate of '{mandate.person}'"
                self._ends(what, "mandate", mandate.valid_to, at)
        by_person: dict[str, list[tuple[Mandate, Position]]] = {}
        for mandate, at in placed:
            by_person.setdefault(mandate.person.strip().casefold(), []).append((mandate, at))
        for several in by_person.values():
            for (one, first), (other, second) in combinations(several, 2):
                if _overlap(one, other):
                    self._remarks.add(
                        "mandates-overlap",
                        second,
                        f"'{other.person}' has another mandate for some of the same days on line "
                        f"{first.line}; the larger limit counts",
                        related=(first,),
                    )

    def _ends(self, what: str, kind: str, last: date, at: Position, owner: str = "") -> None:
        told = f" (owner: {owner})" if owner else ""
        if last < self._today:
            self._remarks.add(
                f"{kind}-expired", at, f"{what} ended on {last}{told}", "renew it or remove it"
            )
        elif last <= self._today + timedelta(days=SOON):
            days = (last - self._today).days
            when = f"in {days} days" if days > 1 else "tomorrow" if days else "today"
            self._remarks.add(f"{kind}-expiring", at, f"{what} ends {when}, on {last}{told}")


def places_of(key: str, file: RuleFile) -> list[Position]:
    """Where the items of a list in a file stand; the beginning of the file for what has none."""
    quiet = RuleFile(name=file.name, path=file.path, text=file.text, report=Report(file.path))
    node = read_yaml(quiet)
    items = node.get(key) if isinstance(node, YamlMapping) else None
    if isinstance(items, YamlSequence):
        return [item.at for item in items.items]
    return []


def key_places(file: RuleFile) -> Mapping[str, Position]:
    """Where the top keys of a file stand."""
    quiet = RuleFile(name=file.name, path=file.path, text=file.text, report=Report(file.path))
    node = read_yaml(quiet)
    return {key.text: key.at for key, _ in node.entries} if isinstance(node, YamlMapping) else {}


def _overlap(one: Mandate, other: Mandate) -> bool:
    starts = [m.valid_from for m in (one, other) if m.valid_from is not None]
    ends = [m.valid_to for m in (one, other) if m.valid_to is not None]
    return not starts or not ends or max(starts) <= min(ends)
