"""The rule sets in force: read from a directory, kept when a file breaks, found by customer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from robot.domain.customer import Customer
from robot.domain.decision import RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.fields import FieldSpec
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.effective import NOBODY, files_of
from robot.rulebook.gate import Gate, OpenGate
from robot.rulebook.in_force import InForce
from robot.rulebook.last_good import LastGood, LastGoodInMemory
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.mail_words import MAIL_WORDS
from robot.rulebook.names import Fields
from robot.rulebook.nonsense import without_nonsense
from robot.rulebook.problem import Position, Problem, Report
from robot.rulebook.refusals import ERP_REFUSALS
from robot.rulebook.reuse import same_text
from robot.rulebook.ruleset import CompiledRuleSet, Compute, MissingRuleSet
from robot.rulebook.source import CUSTOMERS, read_directory
from robot.rulebook.uncollected import uncollected

T = TypeVar("T")
#: The name under which the standard alone is kept; no customer file can have it.
STANDARD_ALONE: Final = "_standard"
#: Codes of the problems that say what is in force instead of a file.
_INSTEAD: Final = frozenset({"last-good-in-force", "rules-missing", "not-approved"})
#: How many files held back are named one by one.
_MOST_NAMED: Final = 10


class RuleBook:
    """Implements robot.flow.ports.RuleBook on a rules directory.

    Args:
        rules_dir: Laid out like `rules/`.
        catalogue: Every field that rules may use.
        compute: Gives the fields of a document (robot.checks.compute).
        last_good: Where the last good set of each customer is kept.
        gate: Which sets may come into force.
    """

    def __init__(
        self,
        rules_dir: Path,
        *,
        catalogue: Mapping[str, FieldSpec],
        compute: Compute,
        last_good: LastGood | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._rules_dir = rules_dir
        self._fields = Fields(catalogue)
        self._compute = compute
        self._last_good: LastGood = LastGoodInMemory() if last_good is None else last_good
        self._gate: Gate = OpenGate() if gate is None else gate
        self._saved: dict[str, str] = {}
        #: What each file says now, compiled where documents asked for it.
        self._sets: dict[str, CompiledRuleSet] = {}
        self.loaded: LoadedRules
        self._in_force: InForce
        self.reload()

    def reload(self) -> LoadedRules:
        """Read the directory again; what is broken stays as it last was.

        Returns:
            What was read, with all problems; `problems_in_force` says what is held back.
        """
        with uncollected():
            return self._reload()

    def _reload(self) -> LoadedRules:
        earlier = self.loaded if hasattr(self, "loaded") else None
        files = read_directory(self._rules_dir)
        loaded = without_nonsense(load_files(files, self._fields, earlier=earlier))
        self._keep_sets(loaded, earlier)
        self._gate.refresh()
        self._in_force = self._put_in_force(loaded)
        self.loaded = loaded
        return loaded

    def _keep_sets(self, loaded: LoadedRules, earlier: LoadedRules | None) -> None:
        """Forget the sets of files that have changed, or whose lists have."""
        if earlier is None:
            return
        changed = {
            name
            for name, file in loaded.list_files.items()
            if not same_text(earlier.files, loaded.files, [file.name])
        }
        self._sets = {
            stem: kept
            for stem, kept in self._sets.items()
            if stem in loaded.unchanged
            and stem not in loaded.broken
            and not changed & kept.effective.lists.keys()
        }

    @property
    def problems_in_force(self) -> tuple[Problem, ...]:
        """Why what is in force is not what the files say; empty when it is."""
        return self._in_force.problems

    @property
    def held_back(self) -> tuple[str, ...]:
        """One line for each file that is not in force as it stands, with the first reason."""
        first: dict[str, Problem] = {}
        for problem in self._in_force.problems:
            if problem.code not in _INSTEAD:
                first.setdefault(problem.path, problem)
        lines = [
            f"{first[problem.path]}; {problem.message}" if problem.path in first else str(problem)
            for problem in self._in_force.problems
            if problem.code in _INSTEAD
        ]
        if len(lines) > _MOST_NAMED:
            rest = len(lines) - _MOST_NAMED
            lines = [*lines[:_MOST_NAMED], f"{rest} more rule files are not in force"]
        return tuple(dict.fromkeys(lines))

    @property
    def taxonomy(self) -> Taxonomy:
        """The error types in force."""
        return self._in_force.taxonomy

    def map_refusal(self, text: str) -> str:
        """The error type of what the ERP says when it refuses, by the table in force."""
        return self._in_force.refusals.code_of(text)

    def error_types_in(self, text: str) -> tuple[str, ...]:
        """The error types that a customer's own words speak of, by the table in force."""
        return self._in_force.mail_words.codes_in(text)

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Every customer that has rules, or should have, by bogføringskreds."""
        sets = self._in_force.sets
        return tuple(sets[kreds].customer for kreds in sorted(sets))

    def customer_for(self, document: ApprovedDocument) -> Customer | None:
        """The customer by the source's own word, else by the buyer's GLN, else by its CVR.

        A CVR that several customers share names none of them.
        """
        kreds = self._in_force.kreds_of(document)
        rule_set = None if kreds is None else self._in_force.sets.get(kreds)
        return None if rule_set is None else rule_set.customer

    def for_customer(self, bogfoeringskreds: str) -> RuleSet:
        """The effective rule set.

        Raises:
            KeyError: No such customer.
        """
        return self._in_force.sets[bogfoeringskreds]

    def for_unknown(self) -> RuleSet:
        """The standard rules alone, for a document whose customer nobody knows; never posts."""
        return self._in_force.nobody

    def _put_in_force(self, loaded: LoadedRules) -> InForce:
        problems: list[Problem] = list(loaded.errors)
        nobody, taxonomy = self._nobody(loaded, problems)
        in_force = InForce(
            nobody=nobody,
            taxonomy=taxonomy,
            refusals=self._table(ERP_REFUSALS, lambda it: it.refusals, loaded, problems),
            mail_words=self._table(MAIL_WORDS, lambda it: it.mail_words, loaded, problems),
        )
        for stem in loaded.customers:
            rule_set = self._rule_set(stem, loaded, problems)
            if rule_set is not None:
                in_force.add(rule_set)
        if loaded.files.get(CUSTOMERS) is not None and hasattr(self, "_in_force"):
            self._keep_all(in_force, loaded, problems)
        in_force.problems = tuple(problems)
        return in_force

    def _keep_all(self, in_force: InForce, loaded: LoadedRules, problems: list[Problem]) -> None:
        """Leave every customer as it was: the folder of their files can't be read."""
        for rule_set in self._in_force.sets.values():
            in_force.add(rule_set)
        problems.append(_told(loaded, CUSTOMERS, "", kept=True))

    def _nobody(self, loaded: LoadedRules, problems: list[Problem]) -> tuple[RuleSet, Taxonomy]:
        found = self._chosen(STANDARD_ALONE, "", loaded, problems)
        if found is not None:
            return found, found.taxonomy
        return MissingRuleSet(NOBODY, "the standard rules can't be used"), loaded.taxonomy

    def _table(
        self,
        name: str,
        of: Callable[[LoadedRules | InForce], T],
        loaded: LoadedRules,
        problems: list[Problem],
    ) -> T:
        """What a file of one table says, and while it is broken what was in force before."""
        file = loaded.files.get(name)
        if file is None or not file.report.broken:
            return of(loaded)
        problems.append(_told(loaded, name, "", kept=True))
        return of(self._in_force if hasattr(self, "_in_force") else loaded)

    def _rule_set(self, stem: str, loaded: LoadedRules, problems: list[Problem]) -> RuleSet | None:
        customer = loaded.customers[stem].customer
        kreds = None if customer is None else customer.bogfoeringskreds
        found = self._chosen(stem, kreds, loaded, problems)
        if found is not None or customer is None:
            return found
        return MissingRuleSet(customer, "the rule file can't be used")

    def _chosen(
        self, stem: str, kreds: str | None, loaded: LoadedRules, problems: list[Problem]
    ) -> CompiledRuleSet | None:
        """What the file says when that may come into force, else what was in force before."""
        alone = stem == STANDARD_ALONE
        name = "standard.yaml" if alone else loaded.customers[stem].file.name
        objection = ""
        try:
            current = self._sets.get(stem) or CompiledRuleSet(
                loaded.effective(None if alone else stem), self._compute
            )
        except KeyError:
            pass
        else:
            self._sets[stem] = current
            objection = self._gate.objection(current)
            if not objection:
                self._save(stem, current)
                return current
        kept = self._kept(stem, kreds)
        problems.append(_told(loaded, name, objection, kept=kept is not None))
        return kept

    def _save(self, stem: str, current: CompiledRuleSet) -> None:
        if stem not in self._saved:
            kept = self._last_good.load(stem) or ""
            self._saved[stem] = hashlib.sha256(kept.encode()).hexdigest()
        if self._saved[stem] != current.hash:
            self._last_good.save(stem, current.text)
            self._saved[stem] = current.hash

    def _kept(self, stem: str, kreds: str | None) -> CompiledRuleSet | None:
        """The set that was in force last, else the latest one that the gate knows."""
        last = self._last_good.load(stem)
        for text in (*([] if last is None else [last]), *self._gate.standing(kreds or "")):
            rule_set = self._again(stem, text)
            if rule_set is not None and not self._gate.objection(rule_set):
                return rule_set
        return None

    def _again(self, stem: str, text: str) -> CompiledRuleSet | None:
        try:
            loaded = load_files(files_of(text, f"(last good) {stem}"), self._fields)
            stems = list(loaded.customers)
            name = None if stem == STANDARD_ALONE else stems[0]
            return CompiledRuleSet(loaded.effective(name), self._compute)
        except (ValueError, KeyError, IndexError):
            return None


def _told(loaded: LoadedRules, name: str, objection: str, *, kept: bool) -> Problem:
    """What ops are told when a file does not come into force."""
    report = Report(loaded.files.path(name))
    place = Position(report.path, 1, 1)
    why = f"not in force, {objection}" if objection else "not in force"
    if kept:
        code = "not-approved" if objection else "last-good-in-force"
        instead = "the approved set" if objection else "the last good version"
        report.warning(code, place, f"{why}; {instead} stays in force")
    else:
        earlier = "approved" if objection else "good"
        report.error(
            "rules-missing",
            place,
            f"{why}, and there is no earlier {earlier} version: its documents are held",
        )
    (problem,) = report.problems
    return problem
