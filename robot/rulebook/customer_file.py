"""Reads `customers/<name>.yaml`: master data, settings, dispensations and own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from robot.domain.customer import Customer
from robot.rulebook.customer_data import read_customer
from robot.rulebook.keys import Entry, kind_of
from robot.rulebook.names import Fields, Names, ParameterSpec
from robot.rulebook.nodes import YamlMapping, YamlNode, YamlScalar, read_yaml
from robot.rulebook.problem import Position, Report, did_you_mean, listed
from robot.rulebook.rule_reader import ErrorTypes, RuleReader
from robot.rulebook.rules import Action, Dispensation, Rule
from robot.rulebook.source import RuleFile
from robot.rulebook.standard import Standard, read_setting
from robot.rulebook.value_lists import ValueList, rows_of

KEYS: Final = (
    "customer",
    "language",
    "mailboxes",
    "domains",
    "dimensions",
    "mandates",
    "lists",
    "set",
    "dispensations",
    "rules",
    "repostings",
    "owner",
    "approved-by",
)
DISPENSATION_KEYS: Final = ("rule", "action", "from", "until", "why", "approved-by")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """What one customer's file says.

    `customer` is there as soon as the master data can be read, also when the rules can't.
    """

    file: RuleFile
    customer: Customer | None = None
    #: Where each number that finds the customer stands: kreds, GLN.
    numbers: Mapping[str, Position] = field(default_factory=dict)
    lists: Mapping[str, ValueList] = field(default_factory=dict)
    settings: Mapping[str, ParameterSpec] = field(default_factory=dict)
    dispensations: tuple[Dispensation, ...] = ()
    rules: tuple[Rule, ...] = ()
    #: Its own rules for re-posting sheets.
    repostings: tuple[Rule, ...] = ()
    owner: str = ""
    approved_by: str = ""

    @property
    def stem(self) -> str:
        """The file's name without folder and suffix: how the customer is kept."""
        return PurePosixPath(self.file.name).stem

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """Its own rules for invoices and for re-posting sheets."""
        return (*self.rules, *self.repostings)


