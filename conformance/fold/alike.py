"""LIKE: what a table takes over from another when it is made."""

from __future__ import annotations

from conformance.fold import constraints, opaque
from conformance.fold.constraint import Constraint
from conformance.fold.keys import called
from conformance.fold.naming import constraint_name, index_name, sequence_name
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Field, Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def alike(schema: Schema, number: int, cursor: Cursor) -> tuple[Schema, list[Constraint]]:
    """LIKE: the columns of another table, and what is asked for of what hangs on them."""
    source = schema.relation(cursor.dotted(), "r", "p", "v", "m", "f")
    if source.kind in "vmf":
        raise NotUnderstood(f"which columns {source.name} has is known to a server only")
    opaque.judge(source)
    if source.number == number:
        raise Refused("undefined_table", f"{source.name} is not there yet")
    wanted: set[str] = set()
    every = {"comments", "compression", "constraints", "defaults", "generated", "identity", "indexes", "statistics"}
    while word := cursor.one_of("including", "excluding"):
        what = cursor.label()
        names = every | {"storage"} if what == "all" else {what}
        wanted = wanted | names if word == "including" else wanted - names
    table = schema.numbered(number)
    for column in source.columns:
        if table.has(column.name):
            raise Refused("duplicate_column", f"{table.name} has a column {column.name} already")
        kept = "generated" if column.generated else "defaults"
        if column.default is not None and kept not in wanted:
            column = replace(column, default=None, generated="")
        if column.not_null:
            column = replace(column, not_null=constraint_name(schema, table, column.name, "not_null"))
        table = replace(table, columns=(*table.columns, replace(column, identity="", inherited=0, local=True)))
    if "constraints" in wanted:
        table = replace(table, checks=(*table.checks, *(replace(c, inherited=0, local=True) for c in source.checks)))
    if "indexes" in wanted:
        table = _with_indexes(schema, table, source)
    schema = schema.put(table)
    for column in source.columns:
        if column.identity and "identity" in wanted:
            schema = _counted(schema, number, replace(table.column(column.name), identity=column.identity))
    return schema, []


def _counted(schema: Schema, number: int, column: Field) -> Schema:
    """The schema with a column that is an identity column, and its sequence."""
    table = schema.numbered(number)
    name = sequence_name(schema, table.schema, table.name, column.name)
    sequence = Relation(number=0, schema=table.schema, name=name, kind="S", owner=(number, column.name))
    return schema.add(sequence).put(constraints.with_column(table, column))


def _with_indexes(schema: Schema, table: Relation, source: Relation) -> Relation:
    for index in source.indexes:
        label = "pkey" if index.primary else "excl" if index.excludes else "key" if index.constraint else "idx"
        columns = [called(key) for key in index.keys] + list(index.include)
        name = index_name(schema, table, columns, label, constraint=index.constraint)
        table = replace(table, indexes=(*table.indexes, replace(index, name=name, above="")))
    return table
