"""Two lanes: the tables of a run divided between two connections that see one snapshot."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock, Thread
from typing import TypeAlias

from conformance.model.look import Rows, Seen
from conformance.model.looking import Asked, by_sieve, by_table
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


def divided(asked: Sequence[Asked]) -> Iterator[Group]:
    """The looks on each table, in as many parts as there are scans that nothing is shared between."""
    for table, group in by_table(asked).items():
        rows = [one for one in group if isinstance(one.look, Rows)]
        sieved = by_sieve(rows).values()
        sieved_ids = {one.id for part in sieved for one in part}
        parts = [*sieved, [one for one in rows if one.id not in sieved_ids], [one for one in group if one not in rows]]
        yield from ((table, part) for part in parts if part)


def by_size(groups: Iterable[Group], estimates: Mapping[Named, int], *, largest_first: bool) -> list[Group]:
    """What has most rows to read first, so that the lanes end together; or last, where time may run out over it."""
    return sorted(groups, key=lambda group: rows(group[1], estimates), reverse=largest_first)


def rows(asked: Sequence[Asked], estimates: Mapping[Named, int]) -> int:
    """About how many rows the tables have that these looks read."""
    return sum(estimates.get(table, 0) for table in rows_guard.tables(asked))


def taken(first: Lane, other: Lane | None, groups: Iterable[Group], tell: Tell) -> dict[str, Seen]:
    """What was seen of all tables. What a lane had begun that lost its connection is looked at over the first."""
    work = _Work(groups, tell)
    if other is not None:
        _aside(work, other, lambda: work.done_by(first))
    work.done_by(first)
    return work.found


def _aside(work: _Work, other: Lane, meanwhile: Callable[[], None]) -> None:
    """The other lane works in a thread of its own; where either fails, both end."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work.done_by(other, expendable=True)
        except BaseException as error:  # noqa: BLE001  it is raised in the thread that waits for it
            errors.append(error)
            work.waiting.clear()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        meanwhile()
        thread.join()
    except BaseException:
        work.waiting.clear()
        other.stop()
        end(other.connection, thread, time.monotonic() + _CANCEL_S)
        raise
    if errors:
        raise errors[0]


class _Work:
    """What is to be looked at, and what was found; lanes share it."""

    def __init__(self, groups: Iterable[Group], tell: Tell) -> None:
        self.waiting = deque(groups)
        self.found: dict[str, Seen] = {}
        self._tell, self._told, self._telling = tell, set[Named](), Lock()

    def done_by(self, lane: Lane, *, expendable: bool = False) -> None:
        """The lane takes what is next until nothing is; where its connection is `expendable`, what is lost with it is
        left to the other."""
        while self.waiting:
            try:
                table, group = self.waiting.popleft()
            except IndexError:  # the other lane has taken it
                return
            self._say(table, lane.estimate(table))
            seen = lane.table(group)
            if expendable and lane.connection.closed:
                self.waiting.appendleft((table, group))
                return
            self.found.update(seen)

    def _say(self, table: Named, rows: int) -> None:
        with self._telling:
            if table not in self._told:
                self._told.add(table)
                self._tell(table[1], rows)
