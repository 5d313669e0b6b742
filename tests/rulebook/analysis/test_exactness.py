"""The analysis against trying everything: small rules over a few values, all documents of them.

What is proven impossible no document shows. For the part of the language that
`docs/rules-guide.md` calls exact, what no document shows is found as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from robot.domain.decision import Outcome, Truth
from robot.domain.fields import UNKNOWN
from robot.domain.money import Money
from robot.rulebook.analysis.example import values_of
from robot.rulebook.analysis.solver import Solver
from robot.rulebook.analysis.translation import Formulas
from robot.rulebook.analysis.value_sets import Moment, Wanted
from robot.rulebook.check import check
from robot.rulebook.compiler import Compiled
from robot.rulebook.conditions import LINES, Condition, fields_of
from robot.rulebook.ruleset import CompiledRuleSet
from tests.rulebook.world import CUSTOMER, FIELDS, TODAY, loaded

FITTING: Final = {
    Wanted.TRUE: {Truth.TRUE},
    Wanted.FALSE: {Truth.FALSE},
    Wanted.NOT_TRUE: {Truth.FALSE, Truth.UNKNOWN},
    Wanted.NOT_FALSE: {Truth.TRUE, Truth.UNKNOWN},
}
LISTS: Final = {"lists/few.csv": "value\nA\nAB\n"}
#: What is asked of each field, and all values that such conditions tell apart.
ASKED: Final = {
    "invoice.total": (
        *("{below: 100 DKK}", "{at_most: 100 DKK}", "{above: 100 DKK}", "{at_least: 100.01 DKK}"),
        *("{is: 250 DKK}", "{between: [100 DKK, 250 DKK]}", "{above: 100 EUR}", "missing"),
    ),
    "invoice.age_days": ("{below: 2}", "{at_most: 1}", "{above: 1}", "{is: 2}", "present"),
    "invoice.issue_date": (
        *("{before: 2026-11-24}", "{on_or_after: today}", "{after: 2026-11-23}"),
        *("{within_days: 1}", "{within_days: last 2}", "{is: 2026-11-25}", "missing"),
        *("{between: [today - 1 days, today + 2 days]}", "{on_or_before: today - 1 days}"),
    ),
    "order.reference": (
        *("{is: A}", "{is_not: AB}", "{in: [A, B]}", "{not_in: [A, AB]}", "{in_list: few}"),
        *("{not_in_list: few}", "{starts_with: A}", "{starts_with: [AB, B]}", "missing"),
        *("{matches: 'A.?'}", "{matches: '[AB]+'}", "{matches: '.*B'}", "{matches: 'AB|B'}"),
    ),
    "creditor.number": (
        *("{same_as: order.reference}", "{differs_from: order.reference}", "{is: A}"),
        *("{starts_with: A}", "missing"),
    ),
    "creditor.known": ("yes", "no", "present"),
    "creditor.blocked": ("{is: all}", "{is_not: payment}", "{in: ['no', all]}", "missing"),
}
OF_LINE: Final = {
    "coded": ("yes", "no"),
    "account": ("{is: A}", "{is_not: A}", "present", "missing"),
}
TO_ONE: Final = ("at_least: 1", "is: 0", "below: 1")
FURTHER: Final = ("at_least: 2", "at_most: 1", "between: [1, 2]")
#: What is asked of lines with amounts.
SUMS: Final = "sums"
OF_PRICED: Final = (
    *("{sum: {field: net, where: {coded: yes}, above: 1 DKK}}", "{sum: {field: net, is: 0 DKK}}"),
    *(
        "{sum: {field: net, at_most: 1 DKK}}",
        "{sum: {field: net, is: 1 EUR}}",
        "{any: {coded: no}}",
    ),
    *("{sum: {field: net, where: {coded: yes}, is: 2 DKK}}", "{none: {net: {is: 1 DKK}}}"),
    *("{all: {net: missing}}", "{count: {where: {net: present}, at_least: 2}}"),
)
#: What is seen in part only.
IN_PART: Final = ("sum: {", "same_as", "differs_from")
OPEN: Final = (None, UNKNOWN)
VALUES: Final[Mapping[str, Sequence[object]]] = {
    "invoice.total": (
        *(Money(Decimal(n), "DKK") for n in ("99", "100", "100.005", "100.01", "200", "250")),
        *(Money(Decimal(n), "DKK") for n in ("251", "-1")),
        *(Money(Decimal(n), "EUR") for n in ("100", "101")),
        *(Money(Decimal(1), "SEK"), *OPEN),
    ),
    "invoice.age_days": (*map(Decimal, range(4)), *OPEN),
    "invoice.issue_date": (*(TODAY + timedelta(days=n) for n in range(-3, 5)), *OPEN),
    "order.reference": (
        *("".join(word) for size in range(4) for word in product("ABz", repeat=size)),
        *OPEN,
    ),
    "creditor.number": ("A", "AB", "B", *OPEN),
    "creditor.known": (True, False, *OPEN),
    "creditor.blocked": ("no", "payment", "all", *OPEN),
}


@cache
def all_lines() -> tuple[object, ...]:
    """Up to three lines of every kind, and no lines."""
    kinds = [
        {"coded": coded, "account": account}
        for coded, account in product((True, False, UNKNOWN), ("A", "B", *OPEN))
    ]
    several = (c for size in (1, 2, 3) for c in combinations_with_replacement(kinds, size))
    return (*several, (), UNKNOWN)


@cache
def priced_lines() -> tuple[object, ...]:
    """One line or two with amounts, and no lines."""
    amounts = (Money(Decimal(1), "DKK"), Money(Decimal(2), "DKK"), Money(Decimal(1), "EUR"), *OPEN)
    kinds = [
        {"net": net, "coded": coded} for net, coded in product(amounts, (True, False, UNKNOWN))
    ]
    several = (c for size in (1, 2) for c in combinations_with_replacement(kinds, size))
    return (*several, (), UNKNOWN)


@st.composite
def blocks(draw: st.DrawFn, names: Sequence[str]) -> str:
    """A condition on some fields, two deep."""
    leaves = draw(st.lists(st.sampled_from(names).flatmap(asked_of), min_size=1, max_size=3))
    if len(leaves) == 1 and draw(st.booleans()):
        return leaves[0]
    word = draw(st.sampled_from(("any_of", "all_of", "none_of")))
    inner = f"{{{word}: [{', '.join(leaves)}]}}"
    if draw(st.booleans()):
        return inner
    other = draw(st.sampled_from(names).flatmap(asked_of))
    return f"{{{draw(st.sampled_from(('any_of', 'all_of')))}: [{inner}, {other}]}}"


def asked_of(name: str) -> st.SearchStrategy[str]:
    if name == LINES.name:
        return of_lines()
    if name == SUMS:
        return st.sampled_from(OF_PRICED).map(lambda asked: f"{{lines: {asked}}}")
    return st.sampled_from(ASKED[name]).map(lambda asked: f"{{{name}: {asked}}}")


@st.composite
def of_lines(draw: st.DrawFn) -> str:
    """Something about the lines, two fields at most."""
    names = draw(st.lists(st.sampled_from(sorted(OF_LINE)), min_size=1, max_size=2, unique=True))
    inner = ", ".join(f"{name}: {draw(st.sampled_from(OF_LINE[name]))}" for name in names)
    kind = draw(st.sampled_from(("any", "all", "none", "count", "present")))
    if kind == "present":
        return f"{{lines: {draw(st.sampled_from(('present', 'missing')))}}}"
    if kind != "count":
        return f"{{lines: {{{kind}: {{{inner}}}}}}}"
    where = draw(st.sampled_from((f"where: {{{inner}}}, ", f"where: {{{inner}}}, ", "")))
    bound = draw(st.sampled_from((*TO_ONE, *FURTHER)))
    return f"{{lines: {{count: {{{where}{bound}}}}}}}"


def in_part(text: str) -> bool:
    """Whether there is something that is not compared with all else, as counts beyond one."""
    return any(f"{bound}}}" in text for bound in FURTHER) or any(one in text for one in IN_PART)


#: Fields that are asked about together.
TOGETHER: Final = st.sampled_from(
    [
        ("invoice.total", "invoice.issue_date"),
        ("order.reference",),
        ("order.reference", "creditor.known"),
        ("invoice.age_days", "creditor.blocked", "creditor.known"),
        (LINES.name,),
        (LINES.name, "creditor.known"),
        (SUMS,),
        ("order.reference", "creditor.number"),
    ]
)


def documents(conditions: Sequence[Condition]) -> Iterator[dict[str, Any]]:
    """Every document that may tell some conditions apart."""
    names = sorted({field.name for condition in conditions for field in fields_of(condition)})
    kept = [LINES.name if name.startswith("lines") else name for name in names]
    used = list(dict.fromkeys(kept))
    lines = priced_lines if "lines.net" in names else all_lines
    values = [lines() if name == LINES.name else VALUES[name] for name in used]
    for one in product(*values):
        yield dict(zip(used, one, strict=True))


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_impossible_is_just_what_no_document_shows(data: st.DataObject) -> None:
    names = data.draw(TOGETHER)
    first, second = data.draw(blocks(names)), data.draw(blocks(names))
    wanted = data.draw(st.tuples(st.sampled_from(Wanted), st.sampled_from(Wanted)))
    text = "".join(
        f"  - {{id: {name}, hold: fraud-suspected, when: {block}}}\n"
        for name, block in (("first", first), ("second", second))
    )
    read = loaded({"standard.yaml": f"rules:\n{text}", **LISTS})
    assert read.standard is not None
    assert not read.errors
    rules = read.standard.rules
    conditions = [rule.when for rule in rules if rule.when is not None]
    formulas = Formulas(FIELDS, Moment(day=TODAY, lists=read.lists))
    model = Solver().solve(formulas.of(c, how) for c, how in zip(conditions, wanted, strict=True))
    compiled = Compiled(rules, read.lists)

    def shows(values: dict[str, Any]) -> bool:
        true, unknown = compiled.evaluate(values, TODAY)
        return all(
            (Truth.TRUE if i in true else Truth.UNKNOWN if i in unknown else Truth.FALSE)
            in FITTING[how]
            for i, how in enumerate(wanted)
        )

    some = [] if model is None else values_of(model, TODAY)
    possible = any(map(shows, some)) or any(map(shows, documents(conditions)))
    assert model is not None or not possible
    assert model is None or possible or in_part(first + second)


#: What rules do; a bounce with `reference-missing` hides what is held with `details-wrong`.
EFFECTS: Final = {
    "post": "post: ",
    "hold": "hold: creditor-unknown",
    "bounce": "bounce: reference-missing",
    "late": "hold: details-wrong",
}


def kind_of(rule: str) -> str:
    return rule.partition("-")[0]


@st.composite
def customer_files(draw: st.DrawFn) -> str:
    """A customer's file with a few rules, made of few conditions so that they meet."""
    parts = draw(st.lists(blocks(draw(TOGETHER)), min_size=2, max_size=3))
    text = f"{CUSTOMER}rules:\n"
    for number, kind in enumerate(
        draw(st.lists(st.sampled_from(sorted(EFFECTS)), min_size=2, max_size=4))
    ):
        both = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2))
        block = f"{{all_of: [{', '.join(both)}]}}"
        text += f"  - {{id: {kind}-{number}, {EFFECTS[kind]}, when: {block}}}\n"
    return text


