"""A row for each table that inherits from another: the small world knows only the one above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from conformance.model.sql import identifier, literal
from conformance.sources.replay_many import COLUMNS

_HEIRS = b"""
SELECT c.relname, pg_catalog.format('public.%I', c.relname), pg_catalog.format('public.%I', above.relname)
FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_class AS above ON above.oid = i.inhparent
WHERE c.relkind = 'r' AND NOT c.relispartition
  AND c.relnamespace = 'public'::regnamespace AND above.relnamespace = 'public'::regnamespace
ORDER BY c.oid, i.inhseqno
"""
_OTHER: Mapping[str, str] = {
    "uuid": "pg_catalog.md5({0}::text || {1})::uuid",
    "text": "{0} || ' ' || {1}",
    "varchar": "{0} || ' ' || {1}",
    "int4": "1000000 + {0}",
    "int8": "1000000 + {0}",
}


def fill_heirs(connection: psycopg.Connection[Any]) -> Mapping[str, str]:
    """Give each a row like one of the table above it, with another key. For those in which that could not be, why."""
    refused: dict[str, str] = {}
    for heir, name, above in connection.execute(_HEIRS).fetchall():
        if connection.execute(f"SELECT FROM ONLY {name} LIMIT 1".encode()).rowcount:
            continue
        try:
            with connection.transaction():
                if not connection.execute(_statement(connection, name, above)).rowcount:
                    refused[heir] = "the table above it has no rows"
        except psycopg.Error as error:
            refused[heir] = error.diag.message_primary or "the server refused it"
    return refused


def _statement(connection: psycopg.Connection[Any], name: str, above: str) -> bytes:
    values = {}
    for column, kind, keyed, refers in connection.execute(COLUMNS, (above,)).fetchall():
        other = _OTHER.get(kind) if keyed and not refers else None
        values[identifier(column)] = (other or "{0}").format(identifier(column), literal(name))
    return (
        f"INSERT INTO {name} ({', '.join(values)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values.values())}"
        f" FROM ONLY {above} ORDER BY ctid LIMIT 1"
    ).encode()
