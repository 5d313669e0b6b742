"""Rules that do only what other rules do anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from robot.domain.decision import Effect
from robot.rulebook.analysis.compared_rules import DOES, ComparedRules
from robot.rulebook.analysis.reasoning import core, impossible
from robot.rulebook.analysis.remarks import Remarks
from robot.rulebook.analysis.value_index import places
from robot.rulebook.analysis.value_sets import Wanted
from robot.rulebook.rules import Rule

#: What a rule does: the effect, with the error type or, for a note without one, the rule itself.
_Doing: TypeAlias = tuple[Effect, str | None]


class RedundantRules:
    """Compares rules that do the same."""

    def __init__(self, compared: ComparedRules, remarks: Remarks) -> None:
        self._compared = compared
        self._rules = compared.rules
        self._remarks = remarks

    def tell(self, told: set[int]) -> None:
        """Note rules that others make useless.

        Args:
            told: Rules of which enough is said; those that are noted are added.
        """
        groups = list(self._groups())
        for useless in (self._within_one, self._within_several):
            for narrow, wides in groups:
                left = [wide for wide in wides if wide not in told]
                if narrow not in told and left and useless(narrow, left):
                    told.add(narrow)

    def _groups(self) -> Iterator[tuple[int, list[int]]]:
        """Rules with those that do the same and may be true of all that they are true of."""
        alike: dict[_Doing, int] = {}
        for index, rule in enumerate(self._rules):
            alike[_doing(rule)] = alike.get(_doing(rule), 0) | 1 << index
        wider: dict[int, list[int]] = {}
        for wide, rule in enumerate(self._rules):
            # What an own rule makes of a standard rule is the customer's business.
            narrow = alike[_doing(rule)] & self._compared.fresh & ~(1 << wide)
            if narrow:
                for place in places(narrow & self._compared.index.may_imply(wide)):
                    wider.setdefault(place, []).append(wide)
        yield from sorted(wider.items())

    def _within_one(self, narrow: int, wides: Sequence[int]) -> bool:
        for wide in wides:
            if not self._covered(narrow, [wide]):
                continue
            alike = self._compared.implied(wide, [narrow])
            # Of two rules that do the same, the one that was written later is told.
            if alike and self._compared.later(narrow, wide) != narrow:
                continue
            if self._tell(narrow, [wide], "just" if alike else "only"):
                return True
        return False

    def _within_several(self, narrow: int, wides: Sequence[int]) -> bool:
        if len(wides) == 1 or not self._covered(narrow, wides):
            return False
        formulas = [self._compared.formula(narrow, Wanted.TRUE)]
        formulas += [self._compared.formula(wide, Wanted.NOT_TRUE) for wide in wides]
        needed = [wides[place - 1] for place in core(formulas, fixed=1) if place > 0]
        if len(needed) == 1:
            return False
        return self._tell(narrow, needed if self._covered(narrow, needed) else wides, "only")

    def _covered(self, narrow: int, wides: Sequence[int]) -> bool:
        """Whether others do all that a rule does, and hold what it holds when it is unknown."""
        compared = self._compared
        if not compared.implied(narrow, wides):
            return False
        if not self._rules[narrow].blocking:
            return True
        formulas = [compared.formula(narrow, Wanted.NOT_FALSE)]
        return impossible([*formulas, *(compared.formula(one, Wanted.FALSE) for one in wides)])

    def _tell(self, narrow: int, wides: Sequence[int], how_much: str) -> bool:
        compared = self._compared
        span = compared.span(narrow, wides, Wanted.NOT_TRUE)
        example = None if span is None else compared.example(narrow, wides, certain=True)
        if span is None or example is None:
            return False
        rule = self._rules[narrow]
        does = DOES[rule.effect]
        do = does.removesuffix("s") if len(wides) > 1 else does
        anyway = " anyway" if how_much == "only" else ""
        ending = ", with the same error type" if rule.error_type else ""
        self._remarks.add(
            "redundant-rule",
            compared.candidates[narrow].at,
            f"{span}{compared.candidates[narrow].itself} {does} {how_much} what "
            f"{compared.names(wides)} {do}{anyway}{ending}",
            self._fix(narrow, wides),
            related=tuple(compared.candidates[wide].at for wide in wides),
            example=example,
        )
        return True

    def _fix(self, narrow: int, wides: Sequence[int]) -> str:
        rule = self._rules[narrow]
        shown = ", unless its finding is to be shown" if rule.effect is Effect.BOUNCE else ""
        own = [wide for wide in wides if not self._compared.of_standard(wide)]
        others = " or ".join(f"'{self._rules[wide].id}'" for wide in own)
        return f"remove '{rule.id}'{shown}{f', or narrow {others}' if others else ''}"


def _doing(rule: Rule) -> _Doing:
    if rule.effect is Effect.POST:
        return rule.effect, None
    return rule.effect, rule.error_type or rule.id
