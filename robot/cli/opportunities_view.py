"""How opportunities are shown: what to change, what it gives, what it risks, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from robot.cli.backtest_view import kroner
from robot.cli.joined import console
from robot.cli.rule_tools import counted
from robot.domain.taxonomy import FixableBy
from robot.rulebook.backtest.comparison import Tally
from robot.rulebook.backtest.obstacles import Kind, Obstacles
from robot.rulebook.backtest.value import Opportunity

_MINUTES_AN_HOUR: Final = 60


def show(
    ranked: Sequence[Opportunity], found: Obstacles, number: int, names: Mapping[str, str]
) -> None:
    """Print opportunities for a person."""
    out = console()
    kept_back = sum(tally.documents for tally in found.not_posted.values())
    out.print(f"{found.documents:,} documents, {kept_back:,} of them not posted.")
    out.print(
        "Each opportunity counts documents whose only obstacle it is; a document with two ways "
        "out counts under both."
    )
    for place, one in enumerate(ranked, 1):
        out.print()
        _show_one(place, one, names, out)
    if number > len(ranked):
        out.print(f"\n{number - len(ranked)} more; --limit N shows more, --json all.")
    click.echo(
        "\nvalue = F × U × V × S: F importance by who can remove the cause, U spread over "
        "customers,\nV weight in minutes, S synergy with the customer's other opportunities for "
        "the same people.\nEach is 1 to [value] scale; see config/robot.toml."
    )


def as_json(ranked: Sequence[Opportunity], found: Obstacles, customer: str) -> dict[str, Any]:
    """Opportunities for machines; amounts are decimal strings in DKK."""
    return {
        "documents": found.documents,
        "not_posted": {
            kreds: _tally(tally)
            for kreds, tally in sorted(found.not_posted.items())
            if customer in {"", kreds}
        },
        "opportunities": [_one_json(one) for one in ranked],
    }


def _show_one(place: int, one: Opportunity, names: Mapping[str, str], out: Console) -> None:
    obstacle = one.obstacle
    name = names.get(obstacle.customer, "")
    out.print(
        Text.assemble(
            f"{place}. ",
            (f"{obstacle.customer} {name}".strip() or "customer unknown", "bold"),
            f": {_what(one)}",
        )
    )
    hours = one.minutes / _MINUTES_AN_HOUR
    out.print(
        f"   {counted(one.documents, 'document')}, {kroner(one.amount)}, "
        f"about {hours:,.1f} hours of manual work"
    )
    for bound in one.bounds:
        out.print(
            f"   with {_bound_name(one)} {bound.value:,}: {bound.documents:,} of these documents"
        )
    out.print(f"   {_how(one)}")
    out.print(f"   risk: {_risk(one)}")
    value = one.value
    out.print(
        f"   value {value.total:,.0f} = F {value.importance:.1f} × U {value.spread:.1f} × "
        f"V {value.weight:.1f} × S {value.synergy:.1f}"
    )


def _what(one: Opportunity) -> str:
    obstacle = one.obstacle
    if obstacle.kind is Kind.CRITERION:
        return f"rule {obstacle.rule} posts only when {one.text}"
    return f"rule {obstacle.rule} stops them ({obstacle.code})"


def _bound_name(one: Opportunity) -> str:
    return f"{one.parameter} at" if one.parameter else "the bound at"


def _how(one: Opportunity) -> str:
    fixer = one.fixable_by.value
    if not one.can_be_relaxed:
        why = "about security" if one.security else "mandatory"
        return f"the rule is {why} and is not relaxed; met when {fixer} removes the cause"
    if one.obstacle.kind is Kind.CRITERION:
        return "relax the condition, or have the documents meet it"
    if one.fixable_by is FixableBy.SAM_RULE:
        return "relax the rule for this customer"
    return f"relax the rule for this customer, or have {fixer} remove the cause"


def _risk(one: Opportunity) -> str:
    known = one.confirmed + one.regretted
    if one.risk is None:
        own = "nobody has acted on any of them"
    else:
        own = (
            f"of {known:,} whose fate is known, {one.regretted:,} ({one.risk:.0%}) were "
            "corrected, bounced, dropped or reversed"
        )
    if not one.similar.documents:
        return f"{own}; nothing similar was posted"
    share = one.similar_regretted.documents / one.similar.documents
    by = f"by {one.obstacle.rule}" if one.obstacle.kind is Kind.CRITERION else "for this customer"
    return (
        f"{own}; of {one.similar.documents:,} posted {by}, "
        f"{one.similar_regretted.documents:,} ({share:.1%}) were"
    )


def _one_json(one: Opportunity) -> dict[str, Any]:
    obstacle, value = one.obstacle, one.value
    return {
        "customer": obstacle.customer,
        "kind": obstacle.kind.value,
        "rule": obstacle.rule,
        "condition": one.text if obstacle.kind is Kind.CRITERION else None,
        "parameter": one.parameter or None,
        "error_type": obstacle.code,
        "fixable_by": one.fixable_by.value,
        "can_be_relaxed": one.can_be_relaxed,
        "documents": one.documents,
        "amount_dkk": str(one.amount),
        "minutes": one.minutes,
        "bounds": [{"value": str(b.value), "documents": b.documents} for b in one.bounds],
        "risk": {
            "confirmed": one.confirmed,
            "regretted": one.regretted,
            "similar_posted": one.similar.documents,
            "similar_regretted": one.similar_regretted.documents,
        },
        "value": {
            "total": round(value.total, 2),
            "importance": value.importance,
            "spread": round(value.spread, 3),
            "weight": round(value.weight, 3),
            "synergy": value.synergy,
        },
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {"documents": tally.documents, "amount_dkk": str(tally.amount)}
