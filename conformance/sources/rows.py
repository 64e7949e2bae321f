"""The rows of a live database: all looks of a run, in the one snapshot of its transaction.

Looks on one table share one scan. Where a statement is refused, its looks are tried one by one, so that what could not
be looked at is exactly what needed what is missing. Nothing is written, and no lock is taken above ACCESS SHARE.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from conformance.errors import OutOfTime
from conformance.model.look import Graph, Groups, Look, Names, Privileges, Rows, Seen, Shown, Tally, Unseen, Witness
from conformance.model.looking import MOST_WITNESSES, Asked, Looking
from conformance.model.sql import qualified
from conformance.sources import rows_guard, rows_sql
from conformance.sources.fold import folded
from conformance.sources.rows_guard import Named

Tell = Callable[[str, int], None]
"""Told the table that is looked at next, and about how many rows it has."""

GLIMPSE_ROWS = 20_000
"""How many rows are drawn first where time may run out."""
_GLIMPSE_SHARE = 0.2
_FETCH = 10_000
_SHORTEST_MS = 10
_LONGEST_MS = 2**31 - 1
_TIMES = "--statement-timeout and --max-duration allow for more"

_SETTINGS = """
SET LOCAL work_mem = '64MB';
SET LOCAL idle_in_transaction_session_timeout = '1h';
SET LOCAL constraint_exclusion = off
"""
_WITHOUT_INDEXES = (
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off"
)

_LOCKED = Unseen(reason="a table is locked, perhaps by a migration", help="run again when it has ended")
_ENDED = Unseen(reason="the server ended the connection")
_NOT_REACHED = Unseen(reason="it was not reached within --max-duration")


class Spoilt(Exception):
    """An error that no savepoint was there to take back, because a snapshot can't be exported from within one."""


