"""Finds the few rules that can have to do with each other, by the fields and words they ask for.

Rules are bits of one number, so that hundreds of them are sifted at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from robot.rulebook.analysis.domains import Cell, Choices, Words
from robot.rulebook.analysis.formulas import Key
from robot.rulebook.analysis.reasoning import Scope
from robot.rulebook.conditions import LINES

#: What a rule says for certain of single fields, when it is true.
Given = Mapping[Key, Cell]


class ValueIndex:
    """An index over the rules of one set.

    Args:
        scopes: The fields of each rule.
        given: What each says for certain of single fields.
    """

    def __init__(self, scopes: Sequence[Scope], given: Sequence[Given]) -> None:
        self._scopes = scopes
        self._by_field: dict[str, int] = {}
        #: Rules that ask about something in the lines.
        self._of_lines = 0
        self._words: list[dict[Key, frozenset[str | bool]]] = []
        self._by_word: dict[tuple[Key, str | bool], int] = {}
        self._worded: dict[Key, int] = {}
        for index, (scope, cells) in enumerate(zip(scopes, given, strict=True)):
            bit = 1 << index
            for name in scope.asked:
                self._by_field[name] = self._by_field.get(name, 0) | bit
            self._of_lines |= bit if any(map(_in_lines, scope.asked)) else 0
            worded = {key: words for key, cell in cells.items() if (words := _words(cell))}
            self._words.append(worded)
            for key, words in worded.items():
                self._worded[key] = self._worded.get(key, 0) | bit
                for word in words:
                    self._by_word[key, word] = self._by_word.get((key, word), 0) | bit

    def asking(self, names: Iterable[str]) -> int:
        """The rules that ask about one of the fields; whoever asks about a line asks for lines."""
        found = 0
        for name in names:
            found |= self._by_field.get(name, 0)
            if name == LINES.name:
                found |= self._of_lines
        return found

    def may_imply(self, wide: int) -> int:
        """The rules that may be true only of documents that one is true of.

        Such a rule asks about a field of each part of the wider one, and where that names words,
        for no others.
        """
        found = ~(1 << wide)
        for part in self._scopes[wide].parts:
            found &= self.asking(part)
        return found & self.sharing(wide)

    def may_meet(self, rule: int) -> int:
        """The rules that ask about a field of one, less those that ask it for other words."""
        asked = self._scopes[rule].asked
        found = self.asking(asked)
        if any(map(_in_lines, asked)):
            found |= self._by_field.get(LINES.name, 0)
        return found & self.sharing(rule)

    def sharing(self, rule: int) -> int:
        """All rules less those that ask a field for other words than one does."""
        found = -1
        for key, words in self._words[rule].items():
            same = ~self._worded[key]
            for word in words:
                same |= self._by_word[key, word]
            found &= same
        return found


def _in_lines(name: str) -> bool:
    return name.startswith(f"{LINES.name}.")


def _words(cell: Cell) -> frozenset[str | bool] | None:
    """The words that a cell is one of; None when it may be missing, unknown or any."""
    if cell.missing or cell.unknown:
        return None
    values = cell.values
    if isinstance(values, Choices):
        return values.values
    return values.allowed if isinstance(values, Words) else None


def places(mask: int) -> Iterable[int]:
    """The places of the bits of a number, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
