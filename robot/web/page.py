"""One page of the dashboard: where it is, what it is called, who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
