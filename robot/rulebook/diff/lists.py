"""Differences between lists of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from robot.rulebook.diff.change import Change, Direction, together
from robot.rulebook.diff.rule_changes import Whose, added_value_direction, period_width
from robot.rulebook.diff.tongue import Tongue
from robot.rulebook.diff.width import Width, names_list
from robot.rulebook.diff.wording import period_text
from robot.rulebook.problem import Position
from robot.rulebook.rules import Rule
from robot.rulebook.value_lists import ListRow, ValueList

#: Rows that are named one by one.
_MOST_ROWS = 20


def list_change(
    old: ValueList | None, new: ValueList | None, rules: Sequence[Rule], whose: Whose, at: Position
) -> Change | None:
    """A list with other rows; None when the rows say the same.

    Args:
        old: The list as it was, with the rows that count for `whose`; None when there was none.
        new: The list as it is.
        rules: Those that may name it.
        whose: For whom.
        at: Where the list stands.
    """
    name = (new or old or ValueList(name="", rows=())).name
    before, after = _by_value(old), _by_value(new)
    grown = added_value_direction(rules, names_list(name))
    tongue = whose.tongue
    told = list(_row_changes(before, after, grown, tongue))
    if not told:
        return None
    details = [line for line, _ in told[:_MOST_ROWS]]
    if len(told) > _MOST_ROWS:
        more = len(told) - _MOST_ROWS
        details.append(tongue.say(f"og {more} rækker mere", f"and {more} more rows"))
    word = tongue.say("ny liste", "new list") if old is None else tongue.say("listen", "list")
    gone = tongue.say(" er væk", " is gone") if new is None else ""
    return Change(
        customer=whose.customer,
        who=whose.name,
        kind="list",
        item=name,
        text=f"{word} {name}{gone} for {whose.name}",
        details=tuple(details),
        direction=together(direction for _, direction in told),
        at=at,
    )


def _by_value(rows: ValueList | None) -> dict[str, list[ListRow]]:
    found: dict[str, list[ListRow]] = {}
    for row in rows.rows if rows is not None else ():
        found.setdefault(row.value, []).append(row)
    return found


def _row_changes(
    old: Mapping[str, list[ListRow]],
    new: Mapping[str, list[ListRow]],
    grown: Direction,
    tongue: Tongue,
) -> Iterator[tuple[str, Direction]]:
    for value in sorted(old.keys() | new.keys()):
        before, after = old.get(value, []), new.get(value, [])
        if [_said(row) for row in before] == [_said(row) for row in after]:
            continue
        if not before:
            yield f"{tongue.say('ny', 'new')} {_rows(after, tongue)}", grown
        elif not after:
            gone = tongue.say("ikke længere", "no longer")
            yield f"{gone} {_rows(before, tongue)}", grown.opposite()
        else:
            words = f"{_rows(before, tongue)} → {_rows(after, tongue)}"
            yield words, _longer(before, after, grown)


def _longer(old: list[ListRow], new: list[ListRow], grown: Direction) -> Direction:
    if len(old) != 1 or len(new) != 1:
        return Direction.EITHER
    width = period_width(
        (old[0].valid_from, old[0].valid_to), (new[0].valid_from, new[0].valid_to)
    )
    if width is Width.SAME:
        return Direction.NEUTRAL
    if width is Width.UNCLEAR:
        return Direction.EITHER
    return grown if width is Width.WIDER else grown.opposite()


def _said(row: ListRow) -> tuple[object, ...]:
    return row.valid_from, row.valid_to, row.why, row.owner


def _rows(rows: Sequence[ListRow], tongue: Tongue) -> str:
    return ", ".join(_row(row, tongue) for row in rows)


def _row(row: ListRow, tongue: Tongue) -> str:
    period = ""
    if row.valid_from is not None or row.valid_to is not None:
        period = f" {period_text(row.valid_from, row.valid_to, tongue)}"
    return f"{row.value}{period}{f' ({row.why})' * bool(row.why)}"
