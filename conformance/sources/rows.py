"""The rows of a live database: all looks of a run, in the one snapshot of its transaction.

Looks on one table share one scan. Where a statement is refused, its looks are tried one by one, so that what could not
be looked at is exactly what needed what is missing. Nothing is written, and no lock is taken above ACCESS SHARE.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import tuple_row

from conformance.errors import OutOfTime
from conformance.model.look import Graph, Groups, Names, Privileges, Rows, Seen, Shown, Tally, Unseen, Witness
from conformance.model.looking import MOST_WITNESSES, Asked, Looking
from conformance.model.sql import identifier, qualified
from conformance.sources import rows_sql
from conformance.sources.fold import folded

Tell = Callable[[str, int], None]
"""Told the table that is looked at next, and about how many rows it has."""

GLIMPSE_ROWS = 20_000
"""How many rows are drawn first where time may run out."""
_GLIMPSE_SHARE = 0.2
_FETCH = 10_000
_SHORTEST_MS = 10
_TIMES = "--statement-timeout and --max-duration allow for more"

_SETTINGS = """
SET LOCAL work_mem = '64MB';
SET LOCAL idle_in_transaction_session_timeout = '1h'
"""
_WITHOUT_INDEXES = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off"
)

TORN = (errors.SerializationFailure, errors.DeadlockDetected)
"""Raised where the snapshot is lost to a conflict, with recovery on a standby say: look again, from the beginning."""


class Looker:
    """Takes looks over one connection, in a transaction `REPEATABLE READ, READ ONLY` with an empty search_path.

    `second` opens another connection to the same server, where a graph is large enough to be worth it.
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
        began = time.monotonic() if began is None else began
        self._deadline = None if looking.max_duration is None else began + looking.max_duration

    def take(self, asked: Sequence[Asked]) -> Mapping[str, Seen]:
        """What was seen, by the id of the look. Raises one of `TORN` where the snapshot was lost."""
        self._connection.execute(_SETTINGS, prepare=False)
        if self._looking.distrust_indexes:
            self._connection.execute(_WITHOUT_INDEXES, prepare=False)
        blocked, estimates = self._guarded(asked)
        seen: dict[str, Seen] = dict(blocked)
        left = [one for one in asked if one.id not in seen]
        for table, group in _by_table(left).items():
            self._tell(table[1], max(estimates.get(table, 0), 0))
            rows = [one for one in group if isinstance(one.look, Rows)]
            seen |= self._rows(rows, estimates.get(table, 0))
            for one in group:
                if not isinstance(one.look, Rows):
                    seen[one.id] = self._one(one)
        return seen

    # --- what keeps rows from being read

    def _guarded(self, asked: Sequence[Asked]) -> tuple[dict[str, Unseen], dict[tuple[str, str], int]]:
        """The looks that cannot be taken, each with the reason, and how many rows the tables have about."""
        reads = [read for one in asked if not isinstance(one.look, Privileges) for read in one.reads]
        tables = list(dict.fromkeys((schema, table) for schema, table, _ in reads))
        columns = list(dict.fromkeys(read for read in reads if read[2]))
        found = self._connection.execute(
            Path(__file__).with_name("rows_guard.sql").read_text(encoding="utf-8"),
            {
                "schemas": [schema for schema, _ in tables],
                "tables": [table for _, table in tables],
                "column_tables": [tables.index((schema, table)) + 1 for schema, table, _ in columns],
                "columns": [column for *_, column in columns],
            },
        ).fetchall()
        by_table = {tables[row[0] - 1]: row for row in found}
        blocked: dict[str, Unseen] = {}
        for one in asked:
            for schema, table in dict.fromkeys((schema, table) for schema, table, _ in one.reads):
                own = {column for s, t, column in one.reads if (s, t) == (schema, table)}
                if isinstance(one.look, Privileges):
                    continue
                row = by_table.get((schema, table))
                why = self._why_not(schema, table, own, row) if row else Unseen(reason=f"{table} is gone")
                if why is not None:
                    blocked.setdefault(one.id, why)
        return blocked, {table: int(row[2]) for table, row in by_table.items()}

    def _why_not(self, schema: str, table: str, own: set[str], row: Sequence[Any]) -> Unseen | None:
        _, kind, _, usable, hidden, filtered, foreign, code = row
        role = "the current role"
        name = qualified(schema, table)
        if not usable:
            help_ = f"GRANT USAGE ON SCHEMA {identifier(schema)} TO …; GRANT SELECT ON {name} TO …"
            return Unseen(reason=f"{role} may not use the schema {schema}", help=help_)
        if lacking := [column for column in hidden if column in own]:
            listed = ", ".join(map(identifier, lacking))
            return Unseen(reason=f"{role} may not read {table} ({listed})", help=f"GRANT SELECT ON {name} TO …")
        if filtered:
            help_ = "look as a role with BYPASSRLS, or as the owner where row security is not forced"
            return Unseen(reason=f"row security of {table} would hide rows from {role}", help=help_)
        if foreign:
            return Unseen(
                reason=f"{', '.join(foreign)} under {table} is a foreign table, whose rows are on another server"
            )
        if code and not self._looking.trust_views:
            help_ = "--trust-views reads it; that may run their owner's code"
            return Unseen(
                reason=f"planning to read {table} may run code that is not PostgreSQL's own: {code[0]}", help=help_
            )
        if kind in "vm" and self._looking.sample is not None:
            return Unseen(reason=f"{table} is a view, of which no sample is drawn")
        return None

    # --- rows

    def _rows(self, asked: Sequence[Asked], estimate: int) -> dict[str, Seen]:
        """What the looks on one table saw."""
        if not asked:
            return {}
        glimpsed = self._glimpsed(asked, estimate)
        left = [one for one in asked if one.id not in glimpsed or isinstance(glimpsed[one.id], Unseen)]
        counted = self._counted(left)
        for one in left:
            found, before = counted[one.id], glimpsed.get(one.id)
            if isinstance(found, Unseen) and isinstance(before, Unseen):
                counted[one.id] = replace(found, glimpsed=before.glimpsed)
        return {**glimpsed, **counted}

    def _glimpsed(self, asked: Sequence[Asked], estimate: int) -> dict[str, Seen]:
        """Where time may run out: what a sample drawn first shows. A departure is one; none, only how rare they are."""
        if self._deadline is None or self._looking.sample is not None or estimate <= 2 * GLIMPSE_ROWS:
            return {}
        share = 100 * GLIMPSE_ROWS / estimate
        remaining = (self._deadline - time.monotonic()) * _GLIMPSE_SHARE
        looks = [one.look for one in asked if isinstance(one.look, Rows)]
        found = self._fetched(rows_sql.counts(looks, share), within=remaining)
        if isinstance(found, Unseen):
            return {}
        examined = found[0][0]
        return {
            one.id: Unseen(reason="", glimpsed=examined) for one, n in zip(asked, found[0][1:], strict=True) if not n
        }

    def _counted(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        if not asked:
            return {}
        looks = [one.look for one in asked if isinstance(one.look, Rows)]
        sample = self._looking.sample
        found = self._fetched(rows_sql.counts(looks, sample))
        if isinstance(found, Unseen):
            if len(asked) == 1:
                return {asked[0].id: found}
            return {one.id: seen for one in asked for seen in self._counted([one]).values()}
        examined, *violations = found[0]
        return {
            one.id: self._witnessed(look, examined, count) if count else self._clean(examined)
            for one, look, count in zip(asked, looks, violations, strict=True)
        }

    def _clean(self, examined: int) -> Tally:
        return Tally(examined=examined, violations=0, sampled=self._looking.sample is not None)

    def _witnessed(self, look: Rows, examined: int, violations: int) -> Seen:
        values = self._looking.show_values
        found = self._fetched(rows_sql.witnesses(look, self._looking.sample, values=values))
        if isinstance(found, Unseen):
            return Tally(examined=examined, violations=violations, way=f"no witness: {found.reason}")
        width = len(look.ids)
        telling = self._fetched(look.telling) if look.telling else []
        words = "" if isinstance(telling, Unseen) else "; ".join(f"{n:,} entries: {text}" for text, n in telling)
        return Tally(
            examined=examined,
            violations=violations,
            witnesses=tuple(
                Witness(ids=tuple(map(_text, row[:width])), joint=" · ", values=_values(look.values, row[width:]))
                for row in found
            ),
            sampled=self._looking.sample is not None,
            telling=words,
        )

    # --- what is not one row's

    def _one(self, one: Asked) -> Seen:
        look = one.look
        if isinstance(look, Privileges):
            return self._privileges(look)
        if self._looking.sample is not None:
            return Unseen(reason="a sample of the rows does not decide it")
        match look:
            case Groups():
                return self._groups(look)
            case Graph():
                return self._graph(look)
            case Names():
                return self._names(look)
            case _:
                raise TypeError(f"no way to take a look of the kind {type(look).__name__}")

    def _groups(self, look: Groups) -> Seen:
        found = self._fetched(rows_sql.group_counts(look))
        if isinstance(found, Unseen):
            return found
        examined, violations = found[0]
        if not violations:
            return Tally(examined=examined, violations=0)
        shown = self._fetched(rows_sql.group_witnesses(look))
        if isinstance(shown, Unseen):
            return Tally(examined=examined, violations=violations, way=f"no witness: {shown.reason}")
        witnesses = tuple(
            Witness(
                ids=tuple(map(_text, members)), values=_values(look.keys, keys) if self._looking.show_values else ()
            )
            for members, *keys in shown
        )
        return Tally(examined=examined, violations=violations, witnesses=witnesses)

    def _names(self, look: Names) -> Seen:
        """Twice through the names: first for folded ones that occur more than once, then for who has them."""
        hashes: list[int] = []
        try:
            for (name,) in self._streamed(rows_sql.names(look)):
                hashes.append(hash(folded(name)))
            examined = len(hashes)
            hashes.sort()
            several = {one for one, other in pairwise(hashes) if one == other}
            found: dict[str, dict[str, list[str]]] = {}
            for name, id_ in self._streamed(rows_sql.named(look)) if several else ():
                if hash(same := folded(name)) in several:
                    found.setdefault(same, {}).setdefault(name, []).append(_text(id_))
        except _Blocked as error:
            return error.unseen
        alike = {same: names for same, names in sorted(found.items()) if len(names) > 1}
        return Tally(
            examined=examined,
            violations=len(alike),
            witnesses=tuple(self._alike(names) for names in list(alike.values())[:MOST_WITNESSES]),
        )

    def _alike(self, names: Mapping[str, Sequence[str]]) -> Witness:
        first = [min(ids) for _, ids in sorted(names.items())]
        values = tuple(("name", ascii(name)) for name in sorted(names)) if self._looking.show_values else ()
        return Witness(ids=tuple(sorted(first)[:MOST_WITNESSES]), values=values[:MOST_WITNESSES])

    def _privileges(self, look: Privileges) -> Seen:
        statement, parameters = rows_sql.privileged(look)
        found = self._fetched(statement, parameters)
        if isinstance(found, Unseen):
            return found
        holders = [(role, may) for role, may in found if may]
        if holders and look.unsure:
            roles = ", ".join(role for role, _ in holders[:MOST_WITNESSES])
            triggers = ", ".join(look.unsure)
            return Unseen(
                reason=f"{roles} may do it, unless a trigger refuses: {triggers}, whose functions are not run"
            )
        return Tally(
            examined=len(found),
            violations=len(holders),
            witnesses=tuple(Witness(ids=(role, may), joint=" may ") for role, may in holders[:MOST_WITNESSES]),
            telling=_several([role for role, _ in holders]),
        )

    def _graph(self, look: Graph) -> Seen:
        """The engine keeps savepoints of its own: an exported snapshot can't come out of one."""
        from conformance.sources.edges import acyclic

        seconds = self._seconds(None)
        if self._connection.closed or seconds * 1000 < _SHORTEST_MS:
            return Unseen(reason="it was not reached within --max-duration")
        try:
            found = acyclic(
                self._connection,
                look.edges,
                second=self._second,
                low_memory=self._looking.low_memory,
                deadline=time.monotonic() + seconds,
            )
        except OutOfTime:
            return Unseen(reason=f"it took longer than {seconds:.3g} s", help=_TIMES)
        except TORN:
            raise
        except psycopg.Error as error:
            return _unseen(error, seconds)
        if found.cycle is None:
            return Tally(examined=found.edges, violations=0, way=found.way)
        path = (*found.cycle, found.cycle[0])
        shortest = f"a cycle of {len(found.cycle)}" + ("" if found.shortest else "; a shorter one may exist")
        return Tally(
            examined=found.edges,
            violations=found.cyclic_edges,
            witnesses=(Witness(ids=path, joint=" → "),),
            telling=f"{found.cyclic_edges:,} edges lie on cycles; the witness is {shortest}",
            way=found.way,
        )

    # --- statements

    def _fetched(
        self, statement: str, parameters: Mapping[str, Any] | None = None, *, within: float | None = None
    ) -> list[tuple[Any, ...]] | Unseen:
        """The statement's rows, or why there are none; the transaction goes on either way."""
        try:
            return list(self._run(statement, parameters, within))
        except _Blocked as error:
            return error.unseen

    def _run(self, statement: str, parameters: Mapping[str, Any] | None, within: float | None) -> list[tuple[Any, ...]]:
        with self._guarding(within):
            cursor = self._connection.cursor(row_factory=tuple_row)
            # without parameters psycopg leaves the % of a pattern alone
            return cursor.execute(statement.encode(), parameters or None).fetchall()

    def _streamed(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The statement's rows, a block at a time. Raises `_Blocked`."""
        with self._guarding(None), self._connection.cursor("conformance_rows", row_factory=tuple_row) as cursor:
            cursor.itersize = _FETCH
            cursor.execute(statement.encode())
            yield from cursor

    def _guarding(self, within: float | None) -> _Guard:
        return _Guard(self._connection, self._seconds(within))

    def _seconds(self, within: float | None) -> float:
        limits = [self._looking.statement_timeout, *([within] if within is not None else [])]
        if self._deadline is not None:
            limits.append(self._deadline - time.monotonic())
        return min(limits)


class _Blocked(Exception):
    """A statement gave no rows."""

    def __init__(self, unseen: Unseen) -> None:
        super().__init__(unseen.reason)
        self.unseen = unseen


class _Guard:
    """A savepoint and a timeout around one statement; what the server refuses becomes `_Blocked`."""

    def __init__(self, connection: psycopg.Connection[Any], seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __enter__(self) -> None:
        if self._connection.closed:
            raise _Blocked(Unseen(reason="the server ended the connection"))
        if self._seconds * 1000 < _SHORTEST_MS:
            raise _Blocked(Unseen(reason="it was not reached within --max-duration"))
        milliseconds = int(self._seconds * 1000)
        try:
            self._connection.execute(
                f"SAVEPOINT look; SET LOCAL statement_timeout = {milliseconds}".encode(), prepare=False
            )
        except psycopg.Error as error:
            raise _Blocked(_unseen(error, self._seconds)) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._connection.execute("RELEASE SAVEPOINT look")
        if not isinstance(error, psycopg.Error) or isinstance(error, TORN):
            return
        if not self._connection.closed and not self._connection.broken:
            self._connection.execute("ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look", prepare=False)
        raise _Blocked(_unseen(error, self._seconds)) from None


def _unseen(error: psycopg.Error, seconds: float) -> Unseen:
    match error:
        case errors.QueryCanceled():
            return Unseen(reason=f"it took longer than {seconds:.3g} s", help=_TIMES)
        case errors.LockNotAvailable():
            return Unseen(reason="a table is locked, perhaps by a migration", help="run again when it has ended")
        case psycopg.OperationalError():
            return Unseen(reason="the server ended the connection")
        case _:
            return Unseen(
                reason=f"the server said: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
            )


def _by_table(asked: Sequence[Asked]) -> dict[tuple[str, str], list[Asked]]:
    found: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        found.setdefault((one.look.table.schema, one.look.table.name), []).append(one)
    return dict(sorted(found.items()))


def _text(value: Any) -> str:
    return "NULL" if value is None else str(value)


def _values(shown: Sequence[Shown], row: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((column.name, _text(value)) for column, value in zip(shown, row, strict=False))


def _several(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_WITNESSES} more" if len(names) > MOST_WITNESSES else ""
    return ", ".join(names[:MOST_WITNESSES]) + more
