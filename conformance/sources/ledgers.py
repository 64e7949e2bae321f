"""The ledgers of migrations in a database: the tables in which golang-migrate, Flyway, Alembic, goose, dbmate and
sqitch write down what they ran.

A table of such a name may be anyone's. Only tables are read, and of them only columns of PostgreSQL's own types, in the
session's read-only transaction; a view, or a table that somebody's code would run for, is not read, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from conformance.errors import CannotEvaluate
from conformance.model.catalog import RELATION_KINDS
from conformance.model.ledger_claims import SQITCH, TOOLS, Tool, claimed
from conformance.model.level import Ledger
from conformance.model.record import Record, replace
from conformance.model.sql import identifier, qualified
from conformance.sources import rows_guard
from conformance.sources.asking import first_line

MOST_ROWS = 10_000
_MOST_LEDGERS = 20
_LONGEST = 200

_FIND = """
SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, c.relkind::pg_catalog.text,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
       pg_catalog.json_agg(pg_catalog.json_build_array(
           a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
           t.oid < 16384 AND t.typtype = 'b' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace,
           pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')) ORDER BY a.attnum)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE c.relname = ANY (%s::pg_catalog.name[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
GROUP BY n.nspname, c.relname, c.relkind, n.oid
ORDER BY n.nspname, c.relname
"""


class _Found(Record):
    """A relation that is called like a ledger; `columns` are by name, each with its type, whether that is PostgreSQL's
    own, and whether the role may read it."""

    schema: str
    name: str
    kind: str
    usable: bool
    columns: Mapping[str, tuple[str, bool, bool]]

    @property
    def shown(self) -> str:
        return f"{self.schema}.{self.name}"


def ledgers(connection: psycopg.Connection[Any], path: Sequence[str]) -> tuple[Ledger, ...]:
    """Every ledger of the database, with what it records. One that lies off `path` counts only where none is on it, and
    sqitch's own schema, which is always off it, always."""
    names = sorted({tool.table for tool in TOOLS})
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(_FIND, [names]).fetchall()
    found = [_Found(**dict(zip(_Found.__slots__, (*row[:4], _columns(row[4])), strict=True))) for row in rows]
    known = [(one, tool) for one in found if (tool := _tool(one)) is not None]
    read = [ledger for one, tool in known[:_MOST_LEDGERS] for ledger in _read(connection, one, tool, path)]
    read += [
        Ledger(tool=tool.name, table=one.shown, unread=f"there are {_MOST_LEDGERS} before it", counts=_near(one, path))
        for one, tool in known[_MOST_LEDGERS:]
    ]
    alone = not any(ledger.counts for ledger in read)
    return tuple(replace(ledger, counts=True) if alone else ledger for ledger in read)


def _columns(listed: Sequence[Sequence[Any]]) -> Mapping[str, tuple[str, bool, bool]]:
    return {name: (type_, own, readable) for name, type_, own, readable in listed}


def _tool(found: _Found) -> Tool | None:
    """The tool whose ledger it is by its columns; of a name that is nobody else's also without them."""
    of_name = [tool for tool in TOOLS if tool.table == found.name]
    fitting = [tool for tool in of_name if found.columns.keys() >= set(tool.columns)]
    if fitting:
        return fitting[0]
    return None if of_name[0].name == SQITCH else of_name[-1]


def _near(found: _Found, path: Sequence[str]) -> bool:
    return found.schema in path or found.schema == SQITCH


def _read(connection: psycopg.Connection[Any], found: _Found, tool: Tool, path: Sequence[str]) -> Iterator[Ledger]:
    """The ledger, or one for each project of sqitch."""
    counts = _near(found, path)
    why = next(_why_not(connection, found, tool), "")
    rows: Sequence[Sequence[str | None]] = ()
    if not why:
        read = _rows(connection, found, tool)
        rows, why = ((), read) if isinstance(read, str) else (read, "")
    if why:
        yield Ledger(tool=tool.name, table=found.shown, unread=why, counts=counts)
        return
    for part, claim in claimed(tool, rows).items():
        table = f"{found.shown}, {part}" if part else found.shown
        if isinstance(claim, str):
            yield Ledger(tool=tool.name, table=table, unread=claim, counts=counts)
        else:
            yield Ledger(tool=tool.name, table=table, claim=claim, counts=counts)


def _why_not(connection: psycopg.Connection[Any], found: _Found, tool: Tool) -> Iterator[str]:
    if found.kind not in "rp":
        yield f"it is a {RELATION_KINDS[found.kind]}, which would run its owner's code"
    lacking = [name for name in tool.columns if name not in found.columns]
    if lacking:
        yield f"it has no column {lacking[0]}, and so is no ledger that is known here"
    strange = [name for name in tool.columns if not found.columns[name][1]]
    if strange:
        yield f"its column {strange[0]} is of the type {found.columns[strange[0]][0]}, which is not PostgreSQL's own"
    if not found.usable:
        yield f"the role may not use the schema {found.schema}"
    if any(not found.columns[name][2] for name in tool.columns):
        yield f"the role may not read it: GRANT SELECT ON {qualified(found.schema, found.name)} would help"
    with connection.cursor(row_factory=tuple_row) as cursor:
        parameters = {**rows_guard.naming([(found.schema, found.name)]), "column_tables": [], "columns": []}
        for row in cursor.execute(rows_guard.guard().encode(), parameters).fetchall():
            if row[5]:
                yield "its row security would hide rows"
            if row[7]:
                yield f"planning to read it may run code that is not PostgreSQL's own: {row[7][0]}"


def _rows(connection: psycopg.Connection[Any], found: _Found, tool: Tool) -> Sequence[Sequence[str | None]] | str:
    """Its rows as texts, or why they cannot be had."""
    columns = ", ".join(
        f"pg_catalog.substr({identifier(name)}::pg_catalog.text, 1, {_LONGEST})" for name in tool.columns
    )
    only = "" if found.kind == "p" else "ONLY "
    text = f"SELECT {columns} FROM {only}{qualified(found.schema, found.name)} LIMIT {MOST_ROWS + 1}"
    try:
        with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(text.encode()).fetchall()
    except psycopg.Error as error:
        if connection.closed:
            raise CannotEvaluate(f"the connection was lost while {found.shown} was read") from None
        return f"the server said: {first_line(error)}"
    return rows if len(rows) <= MOST_ROWS else f"it has more than {MOST_ROWS:,} rows"
