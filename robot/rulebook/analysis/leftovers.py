"""What nothing uses: parameters, lists, error types, and rules that no case tries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from robot.domain.decision import Effect
from robot.domain.taxonomy import Taxonomy
from robot.flow.notify import notice_addresses
from robot.rulebook.analysis.expiry import key_places
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.source import RuleFile
from robot.rulebook.standard import Standard
from robot.rulebook.taxonomy import GIVEN_BY_THE_ROBOT
from robot.rulebook.value_lists import ValueList

_BY_RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What the cases reach: rules by customer file (stem; "" for every customer), error types."""

    rules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()

    @property
    def anywhere(self) -> frozenset[str]:
        """Rules that some customer's case reaches."""
        return frozenset().union(*self.rules.values())


class Leftovers:
    """Looks for what is there and does nothing."""

    def __init__(
        self, standard: Standard, customers: Mapping[str, CustomerFile], remarks: Remarks
    ) -> None:
        self._standard = standard
        self._customers = customers
        self._remarks = remarks
        own = [rule for file in customers.values() for rule in file.every_rule]
        self._rules: tuple[Rule, ...] = (*standard.every_rule, *own)

    def parameters(self) -> None:
        """Note parameters that no rule uses."""
        used = frozenset[str]().union(*(rule.parameters for rule in self._rules))
        for name, spec in self._standard.parameters.items():
            if name not in used:
                self._remarks.add(
                    "parameter-unused", spec.at, f"no rule uses the parameter '{name}'"
                )

    def lists(self, shared: Mapping[str, ValueList], files: Mapping[str, RuleFile]) -> None:
        """Note lists that no rule uses, in files and inside a customer's file."""
        used = frozenset[str]().union(*(rule.lists for rule in self._rules))
        for name in shared:
            if name not in used and name in files:
                at = Position(files[name].path, 1, 1)
                self._remarks.add("list-unused", at, f"no rule uses the list '{name}'")
        of_standard = frozenset[str]().union(*(rule.lists for rule in self._standard.every_rule))
        for file in self._customers.values():
            own = of_standard.union(*(rule.lists for rule in file.every_rule))
            for name in file.lists.keys() - own:
                at = key_places(file.file).get("lists", Position(file.file.path, 1, 1))
                self._remarks.add(
                    "list-unused", at, f"no rule of this customer uses its list '{name}'"
                )

    def error_types(self, taxonomy: Taxonomy, file: RuleFile, reached: Reached | None) -> None:
        """Note error types that a rule should give and none does, or that no case shows."""
        named = {rule.error_type for rule in self._rules}
        places: Mapping[str, Position] = {}
        for kind in taxonomy:
            if kind.code in GIVEN_BY_THE_ROBOT or kind.reached_by != _BY_RULE:
                continue
            used = kind.code in named
            if used and (reached is None or kind.code in reached.codes):
                continue
            places = places or key_places(file)
            at = places.get(kind.code, Position(file.path, 1, 1))
            if used:
                told = f"no case gives '{kind.code}'"
                self._remarks.add("error-type-without-case", at, told)
            else:
                told = f"no rule gives '{kind.code}', which says that it is reached by a rule"
                self._remarks.add("error-type-unused", at, told)

    def cases(self, reached: Reached) -> None:
        """Note rules that no case makes true."""
        for rule in self._standard.every_rule:
            if rule.id not in reached.anywhere:
                self._without_case(rule)
        for stem, file in self._customers.items():
            tried = reached.rules.get(stem)
            if tried is None and file.every_rule:
                number = len(file.every_rule)
                self._remarks.add(
                    "customer-without-case",
                    Position(file.file.path, 1, 1),
                    f"no case is about this customer, which has {number} "
                    f"rule{'' if number == 1 else 's'} of its own",
                )
                continue
            for rule in file.every_rule:
                if tried is not None and rule.id not in tried:
                    self._without_case(rule)

    def customers(self) -> None:
        """Note customers of whom nothing can be posted, or whom no notice reaches."""
        posts = any(rule.effect is Effect.POST for rule in self._standard.rules)
        blocks = any(rule.effect is Effect.BOUNCE for rule in self._rules)
        for file in self._customers.values():
            at = Position(file.file.path, 1, 1)
            own = any(rule.effect is Effect.POST for rule in file.rules)
            dispensed = {d.rule for d in file.dispensations if d.action is None}
            standard_posts = posts and any(
                rule.effect is Effect.POST and rule.id not in dispensed
                for rule in self._standard.rules
            )
            if not own and not standard_posts:
                self._remarks.add(
                    "nothing-posts",
                    at,
                    "no rule posts for this customer: all its documents are bounced or held",
                )
            if blocks and file.customer is not None and not notice_addresses(file.customer):
                self._remarks.add(
                    "nobody-told",
                    at,
                    "no mailbox is for 'all' or 'notices': nobody is told when documents bounce",
                )

    def _without_case(self, rule: Rule) -> None:
        self._remarks.add("rule-without-case", rule.at, f"no case makes rule '{rule.id}' hold")
