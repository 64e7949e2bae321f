"""The rows that the system catalogs have of a schema, with the columns that guards ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from conformance.fold.schema import Relation, Schema, TypeRef
from conformance.fold.type_names import BUILT_IN

Row = Mapping[str, object]

_KINDS = {"c": "CHECK", "f": "FOREIGN KEY", "u": "UNIQUE", "p": "PRIMARY KEY"}


def _tables(schema: Schema) -> Iterator[Relation]:
    return (relation for relation in schema.relations.values() if relation.kind in "rpvmf")


def _constraints(schema: Schema) -> Iterator[tuple[Relation, str, str, bool]]:
    for table in _tables(schema):
        yield from ((table, check.name, "c", check.validated) for check in table.checks)
        yield from ((table, key.name, "f", key.validated) for key in table.references)
        keys = [index for index in table.indexes if index.constraint]
        yield from ((table, i.name, "p" if i.primary else "x" if i.excludes else "u", True) for i in keys)
        if schema.major >= 18:
            yield from ((table, c.not_null, "n", c.not_null_validated) for c in table.columns if c.not_null)


def _pg_constraint(schema: Schema) -> Iterator[Row]:
    for table, name, kind, validated in _constraints(schema):
        about = {"conrelid": table.number, "relname": table.name}
        yield {"conname": name, "contype": kind, "convalidated": validated, **about}
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
                "attisdropped": False,
                "relname": table.name,
            }


def _pg_index(schema: Schema) -> Iterator[Row]:
    """An index of a text is valid, save one of a partitioned table that lacks a part: CONCURRENTLY never fails here."""
    for table in _tables(schema):
        for index in table.indexes:
            yield {"indexrelid": (table.schema, index.name), "indrelid": table.number, "indisvalid": index.valid}


def _table_constraints(schema: Schema) -> Iterator[Row]:
    for table, name, kind, _ in _constraints(schema):
        if kind == "x":
            continue
        yield {
            "table_schema": table.schema,
            "table_name": table.name,
            "constraint_schema": table.schema,
            "constraint_name": name,
            "constraint_type": _KINDS.get(kind, "CHECK"),
        }


def _pg_type(schema: Schema) -> Iterator[Row]:
    for of in schema.types.values():
        yield {"typname": of.name, "typtype": "b" if of.kind == "x" else of.kind, "nspname": of.schema}
    yield from ({"typname": name, "typtype": "b", "nspname": "pg_catalog"} for name in BUILT_IN)
    for relation in _tables(schema):
        yield {"typname": relation.name, "typtype": "c", "nspname": relation.schema}


def _pg_enum(schema: Schema) -> Iterator[Row]:
    for of in schema.types.values():
        yield from ({"enumlabel": label, "enumtypid": of.number, "typname": of.name} for label in of.labels)


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
        place = {"nspname": relation.schema}
        yield {"relname": relation.name, "relkind": relation.kind, **place}
        yield from ({"relname": index.name, "relkind": "i", **place} for index in relation.indexes)
    for of in schema.types.values():
        if of.kind == "c":
            yield {"relname": of.name, "relkind": "c", "nspname": of.schema}


def _pg_tables(schema: Schema) -> Iterator[Row]:
    return ({"schemaname": t.schema, "tablename": t.name} for t in _tables(schema) if t.kind in "rp")


def _pg_indexes(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        for index in table.indexes:
            yield {"schemaname": table.schema, "tablename": table.name, "indexname": index.name}


def _pg_trigger(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        about = {"tgrelid": table.number, "relname": table.name}
        yield from ({"tgname": one.name, **about} for one in table.reactions)


def _pg_policies(schema: Schema) -> Iterator[Row]:
    for table in _tables(schema):
        about = {"schemaname": table.schema, "tablename": table.name}
        yield from ({"policyname": one.name, **about} for one in table.policies)


def _pg_extension(schema: Schema) -> Iterator[Row]:
    return ({"extname": name} for name in (*schema.extensions, "plpgsql"))


ROWS: Mapping[str, Callable[[Schema], Iterator[Row]]] = {
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
    "pg_enum": _pg_enum,
    "pg_policies": _pg_policies,
}
COLUMNS: Mapping[str, frozenset[str]] = {
    "pg_constraint": frozenset({"conname", "conrelid", "contype", "convalidated"}),
    "pg_attribute": frozenset({"attrelid", "attname", "attnotnull", "attidentity", "attisdropped"}),
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
    "pg_enum": frozenset({"enumlabel", "enumtypid"}),
    "pg_policies": frozenset({"schemaname", "tablename", "policyname"}),
}
