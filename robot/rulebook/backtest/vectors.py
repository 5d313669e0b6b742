"""A condition asked of many documents at once.

Every single test is answered by the compiled rules, once for each distinct value; here the answers
are only spread over the documents and joined with Kleene's and, or and not. So there is one
meaning, live and in a backtest. As in the compiled code, a condition is a pair: *possible* is not
known to be false, *certain* is known to be true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from robot.domain.fields import UNKNOWN as NOT_KNOWN
from robot.domain.fields import FieldType
from robot.domain.money import Money
from robot.flow.past import LINES_ABSENT, LINES_UNKNOWN, Codes, Column, PastBatch
from robot.rulebook.backtest.questions import (
    TRUE,
    UNKNOWN,
    Ask,
    Question,
    Questions,
    dated,
    inputs_of,
)
from robot.rulebook.conditions import (
    LINES,
    AllOf,
    AnyOf,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    Literal,
    Not,
    SumLines,
    Test,
    fields_of,
)
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator, Quantifier

Flags: TypeAlias = npt.NDArray[np.bool_]
#: 0 false, 1 unknown, 2 true, one a document.
Truths: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.intp]

_NOT_ASKED: Final = 255
_NO_DAY: Final = date.min
_BOUNDS: Final = frozenset({Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST})
_STATES: Final = frozenset({Operator.MISSING, Operator.PRESENT})
#: What `missing` and `present` of the lines tell apart, by code.
_LINE_STATES: Final[tuple[object, ...]] = (None, NOT_KNOWN, (), ({},))
#: A table of answers for pairs of values is kept as an array up to this size.
_TABLE: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class _Pair:
    possible: Flags
    certain: Flags

    def negated(self) -> _Pair:
        return _Pair(~self.certain, ~self.possible)


class Vectors:
    """Asks questions of one batch. What was asked of a value is not asked of it again."""

    def __init__(self, batch: PastBatch, questions: Questions) -> None:
        self._batch = batch
        self._questions = questions
        self._answers: dict[tuple[Test, Any], _Answers] = {}
        self._orders: dict[FieldRef, Sequence[Codes]] = {}
        self._document_of_line = np.repeat(
            np.arange(batch.size, dtype=np.int32), np.maximum(batch.line_counts, 0)
        )

    def truths(self, question: Question, rows: Sequence[slice]) -> Truths:
        """How a condition comes out for the documents of some rows; false elsewhere."""
        asked = np.zeros(self._batch.size, dtype=np.bool_)
        for piece in rows:
            asked[piece] = True
        part = _Part(self, question.lists, np.flatnonzero(asked), asked)
        pair = part.pair(question.condition, of_lines=False)
        truths = np.zeros(self._batch.size, dtype=np.uint8)
        truths[asked] = pair.possible.astype(np.uint8) + pair.certain.astype(np.uint8)
        return truths

    @property
    def batch(self) -> PastBatch:
        """The documents."""
        return self._batch

    @property
    def questions(self) -> Questions:
        """What answers single tests."""
        return self._questions

    @property
    def document_of_line(self) -> Codes:
        """The row of each line's document."""
        return self._document_of_line

    def answers(
        self, test: Test, lists: Mapping[str, ValueList], columns: list[Column]
    ) -> _Answers:
        """The answers to a test for the combinations of values that were asked so far."""
        key = (test, tuple(id(lists[name]) for name in sorted(lists)))
        known = self._answers.get(key)
        if known is None:
            ask = self._questions.asking(test, lists)
            days = self._batch.days[0] if dated(test, lists) else (_NO_DAY,)
            known = self._answers[key] = _Answers(
                test, ask, columns, days, lambda: self._sorted(test.field, columns[0])
            )
        return known

    def _sorted(self, field: FieldRef, column: Column) -> Sequence[Codes]:
        """The codes of a column by the size of their values, each currency by itself."""
        known = self._orders.get(field)
        if known is None:
            known = self._orders[field] = _by_size(column.values)
        return known


