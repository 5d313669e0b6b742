"""The published list of problems is complete and current."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from robot.rulebook.analysis.problem_kinds import DOCUMENT, KINDS, markdown

PROJECT = Path(__file__).parents[3]
RULEBOOK = PROJECT / "robot" / "rulebook"
#: Methods and classes whose first argument is the code of a problem.
TELLING = {"error", "warning", "fail", "add", "_error", "_stop", "LiteralError"}
#: Told about a case while it runs, never by the check.
ELSEWHERE = {"no-document", "no-reader"}


def codes_in_the_code() -> Iterator[str]:
    for path in RULEBOOK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            code = node.args[0]
            if name not in TELLING or len(node.args) == 1:
                continue
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def test_every_code_is_in_the_list() -> None:
    assert set(codes_in_the_code()) - KINDS.keys() - ELSEWHERE == set()


def test_every_code_of_the_list_is_told_somewhere() -> None:
    paths = (path for path in RULEBOOK.rglob("*.py") if not path.stem.startswith("kinds_"))
    words = "\n".join(path.read_text("utf-8") for path in paths)
    ends = ("-expired", "-expiring")
    unused = {code for code in KINDS if not code.endswith(ends) and f'"{code}"' not in words}
    assert unused == set()


def test_the_published_list_is_current() -> None:
    """When this fails, run `invoice-robot rules problems > docs/rule-problems.md`."""
    assert (PROJECT / DOCUMENT).read_text("utf-8") == "\n".join(markdown()) + "\n"
