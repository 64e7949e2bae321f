"""The looks on one table after another, over one connection.

Looks on one table share one scan. Where a statement is refused, its looks are tried one by one, so that what could not
be looked at is exactly what needed what is missing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg

from conformance.model.look import (
    Graph,
    Groups,
    Look,
    Names,
    Privileges,
    Relation,
    Rows,
    Seen,
    Tally,
    Unseen,
    Witness,
)
from conformance.model.looking import Asked, Looking, by_sieve, by_table
from conformance.model.record import replace
from conformance.model.sql import qualified
from conformance.sources import rows_guard, rows_looks, rows_sql
from conformance.sources.rows_groups import SAMPLED, GroupsSeen, supposing
from conformance.sources.rows_guard import Named
from conformance.sources.rows_looks import entries, printed, valued
from conformance.sources.rows_statements import LOCKED, Statements

GLIMPSE_ROWS = 20_000
"""How many rows are drawn first where time may run out."""
_GLIMPSE_SHARE = 0.2
_FEW = 10_000
"""So many keys are hashed without a second thought, even if there are ten times as many by now."""


class Lane:
    """Takes looks over one connection. `estimates` says about how many rows a table has; `locked` are tables that are
    known to be, which lanes may share; `second` opens another connection, for a graph that is worth it."""

    def __init__(
        self,
        statements: Statements,
        looking: Looking,
        *,
        second: Callable[[], psycopg.Connection[Any]] | None = None,
        estimates: Mapping[Named, int] | None = None,
        locked: set[Named] | None = None,
    ) -> None:
        self._statements = statements
        self._looking = looking
        self._second = second
        self._estimates = estimates or {}
        self._locked = set() if locked is None else locked
        self.groups = GroupsSeen(statements, looking)

    @property
    def connection(self) -> psycopg.Connection[Any]:
        return self._statements.connection

    def estimate(self, table: Named) -> int:
        """About how many rows the table has."""
        return self._estimates.get(table, 0)

    def stop(self) -> None:
        """No statement begins any more: one that is cancelled would be tried again, look by look."""
        self._statements.deadline = -math.inf

    def table(self, group: Sequence[Asked]) -> dict[str, Seen]:
        """What the looks on one table saw."""
        [table] = by_table(group)
        estimate = self.estimate(table)
        found = self._rows([one for one in group if isinstance(one.look, Rows) and not supposing(one)], estimate)
        # time may run out over the groups of a large table
        bound = [one for one in group if supposing(one)]
        found |= self.groups.several(bound)
        found |= self._rows([one for one in bound if one.id not in found], estimate)
        for one in group:
            if not isinstance(one.look, Rows):
                found[one.id] = self.one(one)
        return found | self._moved([one for one in group if isinstance(found[one.id], Tally)])

    def _moved(self, asked: Sequence[Asked]) -> dict[str, Unseen]:
        """The looks that saw something else than the snapshot: a table that was written anew looks empty to it."""
        tables = rows_guard.tables(asked)
        if not tables:
            return {}
        rows = self._statements.fetched(rows_guard.still(), rows_guard.naming(tables))
        if isinstance(rows, Unseen):
            return {one.id: rows for one in asked if rows_guard.tables([one])}
        moved = {tables[place - 1] for (place,) in rows}
        found = {}
        for one in asked:
            if own := [table for schema, table in rows_guard.tables([one]) if (schema, table) in moved]:
                reason = f"{', '.join(own)} was written anew or replaced while it was looked at, perhaps by a migration"
                found[one.id] = Unseen(reason=reason, help="run again when it has ended")
        return found

    def _locked_out(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        """The looks on tables that are known to be locked: nobody waits for these twice."""
        return {one.id: LOCKED for one in asked if self._locked & set(rows_guard.tables([one]))}

    def _find_locked(self, asked: Sequence[Asked]) -> None:
        """Which of the tables of these looks, one of which waited for a lock in vain, are locked."""
        for table in rows_guard.tables(asked):
            if (
                table not in self._locked
                and self._statements.fetched(f"SELECT FROM {qualified(*table)} LIMIT 0") is LOCKED
            ):
                self._locked.add(table)

    # --- rows

    def _rows(self, asked: Sequence[Asked], estimate: int) -> dict[str, Seen]:
        """What the looks on one table saw."""
        if not asked:
            return {}
        glimpsed = self._glimpsed(asked, estimate)
        counted = self._sieved([one for one in asked if one.id not in self._locked_out(asked)])
        counted |= self.counted([one for one in asked if one.id not in counted])
        for one in asked:
            found, before = counted[one.id], glimpsed.get(one.id)
            if isinstance(found, Unseen) and isinstance(before, Unseen):
                counted[one.id] = replace(found, glimpsed=before.glimpsed)
            elif isinstance(found, Unseen) and isinstance(before, Tally):
                counted[one.id] = replace(before, way=f"of a sample alone, without a witness: {found.reason}")
            elif isinstance(found, Unseen) and self._statements.deadline is not None:
                counted[one.id] = replace(found, reason=f"{found.reason}; no row was seen")
        return counted

    def _glimpsed(self, asked: Sequence[Asked], estimate: int) -> dict[str, Seen]:
        """Where time may run out: what a (smaller) sample drawn first shows. A departure is one; none, only how rare
        they are."""
        drawn = estimate if self._looking.sample is None else estimate * self._looking.sample / 100
        if self._statements.deadline is None or drawn <= 2 * GLIMPSE_ROWS:
            return {}
        share = 100 * GLIMPSE_ROWS / estimate
        remaining = (self._statements.deadline - time.monotonic()) * _GLIMPSE_SHARE
        looks = [one.look for one in asked if isinstance(one.look, Rows)]
        found = self._statements.fetched(rows_sql.counts(looks, share), within=remaining)
        if isinstance(found, Unseen):
            return {}
        examined = found[0][0]
        return {
            one.id: Tally(examined=examined, violations=n, sampled=True) if n else Unseen(reason="", glimpsed=examined)
            for one, n in zip(asked, found[0][1:], strict=True)
        }

    def counted(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        known = self._locked_out(asked)
        asked = [one for one in asked if one.id not in known]
        if not asked:
            return known
        looks = [one.look for one in asked if isinstance(one.look, Rows)]
        sample = self._looking.sample
        found = self._statements.fetched(rows_sql.counts(rows_sql.apart(looks, self._small), sample))
        if found is LOCKED:
            self._find_locked(asked)
            if self._locked_out(asked):
                return known | self.counted(asked)
        if isinstance(found, Unseen):
            if len(asked) == 1:
                return {**known, asked[0].id: found}
            return known | {one.id: seen for one in asked for seen in self.counted([one]).values()}
        examined, *violations = found[0]
        return known | {
            one.id: self._witnessed(look, examined, count) if count else self._clean(examined)
            for one, look, count in zip(asked, looks, violations, strict=True)
        }

    def _small(self, table: Relation) -> bool:
        """Whether the table is known to have few rows, so that the server keeps them at hand."""
        return 0 < self.estimate((table.schema, table.name)) <= _FEW

    def _sieved(self, asked: Sequence[Asked]) -> dict[str, Seen]:
        """What is seen by looks that share a sieve, each in a statement of its own; where that is refused, nothing."""
        known: dict[str, Seen] = {}
        for sieve, group in by_sieve(asked).items() if self._looking.sample is None else ():
            looks = [one.look for one in group if isinstance(one.look, Rows)]
            passed = self._statements.fetched(rows_sql.sieved(looks[0], sieve))
            if isinstance(passed, Unseen):
                continue
            examined, left = passed[0]
            counts = self._statements.fetched(rows_sql.left_counts(looks, sieve)) if left else [(0, *[0] * len(looks))]
            if isinstance(counts, Unseen):
                continue
            for one, look, count in zip(group, looks, counts[0][1:], strict=True):
                known[one.id] = self._witnessed(look, examined, count) if count else self._clean(examined)
        return known

    def _clean(self, examined: int) -> Tally:
        return Tally(examined=examined, violations=0, sampled=self._looking.sample is not None)

    def _witnessed(self, look: Rows, examined: int, violations: int) -> Seen:
        values = self._looking.show_values
        found = self._statements.fetched(rows_sql.witnesses(look, self._looking.sample, values=values))
        if isinstance(found, Unseen):
            return Tally(examined=examined, violations=violations, way=f"no witness: {found.reason}")
        width = len(look.ids)
        whole = look.telling and self._looking.sample is None
        telling = self._statements.fetched(look.telling) if whole else []
        words = "" if isinstance(telling, Unseen) else "; ".join(f"{entries(n)}: {text}" for text, n in telling)
        return Tally(
            examined=examined,
            violations=violations,
            witnesses=tuple(
                Witness(ids=tuple(map(printed, row[:width])), joint=" · ", values=valued(look.values, row[width:]))
                for row in found
            ),
            sampled=self._looking.sample is not None,
            telling=words,
        )

    # --- what is not one row's

    def one(self, one: Asked) -> Seen:
        if isinstance(one.look, Privileges):
            return rows_looks.privileges(self._statements, one.look)
        if self._looking.sample is not None:
            return SAMPLED
        if self._locked_out([one]):
            return LOCKED
        if (found := self._looked(one.look)) is LOCKED:
            self._find_locked([one])
        return found

    def _looked(self, look: Look) -> Seen:
        match look:
            case Groups():
                return self.groups.seen(look)
            case Graph():
                return rows_looks.graph(self._statements, look, self._looking, self._second)
            case Names():
                return rows_looks.names(self._statements, look, self._looking)
            case _:
                raise TypeError(f"no way to take a look of the kind {type(look).__name__}")