class CustomerReader:
    """Reads customer files against one standard, taxonomy and set of lists."""

    def __init__(
        self,
        fields: Fields,
        error_types: ErrorTypes,
        lists: Mapping[str, ValueList],
        standard: Standard,
    ) -> None:
        self._fields = fields
        self._error_types = error_types
        self._lists = lists
        self._standard = standard
        self._standard_rules = {rule.id: rule for rule in standard.every_rule}

    def read(self, file: RuleFile) -> CustomerFile:
        """Read one file; problems are in the file's report."""
        report = file.report
        node = read_yaml(file)
        if node is None:
            if file.text is not None and not report.broken:
                report.error("empty-file", report.at(1, 1), "the file is empty")
            return CustomerFile(file=file)
        entry = Entry(node, report, what="a customer's file", allowed=KEYS, required=("customer",))
        customer, numbers = read_customer(entry)
        lists = _own_lists(entry)
        names = Names(
            fields=self._fields,
            lists={*self._lists, *lists},
            parameters=self._standard.parameters,
            unreadable_parameters=self._standard.unreadable_parameters
            if self._standard.readable
            else None,
            dimensions=customer.dimensions if customer and customer.dimensions else None,
        )
        taken = {rule.id: rule.at for rule in self._standard.every_rule}
        reader = RuleReader(names, self._error_types, report, standard=False)
        return CustomerFile(
            file=file,
            customer=customer,
            numbers=numbers,
            lists=lists,
            settings=self._settings(entry),
            dispensations=self._dispensations(entry),
            rules=reader.rules(entry.items("rules"), taken),
            repostings=reader.repostings(entry.items("repostings"), taken),
            owner=entry.text("owner") or "",
            approved_by=entry.text("approved-by") or "",
        )

    def _settings(self, entry: Entry) -> dict[str, ParameterSpec]:
        node = entry.get("set")
        if node is None:
            return {}
        if not isinstance(node, YamlMapping):
            entry.fail(
                "not-a-mapping",
                node.at,
                f"'set' gives parameters new values, 'name: value'; it can't be {kind_of(node)}",
            )
            return {}
        found: dict[str, ParameterSpec] = {}
        for key, value in node.entries if self._standard.readable else ():
            if key.text in self._standard.unreadable_parameters:
                continue
            spec = read_setting(key, value, self._standard.parameters, entry.report)
            if spec is not None:
                found[key.text] = spec
        return found

    def _dispensations(self, entry: Entry) -> tuple[Dispensation, ...]:
        found: list[Dispensation] = []
        for node in entry.items("dispensations"):
            dispensation = self._dispensation(node, entry.report)
            if dispensation is None:
                continue
            earlier = next((d for d in found if d.rule == dispensation.rule), None)
            if earlier is not None:
                entry.fail(
                    "duplicate-dispensation",
                    node.at,
                    f"the rule '{dispensation.rule}' has a dispensation on line {earlier.at.line}",
                )
            found.append(dispensation)
        return tuple(found)

    def _dispensation(self, node: YamlNode, report: Report) -> Dispensation | None:
        entry = Entry(
            node,
            report,
            what="a dispensation",
            allowed=DISPENSATION_KEYS,
            required=("rule", "until", "why", "approved-by"),
        )
        name = entry.text("rule", required=True)
        rule = self._relaxable(entry, name)
        action = self._action(entry, rule)
        last = entry.date("until", required=True)
        first = entry.date("from")
        why = entry.text("why", required=True)
        approved_by = entry.text("approved-by", required=True)
        if first is not None and last is not None and first > last:
            entry.fail("dates-swapped", entry.key_at("until"), "'until' is before 'from'")
        if not entry.valid or name is None or last is None or not why or not approved_by:
            return None
        return Dispensation(
            rule=name,
            action=action,
            valid_from=first,
            valid_to=last,
            why=why,
            approved_by=approved_by,
            at=entry.at,
        )

    def _relaxable(self, entry: Entry, name: str | None) -> Rule | None:
        if name is None:
            return None
        at = entry.values["rule"].at
        rule = self._standard_rules.get(name)
        if rule is None:
            if self._standard.readable and name not in self._standard.ids:
                entry.fail(
                    "unknown-rule",
                    at,
                    f"there is no rule '{name}' in standard.yaml",
                    did_you_mean(name, self._standard_rules),
                )
            return None
        if rule.mandatory:
            entry.fail(
                "mandatory-rule",
                at,
                f"the rule '{name}' is mandatory: no customer can be let off it",
            )
            return None
        return rule

    def _action(self, entry: Entry, rule: Rule | None) -> Action | None:
        action = entry.choice("action", Action, required=True)
        if action is None or rule is None or action in rule.actions:
            return action
        known = listed(rule.actions) or "nothing but switching it off"
        entry.fail(
            "action-not-allowed",
            entry.values["action"].at,
            f"the rule '{rule.id}' does not allow '{action}' (it allows {known})",
        )
        return action


def _own_lists(entry: Entry) -> dict[str, ValueList]:
    node = entry.get("lists")
    if node is None:
        return {}
    if not isinstance(node, YamlMapping):
        entry.fail(
            "not-a-mapping", node.at, f"'lists' names lists, each with values, not {kind_of(node)}"
        )
        return {}
    found: dict[str, ValueList] = {}
    for key, value in node.entries:
        rows: list[YamlNode] = [] if isinstance(value, YamlScalar) and value.empty else [value]
        own = [row for rows_node in rows for row in rows_of(rows_node, entry.report)]
        for row in own:
            if row.customer is not None:
                entry.fail("list-customer", row.at, "a customer's own list needs no 'customer'")
        found[key.text] = ValueList(name=key.text, rows=tuple(own))
    return found
