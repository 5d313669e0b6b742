"""One page of the dashboard: where it is, what it is called, who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from starlette.responses import Response

from robot.domain.rights import Right

#: Takes a `robot.web.visit.Visit`, which knows its page.
Endpoint: TypeAlias = Callable[[Any], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page or an act. Acts are posted, have a CSRF token, and are no item of the menu.

    `order` is the place in the menu; None keeps it out.
    """

    path: str
    name: str
    da: str
    en: str
    show: Endpoint
    right: Right | None = Right.SEE
    method: str = "GET"
    order: int | None = None
    #: Open to everybody, such as a customer's page by its signed link.
    public: bool = False
    #: Whether its form brings a file.
    takes_file: bool = False


def act(
    path: str,
    name: str,
    do: Endpoint,
    *,
    right: Right | None = Right.SEE,
    public: bool = False,
    takes_file: bool = False,
) -> Page:
    """An act: it is posted and has no name that people see."""
    return Page(
        path=path,
        name=name,
        da="",
        en="",
        show=do,
        right=right,
        method="POST",
        public=public,
        takes_file=takes_file,
    )


def acts(
    path: str, name: str, kinds: Iterable[str], do: Callable[[str, Any], Response]
) -> list[Page]:
    """A clerk's acts on one thing: a path and a name for each kind, done by one function."""
    return [
        act(f"{path}/{kind}", f"{name}-{kind}", partial(do, kind), right=Right.WORK)
        for kind in kinds
    ]
