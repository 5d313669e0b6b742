"""Who does a divisible piece of work: this process, more cores, or the workers of a Dask cluster.

The work is a callable that can be pickled; every worker gets it once and then calls it for each
part. Results come in the order in which they are done.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Protocol, TypeVar

from robot.errors import WorkersError

Part = TypeVar("Part")
Result = TypeVar("Result")
#: Seconds to wait for a scheduler to answer.
PATIENCE = 10
#: Elsewhere system libraries may not survive being forked.
_FORKS: Final = sys.platform.startswith("linux")

_own = threading.local()


class Workers(Protocol):
    """Does the same work on many parts."""

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """The results, as they are done.

        Raises:
            WorkersError: The workers can't be reached, or went away.
            RobotError: What the work raises.
        """


class InTurn:
    """One part after the other, here."""

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """The results, in the order of the parts."""
        return map(work, parts)


class OnCores:
    """Processes on this machine.

    Where processes can be forked they share the work's memory with this one, so none of them
    loads modules or unpacks rules; elsewhere the work is sent to them.

    Args:
        jobs: How many.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """The results, as they are done; a failed part stops the rest."""
        if len(parts) < 2:  # noqa: PLR2004 - one part needs no second process
            yield from map(work, parts)
            return
        with ProcessPoolExecutor(
            min(self._jobs, len(parts)),
            mp_context=multiprocessing.get_context("fork" if _FORKS else "spawn"),
            initializer=_take,
            initargs=(work,),
        ) as pool:
            with _unmoved():
                futures = [pool.submit(_do, part) for part in parts]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _unmoved() -> Iterator[None]:
    """Keep the collector off what there is now, so that forked processes go on sharing it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class OnCluster:
    """The workers of a Dask cluster; they need this package, and the history at the same path.

    Args:
        address: Of the scheduler, such as `tcp://10.0.0.5:8786`.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """The results, as they are done; a failed part stops the rest."""
        try:
            # Optional, and slow to load.
            distributed: Any = import_module("distributed")
        except ImportError:
            raise WorkersError(
                "Dask is not installed", hint="pip install 'invoice-robot[dask]'"
            ) from None
        try:
            client = distributed.Client(self._address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkersError(
                f"the scheduler {self._address} can't be reached: {error}",
                hint="start one with `dask scheduler`, and workers with `dask worker ADDRESS`",
            ) from error
        with client:
            if not client.scheduler_info()["workers"]:
                raise WorkersError(f"the scheduler {self._address} has no workers")
            sent = client.scatter([_Sent(work)], broadcast=True, hash=False)[0]
            futures = client.map(_on_worker, list(parts), sent=sent, pure=False)
            for future in distributed.as_completed(futures, loop=client.loop):
                yield future.result()
                future.release()


class _Sent:
    """The work as it is kept at a worker: not unpacked again for each part."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.work = work


def _on_worker(part: Any, sent: _Sent) -> Any:  # noqa: ANN401 - any part, any result
    return sent.work(part)


def _take(work: Callable[[Any], Any]) -> None:
    _own.work = work


def _do(part: Any) -> Any:  # noqa: ANN401 - any part, any result
    return _own.work(part)
