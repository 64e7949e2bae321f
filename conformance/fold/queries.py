"""Whether a query of the system catalogs finds something: what guards statements in DO blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Relation, Schema, TypeRef
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import BUILT_IN

Row = Mapping[str, object]

_FLAGS = frozenset({"convalidated", "attnotnull", "indisvalid"})
"""The columns that are true or false by themselves."""

_KINDS = {"c": "CHECK", "f": "FOREIGN KEY", "u": "UNIQUE", "p": "PRIMARY KEY"}


def exists(schema: Schema, cursor: Cursor) -> bool:
    """Whether the SELECT in the parentheses behind EXISTS finds a row. Raises `NotUnderstood`."""
    inner = cursor.group()
    inner.needs("select")
    while not inner.takes("from"):
        if inner.take().value == "(":
            raise inner.odd("a query is not understood")
    names = inner.dotted()
    rows = _ROWS.get(".".join(name for name in names if name != "pg_catalog"))
    if rows is None:
        raise NotUnderstood(f"what {'.'.join(names)} holds is not known here")
    inner.takes("as")
    if not (inner.ended or inner.sees("where")):
        inner.name()
    if inner.ended:
        return any(True for _ in rows(schema))
    wanted = _wanted(schema, inner)
    if wanted is None:
        return False
    found = list(rows(schema))
    columns = _COLUMNS[".".join(name for name in names if name != "pg_catalog")]
    if unknown := wanted.keys() - columns:
        raise NotUnderstood(f"the column {min(unknown)} of {names[-1]} is not known here")
    return any(all(row[column] == value for column, value in wanted.items()) for row in found)


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
    text = cursor.string()
    if not cursor.takes("::"):
        return text
    of = cursor.dotted()[-1]
    if of == "regclass":
        return schema.relation(Cursor(text).dotted()).number
    if of in ("text", "name"):
        return text
    raise cursor.odd("a query is not understood")


def _named(schema: Schema, names: tuple[str, ...]) -> object:
    """What stands for the relation or the index of that name; None, which nothing equals, where there is none."""
    if (found := schema.find(names)) is not None:
        return found.number
    places = ((where, names[-1]) for where in names[-2:-1] or schema.path)
    return next((place for place in places if schema.relations.taken(place)), None)


def _tables(schema: Schema) -> Iterator[Relation]:
    return (relation for relation in schema.relations.values() if relation.kind in "rpvmf")


def _constraints(schema: Schema) -> Iterator[tuple[Relation, str, str, bool]]:
    for table in _tables(schema):
        yield from ((table, check.name, "c", check.validated) for check in table.checks)
        yield from ((table, key.name, "f", key.validated) for key in table.references)
        yield from ((table, i.name, "p" if i.primary else "u", True) for i in table.indexes if i.constraint)
        if schema.major >= 18:
            yield from ((table, c.not_null, "n", c.not_null_validated) for c in table.columns if c.not_null)


def _pg_constraint(schema: Schema) -> Iterator[Row]:
    for table, name, kind, validated in _constraints(schema):
        yield {"conname": name, "conrelid": table.number, "contype": kind, "convalidated": validated}
    for of in schema.types.values():
        for check in of.checks:
            yield {"conname": check.name, "conrelid": 0, "contype": "c", "convalidated": check.validated}


def _pg_attribute(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        for column in table.columns:
            yield {
                "attrelid": table.number,
                "attname": column.name,
                "attnotnull": bool(column.not_null),
                "attidentity": column.identity[:1],
            }


def _pg_index(schema: Schema) -> Iterator[Row]:
    """An index of a text is valid, save one of a partitioned table that lacks a part: CONCURRENTLY never fails here."""
    for table in _tables(schema):
        for index in table.indexes:
            yield {"indexrelid": (table.schema, index.name), "indrelid": table.number, "indisvalid": index.valid}


def _table_constraints(schema: Schema) -> Iterator[Row]:
    for table, name, kind, _ in _constraints(schema):
        yield {
            "table_schema": table.schema,
            "table_name": table.name,
            "constraint_schema": table.schema,
            "constraint_name": name,
            "constraint_type": _KINDS.get(kind, "CHECK"),
        }


def _pg_type(schema: Schema) -> Iterator[Row]:
    for of in schema.types.values():
        yield {"typname": of.name, "typtype": "b" if of.kind == "x" else of.kind}
    yield from ({"typname": name, "typtype": "b"} for name in BUILT_IN)
    for relation in _tables(schema):
        yield {"typname": relation.name, "typtype": "c"}


def _columns(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        for column in table.columns:
            yield {
                "table_schema": table.schema,
                "table_name": table.name,
                "column_name": column.name,
                "udt_name": _udt_name(schema, column.type),
            }


def _udt_name(schema: Schema, of: TypeRef) -> str:
    """The type's own name, of a domain that of what it holds; an array begins with `_`."""
    if of.number is None:
        return "_" * of.array + of.name
    user = schema.type_of(of.number)
    if user.base is not None and not of.array:
        return _udt_name(schema, user.base)
    return "_" * of.array + user.name


