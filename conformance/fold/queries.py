"""Whether a query of the system catalogs finds something: what guards statements in DO blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import TEMPORARY, Schema
from conformance.fold.system_catalogs import COLUMNS, ROWS
from conformance.fold.tokens import Cursor

_FLAGS = frozenset({"convalidated", "attnotnull", "attisdropped", "indisvalid"})
"""The columns that are true or false by themselves."""

_JOINS = {
    ("conrelid", "pg_class"): "relname",
    ("attrelid", "pg_class"): "relname",
    ("tgrelid", "pg_class"): "relname",
    ("relnamespace", "pg_namespace"): "nspname",
    ("typnamespace", "pg_namespace"): "nspname",
    ("enumtypid", "pg_type"): "typname",
}
"""What comes with a table that is joined by its oid to a column."""


def exists(schema: Schema, cursor: Cursor) -> bool:
    """Whether the SELECT in the parentheses behind EXISTS finds a row. Raises `NotUnderstood`."""
    return any(True for _ in selected(schema, cursor.group()))


def counted(schema: Schema, inner: Cursor) -> int:
    """The number that `SELECT count(*)` gives. Raises `NotUnderstood`."""
    inner.needs("select", "count", "(")
    inner.take()
    inner.needs(")", "from")
    return sum(1 for _ in _rows(schema, inner))


def selected(schema: Schema, inner: Cursor) -> Iterator[object]:
    """The rows that a SELECT finds, whatever it gives of them. Raises `NotUnderstood`."""
    inner.needs("select")
    while not inner.takes("from"):
        if inner.take().value == "(":
            raise inner.odd("a query is not understood")
    return _rows(schema, inner)


def _rows(schema: Schema, inner: Cursor) -> Iterator[object]:
    """The rows of what stands behind FROM."""
    names = inner.dotted()
    rows = ROWS.get(".".join(name for name in names if name != "pg_catalog"))
    if rows is None:
        raise NotUnderstood(f"what {'.'.join(names)} holds is not known here")
    _alias(inner)
    joined = _joined(inner)
    found = (row for row in rows(schema) if all(row.get(column) is not None for column in joined))
    if inner.ended:
        return found
    wanted = _wanted(schema, inner)
    if wanted is None:
        return iter(())
    columns = COLUMNS[".".join(name for name in names if name != "pg_catalog")] | joined
    if unknown := wanted.keys() - columns:
        raise NotUnderstood(f"the column {min(unknown)} of {names[-1]} is not known here")
    if not _possible(schema, wanted):
        return iter(())
    return (row for row in found if all(row[column] == value for column, value in wanted.items()))


def _possible(schema: Schema, wanted: Mapping[str, object]) -> bool:
    """Whether there is a constraint of the name that is asked for; most guards ask for one that there is not."""
    name = wanted.get("conname", wanted.get("constraint_name"))
    if not isinstance(name, str):
        return True
    of_table = any(schema.relations.constrained((space, name)) for space in (*schema.namespaces, TEMPORARY))
    return of_table or any(check.name == name for of in schema.types.values() for check in of.checks)


def named(schema: Schema, cursor: Cursor) -> bool:
    """Whether `to_regclass('…') IS NULL`, or IS NOT NULL, is true. Raises `NotUnderstood`."""
    value = _value(schema, cursor)
    cursor.needs("is")
    negated = cursor.takes("not")
    cursor.needs("null")
    return (value is None) != negated


def _alias(cursor: Cursor) -> None:
    cursor.takes("as")
    if not (cursor.ended or any(cursor.sees(word) for word in ("where", "join", "inner", "on"))):
        cursor.name()


def _joined(cursor: Cursor) -> frozenset[str]:
    """The columns that come with what is joined by its oid."""
    found: set[str] = set()
    while cursor.takes("join") or cursor.takes("inner", "join"):
        table = cursor.dotted()[-1]
        _alias(cursor)
        cursor.needs("on")
        sides = [cursor.dotted()[-1]]
        cursor.needs("=")
        sides.append(cursor.dotted()[-1])
        brought = next((_JOINS[side, table] for side in sides if (side, table) in _JOINS), "")
        if not brought or "oid" not in sides:
            raise cursor.odd(f"how {table} is joined is not understood")
        found.add(brought)
    return frozenset(found)


def _wanted(schema: Schema, inner: Cursor) -> dict[str, object] | None:
    """What WHERE asks of each column; None where no row could be all of it."""
    inner.needs("where")
    wanted: dict[str, object] = {}
    while True:
        negated = inner.takes("not")
        column = inner.dotted()[-1]
        value: object = not negated
        if not negated and inner.takes("="):
            value = _value(schema, inner)
        elif column not in _FLAGS:
            raise inner.odd("a query is not understood")
        if column in wanted and wanted[column] != value:
            return None
        wanted[column] = value
        if not inner.takes("and"):
            break
    inner.takes("limit", "1")
    if not inner.ended:
        raise inner.odd("a query is not understood")
    return wanted


def _value(schema: Schema, cursor: Cursor) -> object:
    if cursor.takes("current_schema", "(", ")") or cursor.takes("current_schema"):
        return schema.place(("",))[0]
    if cursor.takes("pg_catalog", ".", "to_regclass", "(") or cursor.takes("to_regclass", "("):
        named = cursor.string()
        cursor.needs(")")
        return _named(schema, Cursor(named).dotted())
    if cursor.takes("(", "select", "oid", "from"):
        return _type(schema, cursor)
    text = cursor.string()
    if not cursor.takes("::"):
        return text
    of = cursor.dotted()[-1]
    if of == "regclass":
        return schema.relation(Cursor(text).dotted()).number
    if of == "regtype" and (meant := schema.find_type(Cursor(text).dotted())) is not None:
        return meant.number
    if of in ("text", "name"):
        return text
    raise cursor.odd("a query is not understood")


def _type(schema: Schema, cursor: Cursor) -> object:
    """The number of the one type of a name, behind `(SELECT oid FROM`."""
    cursor.takes("pg_catalog", ".")
    cursor.needs("pg_type", "where", "typname", "=")
    name = cursor.string()
    cursor.needs(")")
    found = [of.number for of in schema.types.values() if of.name == name]
    if len(found) != 1:
        raise NotUnderstood(f"which type {name} is meant is not known here")
    return found[0]


def _named(schema: Schema, names: tuple[str, ...]) -> object:
    """What stands for the relation or the index of that name; None, which nothing equals, where there is none."""
    if (found := schema.find(names)) is not None:
        return found.number
    places = ((where, names[-1]) for where in names[-2:-1] or schema.path)
    return next((place for place in places if schema.relations.taken(place)), None)
