"""What a step does to the rows of a database, in plain words: an insert, an update, a delete."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from conformance.model.catalog import Table
from conformance.model.record import Record
from conformance.model.sql import identifier, literal

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of each table, as PostgreSQL's `to_jsonb` gives them; NULL in a jsonb column is left out."""


class Insert(Record):
    """A new row; what it does not name has its default."""

    table: str
    row: Mapping[str, Any]


class Update(Record):
    """The rows that have these values get others."""

    table: str
    key: Mapping[str, Any]
    columns: Mapping[str, Any]


class Delete(Record):
    """The rows that have these values go."""

    table: str
    key: Mapping[str, Any]


Move: TypeAlias = Insert | Update | Delete


def known(move: Move, table: Table) -> Move | None:
    """The move as far as the table has its columns, or None where nothing of it is left."""

    def there(row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name in table.columns}

    if isinstance(move, Insert):
        return Insert(table=move.table, row=there(move.row))
    if len(there(move.key)) < len(move.key):
        return None
    if isinstance(move, Delete):
        return move
    columns = there(move.columns)
    return Update(table=move.table, key=move.key, columns=columns) if columns else None


def written(values: Mapping[str, Any], table: Table) -> dict[str, str]:
    """The values as SQL, each as its column takes it."""
    return {name: _constant(value, array=table.columns[name].type.array) for name, value in values.items()}


def _constant(value: Any, *, array: bool) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple) and array:
        return literal("{" + ",".join(f'"{item}"' for item in value) + "}")
    if isinstance(value, list | tuple | dict):
        return literal(json.dumps(value))
    return literal(str(value).lower() if isinstance(value, bool) else str(value))


def changing(move: Update | Delete, table: Table) -> str:
    """The statement of an update or a delete."""
    key = written(move.key, table)
    where = " AND ".join(
        f"{identifier(name)} IS NULL" if value == "NULL" else f"{identifier(name)} = {value}"
        for name, value in key.items()
    )
    if isinstance(move, Delete):
        return f"DELETE FROM {identifier(move.table)}\n    WHERE {where}"
    columns = ", ".join(f"{identifier(name)} = {value}" for name, value in written(move.columns, table).items())
    return f"UPDATE {identifier(move.table)} SET {columns}\n    WHERE {where}"


def matches(row: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
    """Whether the row has these values."""
    return all(alike(row.get(name), value) for name, value in key.items())


def alike(one: Any, other: Any) -> bool:
    """Whether two values are one, however their types write it."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) or isinstance(other, dict):
        return bool(one == other)
    return one is other is None or (None not in (one, other) and str(one) == str(other))
