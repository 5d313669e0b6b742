"""Loading the rules of 500 customers: from nothing, and again when one file has changed.

The floors are libyaml alone, going through the same files, and where the rules are compiled as
well, Python's own `compile()` of the same generated source besides. `check` reasons about every
rule. All of it is work of one core, so its processor time is measured: a busy machine changes
nothing. The time by the clock stands beside it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from bench.many_customers import write_rules
from bench.ratio import Ratio
from robot import checks
from robot.checks.catalogue import CATALOGUE
from robot.rulebook.book import RuleBook
from robot.rulebook.check import check
from robot.rulebook.compiler import Compiled, compile_set
from robot.rulebook.loader import load
from robot.rulebook.nonsense import without_nonsense

CUSTOMERS = 500
#: With the standard's rules that is a hundred for each customer.
OWN_RULES = 17
#: A hundred of their own.
MANY_RULES = 100
TODAY = date(2026, 11, 24)
_YAML: Final = "libyaml alone"
_BOTH: Final = "libyaml and compile() alone"


class _Spent(NamedTuple):
    """Seconds."""

    processor: float
    clock: float


def run() -> list[Ratio]:
    """Processor time for 500 customers."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        write_rules(few, customers=CUSTOMERS, rules=OWN_RULES)
        write_rules(many, customers=CUSTOMERS, rules=MANY_RULES)
        yaml_few = _spent(lambda: _parse(few)).processor
        yaml_many = _spent(lambda: _parse(many)).processor
        both = yaml_few + _compile_alone(few)
        both_many = yaml_many + _compile_alone(many)
        return [
            _ratio("load 500 × 100 rules", _spent(lambda: _book(few)), yaml_few, "≤ 5 s"),
            _ratio("… and compile all", _spent(lambda: _compiled(few)), both, "≤ 5 s", _BOTH),
            _ratio("… again, one file changed", _again(few), yaml_few, "≤ 0.5 s"),
            _ratio("load 500 × 100 own rules", _spent(lambda: _book(many)), yaml_many, ""),
            _ratio("… and compile all", _spent(lambda: _compiled(many)), both_many, "", _BOTH),
            _ratio("… again, one file changed", _again(many), yaml_many, "≤ 0.5 s"),
            _ratio("check 500 × 100 rules", _spent(lambda: _check(few)), yaml_few, ""),
            _ratio("check 500 × 100 own rules", _spent(lambda: _check(many)), yaml_many, ""),
        ]


def _book(directory: Path) -> RuleBook:
    return RuleBook(directory, catalogue=CATALOGUE, compute=checks.compute)


def _compiled(directory: Path) -> list[Compiled]:
    """Every set ready to decide; all are kept, as they are in a rule book."""
    loaded = without_nonsense(load(directory, CATALOGUE))
    ready = [compile_set(loaded.effective(stem)) for stem in loaded.customers]
    for compiled in ready:
        compiled.sources()
    return ready


def _compile_alone(directory: Path) -> float:
    """What Python needs for the sources of all sets; one that several share is compiled once."""
    sources = {source for compiled in _compiled(directory) for source in compiled.sources()}
    return _spent(lambda: [compile(source, "<rules>", "exec") for source in sources]).processor


def _check(directory: Path) -> object:
    return check(load(directory, CATALOGUE), TODAY)


def _again(directory: Path) -> _Spent:
    book = _book(directory)
    file = next((directory / "customers").iterdir())
    file.write_text(file.read_text("utf-8").replace("name: Kunde", "name: Kunden"), "utf-8")
    return _spent(book.reload)


def _parse(directory: Path) -> None:
    for path in directory.rglob("*.yaml"):
        for _ in yaml.parse(path.read_bytes(), Loader=yaml.CBaseLoader):
            pass


def _spent(act: Callable[[], object]) -> _Spent:
    began, used = time.perf_counter(), time.process_time()
    made = act()
    spent = _Spent(time.process_time() - used, time.perf_counter() - began)
    # A book stays as long as the robot runs: giving it back is no part of reading it.
    del made
    return spent


def _ratio(name: str, spent: _Spent, floor: float, aim: str, floor_name: str = _YAML) -> Ratio:
    return Ratio(
        name=f"{name} ({spent.clock * 1000:,.0f} ms by the clock)",
        value=spent.processor * 1000,
        unit="ms",
        floor_name=floor_name,
        floor_value=floor * 1000,
        ratio=spent.processor / floor,
        aim=aim,
    )
