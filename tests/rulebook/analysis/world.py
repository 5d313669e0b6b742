"""Small rule directories in memory, checked on one day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import dedent, indent
from types import MappingProxyType

from robot.rulebook.check import check
from robot.rulebook.problem import Problem
from tests.rulebook.world import CUSTOMER, TODAY, loaded, standard

MAILBOX = "mailboxes: [{address: a@example.test}]\n"


def rules(*texts: str) -> str:
    """Rules of a customer's file."""
    items = (indent(dedent(text).strip(), "    ").lstrip() for text in texts)
    return "rules:\n" + "".join(f"  - {item}\n" for item in items)


def problems(
    own: str = "",
    *of_standard: str,
    day: date = TODAY,
    files: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Problem, ...]:
    """What is told of a customer's file with some keys more, beside a standard with some rules."""
    texts = {
        "standard.yaml": standard(*of_standard) if of_standard else "rules: []\n",
        "customers/x.yaml": CUSTOMER + MAILBOX + own,
        **files,
    }
    return check(loaded(texts), day)


def told(code: str, found: tuple[Problem, ...]) -> list[str]:
    """The messages of one kind of problem."""
    return [problem.message for problem in found if problem.code == code]
