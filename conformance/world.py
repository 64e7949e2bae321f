"""Worlds: rows of all tables, read from a file and put into a database that has our migrations.

A world is `{table: [{column: value, …}, …]}`, its tables in an order in which they can be inserted. `None` is SQL's
NULL, save in a `jsonb` column, where it is the JSON value null: there a column that is left out is NULL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from conformance.model.sql import identifier, qualified

Row: TypeAlias = Mapping[str, Any]
World: TypeAlias = Mapping[str, Sequence[Row]]
Types: TypeAlias = Mapping[str, Mapping[str, str]]
"""For each table the types of its columns, as PostgreSQL names them in its catalog."""

_COLUMNS = b"""
    SELECT c.relname, a.attname, t.typname
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""


class Connection(Protocol):
    """What is asked of a connection: psycopg's has it."""

    def execute(self, query: bytes, params: Sequence[Any] | None = None) -> Any: ...


def load(path: Path) -> World:
    """The world that a file holds."""
    world: World = json.loads(path.read_text(encoding="utf-8"))
    return world


def column_types(connection: Connection, schema: str = "public") -> Types:
    """The columns of all tables of a schema, with their types."""
    types: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(_COLUMNS, (schema,)):
        types.setdefault(table, {})[column] = kind
    return types


def insert(connection: Connection, world: World, *, schema: str = "public", types: Types | None = None) -> None:
    """Puts a world's rows into those of its tables and columns that are there, one statement a table.

    Columns that no row of a table mentions keep their defaults. `types` spares a look into the catalog.
    """
    types = column_types(connection, schema) if types is None else types
    for table, rows in world.items():
        mentioned = {column for row in rows for column in row}
        columns = {name: kind for name, kind in types.get(table, {}).items() if name in mentioned}
        if columns:
            there = [{name: value for name, value in row.items() if name in columns} for row in rows]
            connection.execute(_statement(schema, table, columns), (json.dumps(there),))


def _statement(schema: str, table: str, columns: Mapping[str, str]) -> bytes:
    target = qualified(schema, table)
    names = ", ".join(identifier(name) for name in columns)
    values = ", ".join(_value(name, kind) for name, kind in columns.items())
    return (
        f"INSERT INTO {target} ({names}) SELECT {values} FROM pg_catalog.jsonb_array_elements(%s::jsonb) AS element,"
        f" pg_catalog.jsonb_populate_record(NULL::{target}, element) AS row"
    ).encode()


def _value(name: str, kind: str) -> str:
    # jsonb_populate_record makes SQL's NULL of JSON's null, even in a jsonb column: that is taken as it is.
    return f"element -> '{name}'" if kind == "jsonb" else f"(row).{identifier(name)}"
