"""How the result of a backtest is shown: what is dangerous first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from robot.cli.joined import console, table
from robot.domain.decision import Outcome
from robot.flow.history_port import Aftermath
from robot.rulebook.backtest.comparison import Change, Comparison, Tally
from robot.rulebook.backtest.concern import WORDS, Concern
from robot.rulebook.backtest.preparing import Beginning

_OUTCOMES: Final = (Outcome.POST, Outcome.BOUNCE, Outcome.HOLD)
_NOTHING_DONE: Final = "nothing known"
#: Customers, rules and error types named in the terminal; --json has all of them.
_MOST_ROWS: Final = 15


def kroner(amount: Decimal) -> str:
    """An amount for a reader."""
    return f"{amount:,.2f} DKK"


def show(
    total: Comparison, idle: Sequence[Beginning], names: Mapping[str, str], csv_file: str
) -> None:
    """Print the result for a person."""
    out = console()
    _show_danger(total, out)
    _show_summary(total, out)
    if total.changed.documents:
        out.print(_matrix(total))
        out.print(_customers(total, names))
        out.print(_rules(total))
        out.print(_error_types(total))
        out.print(_aftermath(total))
    rest = [c for c in total.changes if c.concern is not Concern.REGRETTED_POST]
    if rest:
        out.print(changes_table("Other changed documents, the most pressing first", rest))
    _show_rest(total, idle, csv_file, out)


def changes_table(title: str, changes: Sequence[Change]) -> Table:
    """Changed documents, one a row."""
    made = table("customer", "document", "number", "amount", "old", "new", "afterwards", "rules")
    made.title = title
    made.title_justify = "left"
    for change in changes:
        document = change.document
        amount = "not known" if document.amount_dkk is None else kroner(document.amount_dkk)
        made.add_row(
            Text(document.customer),
            Text(document.source_id),
            Text(document.number),
            Text(amount, justify="right"),
            _with_codes(change.old, change.old_codes),
            _with_codes(change.new, change.new_codes),
            document.aftermath.value if document.aftermath else "–",
            Text(", ".join(change.rules)),
        )
    return made


def _show_danger(total: Comparison, out: Console) -> None:
    regretted = total.concerns.get(Concern.REGRETTED_POST, Tally())
    if not regretted.documents:
        if total.newly_posted.documents:
            out.print("No document would be newly posted that was found wrong later.")
        return
    out.print(
        Text(
            f"WOULD HAVE POSTED WHAT WAS FOUND WRONG LATER: {regretted.documents:,} documents, "
            f"{kroner(regretted.amount)}",
            style="bold red",
        )
    )
    dangerous = [c for c in total.changes if c.concern is Concern.REGRETTED_POST]
    if dangerous:
        out.print(changes_table("Corrected, bounced, dropped or reversed by a person", dangerous))


def _show_summary(total: Comparison, out: Console) -> None:
    changed, posted = total.changed, total.newly_posted
    share = f" ({changed.documents / total.documents:.2%})" if total.documents else ""
    sheets = f" ({total.repostings:,} re-postings)" if total.repostings else ""
    out.print(
        f"{total.documents:,} documents{sheets} decided anew: {changed.documents:,}{share} come "
        f"out otherwise, {posted.documents:,} of them newly posted ({kroner(posted.amount)})."
    )
    for concern, tally in sorted(total.concerns.items()):
        out.print(f"  {WORDS[concern]}: {tally.documents:,}, {kroner(tally.amount)}")
    if total.other_reasons.documents:
        out.print(
            f"  the same outcome for other reasons: {total.other_reasons.documents:,}, "
            f"{kroner(total.other_reasons.amount)}"
        )


def _matrix(total: Comparison) -> Table:
    cells: dict[tuple[Outcome, Outcome], Tally] = {}
    for (_, old, new), tally in total.matrix.items():
        cells.setdefault((old, new), Tally()).add(tally.documents, tally.ore)
    made = table("old → new", *(outcome.value for outcome in _OUTCOMES))
    made.title, made.title_justify = "All documents", "left"
    for old in _OUTCOMES:
        row = [cells.get((old, new), Tally()) for new in _OUTCOMES]
        made.add_row(old.value, *(_cell(tally) for tally in row))
    return made


def _customers(total: Comparison, names: Mapping[str, str]) -> Table:
    changed: dict[str, dict[tuple[Outcome, Outcome], Tally]] = {}
    for (customer, old, new), tally in total.matrix.items():
        if old is not new:
            changed.setdefault(customer, {})[old, new] = tally
    made = table("customer", "name", "old → new", "documents", "amount")
    made.title, made.title_justify = "Changed, by customer", "left"
    ranked = sorted(changed.items(), key=lambda i: -sum(t.documents for t in i[1].values()))
    for customer, moves in ranked[:_MOST_ROWS]:
        for (old, new), tally in sorted(moves.items()):
            made.add_row(
                customer or "unknown",
                Text(names.get(customer, "")),
                f"{old.value} → {new.value}",
                f"{tally.documents:,}",
                kroner(tally.amount),
            )
    _say_more(made, len(ranked))
    return made


def _rules(total: Comparison) -> Table:
    made = table("rule", "old → new", "documents", "amount")
    made.title, made.title_justify = "Rules that made the difference", "left"
    ranked = sorted(total.rules.items(), key=lambda item: (-item[1].documents, item[0]))
    for (rule, old, new), tally in ranked[:_MOST_ROWS]:
        made.add_row(
            Text(rule),
            f"{old.value} → {new.value}",
            f"{tally.documents:,}",
            kroner(tally.amount),
        )
    _say_more(made, len(ranked))
    return made


def _error_types(total: Comparison) -> Table:
    made = table("error type", "gone", "new")
    made.title, made.title_justify = "Error types of changed documents", "left"
    codes = sorted({code for code, _ in total.codes})
    for code in codes[:_MOST_ROWS]:
        gone, new = (total.codes.get((code, change), Tally()) for change in ("gone", "new"))
        made.add_row(code, _cell(gone), _cell(new))
    _say_more(made, len(codes))
    return made


def _aftermath(total: Comparison) -> Table:
    made = table("old → new", "what people did afterwards", "documents", "amount")
    made.title, made.title_justify = "Changed documents and what became of them", "left"
    changed = [
        (f"{old.value} → {new.value}", what, tally)
        for (old, new, what), tally in total.afterwards.items()
        if old is not new
    ]
    for move, what, tally in sorted(changed, key=lambda row: (row[0], -row[2].documents)):
        made.add_row(move, _done(what), f"{tally.documents:,}", kroner(tally.amount))
    return made


def _show_rest(total: Comparison, idle: Sequence[Beginning], csv_file: str, out: Console) -> None:
    if total.not_replayed:
        out.print(
            f"look at: {total.not_replayed:,} documents of the past come out otherwise than they "
            "were recorded under the very same rules; the checks have changed since"
        )
    for name, documents in sorted(total.not_recorded.items()):
        out.print(
            f"look at: {name} was not recorded for {documents:,} documents and counts as unknown"
        )
    if total.sheets_untried:
        out.print(
            "look at: rules for re-posting sheets changed, and the history has no sheet of these "
            "days to try them on"
        )
    for told in idle:
        out.print(Text(f"look at: {told}"))
    hidden = total.changed.documents - len(total.changes)
    if csv_file:
        out.print(f"Every changed document is in {csv_file}.")
    elif hidden > 0:
        out.print(f"{hidden:,} more changed documents; --csv FILE writes all of them.")


def _cell(tally: Tally) -> str:
    return f"{tally.documents:,} ({kroner(tally.amount)})" if tally.documents else "–"


def _with_codes(outcome: Outcome, codes: Sequence[str]) -> Text:
    return Text(f"{outcome.value}: {', '.join(codes)}" if codes else outcome.value)


def _done(what: Aftermath | None) -> str:
    return _NOTHING_DONE if what is None else what.value


def _say_more(made: Table, rows: int) -> None:
    if rows > _MOST_ROWS:
        made.caption = f"and {rows - _MOST_ROWS} more; --json has all"
        made.caption_justify = "left"
