"""When an index keeps rows apart: what the claims on keys and on uniqueness share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.model.catalog import Index, Table
from conformance.model.mending import comment, script
from conformance.model.sql import identifier


def key_columns(index: Index) -> set[str]:
    """The columns of an index over plain columns; empty where a key is an expression."""
    columns = {key.column for key in index.keys if key.column is not None}
    return columns if len(columns) == len({(key.column, key.expression) for key in index.keys}) else set()


def best(table: Table, columns: Sequence[str]) -> tuple[Index | None, str, str]:
    """The unique index that speaks for these columns, why it does not keep them apart ("" if it does), and a note.

    Without a unique index on exactly these columns, the nearest one and why it is another claim; without any, None and
    a clause that says what there is.
    """
    wanted = set(columns)
    unique = [index for index in table.indexes if index.unique]
    exact = [index for index in unique if key_columns(index) == wanted]
    if exact:
        index = min(exact, key=lambda i: (bool(why_not_kept(table, i)), not i.primary, i.constraint is None, i.name))
        return index, why_not_kept(table, index), _note(table, index)
    for index in unique:
        if near := _near(index, wanted):
            return index, near, ""
    return None, "", ""


def narrower(table: Table, columns: Sequence[str], asked: Callable[[tuple[str, ...]], bool]) -> Index | None:
    """A unique index on fewer of these columns that nobody asked for: it refuses rows that are allowed, whether it is
    partial or checked late."""
    for index in table.indexes:
        own = key_columns(index)
        if index.unique and own and own < set(columns) and not asked(tuple(own)):
            return index
    return None


def departing(table: Table, columns: Sequence[str]) -> list[str]:
    """A comment for each unique index on exactly these columns, which a repair leaves where it is."""
    found = [index for index in table.indexes if index.unique and key_columns(index) == set(columns)]
    return [comment(f"{index.name}, which departs, can be dropped afterwards") for index in found]


def too_narrow(table: Table, name: str, columns: Sequence[str]) -> str:
    """What takes away the unique index on fewer columns; a comment where it is not sure which one is meant."""
    found = [
        i for i in table.indexes if i.unique and not i.primary and key_columns(i) and key_columns(i) < set(columns)
    ]
    drops = [
        f"ALTER TABLE {name} DROP CONSTRAINT {identifier(index.constraint)};"
        if index.constraint
        else f"DROP INDEX {identifier(table.schema)}.{identifier(index.name)};"
        for index in found
    ]
    if len(drops) == 1:
        return drops[0]
    what = "one of them refuses rows that are allowed:" if drops else "the primary key refuses rows that are allowed"
    return script(comment(what), *map(comment, drops))


def why_not_kept(table: Table, index: Index) -> str:
    """Why a unique index does not keep every two rows apart at the moment of writing, or ""."""
    if not index.valid:
        return "the index is not valid: it may hold duplicates, and on a partitioned table may lack a partition"
    if not index.ready:
        return "the index is not ready: rows are not entered in it yet"
    if not index.immediate:
        return "it is deferrable: it is checked late, and cannot arbitrate an ON CONFLICT"
    if index.predicate is not None:
        return f"it is partial: rows outside {index.predicate.text} are not kept apart"
    if table.children:
        return f"rows of the inheriting tables {', '.join(table.children)} are not kept apart from this table's"
    return ""


def _near(index: Index, wanted: set[str]) -> str:
    columns = key_columns(index)
    if not columns:
        text = " ".join(key.expression or "" for key in index.keys)
        if any(name in text for name in wanted):
            return "it is on an expression, which is another claim"
        return ""
    if columns > wanted:
        own, less = ", ".join(sorted(columns)), ", ".join(sorted(wanted))
        return f"it is on more columns ({own}): it lets in rows that agree on {less}"
    if columns < wanted:
        return f"it is on fewer columns ({', '.join(sorted(columns))}): it refuses rows that are allowed"
    return ""


def _note(table: Table, index: Index) -> str:
    notes = []
    if index.constraint is None:
        notes.append("a unique index, not declared as a constraint")
    if index.include:
        notes.append(f"with {', '.join(index.include)} included")
    if index.nulls_not_distinct:
        notes.append("NULLS NOT DISTINCT")
    for key in index.keys:
        if not key.default_opclass:
            notes.append(f"{key.column} by operator class {key.opclass}")
        if not key.deterministic:
            notes.append(f"{key.column} by the folding collation {key.collation}: more values are equal")
    return "; ".join(notes)


def shown(index: Index) -> str:
    """`agents_name_key: unique btree (name)`, for a report."""
    keys = ", ".join((key.column or key.expression or "?") + (" desc" if key.descending else "") for key in index.keys)
    word = "primary key " if index.primary else "unique " if index.unique else ""
    parts = [f"{index.name}: {word}{index.method} ({keys})"]
    if index.include:
        parts.append(f"include ({', '.join(index.include)})")
    if index.predicate is not None:
        parts.append(f"where {index.predicate.text}")
    return " ".join(parts)
