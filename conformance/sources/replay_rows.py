"""Rows for a database as of any migration: the small world where it fits, and a value in each column that it leaves
empty."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from conformance.model.history import Agent, Rows
from conformance.model.sql import identifier, qualified
from conformance.sources.replay_heirs import fill_heirs
from conformance.world import World, column_types, insert

_VALUES: Mapping[str, str] = {
    "text": "'a value'",
    "varchar": "'a value'",
    "jsonb": '\'{"a": "value"}\'',
    "json": '\'{"a": "value"}\'',
    "timestamptz": "'2026-01-06 10:00:00+00'",
    "timestamp": "'2026-01-06 10:00:00'",
    "int2": "7",
    "int4": "7",
    "int8": "7",
    "numeric": "7",
    "bool": "true",
    "bytea": "'\\x0b'",
}
_VECTOR = "(SELECT ('[' || string_agg((i % 7)::text, ',') || ']')::vector FROM generate_series(1, {}) AS i)"

# What may be one of a few words, as a status, is left alone: a later migration may know which.
_EMPTY_COLUMNS = """
    SELECT attname, typname, atttypmod, coalesce(pg_get_expr(adbin, adrelid), 'NULL')
    FROM pg_catalog.pg_attribute
    JOIN pg_catalog.pg_type ON pg_type.oid = atttypid
    LEFT JOIN pg_catalog.pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
      AND (adbin IS NOT NULL OR NOT attnotnull)
    ORDER BY attnum
"""

# Which columns refer to agents: by a foreign key, or by their name and type.
_REFERENCES = """
    SELECT c.relname, a.attname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.atttypid = 'uuid'::regtype
      AND (a.attname IN ('agent_id', 'actor_id')
           OR EXISTS (SELECT FROM pg_catalog.pg_constraint
                      WHERE conrelid = c.oid AND confrelid = to_regclass('public.agents') AND conkey = ARRAY[a.attnum]))
    ORDER BY 1, 2
"""


def fill(connection: psycopg.Connection[Any], worlds: Sequence[World]) -> Mapping[str, str]:
    """Put the worlds into the database. For each table that got no row, why not."""
    types = column_types(connection)
    refused: dict[str, str] = {}
    for world in worlds:
        for table, rows in world.items():
            if table in types:
                try:
                    with connection.transaction():
                        insert(connection, {table: rows}, types=types)
                except psycopg.Error as error:
                    refused[table] = error.diag.message_primary or "the server refused them"
    refused |= fill_heirs(connection)
    for table in types:
        if not connection.execute(f"SELECT FROM {qualified('public', table)} LIMIT 1".encode()).rowcount:
            refused.setdefault(table, "the small world has no rows for it")
        else:
            refused.pop(table, None)
            _complete(connection, table)
    return refused


def _complete(connection: psycopg.Connection[Any], table: str) -> None:
    """Give the first row a value in each column in which no row has another than the default, where the table
    allows it."""
    name = qualified("public", table)
    for column, kind, typmod, default in connection.execute(_EMPTY_COLUMNS.encode(), (name,)).fetchall():
        value = _VECTOR.format(typmod) if kind == "vector" and typmod > 0 else _VALUES.get(kind)
        if value is None or (kind in ("text", "varchar") and default not in ("NULL", "''::text")):
            continue
        column = identifier(column)
        try:
            with connection.transaction():
                connection.execute(
                    f"UPDATE {name} SET {column} = {value} WHERE ctid = (SELECT min(ctid) FROM {name})"
                    f" AND NOT EXISTS (SELECT FROM {name} WHERE {column} IS DISTINCT FROM {default})".encode()
                )
        except psycopg.Error:  # a constraint, or a type's own rule: then the column stays empty
            continue


def references(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """The columns that refer to agents, as `goals.agent_id`."""
    return tuple(f"{table}.{column}" for table, column in connection.execute(_REFERENCES.encode()))


def plant(
    connection: psycopg.Connection[Any], agents: Sequence[Agent], columns: Sequence[str], rows: Rows
) -> tuple[str, ...]:
    """Agents, and one row on each of them in every column that refers to agents, like a row that is there already.

    The columns in which that could not be done are left out of what is given back."""
    given = [{"id": agent.id, "name": agent.name, "created_at": agent.created_at} for agent in agents]
    insert(connection, {"agents": given})
    done = []
    for place in columns:
        table, column = place.split(".")
        models = sorted(rows.get(table, {}).values(), key=lambda row: row.get(column) is None)
        if not models or "id" not in models[0]:
            continue
        model = {key: value for key, value in models[0].items() if key != "id" and not isinstance(value, float)}
        clones: list[Mapping[str, Any]] = [{**model, column: agent.id} for agent in agents]
        if isinstance(models[0]["id"], int):  # from a sequence, which does not know of the rows that are there
            first = max(row["id"] for row in models) + 1
            clones = [{**clone, "id": first + place} for place, clone in enumerate(clones)]
        try:
            with connection.transaction():
                _insert_like(connection, table, clones)
        except psycopg.Error:  # what makes rows of this table one of a kind is not known here
            continue
        done.append(place)
    return tuple(done)


def _insert_like(connection: psycopg.Connection[Any], table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as JSON has them; columns that are left out get their defaults."""
    names = [name for name in rows[0] if rows[0][name] is not None]
    listed = ", ".join(map(identifier, names))
    target = qualified("public", table)
    connection.execute(
        f"INSERT INTO {target} ({listed}) SELECT {listed} FROM"
        f" pg_catalog.jsonb_populate_recordset(NULL::{target}, %s::jsonb)".encode(),
        (json.dumps(rows),),
    )
