"""The rule sets in force: read from a directory, kept when a file breaks, found by customer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from robot.domain.customer import Customer
from robot.domain.decision import RuleSet
from robot.domain.document import ApprovedDocument
from robot.domain.fields import FieldSpec
from robot.domain.invoice import Party
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.effective import NOBODY, files_of
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.problem import Position, Problem, Report
from robot.rulebook.ruleset import CompiledRuleSet, Compute, MissingRuleSet
from robot.rulebook.source import read_directory

#: The name under which the standard alone is kept; no customer file can have it.
STANDARD_ALONE: Final = "_standard"


class LastGood(Protocol):
    """Keeps the text of the last rule set of each customer that passed the check."""

    def load(self, customer: str) -> str | None:
        """The kept text of a customer file's name (its stem), None when there is none."""

    def save(self, customer: str, text: str) -> None:
        """Keep a text in place of the one before."""


class LastGoodFolder:
    """Keeps the texts as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, customer: str) -> str | None:
        """The kept text, None when there is none."""
        path = self._path(customer)
        return path.read_bytes().decode() if path.is_file() else None

    def save(self, customer: str, text: str) -> None:
        """Keep a text; a crash leaves the old one or the new one, never half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(customer)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(text.encode())
        fresh.replace(path)

    def _path(self, customer: str) -> Path:
        return self._folder / f"{customer}.rules"