class _Part:
    """One question about some rows."""

    def __init__(
        self, vectors: Vectors, lists: Mapping[str, ValueList], rows: Places, asked: Flags
    ) -> None:
        self._vectors = vectors
        self._batch = vectors.batch
        self._lists = lists
        self._rows = rows
        self._asked = asked
        self._size = len(rows)
        self._counts = self._batch.line_counts[rows]

    @cached_property
    def _lines(self) -> Places:
        """The lines of the documents that are asked about."""
        return np.flatnonzero(self._asked[self._vectors.document_of_line])

    @cached_property
    def _document_of_line(self) -> Places:
        """For each line the place of its document among those that are asked about."""
        return np.repeat(np.arange(self._size), np.maximum(self._counts, 0))

    def pair(self, condition: Condition, *, of_lines: bool) -> _Pair:
        """The pair of a condition, one entry a document or a line."""
        if isinstance(condition, AllOf | AnyOf):
            pairs = [self.pair(part, of_lines=of_lines) for part in condition.parts]
            join = np.logical_and if isinstance(condition, AllOf) else np.logical_or
            return _Pair(
                join.reduce([pair.possible for pair in pairs]),
                join.reduce([pair.certain for pair in pairs]),
            )
        if isinstance(condition, Not):
            return self.pair(condition.part, of_lines=of_lines).negated()
        if isinstance(condition, Test):
            return self._test(condition, of_lines=of_lines)
        if isinstance(condition, ForLines):
            return self._for_lines(condition)
        if isinstance(condition, CountLines):
            return self._count(condition)
        return self._sum(condition)

    def _test(self, test: Test, *, of_lines: bool) -> _Pair:
        columns = [self._column(field) for field in inputs_of(test)]
        answers = self._vectors.answers(test, self._lists, columns)
        codes = [
            self._codes(field, column, of_lines=of_lines)
            for field, column in zip(inputs_of(test), columns, strict=True)
        ]
        if answers.dated:
            codes.append(self._spread(self._batch.days[1][self._rows], of_lines=of_lines))
        truths = answers.of(codes)
        return _Pair(truths >= UNKNOWN, truths == TRUE)

    def _column(self, field: FieldRef) -> Column:
        if field.type is FieldType.LINES:
            counts = self._batch.line_counts
            codes = np.where(counts > 0, 3, np.where(counts == 0, 2, 0))
            codes[counts == LINES_UNKNOWN] = 1
            codes[counts == LINES_ABSENT] = 0
            return Column(codes=codes.astype(np.int32), values=_LINE_STATES)
        if field.of_line:
            return self._batch.line_column(field.key)
        return self._batch.column(field.key)

    def _codes(self, field: FieldRef, column: Column, *, of_lines: bool) -> Codes:
        if field.of_line:
            return column.codes[self._lines]
        return self._spread(column.codes[self._rows], of_lines=of_lines)

    def _spread(self, codes: Codes, *, of_lines: bool) -> Codes:
        """A document's own code for each of its lines."""
        return codes[self._document_of_line] if of_lines else codes

    def _how_many(self, lines: Flags) -> npt.NDArray[np.intp]:
        """How many lines of each document are marked."""
        return np.bincount(self._document_of_line[lines], minlength=self._size)

    def _for_lines(self, condition: ForLines) -> _Pair:
        part = self.pair(condition.part, of_lines=True)
        if condition.quantifier is Quantifier.ALL:
            part = part.negated()
        known = self._counts > 0
        found = _Pair(
            ~known | (self._how_many(part.possible) > 0),
            known & (self._how_many(part.certain) > 0),
        )
        if condition.quantifier is Quantifier.ANY:
            return found
        return _Pair(~known | ~found.certain, known & ~found.possible)

    def _count(self, condition: CountLines) -> _Pair:
        lines = np.maximum(self._counts, 0).astype(np.int64)
        low = high = lines
        if condition.where is not None:
            where = self.pair(condition.where, of_lines=True)
            low, high = self._how_many(where.certain), self._how_many(where.possible)
        count = self._vectors.questions.counting(condition)
        cases, places = np.unique(np.stack([lines, low, high]), axis=1, return_inverse=True)
        truths = np.array(
            [count(*case) if case[0] else UNKNOWN for case in cases.T.tolist()], dtype=np.uint8
        )[np.ravel(places)]
        return _Pair(truths >= UNKNOWN, truths == TRUE)

    def _sum(self, condition: SumLines) -> _Pair:
        """Sums are exact only in decimals, so each document is asked by itself."""
        ask = self._vectors.questions.asking(condition, self._lists)
        named = fields_of(condition)
        own = [field.key for field in named if not field.of_line and field != LINES]
        of_line = [field.key for field in named if field.of_line]
        days, day = self._batch.days
        truths = np.array(
            [
                ask(self._batch.values(row, own, of_line), days[day[row]])
                for row in self._rows.tolist()
            ],
            dtype=np.uint8,
        )
        return _Pair(truths >= UNKNOWN, truths == TRUE)


