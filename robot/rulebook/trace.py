"""Why a rule came out as it did: what was not known, and which lines it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from robot.domain.decision import Truth
from robot.domain.fields import UNKNOWN, FieldValues, LineValues
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Not,
    SumLines,
    Test,
    walk,
)
from robot.rulebook.vocabulary import Operator, Quantifier


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWitness:
    """A line that makes a rule hold, by its place, with the test that shows it."""

    index: int
    line: LineValues
    test: Test | None


class Trace:
    """Looks into one evaluation: one document, one day."""

    def __init__(self, compiled: Compiled, values: FieldValues, today: date) -> None:
        self._compiled = compiled
        self._values = values
        self._today = today

    def truth(self, condition: Condition, line: LineValues | None = None) -> Truth:
        """How a part of a condition comes out."""
        return self._compiled.truth(condition, self._values, line, self._today)

    def lines(self) -> Sequence[LineValues]:
        """The lines; none when they are not known."""
        lines = self._values.get(LINES.key)
        return lines if isinstance(lines, tuple | list) else ()

    def unknown_fields(self, condition: Condition) -> tuple[str, ...]:
        """The fields because of which a condition is unknown, each once."""
        return tuple(dict.fromkeys(self._causes(condition, None)))

    def subject(self, condition: Condition) -> Test | None:
        """The test that best shows what is wrong: a missing field, else the first that holds."""
        tests = [
            part
            for part in _outside_lines(condition)
            if isinstance(part, Test) and self.truth(part) is Truth.TRUE
        ]
        return _best(tests)

    def witnesses(self, condition: Condition) -> tuple[LineWitness, ...]:
        """The lines that make a condition hold; none when it is not about single lines."""
        return self._witnesses(condition, holds=True) or ()

    def _causes(self, condition: Condition, line: LineValues | None) -> Iterator[str]:
        if self.truth(condition, line) is not Truth.UNKNOWN:
            return
        if isinstance(condition, Test):
            yield from self._unusable(condition, line)
        elif isinstance(condition, AllOf | AnyOf):
            for part in condition.parts:
                yield from self._causes(part, line)
        elif isinstance(condition, Not):
            yield from self._causes(condition.part, line)
        elif not self.lines():
            yield LINES.key
        else:
            yield from self._causes_in_lines(condition)

    def _causes_in_lines(self, condition: ForLines | CountLines | SumLines) -> Iterator[str]:
        part = condition.part if isinstance(condition, ForLines) else condition.where
        for line in self.lines():
            if part is not None:
                yield from self._causes(part, line)
            if isinstance(condition, SumLines) and not _known(line.get(condition.field.key)):
                yield condition.field.name
        if isinstance(condition, SumLines):
            yield from () if self._sum_explained(condition) else (condition.field.name,)

    def _sum_explained(self, condition: SumLines) -> bool:
        """Whether a missing value or an unknown `where` already explains the sum."""
        lines = self.lines()
        if any(not _known(line.get(condition.field.key)) for line in lines):
            return True
        where = condition.where
        return where is not None and any(
            self.truth(where, line) is Truth.UNKNOWN for line in lines
        )

    def _unusable(self, test: Test, line: LineValues | None) -> Iterator[str]:
        involved = [test.field, *(o for o in test.operands if isinstance(o, FieldRef))]
        unusable = [field for field in involved if not _known(self.value(field, line))]
        # A known value that can't be compared (another currency) is the cause itself.
        yield from (field.name for field in unusable or involved)

    def value(self, field: FieldRef, line: LineValues | None = None) -> object:
        """The value of a field; of a line's field on that line."""
        if field.of_line:
            return UNKNOWN if line is None else line.get(field.key, UNKNOWN)
        return self._values.get(field.key, UNKNOWN)

    def _witnesses(self, condition: Condition, *, holds: bool) -> tuple[LineWitness, ...] | None:
        """The lines because of which a condition holds (or does not), None when it names none."""
        wanted = Truth.TRUE if holds else Truth.FALSE
        if isinstance(condition, Not):
            return self._witnesses(condition.part, holds=not holds)
        if isinstance(condition, AllOf | AnyOf):
            for part in condition.parts:
                if self.truth(part) is wanted:
                    found = self._witnesses(part, holds=holds)
                    if found:
                        return found
            return None
        if not isinstance(condition, ForLines):
            return None
        return self._line_witnesses(condition, holds=holds)

    def _line_witnesses(
        self, condition: ForLines, *, holds: bool
    ) -> tuple[LineWitness, ...] | None:
        quantifier = condition.quantifier
        if holds is not (quantifier is Quantifier.ANY):
            return None
        wanted = Truth.FALSE if quantifier is Quantifier.ALL else Truth.TRUE
        return tuple(
            LineWitness(index=index, line=line, test=self._line_subject(condition.part, line))
            for index, line in enumerate(self.lines())
            if self.truth(condition.part, line) is wanted
        )

    def _line_subject(self, part: Condition, line: LineValues) -> Test | None:
        tests = [test for test in walk(part) if isinstance(test, Test)]
        holding = [test for test in tests if self.truth(test, line) is Truth.TRUE]
        return _best(holding or tests)


def _best(tests: Sequence[Test]) -> Test | None:
    missing = (test for test in tests if test.operator is Operator.MISSING)
    return next(missing, tests[0] if tests else None)


def _known(value: object) -> bool:
    return value is not None and value is not UNKNOWN


def _outside_lines(condition: Condition) -> Iterator[Condition]:
    """The parts of a condition that are about the document, what is negated left out."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _outside_lines(part)
    elif isinstance(condition, Test):
        yield condition