@given(text=customer_files())
@settings(max_examples=40, deadline=None)
def test_rules_that_never_have_their_way_are_told(text: str) -> None:
    read = loaded({"customers/x.yaml": text, **LISTS})
    rules = read.customers["x"].rules
    decider = CompiledRuleSet(read.effective("x"), compute=lambda *_: {})
    met: set[str] = set()
    had_their_way: set[str] = set()
    alone: set[str] = set()
    for values in documents([rule.when for rule in rules if rule.when is not None]):
        decision = decider.decide_values(values, TODAY)
        true = {result.rule for result in decision.results if result.truth is Truth.TRUE}
        met |= true
        had_their_way |= {*decision.posted_by}
        if decision.outcome is Outcome.BOUNCE:
            had_their_way |= {rule for rule in true if kind_of(rule) == "bounce"}
        alike = Counter(map(kind_of, true))
        alone |= {rule for rule in true if alike[kind_of(rule)] == 1}

    ids = {rule.at.line: rule.id for rule in rules}
    told: dict[str, set[str]] = {}
    for problem in check(read, TODAY):
        places = (problem.line, *(at.line for at in problem.related))
        if problem.code in {"never-posts", "rules-contradict"}:
            posts = {ids[line] for line in places if kind_of(ids[line]) == "post"}
            told.setdefault("never-posts", set()).update(posts)
        elif problem.code in {"never-bounces", "redundant-rule"}:
            told.setdefault(problem.code, set()).add(ids[problem.line])
    posting = {rule for rule in met if kind_of(rule) == "post"}
    never_posts = told.get("never-posts", set())
    assert not never_posts & had_their_way
    assert never_posts == posting - had_their_way or in_part(text)
    assert not told.get("never-bounces", set()) & had_their_way
    assert not told.get("redundant-rule", set()) & alone
