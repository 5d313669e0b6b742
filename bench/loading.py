"""Loading the rules of 500 customers: from nothing, and again when one file has changed.

The floor is libyaml alone, going through the same files. `check` reasons about every rule as well.
All of it is work of one core, so its processor time is measured: a busy machine changes nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

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


def run() -> list[Ratio]:
    """Processor time for 500 customers."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        write_rules(few, customers=CUSTOMERS, rules=OWN_RULES)
        write_rules(many, customers=CUSTOMERS, rules=MANY_RULES)
        floors = {few: _seconds(lambda: _parse(few)), many: _seconds(lambda: _parse(many))}
        return [
            _ratio("load 500 × 100 rules", _seconds(lambda: _book(few)), floors[few], "≤ 5 s"),
            _ratio("… and compile all", _seconds(lambda: _compiled(few)), floors[few], "≤ 5 s"),
            _ratio("… again, one file changed", _again(few), floors[few], "≤ 0.5 s"),
            _ratio("load 500 × 100 own rules", _seconds(lambda: _book(many)), floors[many], ""),
            _ratio("… again, one file changed", _again(many), floors[many], "≤ 0.5 s"),
            _ratio("check 500 × 100 rules", _seconds(lambda: _check(few)), floors[few], ""),
            _ratio("check 500 × 100 own rules", _seconds(lambda: _check(many)), floors[many], ""),
        ]


def _book(directory: Path) -> RuleBook:
    return RuleBook(directory, catalogue=CATALOGUE, compute=checks.compute)


def _compiled(directory: Path) -> list[Compiled]:
    """Every set ready to decide; all are kept, as they are in a rule book."""
    loaded = without_nonsense(load(directory, CATALOGUE))
    ready = [compile_set(loaded.effective(stem)) for stem in loaded.customers]
    for compiled in ready:
        compiled.make_ready()
    return ready


def _check(directory: Path) -> None:
    check(load(directory, CATALOGUE), TODAY)


def _again(directory: Path) -> float:
    book = _book(directory)
    file = next((directory / "customers").iterdir())
    file.write_text(file.read_text("utf-8").replace("name: Kunde", "name: Kunden"), "utf-8")
    return _seconds(book.reload)


def _parse(directory: Path) -> None:
    for path in directory.rglob("*.yaml"):
        for _ in yaml.parse(path.read_bytes(), Loader=yaml.CBaseLoader):
            pass


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _ratio(name: str, seconds: float, floor: float, aim: str) -> Ratio:
    return Ratio(
        name=name,
        value=seconds * 1000,
        unit="ms",
        floor_name="libyaml alone",
        floor_value=floor * 1000,
        ratio=seconds / floor,
        aim=aim,
    )