class LastGoodInMemory:
    """Keeps the texts as long as the process lives."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def load(self, customer: str) -> str | None:
        """The kept text, None when there is none."""
        return self._texts.get(customer)

    def save(self, customer: str, text: str) -> None:
        """Keep a text."""
        self._texts[customer] = text


@dataclass(slots=True, kw_only=True)
class _InForce:
    """The sets of one moment, and the numbers that find them."""

    sets: dict[str, RuleSet] = field(default_factory=dict)
    by_gln: dict[str, str] = field(default_factory=dict)
    by_cvr: dict[str, list[str]] = field(default_factory=dict)
    nobody: RuleSet
    taxonomy: Taxonomy
    problems: tuple[Problem, ...] = ()

    def add(self, rule_set: RuleSet) -> None:
        customer = rule_set.customer
        kreds = customer.bogfoeringskreds
        present = self.sets.get(kreds)
        if present is not None and isinstance(rule_set, MissingRuleSet):
            return
        self.sets[kreds] = rule_set
        for gln in customer.glns:
            self.by_gln.setdefault(gln, kreds)
        if customer.cvr is not None and kreds not in self.by_cvr.setdefault(customer.cvr, []):
            self.by_cvr[customer.cvr].append(kreds)


class RuleBook:
    """Implements robot.flow.ports.RuleBook on a rules directory.

    Args:
        rules_dir: Laid out like `rules/`.
        catalogue: Every field that rules may use.
        compute: Gives the fields of a document (robot.checks.compute).
        last_good: Where the last good set of each customer is kept.
    """

    def __init__(
        self,
        rules_dir: Path,
        *,
        catalogue: Mapping[str, FieldSpec],
        compute: Compute,
        last_good: LastGood | None = None,
    ) -> None:
        self._rules_dir = rules_dir
        self._fields = Fields(catalogue)
        self._compute = compute
        self._last_good: LastGood = LastGoodInMemory() if last_good is None else last_good
        self._saved: dict[str, str] = {}
        self.loaded: LoadedRules
        self._in_force: _InForce
        self.reload()

    def reload(self) -> LoadedRules:
        """Read the directory again; what is broken stays as it last was.

        Returns:
            What was read, with all problems; `problems_in_force` says what is held back.
        """
        loaded = load_files(read_directory(self._rules_dir), self._fields)
        self.loaded = loaded
        self._in_force = self._put_in_force(loaded)
        return loaded

    @property
    def problems_in_force(self) -> tuple[Problem, ...]:
        """Why what is in force is not what the files say; empty when it is."""
        return self._in_force.problems

    @property
    def taxonomy(self) -> Taxonomy:
        """The error types in force."""
        return self._in_force.taxonomy

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Every customer that has rules, or should have, by bogføringskreds."""
        sets = self._in_force.sets
        return tuple(sets[kreds].customer for kreds in sorted(sets))

    def customer_for(self, document: ApprovedDocument) -> Customer | None:
        """The customer by the source's own word, else by the buyer's GLN, else by its CVR.

        A CVR that several customers share names none of them.
        """
        kreds = self._kreds_of(document)
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

    def _kreds_of(self, document: ApprovedDocument) -> str | None:
        stated = document.statement.customer
        if stated is not None:
            return stated
        if document.invoice is None:
            return None
        buyer = document.invoice.buyer
        for gln in _numbers(buyer, "gln"):
            if gln in self._in_force.by_gln:
                return self._in_force.by_gln[gln]
        for cvr in _numbers(buyer, "cvr"):
            sharing = self._in_force.by_cvr.get(cvr, [])
            if len(sharing) == 1:
                return sharing[0]
        return None

    def _put_in_force(self, loaded: LoadedRules) -> _InForce:
        problems: list[Problem] = list(loaded.errors)
        nobody, taxonomy = self._nobody(loaded, problems)
        in_force = _InForce(nobody=nobody, taxonomy=taxonomy)
        for stem in loaded.customers:
            rule_set = self._rule_set(stem, loaded, problems)
            if rule_set is not None:
                in_force.add(rule_set)
        in_force.problems = tuple(problems)
        return in_force

    def _nobody(self, loaded: LoadedRules, problems: list[Problem]) -> tuple[RuleSet, Taxonomy]:
        try:
            current = CompiledRuleSet(loaded.effective(None), self._compute)
        except KeyError:
            kept = self._kept(STANDARD_ALONE)
            if kept is not None:
                problems.append(_told(loaded, "standard.yaml", "the last good standard"))
                return kept, kept.taxonomy
            problems.append(_told(loaded, "standard.yaml", ""))
            return MissingRuleSet(NOBODY, "the standard rules can't be used"), loaded.taxonomy
        self._save(STANDARD_ALONE, current)
        return current, current.taxonomy

    def _rule_set(self, stem: str, loaded: LoadedRules, problems: list[Problem]) -> RuleSet | None:
        file = loaded.customers[stem]
        try:
            current = CompiledRuleSet(loaded.effective(stem), self._compute)
        except KeyError:
            kept = self._kept(stem)
            if kept is not None:
                problems.append(_told(loaded, file.file.name, "the last good version"))
                return kept
            problems.append(_told(loaded, file.file.name, ""))
            if file.customer is None:
                return None
            return MissingRuleSet(file.customer, "the rule file can't be used")
        self._save(stem, current)
        return current

    def _save(self, stem: str, current: CompiledRuleSet) -> None:
        if stem not in self._saved:
            kept = self._last_good.load(stem) or ""
            self._saved[stem] = hashlib.sha256(kept.encode()).hexdigest()
        if self._saved[stem] != current.hash:
            self._last_good.save(stem, current.text)
            self._saved[stem] = current.hash

    def _kept(self, stem: str) -> CompiledRuleSet | None:
        text = self._last_good.load(stem)
        if text is None:
            return None
        try:
            files = files_of(text, f"(last good) {stem}")
            loaded = load_files(files, self._fields)
            name = None if stem == STANDARD_ALONE else stem
            return CompiledRuleSet(loaded.effective(name), self._compute)
        except (ValueError, KeyError):
            return None


def _told(loaded: LoadedRules, name: str, instead: str) -> Problem:
    """What ops are told when a file does not come into force."""
    report = Report(loaded.files.path(name))
    place = Position(report.path, 1, 1)
    if instead:
        report.warning("last-good-in-force", place, f"not in force; {instead} stays in force")
    else:
        report.error(
            "rules-missing",
            place,
            "not in force, and there is no earlier good version: its documents are held",
        )
    (problem,) = report.problems
    return problem


def _numbers(party: Party, scheme: str) -> list[str]:
    """Every identifier of a scheme that a party states, the endpoint first."""
    stated = (party.endpoint, *party.identifiers, party.legal_id, party.vat_id)
    return [one.value for one in stated if one is not None and one.scheme == scheme]
