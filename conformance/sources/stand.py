"""The database that an implementation stands on, as we see it and set it: its rows before a history, what a call has
done, what its sessions wait for."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from conformance.errors import CannotEvaluate
from conformance.model.conduct import Put, Query, Ref
from conformance.model.ground import id_of
from conformance.model.look import Seen
from conformance.model.looking import Asked, Looking
from conformance.sources.asking import first_line
from conformance.sources.held import Held
from conformance.sources.rows import Looker
from conformance.world import Types, column_types, insert

_SESSION = (
    "SET client_min_messages = error; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET lock_timeout = '300ms'"
)
_LOOK = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL search_path = ''; SET LOCAL row_security = off;"
    " SET LOCAL max_parallel_workers_per_gather = 0"
)
_OTHERS = "datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()"
_PREPARED = 500
"""So many statements are kept planned: those of the invariants come again after each call."""
_PATIENCE_S = 5.0
_BLINK_S = 0.002
_LOOKING = Looking()


class Stand(Held):
    """One database, which is emptied as often as it pleases. Raises `CannotEvaluate` where the server fails."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._types: Types = {}
        self._empty = ""

    def __enter__(self) -> Stand:
        try:
            self._connection = psycopg.connect(self.url, autocommit=True, prepare_threshold=2, options="")
            self._connection.prepared_max = _PREPARED
            self._connection.execute(_SESSION)
            self._types = column_types(self._connection)
        except psycopg.Error as error:
            raise CannotEvaluate(f"the sandbox cannot be looked at: {first_line(error)}") from None
        self._empty = self._emptying(self._connection)
        return self

    def _emptying(self, connection: psycopg.Connection[Any]) -> str:
        """What empties all tables: quick where the role may leave triggers and keys out, which takes a superuser, and
        slower where it may not."""
        names = [sql.Identifier(name) for name in self._types]
        role = "SET session_replication_role"
        try:
            connection.execute(f"{role} = replica; {role} = origin".encode())
        except psycopg.errors.InsufficientPrivilege:
            return sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names)).as_string(connection)
        rows = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in names).as_string(connection)
        return f"{role} = replica; {rows}; {role} = origin"

    def reset(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> bool:
        """Nothing but these rows is there. True if sessions that were in the way had to be ended for it."""
        ended = False
        try:
            self.connection.execute(self._empty.encode())
        except psycopg.errors.LockNotAvailable:
            ended = True
            self.end_others()
            self.connection.execute(self._empty.encode())
        except psycopg.Error as error:
            raise CannotEvaluate(f"the sandbox could not be emptied: {first_line(error)}") from None
        self._insert(rows)
        return ended

    def put(self, put: Put, ids: Mapping[str, str]) -> None:
        """Rows of ours in the course of a history, or columns of one."""
        self._insert(put.rows, ids)
        if put.id is None:
            return
        columns = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in put.columns)
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(sql.Identifier(put.table), columns)
        values = [_resolved(value, ids) for value in put.columns.values()]
        try:
            self.connection.execute(statement, [*values, _resolved(put.id, ids)])
        except psycopg.Error as error:
            raise CannotEvaluate(f"a row of ours could not be set: {first_line(error)}") from None

    def _insert(self, rows: Mapping[str, Sequence[Mapping[str, Any]]], ids: Mapping[str, str] | None = None) -> None:
        world = {
            table: [{name: _resolved(value, ids or {}) for name, value in row.items()} for row in of]
            for table, of in rows.items()
        }
        try:
            insert(self.connection, world, types=self._types)
        except psycopg.Error as error:
            raise CannotEvaluate(
                f"what an implementation is tried on could not be put in: {first_line(error)}"
            ) from None

    def view(self, queries: Sequence[Query], names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """What is there, by symbols; `names` are those of the ids. What has none is numbered, in the order of its
        facts."""
        found: dict[str, dict[str, Any]] = {}
        for query in queries:
            try:
                cursor = self.connection.execute(query.sql.encode())
                rows, heads = cursor.fetchall(), [column.name for column in cursor.description or ()]
            except psycopg.Error as error:
                raise CannotEvaluate(f"{query.noun}s cannot be looked at: {first_line(error)}") from None
            strange = []
            for row in rows:
                facts = {head: _named(value, names) for head, value in zip(heads[1:], row[1:], strict=True)}
                if (symbol := names.get(str(row[0]))) is not None:
                    found[f"{query.noun} {symbol}"] = facts
                else:
                    strange.append(facts)
            for number, facts in enumerate(sorted(strange, key=repr), 1):
                found[f"another {query.noun} ({number})"] = facts
        return found

    def versions(self, tables: Collection[str]) -> dict[str, str]:
        """Of each of these tables that is there what changes with its rows: where they lie and who wrote them."""
        there = [name for name in sorted(tables) if name in self._types]
        one = sql.SQL(
            "(SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', t.tableoid, t.ctid, t.xmin), ',' ORDER BY"
            " t.tableoid, t.ctid) FROM {} AS t)"
        )
        parts = sql.SQL(", ").join(one.format(sql.Identifier(name)) for name in there)
        try:
            row = self.connection.execute(sql.SQL("SELECT {}").format(parts)).fetchone() or ()
        except psycopg.Error as error:
            raise CannotEvaluate(f"whether rows have changed cannot be looked at: {first_line(error)}") from None
        return {name: value or "" for name, value in zip(there, row, strict=True)}

    def looked(self, asked: Sequence[Asked]) -> Mapping[str, Seen]:
        """What the looks of invariants see of the rows."""
        try:
            self.connection.execute(_LOOK)
            return Looker(self.connection, _LOOKING).quickly(asked)
        except psycopg.Error as error:
            raise CannotEvaluate(f"the invariants cannot be looked at: {first_line(error)}") from None
        finally:
            if not self.connection.closed:
                self.connection.execute("ROLLBACK")

    def waits(self, pid: int) -> bool:
        """Whether a session waits for another."""
        row = self.connection.execute("SELECT pg_catalog.cardinality(pg_catalog.pg_blocking_pids(%s))", [pid])
        found = row.fetchone()
        return found is not None and found[0] > 0

    def end(self, pid: int) -> None:
        """Ends a session, and returns when it is gone."""
        self._gone("pid = %s", [pid])

    def end_others(self) -> None:
        """Ends every session but ours."""
        self._gone(_OTHERS, [])

    def _gone(self, which: str, values: Sequence[Any]) -> None:
        """Ends sessions, and returns when they are gone."""
        sessions = f"FROM pg_catalog.pg_stat_activity WHERE {which}"
        began = time.monotonic()
        try:
            self.connection.execute(f"SELECT pg_catalog.pg_terminate_backend(pid) {sessions}".encode(), values)
            while self.connection.execute(f"SELECT {sessions} LIMIT 1".encode(), values).fetchone() is not None:
                if time.monotonic() - began > _PATIENCE_S:
                    raise CannotEvaluate("a session that was ended does not end")
                time.sleep(_BLINK_S)
        except psycopg.Error as error:
            raise CannotEvaluate(f"a session could not be ended: {first_line(error)}") from None


def _resolved(value: Any, ids: Mapping[str, str]) -> Any:
    return (ids.get(value.name) or id_of(value.name)) if isinstance(value, Ref) else value


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """Ids as symbols, also those within a text, such as a vote; arrays in order."""
    if value is None:
        return None
    if isinstance(value, list):
        return tuple(sorted(str(_named(item, names)) for item in value))
    text = str(value)
    return " ".join(names.get(word, word) for word in text.split(" "))
