"""Tables made large, so that it can be said how long a migration takes on them: one row again and again, otherwise only
where a key or a name has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg

from conformance.model.sql import identifier, qualified
from conformance.sources.replay_running import Connection

COLUMNS = b"""
SELECT a.attname, t.typname,
       a.attname = 'name' OR EXISTS (
           SELECT FROM pg_catalog.pg_index AS i
           WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY (i.indkey)),
       EXISTS (SELECT FROM pg_catalog.pg_constraint AS k
               WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""
_OTHER: Mapping[str, str] = {
    "uuid": "pg_catalog.gen_random_uuid()",
    "text": "model.{0} || ' ' || i",
    "varchar": "model.{0} || ' ' || i",
    "int4": "1000000 + i",
    "int8": "1000000 + i",
}


def multiply(connection: Connection, tables: Sequence[str], rows: int) -> dict[str, str]:
    """Give each of the tables so many rows more. For those in which that cannot be, why not."""
    refused: dict[str, str] = {}
    connection.execute("SET statement_timeout = 0")
    for table in tables:
        name = qualified("public", table)
        try:
            try:
                _insert(connection, name, name, rows)
            except psycopg.errors.CheckViolation:  # a partition by a key that is another in each row
                _insert(connection, name, _root(connection, name), rows)
            except psycopg.errors.UniqueViolation:  # a key of references alone: then they lead nowhere
                _insert(connection, name, name, rows, loose=True)
            connection.execute(f"ANALYZE {name}".encode())
        except psycopg.Error as error:
            refused[table] = error.diag.message_primary or "the server refused it"
    return refused


def _root(connection: Connection, name: str) -> str:
    """The table that a partition is of."""
    found = connection.execute(b"SELECT pg_catalog.pg_partition_root(%s::regclass)::text", (name,)).fetchone()
    return found[0] if found is not None and found[0] is not None else name


def _insert(connection: Connection, name: str, into: str, rows: int, *, loose: bool = False) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, and no keys
        connection.execute(_statement(connection, name, into, loose=loose), (rows,))


def _statement(connection: Connection, name: str, into: str, *, loose: bool) -> bytes:
    """Many rows like the first of a table's own."""
    values = {}
    for column, kind, keyed, refers in connection.execute(COLUMNS, (name,)).fetchall():
        other = _OTHER.get(kind) if keyed and (loose or not refers) else None
        values[identifier(column)] = (other or "model.{0}").format(identifier(column))
    return (
        f"INSERT INTO {into} ({', '.join(values)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values.values())}"
        f" FROM (SELECT * FROM ONLY {name} ORDER BY ctid LIMIT 1) AS model, pg_catalog.generate_series(1, %s) AS i"
    ).encode()
