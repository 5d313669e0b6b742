"""What is in force for one customer: the standard, with its settings, dispensations and rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from robot.domain.customer import Customer
from robot.domain.decision import Effect
from robot.domain.fields import FieldValues
from robot.domain.invoice import Kind
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.names import Fields, ParameterSpec
from robot.rulebook.rules import Dispensation, Rule
from robot.rulebook.source import RuleFile, RuleFiles, rule_file
from robot.rulebook.standard import Standard
from robot.rulebook.value_lists import ValueList

#: First line of a kept rule set; a new form gets a new number.
FORM: Final = "invoice-robot rules, form 1"
_FILE: Final = "=== file"
_KIND: Final = "invoice.kind"
#: Of a document whose customer nobody knows.
NOBODY: Final = Customer(name="(unknown)", bogfoeringskreds="")


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveRule:
    """A rule with its parameters filled in, and the dispensation from it.

    `usual` says that other customers are likely to have the very same.
    """

    rule: Rule
    dispensation: Dispensation | None = None
    standard: bool = True
    usual: bool = False

    def dispensed(self, today: date) -> Dispensation | None:
        """The dispensation that counts on a day."""
        return (
            self.dispensation
            if self.dispensation is not None and self.dispensation.in_force(today)
            else None
        )


class EffectiveSet:
    """The effective rules of one customer, the lists they use and the text they came from."""

    def __init__(
        self,
        *,
        customer: Customer,
        rules: tuple[EffectiveRule, ...],
        lists: Mapping[str, ValueList],
        taxonomy: Taxonomy,
        inputs: Sequence[RuleFile],
        fields: Fields,
    ) -> None:
        self.customer = customer
        self.rules = rules
        #: What decides about re-posting sheets, in the place of `rules`.
        self.repostings: tuple[EffectiveRule, ...] = ()
        self.lists = lists
        self.taxonomy = taxonomy
        self.fields = fields
        self._inputs = tuple(sorted(inputs, key=lambda file: file.name))

    def altered(
        self, rules: tuple[EffectiveRule, ...], lists: Mapping[str, ValueList]
    ) -> EffectiveSet:
        """The set with other rules and lists, to ask what would be; its text and hash stay."""
        altered = EffectiveSet(
            customer=self.customer,
            rules=rules,
            lists=lists,
            taxonomy=self.taxonomy,
            inputs=self._inputs,
            fields=self.fields,
        )
        altered.repostings = self.repostings
        return altered

    @cached_property
    def for_repostings(self) -> EffectiveSet:
        """The set as re-posting sheets meet it."""
        if self.rules is self.repostings:
            return self
        return self.altered(self.repostings, self.lists)

    @cached_property
    def text(self) -> str:
        """The exact text of all files, in one; `files_of` takes it apart again."""
        return kept_text(self._inputs, self.fields.version)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over `text`, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def of_sheet(values: FieldValues) -> bool:
    """Whether field values are those of a re-posting sheet, which has rules of its own."""
    return values.get(_KIND) == Kind.REPOSTING


def kept_text(files: Iterable[RuleFile], catalogue: str) -> str:
    """Files as one text.

    Args:
        files: In the order in which they are kept.
        catalogue: The version of the field catalogue that they were read with.
    """
    parts = [f"{FORM}\ncatalogue {catalogue}\n"]
    for file in files:
        text = file.text or ""
        parts.append(f"{_FILE} {len(text)} {file.name}\n{text}\n")
    return "".join(parts)


def files_of(text: str, label: str) -> RuleFiles:
    """Take a kept rule set apart.

    Args:
        text: What `EffectiveSet.text` gave.
        label: What to call it in messages, such as `(last good) eksempelstyrelsen`.

    Raises:
        ValueError: It is not a kept rule set.
    """
    head, _, rest = text.partition("\n")
    _, _, rest = rest.partition("\n")
    if head != FORM:
        raise ValueError(f"not a kept rule set: it begins with '{head[:40]}'")
    files: dict[str, RuleFile] = {}
    while rest:
        line, _, rest = rest.partition("\n")
        mark, _, tail = line.removeprefix("===").strip().partition(" ")
        size, _, name = tail.partition(" ")
        if not line.startswith(_FILE) or mark != "file" or not size.isdigit() or not name:
            raise ValueError(f"not a kept rule set: '{line[:40]}' is no file header")
        body = rest[: int(size)]
        if len(body) < int(size) or rest[int(size) : int(size) + 1] != "\n":
            raise ValueError(f"not a kept rule set: '{name}' is cut off")
        files[name] = rule_file(name, f"{label}/{name}", body.encode())
        rest = rest[int(size) + 1 :]
    return RuleFiles(root=label, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all customers share."""

    fields: Fields
    taxonomy: Taxonomy
    taxonomy_file: RuleFile
    standard: Standard
    lists: Mapping[str, ValueList]
    list_files: Mapping[str, RuleFile]


