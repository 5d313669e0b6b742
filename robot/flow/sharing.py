"""Several robots share a run's work by company.

A company is the smallest share: what is alike, what stands under one key and what one customer is
told all belong to one company, so no two robots ever need to see each other's open work. A robot
takes shares while no other holds fewer, hands one on between two batches when another has less to
do, and goes through the documents again for shares that it got later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final, TypeVar

from robot.flow.context import Run

T = TypeVar("T")

#: Seconds between two looks at what the others still hold.
_LOOK_AGAIN: Final = 1


def mine(run: Run, companies: Collection[str]) -> frozenset[str]:
    """The companies among these on which this run works; those that are free are taken."""
    wanted = frozenset(companies)
    if not run.shared:
        return wanted
    missing = wanted - run.lease.shares - run.through
    if missing:
        run.lease = run.ports.store.take_shares(run.lease, sorted(missing))
        passed = missing - run.lease.shares
        if passed:
            run.passed_over |= passed
            run.with_others |= run.ports.store.standing(run.lease, passed).held
    return wanted & run.lease.shares


def read_mine(
    run: Run, read: Callable[[], list[T]], company_of: Callable[[T], str]
) -> tuple[list[T], list[T]]:
    """All rows that are read, and those of them on which this run works.

    What was read before a share was taken may have been changed by its last holder, so it is read
    again then, until nothing was taken: the new rows may be of companies that the first had not.
    """
    while True:
        rows = read()
        if not run.shared:
            return rows, rows
        before = run.lease.shares
        held = mine(run, {company_of(row) for row in rows})
        if run.lease.shares == before:
            return rows, [row for row in rows if company_of(row) in held]


def even_out(run: Run) -> None:
    """Hand a share on, between two batches, when another robot has less to do."""
    shares = run.lease.shares
    if not run.shared or len(shares) <= 1:
        return
    fewest = run.ports.store.standing(run.lease, ()).fewest
    if fewest is not None and fewest + 1 < len(shares):
        surplus = max(shares)
        run.lease = run.ports.store.hand_on(run.lease, {surplus}, done=False)
        run.passed_over.add(surplus)


def another_pass(run: Run) -> bool:
    """Whether there is more to do: shares that were handed on, or whose robot has died.

    Waits while others hold what this run passed over, so that the work of a robot that is killed
    is taken up in the same run.
    """
    if not run.shared:
        return False
    store = run.ports.store
    # Got after some of their documents had gone by.
    partly = run.lease.shares & run.passed_over
    done = run.lease.shares - partly
    run.through |= done
    run.lease = store.hand_on(run.lease, done, done=True)
    if partly:
        run.passed_over.clear()
        return not run.stopping()
    while not run.stopping():
        waiting = run.passed_over - run.through
        if not waiting:
            return False
        standing = store.standing(run.lease, waiting)
        run.with_others |= standing.held
        run.through |= standing.done & run.with_others
        free = waiting - standing.held - run.through
        run.lease = store.take_shares(run.lease, sorted(free))
        if run.lease.shares:
            run.passed_over.clear()
            return True
        run.renew()
        run.options.stop.wait(_LOOK_AGAIN)
    return False
