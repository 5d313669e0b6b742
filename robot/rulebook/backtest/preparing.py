"""From two loaded rule directories to the job that workers carry out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from robot.rulebook.backtest.comparison import Comparison, Job
from robot.rulebook.backtest.judging import JudgedSet, judged
from robot.rulebook.backtest.questions import Questions
from robot.rulebook.effective import EffectiveRule, EffectiveSet
from robot.rulebook.loader import LoadedRules
from robot.rulebook.value_lists import ValueList


def prepare(
    old: LoadedRules, new: LoadedRules, *, customer: str = "", as_of: date | None = None
) -> Job:
    """Make two rule directories ready to be compared.

    Args:
        old: The rules that are compared with.
        new: The changed rules.
        customer: Only this bogføringskreds; all when empty.
        as_of: Rules, dispensations and list rows count as on this day; as on each decision's own
            day when None.

    Raises:
        KeyError: The standard or the error types of a side are broken.
    """
    job = _job(old, new, customer, as_of)
    return replace(job, repostings=_job(old.for_repostings, new.for_repostings, customer, as_of))


def _job(old: LoadedRules, new: LoadedRules, customer: str, as_of: date | None) -> Job:
    questions = Questions()
    sides = [_sets(side, customer, as_of) for side in (old, new)]
    before, after = ({kreds: judged(one, questions) for kreds, one in s.items()} for s in sides)
    return Job(
        questions=questions,
        old=before,
        new=after,
        unchanged=frozenset(
            kreds
            for kreds in {*before, *after}
            if _same(before.get(kreds, before[""]), after.get(kreds, after[""]))
        ),
        hashes={kreds: one.hash for kreds, one in sides[0].items()},
    )


def effective_by_kreds(
    loaded: LoadedRules, customer: str = "", as_of: date | None = None
) -> dict[str, EffectiveSet]:
    """Every effective set by bogføringskreds; the empty one decides what nobody's rules cover.

    Raises:
        KeyError: The standard or the error types are broken.
    """
    return _sets(loaded, customer, as_of)


def _sets(loaded: LoadedRules, customer: str, as_of: date | None) -> dict[str, EffectiveSet]:
    found = {"": loaded.effective(None)}
    for stem, file in loaded.customers.items():
        if stem in loaded.broken or file.customer is None:
            continue
        kreds = file.customer.bogfoeringskreds
        if customer in {"", kreds}:
            found[kreds] = loaded.effective(stem)
    if as_of is None:
        return found
    return {kreds: settled(effective, as_of) for kreds, effective in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A rule, or a dispensation from it, that counts only from a day on.

    `stem` is the file of its customer, empty for the standard.
    """

    rule: str
    stem: str
    dispensation: bool
    begins: date

    def __str__(self) -> str:
        """In words, for the terminal."""
        what = "the dispensation from" if self.dispensation else "rule"
        of = f" of {self.stem}" if self.stem else ""
        return (
            f"{what} {self.rule}{of} counts from {self.begins} on, after the history; "
            f"try --as-of {self.begins}"
        )


def out_of_force(old: LoadedRules, new: LoadedRules, last_month: str) -> Iterator[Beginning]:
    """Rules and dispensations of the changed side that begin only after the history ends.

    They change nothing in a backtest unless it asks for a later day.
    """
    seen = {(it.rule, it.stem, it.dispensation) for it in _beginnings(old)}
    for it in _beginnings(new):
        if (it.rule, it.stem, it.dispensation) not in seen and f"{it.begins:%Y-%m}" > last_month:
            yield it


def sheets_untried(job: Job, total: Comparison) -> bool:
    """Whether rules for re-posting sheets changed and no sheet of the past was there to try."""
    of_sheets = job.repostings
    if of_sheets is None or total.repostings:
        return False
    return any(name not in of_sheets.unchanged for name in {*of_sheets.old, *of_sheets.new})


def _beginnings(loaded: LoadedRules) -> Iterator[Beginning]:
    rules = [("", rule) for rule in (loaded.standard.every_rule if loaded.standard else ())]
    rules += [(stem, rule) for stem, file in loaded.customers.items() for rule in file.every_rule]
    for stem, rule in rules:
        if rule.valid_from is not None:
            yield Beginning(rule=rule.id, stem=stem, dispensation=False, begins=rule.valid_from)
    for stem, file in loaded.customers.items():
        for given in file.dispensations:
            if given.valid_from is not None:
                yield Beginning(
                    rule=given.rule, stem=stem, dispensation=True, begins=given.valid_from
                )


def settled(effective: EffectiveSet, day: date) -> EffectiveSet:
    """The set as it is on one day: what counts then always counts, the rest never does."""
    lists = {
        name: ValueList(
            name=name,
            rows=tuple(
                replace(row, valid_from=None, valid_to=None)
                for row in values.rows
                if row.in_force(day)
            ),
            file=values.file,
        )
        for name, values in effective.lists.items()
    }
    rules = tuple(_settled(part, day) for part in effective.rules if part.rule.in_force(day))
    return effective.altered(rules, lists)


def _settled(part: EffectiveRule, day: date) -> EffectiveRule:
    given = part.dispensed(day)
    if given is not None:
        given = replace(given, valid_from=None, valid_to=date.max)
    rule = replace(part.rule, valid_from=None, valid_to=None)
    return EffectiveRule(rule=rule, dispensation=given, standard=part.standard)


def _same(old: JudgedSet, new: JudgedSet) -> bool:
    """Whether two sets decide everything alike: the same questions, effects and error types."""
    if len(old.rules) != len(new.rules) or not _same_taxonomy(old.effective, new.effective):
        return False
    for one, other in zip(old.rules, new.rules, strict=True):
        mine, theirs = one.part, other.part
        alike = (
            one.question is other.question
            and (mine.rule.effect, mine.rule.error_type)
            == (theirs.rule.effect, theirs.rule.error_type)
            and (mine.rule.valid_from, mine.rule.valid_to)
            == (theirs.rule.valid_from, theirs.rule.valid_to)
            and mine.rule.id == theirs.rule.id
            and _dispensed(mine) == _dispensed(theirs)
        )
        if not alike:
            return False
    return True


def _dispensed(part: EffectiveRule) -> tuple[object, ...] | None:
    given = part.dispensation
    return None if given is None else (given.action, given.valid_from, given.valid_to)


def _same_taxonomy(old: EffectiveSet, new: EffectiveSet) -> bool:
    def told(effective: EffectiveSet) -> Mapping[str, object]:
        return {
            kind.code: (kind.owner, kind.error_class, kind.suppressed_by, kind.order)
            for kind in effective.taxonomy
        }

    return told(old) == told(new)