def _information_tables(schema: Schema) -> Iterator[Row]:
    return ({"table_schema": table.schema, "table_name": table.name} for table in _tables(schema))


def _pg_class(schema: Schema) -> Iterator[Row]:
    for relation in schema.relations.values():
        yield {"relname": relation.name, "relkind": relation.kind}
        yield from ({"relname": index.name, "relkind": "i"} for index in relation.indexes)


def _pg_tables(schema: Schema) -> Iterator[Row]:
    return ({"schemaname": t.schema, "tablename": t.name} for t in _tables(schema) if t.kind in "rp")


def _pg_indexes(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        for index in table.indexes:
            yield {"schemaname": table.schema, "tablename": table.name, "indexname": index.name}


def _pg_trigger(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        yield from ({"tgname": one.name, "tgrelid": table.number} for one in table.reactions)


def _pg_extension(schema: Schema) -> Iterator[Row]:
    return ({"extname": name} for name in (*schema.extensions, "plpgsql"))


_ROWS: Mapping[str, Callable[[Schema], Iterator[Row]]] = {
    "pg_constraint": _pg_constraint,
    "information_schema.table_constraints": _table_constraints,
    "pg_attribute": _pg_attribute,
    "pg_index": _pg_index,
    "pg_type": _pg_type,
    "information_schema.columns": _columns,
    "information_schema.tables": _information_tables,
    "pg_class": _pg_class,
    "pg_tables": _pg_tables,
    "pg_indexes": _pg_indexes,
    "pg_trigger": _pg_trigger,
    "pg_extension": _pg_extension,
}
_COLUMNS: Mapping[str, frozenset[str]] = {
    "pg_constraint": frozenset({"conname", "conrelid", "contype", "convalidated"}),
    "pg_attribute": frozenset({"attrelid", "attname", "attnotnull", "attidentity"}),
    "pg_index": frozenset({"indexrelid", "indrelid", "indisvalid"}),
    "information_schema.table_constraints": frozenset(
        {"table_schema", "table_name", "constraint_schema", "constraint_name", "constraint_type"}
    ),
    "pg_type": frozenset({"typname", "typtype"}),
    "information_schema.columns": frozenset({"table_schema", "table_name", "column_name", "udt_name"}),
    "information_schema.tables": frozenset({"table_schema", "table_name"}),
    "pg_class": frozenset({"relname", "relkind"}),
    "pg_tables": frozenset({"schemaname", "tablename"}),
    "pg_indexes": frozenset({"schemaname", "tablename", "indexname"}),
    "pg_trigger": frozenset({"tgname", "tgrelid"}),
    "pg_extension": frozenset({"extname"}),
}
