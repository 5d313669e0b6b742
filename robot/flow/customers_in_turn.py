"""Doing something for one customer after the other, so that one's trouble is nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from robot.domain.answer import saying
from robot.errors import RobotError, StoreError
from robot.flow.context import Run
from robot.flow.sharing import mine


def with_each(
    run: Run, customers: Iterable[str], act: Callable[[str], None], *, otherwise: tuple[str, str]
) -> None:
    """Act for each customer that is this robot's to serve, and neither paused nor without company.

    Args:
        run: Notes whose act failed; the others get theirs.
        customers: By bogføringskreds, in any order.
        act: Takes the bogføringskreds.
        otherwise: Completes "customer 99001 …" in Danish and English when the act fails.

    Raises:
        StoreError: The store can't be used, which is everybody's trouble.
    """
    for kreds in sorted(customers):
        company = run.company(kreds)
        if run.stopping() or run.is_paused(kreds) or not company:
            continue
        if company not in mine(run, {company}):
            continue
        try:
            act(kreds)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one customer's trouble leaves the others theirs
            run.errors[error.reference if isinstance(error, RobotError) else "robot-fault"] += 1
            run.problems.append(
                saying(
                    "customer-trouble",
                    customer=kreds,
                    what_da=otherwise[0],
                    what_en=otherwise[1],
                    text=error,
                )
            )
            run.fault(error, kreds)