def _one_bound(test: Test) -> bool:
    return (
        test.operator in _BOUNDS
        and test.field.type in {FieldType.MONEY, FieldType.NUMBER}
        and len(test.operands) == 1
        and isinstance(test.operands[0], Literal)
    )


def _by_size(values: Sequence[object]) -> Sequence[Codes]:
    groups: dict[str, list[tuple[Decimal, int]]] = {}
    for code, value in enumerate(values):
        if isinstance(value, Money):
            groups.setdefault(value.currency, []).append((value.amount, code))
        elif isinstance(value, Decimal):
            groups.setdefault("", []).append((value, code))
    return [
        np.array([code for _, code in sorted(group)], dtype=np.int32) for group in groups.values()
    ]


class _Answers:
    """The answers to one test for the combinations of values (and days) asked so far."""

    def __init__(
        self,
        test: Test,
        ask: Ask,
        columns: list[Column],
        days: Sequence[date],
        sorted_codes: Callable[[], Sequence[Codes]],
    ) -> None:
        self._test = test
        self._ask = ask
        self._columns = columns
        self._days = days
        self.dated = days != (_NO_DAY,)
        self._sizes = [len(column.values) for column in columns]
        if self.dated:
            self._sizes.append(len(days))
        self._state = test.operator in _STATES and test.field.type not in {
            FieldType.LINES,
            FieldType.ACCOUNTS,
        }
        if self._state:
            # Whatever the value is, it is there: one stands for all.
            self._sizes = [3]
        combinations = int(np.prod(self._sizes, dtype=np.float64))
        self._table: Truths | None = None
        self._few: dict[int, int] = {}
        if combinations <= _TABLE:
            self._table = np.full(max(combinations, 1), _NOT_ASKED, dtype=np.uint8)
            if _one_bound(test) and not self.dated:
                self._fill_by_size(sorted_codes())

    def of(self, codes: Sequence[Codes]) -> Truths:
        """One answer for each combination of codes."""
        if self._state:
            codes = [np.minimum(codes[0], 2)]
        key: npt.NDArray[Any] = codes[0]
        if len(codes) > 1:
            key = codes[0].astype(np.int64)
            for size, more in zip(self._sizes[1:], codes[1:], strict=True):
                key = key * size + more
        if self._table is None:
            cases, places = np.unique(key, return_inverse=True)
            new = [case for case in cases.tolist() if case not in self._few]
            self._few.update(zip(new, self._answers(new), strict=True))
            return np.array([self._few[case] for case in cases.tolist()], dtype=np.uint8)[places]
        truths: Truths = self._table[key]
        missing = truths == _NOT_ASKED
        if missing.any():
            new = np.unique(key[missing]).tolist()
            self._table[new] = list(self._answers(new))
            truths = self._table[key]
        return truths

    def _fill_by_size(self, groups: Sequence[Codes]) -> None:
        """Fill the table of a bound: the answer changes at one place among sorted values."""
        if self._table is None:
            return
        for codes in groups:
            first = self._answer(int(codes[0]))
            low, high = 1, len(codes)
            while low < high:
                middle = (low + high) // 2
                if self._answer(int(codes[middle])) == first:
                    low = middle + 1
                else:
                    high = middle
            self._table[codes[:low]] = first
            if low < len(codes):
                self._table[codes[low:]] = self._answer(int(codes[low]))

    def _answers(self, cases: Sequence[int]) -> Iterator[int]:
        """The compiled rules' answers for combinations of values."""
        (first, *others) = inputs_of(self._test)
        if others or self.dated or first.of_line:
            return map(self._answer, cases)
        ask, day, key = self._ask, self._days[0], first.key
        values: Sequence[Any] = self._columns[0].values
        return (ask({key: values[case]}, day) for case in cases)

    def _answer(self, case: int) -> int:
        places: list[int] = []
        for size in reversed(self._sizes[1:]):
            case, place = divmod(case, size)
            places.append(place)
        places.append(case)
        places.reverse()
        day = self._days[places.pop()] if self.dated else self._days[0]
        document: dict[str, Any] = {}
        line: dict[str, Any] = {}
        for field, column, place in zip(inputs_of(self._test), self._columns, places, strict=True):
            (line if field.of_line else document)[field.key] = column.values[place]
        if line:
            document[LINES.key] = (line,)
        return self._ask(document, day)