TORN = (errors.SerializationFailure, errors.DeadlockDetected, Spoilt)
"""Raised where the snapshot is lost, to a conflict with recovery on a standby say: look again, from the beginning, and
with one connection alone."""


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
        self._locked: set[Named] = set()
        began = time.monotonic() if began is None else began
        self._deadline = None if looking.max_duration is None else began + looking.max_duration

    def take(self, asked: Sequence[Asked]) -> Mapping[str, Seen]:
        """What was seen, by the id of the look. Raises one of `TORN` where the snapshot was lost."""
        try:
            self._connection.execute(_SETTINGS, prepare=False)
            if self._looking.distrust_indexes:
                self._connection.execute(_WITHOUT_INDEXES, prepare=False)
        except TORN:
            raise
        except psycopg.Error as error:
            return dict.fromkeys((one.id for one in asked), _unseen(error, 0))
        seen, estimates = self._guarded(asked)
        left = [one for one in asked if one.id not in seen]
        for table, group in _by_table(left).items():
            self._tell(table[1], max(estimates.get(table, 0), 0))
            rows = [one for one in group if isinstance(one.look, Rows)]
            found = self._rows(rows, estimates.get(table, 0))
            for one in group:
                if not isinstance(one.look, Rows):
                    found[one.id] = self._one(one)
            seen |= found | self._moved([one for one in group if isinstance(found[one.id], Tally)])
        return seen

    # --- what keeps rows from being read

    def _guarded(self, asked: Sequence[Asked]) -> tuple[dict[str, Seen], dict[Named, int]]:
        """The looks that cannot be taken, each with the reason, and how many rows the tables have about."""
        rows = self._fetched(rows_guard.guard(), rows_guard.asking(asked))
        if isinstance(rows, Unseen):
            return {one.id: rows for one in asked if not isinstance(one.look, Privileges)}, {}
        tables = rows_guard.tables(asked)
        found = {tables[row[0] - 1]: row for row in rows}
        blocked = rows_guard.blocked(asked, found, self._looking)
        return dict(blocked), {table: int(row[2]) for table, row in found.items()}

    def _moved(self, asked: Sequence[Asked]) -> dict[str, Unseen]:
        """The looks that saw something else than the snapshot: a table that was written anew looks empty to it."""
        tables = rows_guard.tables(asked)
        if not tables:
            return {}
        rows = self._fetched(rows_guard.still(), rows_guard.naming(tables))
        if isinstance(rows, Unseen):
            return {one.id: rows for one in asked if rows_guard.tables([one])}
        moved = {tables[place - 1] for (place,) in rows}
        unseen = {}
        for one in asked:
            if own := [table for schema, table in rows_guard.tables([one]) if (schema, table) in moved]:
                reason = f"{', '.join(own)} was written anew or replaced while it was looked at, perhaps by a migration"
                unseen[one.id] = Unseen(reason=reason, help="run again when it has ended")
        return unseen

    def _locked_out(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        """The looks on tables that are known to be locked: nobody waits for these twice."""
        return {one.id: _LOCKED for one in asked if self._locked & set(rows_guard.tables([one]))}

    def _find_locked(self, asked: Sequence[Asked]) -> None:
        """Which of the tables of these looks, one of which waited for a lock in vain, are locked."""
        for table in rows_guard.tables(asked):
            if table not in self._locked and self._fetched(f"SELECT FROM {qualified(*table)} LIMIT 0") is _LOCKED:
                self._locked.add(table)

    # --- rows

    def _rows(self, asked: Sequence[Asked], estimate: int) -> dict[str, Seen]:
        """What the looks on one table saw."""
        if not asked:
            return {}
        glimpsed = self._glimpsed(asked, estimate)
        counted = self._counted(asked)
        for one in asked:
            found, before = counted[one.id], glimpsed.get(one.id)
            if isinstance(found, Unseen) and isinstance(before, Unseen):
                counted[one.id] = replace(found, glimpsed=before.glimpsed)
            elif isinstance(found, Unseen) and isinstance(before, Tally):
                counted[one.id] = replace(before, way=f"of a sample alone, without a witness: {found.reason}")
        return counted

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
            one.id: Tally(examined=examined, violations=n, sampled=True) if n else Unseen(reason="", glimpsed=examined)
            for one, n in zip(asked, found[0][1:], strict=True)
        }

    def _counted(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        known = self._locked_out(asked)
        asked = [one for one in asked if one.id not in known]
        if not asked:
            return known
        looks = [one.look for one in asked if isinstance(one.look, Rows)]
        sample = self._looking.sample
        found = self._fetched(rows_sql.counts(looks, sample))
        if found is _LOCKED:
            self._find_locked(asked)
            if self._locked_out(asked):
                return known | self._counted(asked)
        if isinstance(found, Unseen):
            if len(asked) == 1:
                return {**known, asked[0].id: found}
            return known | {one.id: seen for one in asked for seen in self._counted([one]).values()}
        examined, *violations = found[0]
        return known | {
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
        if isinstance(one.look, Privileges):
            return self._privileges(one.look)
        if self._looking.sample is not None:
            return Unseen(reason="a sample of the rows does not decide it")
        if self._locked_out([one]):
            return _LOCKED
        if (found := self._looked(one.look)) is _LOCKED:
            self._find_locked([one])
        return found

    def _looked(self, look: Look) -> Seen:
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
        if self._connection.closed:
            return _ENDED
        if seconds * 1000 < _SHORTEST_MS:
            return _NOT_REACHED
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
            if self._connection.info.transaction_status is TransactionStatus.INERROR:
                raise Spoilt(str(error)) from error
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
            raise _Blocked(_ENDED)
        if self._seconds * 1000 < _SHORTEST_MS:
            raise _Blocked(_NOT_REACHED)
        milliseconds = int(min(self._seconds * 1000, _LONGEST_MS))
        try:
            self._connection.execute(
                f"SAVEPOINT look; SET LOCAL statement_timeout = {milliseconds}".encode(), prepare=False
            )
        except TORN:
            raise
        except psycopg.Error as error:
            raise _Blocked(_unseen(error, self._seconds)) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:  # what has come is kept, even if the connection is lost by now
            self._end("RELEASE SAVEPOINT look")
            return
        if not isinstance(error, psycopg.Error | UnicodeError) or isinstance(error, TORN):
            return
        self._end("ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look")
        raise _Blocked(_unseen(error, self._seconds)) from None

    def _end(self, statement: str) -> None:
        if self._connection.closed:
            return
        try:
            self._connection.execute(statement.encode(), prepare=False)
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise


def _unseen(error: psycopg.Error | UnicodeError, seconds: float) -> Unseen:
    """Why there is no answer; what the server says of a value is not repeated, because values are nobody's business."""
    match error:
        case errors.QueryCanceled():
            return Unseen(reason=f"it took longer than {seconds:.3g} s", help=_TIMES)
        case errors.LockNotAvailable():
            return _LOCKED
        case psycopg.OperationalError() if (error.sqlstate or "57")[:2] in ("57", "08", "25"):
            return _ENDED
        case psycopg.DataError() | UnicodeError():
            return Unseen(reason=f"a value cannot be evaluated ({_words(type(error).__name__)})")
        case _:
            return Unseen(reason=f"the server said: {(str(error).splitlines() or [type(error).__name__])[0]}")


def _words(name: str) -> str:
    """`invalid text representation` for the name of a class of errors."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _by_table(asked: Sequence[Asked]) -> dict[Named, list[Asked]]:
    found: dict[Named, list[Asked]] = {}
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
