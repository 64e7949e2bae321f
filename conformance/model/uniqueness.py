"""When an index keeps rows apart: what the claims on keys and on uniqueness share."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from conformance.model.catalog import Index, Table
from conformance.model.mending import comment
from conformance.model.placement import parts_below
from conformance.model.sql import identifier, mentions


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
    return None, _in_parts_alone(table, wanted), ""


def _in_parts_alone(table: Table, wanted: set[str]) -> str:
    """What there is where a partition has the unique index, or an inheriting table, and the table itself has none."""
    found = [(i, part) for part in parts_below(table) for i in part.indexes if i.unique]
    alone = [f"{shown(index)} on {part.name} alone" for index, part in found if key_columns(index) == wanted]
    return f"{'; '.join(alone)}: it keeps apart nothing but the rows there" if alone else ""


def why_not_possible(table: Table, columns: Sequence[str]) -> str:
    """Why no index of a partitioned table can keep rows apart by these columns alone, or ""."""
    if table.key is None:
        return ""
    if table.key.computed:
        return "no index keeps the rows of a table apart that is partitioned by what is computed from them"
    missing = ", ".join(name for name in table.key.columns if name not in columns)
    return (
        f"every unique index of {table.name} has to have {missing} too, by which it is partitioned" if missing else ""
    )


def why_in_doubt(index: Index) -> str:
    """Why an index proves nothing and serves nothing for sure, or ""."""
    strange = [key for key in index.keys if not key.trusted]
    if not strange:
        return ""
    key = strange[0]
    return (
        f"{key.column or key.expression} goes by the operator class {key.opclass}, which neither PostgreSQL nor an"
        " extension brought: it may compare as it likes"
    )


def late_key(table: Table, columns: Sequence[str]) -> str:
    """The name of a unique constraint over these columns that is kept, if only at the end of a transaction; or ""."""
    for index in table.indexes:
        sound = index.unique and index.valid and index.ready and index.predicate is None and not table.children
        late = not index.immediate and not index.excludes
        if sound and late and key_columns(index) == set(columns) and not why_in_doubt(index):
            return index.name
    return ""


def keeping(table: Table, columns: Sequence[str]) -> str:
    """What keeps new rows apart by these columns, whether or not it may stand for the claim: in whole, or late, or in
    part; "" for nothing."""
    index, why, _ = best(table, columns)
    if index is not None and not why:
        return f"unique index {index.name}"
    if late := late_key(table, columns):
        return f"unique constraint {late}, at the end of a transaction"
    found = [
        f"{'' if _whole(index, table) else 'in part '}{_kind(index)} {index.name}"
        for index in table.indexes
        if _refuses_alike(index, table, columns)
    ]
    return min(found, key=lambda words: words.startswith("in part "), default="")


def _refuses_alike(index: Index, table: Table, columns: Sequence[str]) -> bool:
    """Whether it refuses rows for being alike in nothing but these columns, or in what is computed from them."""
    equal = index.unique or (bool(index.excludes) and set(index.excludes) == {"="})
    others = table.columns.keys() - set(columns)
    read = " ".join(key.expression or identifier(key.column or "") for key in index.keys)
    return equal and index.ready and not why_in_doubt(index) and not any(mentions(read, name) for name in others)


def _kind(index: Index) -> str:
    return "unique index" if index.unique else "exclusion constraint"


def _whole(index: Index, table: Table) -> bool:
    """Whether that goes for all rows of the table."""
    return index.predicate is None and not table.children and bool(key_columns(index)) and index.immediate


def by_strangers(table: Table, columns: Collection[str]) -> str:
    """Why a lookup by one of these columns may not find what is there, or ""."""
    for index in table.indexes:
        if any(key.column in columns for key in index.keys) and (why := why_in_doubt(index)):
            return f"{index.name} may answer what {table.name} is asked: {why}"
    return ""


def departing(table: Table, columns: Sequence[str]) -> list[str]:
    """A comment for each unique index on exactly these columns, which a repair leaves where it is."""
    found = [index for index in table.indexes if index.unique and key_columns(index) == set(columns)]
    return [comment(f"{index.name}, which departs, can be dropped afterwards") for index in found]


def why_not_kept(table: Table, index: Index) -> str:
    """Why a unique index does not keep every two rows apart at the moment of writing, or ""."""
    if not index.valid:
        return "the index is not valid: it may hold duplicates, and on a partitioned table may lack a partition"
    if not index.ready:
        return "the index is not ready: rows are not entered in it yet"
    if index.excludes:
        return "it is temporal: it compares periods, not keys alone, and cannot arbitrate an ON CONFLICT"
    if not index.immediate:
        return "it is deferrable: it is checked late, and cannot arbitrate an ON CONFLICT"
    if index.predicate is not None:
        return f"it is partial: rows outside {index.predicate.text} are not kept apart"
    if table.children:
        return f"rows of the inheriting tables {', '.join(table.children)} are not kept apart from this table's"
    return why_in_doubt(index)


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
    notes += [f"{key.column} by operator class {key.opclass}" for key in index.keys if not key.default_opclass]
    return "; ".join((*notes, *folding(table, key_columns(index)).values()))


def folding(table: Table, columns: Collection[str]) -> dict[str, str]:
    """Those of the columns that a unique index over exactly these compares by a collation that folds, each with a
    clause that says so."""
    return {
        key.column: f"{key.column} by the folding collation {key.collation}: more values are equal"
        for index in table.indexes
        if index.unique and key_columns(index) == set(columns)
        for key in index.keys
        if key.column is not None and not key.deterministic
    }


def shown(index: Index) -> str:
    """`agents_name_key: unique btree (name)`, for a report."""
    keys = ", ".join((key.column or key.expression or "?") + (" desc" if key.descending else "") for key in index.keys)
    word = "primary key " if index.primary else "unique " if index.unique else "exclude " if index.excludes else ""
    parts = [f"{index.name}: {word}{index.method} ({keys})"]
    if index.include:
        parts.append(f"include ({', '.join(index.include)})")
    if index.predicate is not None:
        parts.append(f"where {index.predicate.text}")
    return " ".join(parts)
