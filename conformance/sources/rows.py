"""The rows of a live database: all looks of a run, in the one snapshot of its transaction.

Nothing is written, and no lock is taken above ACCESS SHARE.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg

from conformance.model.look import Graph, Privileges, Rows, Seen, Unseen
from conformance.model.looking import Asked, Looking, by_table
from conformance.sources import opening, rows_guard, rows_lanes
from conformance.sources.edge_companion import both
from conformance.sources.rows_guard import Named
from conformance.sources.rows_lane import Lane
from conformance.sources.rows_lanes import Tell
from conformance.sources.rows_statements import TORN, Spoilt, Statements, Unguarded, unseen

# A row or two of a large table are looked up, and not found by reading all of it, as if it lay on a turning disk.
_SETTINGS = """\
SET LOCAL work_mem = '64MB';
SET LOCAL random_page_cost = 1.1;
SET LOCAL idle_in_transaction_session_timeout = '1h';
SET LOCAL constraint_exclusion = off;
SET LOCAL enable_mergejoin = on;
SET LOCAL enable_material = on;
SET LOCAL join_collapse_limit TO DEFAULT;
SET LOCAL max_parallel_workers_per_gather TO DEFAULT"""
_WITHOUT_INDEXES = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off"
)


class Looker:
    """Takes looks over one connection, in a transaction `REPEATABLE READ, READ ONLY` with an empty search_path.

    `second` opens another connection to the same server, where the rows are so many that it is worth it. `tell` is told
    the table that is looked at next, and about how many rows it has.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        looking: Looking,
        *,
        second: Callable[[], psycopg.Connection[Any]] | None = None,
        tell: Tell = lambda table, rows: None,
        began: float | None = None,
    ) -> None:
        self._connection = connection
        self._looking = looking
        self._second = second
        self._tell = tell
        self._began = time.monotonic() if began is None else began
        self._statements = Statements(connection, looking, self._began)

    def take(self, asked: Sequence[Asked]) -> Mapping[str, Seen]:
        """What was seen, by the id of the look. Raises one of `TORN` where the snapshot was lost."""
        try:
            self._connection.execute(self._settings().encode(), prepare=False)
        except TORN:
            raise
        except psycopg.Error as error:
            return dict.fromkeys((one.id for one in asked), unseen(error, 0))
        seen, estimates = self._guarded(asked)
        graphs = [one for one in asked if one.id not in seen and isinstance(one.look, Graph)]
        others = [one for one in asked if one.id not in seen and not isinstance(one.look, Graph)]
        locked: set[Named] = set()
        lane = Lane(self._statements, self._looking, estimates=estimates, locked=locked)
        largest_first = self._looking.max_duration is None
        with self._beside(others, estimates, locked) as other:
            divided = rows_lanes.divided(others) if other else by_table(others).items()
            groups = rows_lanes.by_size(divided, estimates, largest_first=largest_first)
            if other is not None:
                self._connection.execute(rows_lanes.SERIAL, prepare=False)
            found = rows_lanes.taken(lane, other, groups, self._tell)
        lane = Lane(self._statements, self._looking, second=self._second, estimates=estimates, locked=locked)
        return seen | found | rows_lanes.taken(lane, None, by_table(graphs).items(), self._tell)

    @contextmanager
    def _beside(
        self, asked: Sequence[Asked], estimates: Mapping[Named, int], locked: set[Named]
    ) -> Iterator[Lane | None]:
        """Another lane, where it is worth it and can be had. All tables are locked over both before either looks: who
        waits for a lock of the one never keeps the other waiting."""
        many = rows_lanes.rows([one for one in asked if isinstance(one.look, Rows)], estimates) >= rows_lanes.MANY
        hold = rows_lanes.hold(asked)
        if not many or self._second is None or isinstance(self._statements.fetched(hold), Unseen):
            yield None
            return
        settings = f"{opening.SET};\n{self._settings()};\n{rows_lanes.SERIAL}"
        with ExitStack() as parting:
            try:
                found = parting.enter_context(both(self._connection, self._second, hold, settings))
            except TORN:
                raise
            except psycopg.Error as error:  # no savepoint is there to take it back
                raise Spoilt(str(error)) from error
            if len(found) == 1:
                self._second = None  # what could not be had is not waited for again
                yield None
                return
            statements = Statements(found[1], self._looking, self._began)
            yield Lane(statements, self._looking, estimates=estimates, locked=locked)

    def _settings(self) -> str:
        return f"{_SETTINGS};\n{_WITHOUT_INDEXES}" if self._looking.distrust_indexes else _SETTINGS

    def only(self, one: Asked) -> Seen:
        """The same for one look at a database of ours, without what guards against a stranger's code and a move."""
        lane = Lane(self._statements, self._looking)
        if not isinstance(one.look, Rows):
            return lane.one(one)
        return lane.groups.several([one]).get(one.id) or lane.counted([one])[one.id]

    def quickly(self, asked: Sequence[Asked]) -> Mapping[str, Seen]:
        """The same for many looks. Raises `psycopg.Error` where the server refuses one."""
        lane = Lane(Unguarded(self._connection, self._looking, time.monotonic()), self._looking)
        seen: dict[str, Seen] = {one.id: lane.one(one) for one in asked if not isinstance(one.look, Rows)}
        for group in by_table(asked).values():
            rows = [one for one in group if isinstance(one.look, Rows)]
            several = lane.groups.several(rows)
            seen |= several | lane.counted([one for one in rows if one.id not in several])
        return seen

    def _guarded(self, asked: Sequence[Asked]) -> tuple[dict[str, Seen], dict[Named, int]]:
        """The looks that cannot be taken, each with the reason, and how many rows the tables have about."""
        rows = self._statements.fetched(rows_guard.guard(), rows_guard.asking(asked))
        if isinstance(rows, Unseen):
            return {one.id: rows for one in asked if not isinstance(one.look, Privileges)}, {}
        tables = rows_guard.tables(asked)
        found = {tables[row[0] - 1]: row for row in rows}
        blocked = rows_guard.blocked(asked, found, self._looking)
        return dict(blocked), {table: max(int(row[2]), 0) for table, row in found.items()}