def effective_set(shared: Shared, customer_file: CustomerFile | None) -> EffectiveSet:
    """Lay a customer's file over the standard; without one, the standard rules that don't post.

    Raises:
        KeyError: A list that the rules use is broken.
    """
    customer = NOBODY
    settings: Mapping[str, ParameterSpec] = {}
    own_rules: tuple[Rule, ...] = ()
    own_repostings: tuple[Rule, ...] = ()
    dispensations: dict[str, Dispensation] = {}
    own_lists: Mapping[str, ValueList] = {}
    standard = shared.standard
    inputs = [standard.file, shared.taxonomy_file]
    if customer_file is not None and customer_file.customer is not None:
        customer, own_rules = customer_file.customer, customer_file.rules
        own_repostings = customer_file.repostings
        dispensations = {d.rule: d for d in customer_file.dispensations}
        own_lists = customer_file.lists
        settings = customer_file.settings
        inputs.append(customer_file.file)
    places, of_sheets = (
        [place for place, rule in enumerate(rules) if customer is not NOBODY or _holds(rule)]
        for rules in (standard.rules, standard.repostings)
    )
    parameters = {**standard.parameters, **settings}
    lists: dict[str, ValueList] = {}
    used = frozenset[str]().union(
        *(standard.rules[place].lists for place in places),
        *(standard.repostings[place].lists for place in of_sheets),
        *(rule.lists for rule in (*own_rules, *own_repostings)),
    )
    for name in sorted(used):
        if name in own_lists:
            lists[name] = own_lists[name]
        else:
            lists[name] = shared.lists[name].for_customer(customer.bogfoeringskreds)
            inputs.append(shared.list_files[name])
    special = {name for name, values in lists.items() if values is not shared.lists.get(name)}
    rules = [
        EffectiveRule(
            rule=rule,
            dispensation=dispensations.get(rule.id),
            usual=rule is standard.usual[place] and special.isdisjoint(rule.lists),
        )
        for place, rule in zip(places, _tuned(standard, places, settings), strict=True)
    ]
    made = EffectiveSet(
        customer=customer,
        rules=(*rules, *_own(own_rules, parameters)),
        lists=lists,
        taxonomy=shared.taxonomy,
        inputs=inputs,
        fields=shared.fields,
    )
    repostings = [
        EffectiveRule(rule=rule.filled(parameters), dispensation=dispensations.get(rule.id))
        for rule in (standard.repostings[place] for place in of_sheets)
    ]
    made.repostings = (*repostings, *_own(own_repostings, parameters))
    return made


def _holds(rule: Rule) -> bool:
    return rule.effect is not Effect.POST


def _own(
    rules: Iterable[Rule], parameters: Mapping[str, ParameterSpec]
) -> Iterator[EffectiveRule]:
    """A customer's own rules with the values of parameters."""
    return (EffectiveRule(rule=rule.filled(parameters), standard=False) for rule in rules)


def _tuned(
    standard: Standard, places: Iterable[int], settings: Mapping[str, ParameterSpec]
) -> Iterator[Rule]:
    """Rules of the standard, with a customer's settings where they use what it sets."""
    parameters = {**standard.parameters, **settings}
    for place in places:
        rule = standard.rules[place]
        usual = rule.parameters.isdisjoint(settings)
        yield standard.usual[place] if usual else rule.filled(parameters)
