"""What keeps rows apart though nobody asked for it, and so refuses rows that are allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from conformance.model.catalog import Index, Table
from conformance.model.mending import comment, script
from conformance.model.sql import identifier, mentions
from conformance.model.uniqueness import why_in_doubt

_CONSTANT = re.compile(r"\(?(true|false|-?\d+|'(?:[^']|'')*'::[a-z ]+)\)?\Z")
_CAST = re.compile(r"\((\w+)\)?::(?:text|character varying|bigint|integer|numeric|uuid)\)?\Z")


def surplus(table: Table, columns: Collection[str], asked: Iterable[frozenset[str]]) -> tuple[Index | None, str, bool]:
    """An index that nobody asked for and that keeps rows apart by these columns or fewer, also a partial one or one
    that is checked late; why, and whether it surely refuses rows that are allowed. First those that surely do."""
    keys = tuple(asked)
    found = [one for index in table.indexes for one in _surplus(table, index, set(columns), keys)]
    return min(found, key=lambda one: not one[2], default=(None, "", False))


def _surplus(
    table: Table, index: Index, columns: set[str], asked: tuple[frozenset[str], ...]
) -> Iterator[tuple[Index, str, bool]]:
    if not (index.unique or index.excludes) or not index.ready:
        return
    own, rest = _compared(table, index)
    seen = own | {name for text in rest for name in table.columns if mentions(text, name)}
    if not seen <= columns or any(key <= own | _plain(index) for key in asked):
        return
    shown_rest = ", ".join(rest)
    if why := why_in_doubt(index):
        yield index, f"{index.name} may refuse rows that the documentation allows: {why}", False
    elif rest:
        yield index, f"{index.name} may refuse rows that the documentation allows: it goes by {shown_rest}", False
    else:
        fewer = f"is on {', '.join(sorted(own))} alone" if own == columns else "is on fewer columns"
        what = fewer if own else "is on a constant"
        yield index, f"{index.name} {what}: it refuses rows that the documentation allows", True


def _plain(index: Index) -> set[str]:
    return {key.column for key in index.keys if key.column}


def _compared(table: Table, index: Index) -> tuple[set[str], list[str]]:
    """The columns that an index compares for equality, as they are or cast to another type; and what else it goes by.
    What is the same in each row is neither."""
    own: set[str] = set()
    rest: list[str] = []
    for place, key in enumerate(index.keys):
        operator = index.excludes[place] if index.excludes else "="
        computed = computed_by(table, key.column) or key.expression or ""
        name = _cast_column(table, computed) if computed else key.column or ""
        if operator != "=":
            rest.append(f"{computed or key.column} with {operator}")
        elif name:
            own.add(name)
        elif not _CONSTANT.match(computed):
            rest.append(computed)
    return own, rest


def copied_from(table: Table, name: str) -> str:
    """The column that a generated column is a copy of, or this one."""
    return _cast_column(table, computed_by(table, name)) or name


def computed_by(table: Table, name: str | None) -> str:
    """The expression that a generated column is computed by, or ""."""
    column = table.columns.get(name or "")
    return column.default.text if column is not None and column.generated and column.default is not None else ""


def _cast_column(table: Table, expression: str) -> str:
    """The column that an expression does nothing with but cast it, from one of PostgreSQL's types to another."""
    if expression in table.columns and not table.columns[expression].generated:
        return expression
    match = _CAST.match(expression.replace("((", "("))
    column = table.columns.get(match[1]) if match else None
    return column.name if column is not None and column.type.shipped and column.type.labels is None else ""


def too_narrow(table: Table, name: str, columns: Sequence[str]) -> str:
    """What takes away what keeps rows apart by fewer columns; a comment where it is not sure which one is meant."""
    return without(table, name, columns, [frozenset(columns)]) or comment(
        "the primary key refuses rows that are allowed"
    )


def without(table: Table, name: str, columns: Sequence[str], asked: Iterable[frozenset[str]]) -> str:
    """What takes away the surplus, or "" where there is none beside the primary key."""
    keys = tuple(asked)
    found = [i for i in table.indexes if not i.primary and any(s for *_, s in _surplus(table, i, set(columns), keys))]
    drops = [
        f"ALTER TABLE {name} DROP CONSTRAINT {identifier(index.constraint)};"
        if index.constraint
        else f"DROP INDEX {identifier(table.schema)}.{identifier(index.name)};"
        for index in found
    ]
    if len(drops) < 2:
        return "".join(drops)
    return script(comment("one of them refuses rows that are allowed:"), *map(comment, drops))
