"""Two lanes: the tables of a run divided between two connections that see one snapshot."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock, Thread
from typing import TypeAlias

from conformance.model.look import Seen
from conformance.model.looking import Asked
from conformance.model.sql import qualified
from conformance.sources import rows_guard
from conformance.sources.edge_reader import end
from conformance.sources.rows_guard import Named
from conformance.sources.rows_lane import Lane

MANY = 500_000
"""So many rows are worth another connection."""
SERIAL = "SET LOCAL max_parallel_workers_per_gather = 0"
"""Two lanes keep two processors busy: the server is asked for no more."""
_CANCEL_S = 2.0

Tell: TypeAlias = "Callable[[str, int], None]"
Group: TypeAlias = "tuple[Named, Sequence[Asked]]"


def hold(asked: Sequence[Asked]) -> str:
    """Reads nothing, but locks all that these looks read against being written anew."""
    return "\nUNION ALL ".join(f"(SELECT NULL FROM {qualified(*table)} LIMIT 0)" for table in rows_guard.tables(asked))


def by_size(groups: Iterable[Group], estimates: Mapping[Named, int], *, largest_first: bool) -> list[Group]:
    """What has most rows to read first, so that the lanes end together; or last, where time may run out over it."""
    return sorted(groups, key=lambda group: rows(group[1], estimates), reverse=largest_first)


def rows(asked: Sequence[Asked], estimates: Mapping[Named, int]) -> int:
    """About how many rows the tables have that these looks read."""
    return sum(max(estimates.get(table, 0), 0) for table in rows_guard.tables(asked))


def taken(first: Lane, other: Lane | None, groups: Iterable[Group], tell: Tell) -> dict[str, Seen]:
    """What was seen of all tables. A table whose lane lost its connection is looked at over the first."""
    waiting, found, errors, telling = deque(groups), dict[str, Seen](), list[BaseException](), Lock()

    def work(lane: Lane) -> None:
        while waiting:
            try:
                table, group = waiting.popleft()
            except IndexError:  # the other lane has taken it
                return
            with telling:
                tell(table[1], lane.estimate(table))
            seen = lane.table(group)
            if lane is other and lane.connection.closed:
                waiting.appendleft((table, group))
                return
            found.update(seen)

    def aside(lane: Lane) -> None:
        try:
            work(lane)
        except BaseException as error:  # noqa: BLE001  it is raised in the thread that waits for it
            errors.append(error)
            waiting.clear()

    thread = None if other is None else Thread(target=aside, args=(other,), daemon=True)
    try:
        if thread is not None:
            thread.start()
        work(first)
        if thread is not None:
            thread.join()
    except BaseException:
        waiting.clear()
        if thread is not None and other is not None:
            end(other.connection, thread, time.monotonic() + _CANCEL_S)
        raise
    if errors:
        raise errors[0]
    work(first)
    return found
