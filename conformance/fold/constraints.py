"""Constraints made and taken away."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold.columns_out import Columns
from conformance.fold.condition import Clause, Condition
from conformance.fold.constraint import Constraint
from conformance.fold.keys import arbitrates, called, judge_reference, judge_stored
from conformance.fold.made import Made
from conformance.fold.meaning import Meaning
from conformance.fold.mentioning import columns_seen
from conformance.fold.naming import constraint_name, index_name, joined, judge_new, made_name
from conformance.fold.nodes import columns_in
from conformance.fold.opclasses import lacks
from conformance.fold.places import CHECK, PREDICATE, Place
from conformance.fold.reference import Reference
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import TEMPORARY, Field, Key, KeyIndex, Relation, Schema, TypeRef
from conformance.fold.standing import judge_text
from conformance.model.record import replace


def add(schema: Schema, number: int, constraint: Constraint) -> Schema:
    """The schema with a constraint more on the table. Raises `NotUnderstood`."""
    table = schema.numbered(number)
    if constraint.kind in ("check", "foreign"):
        judge_new(schema, table, constraint.name)
    if constraint.kind == "check":
        return _check(schema, table, constraint)
    if constraint.kind == "foreign":
        return _foreign(schema, table, constraint)
    if constraint.kind == "not null":
        return schema.put(_not_null(schema, table, constraint))
    if constraint.kind == "exclude":
        return _exclusion(schema, table, constraint)
    if constraint.index:
        return _by_index(schema, table, constraint)
    return _key(schema, table, constraint)


def judge(schema: Schema, table: Relation, clause: Clause, place: Place = CHECK) -> Made | None:
    """The condition, as far as it is understood. Raises `Refused` where the server would refuse it."""
    if clause.node is None:
        judge_text(schema, table, clause.text, place)
        return None
    try:
        return Meaning(schema).deparser(table).condition(clause.node)
    except Refused:
        raise
    except NotUnderstood:
        judge_text(schema, table, clause.text, place)
        return None


def judge_indexed(schema: Schema, table: Relation, column: str, method: str) -> None:
    """Raises `Refused` where an index of this method cannot be on the column."""
    of = Columns(schema).type(table.column(column).type)
    if lacks(of, method, schema.extensions):
        raise Refused("undefined_object", f"{column} is of the type {of.declared}, which {method} has no order for")


def _check(schema: Schema, table: Relation, constraint: Constraint) -> Schema:
    clause = constraint.clause
    if clause is None:
        raise NotUnderstood("a CHECK without a condition")
    judge(schema, table, clause)
    names = columns_in(clause.node) if clause.node is not None else columns_seen(clause.text, table)
    name = constraint.name or constraint_name(schema, table, names[0] if len(names) == 1 else "", "check")
    made = Condition(
        name=name,
        clause=clause,
        validated=constraint.validated,
        enforced=constraint.enforced,
        no_inherit=constraint.no_inherit,
    )
    return schema.put(replace(table, checks=(*table.checks, made)))


def _not_null(schema: Schema, table: Relation, constraint: Constraint) -> Relation:
    (name,) = constraint.columns
    column = table.column(name)
    if column.not_null:
        return with_column(table, replace(column, not_null_validated=column.not_null_validated or constraint.validated))
    generated = {made_name(table.name, other.name, "not_null") for other in table.columns if other.name != name}
    if constraint.name in {*table.constraint_names(), *generated}:
        raise NotUnderstood(f"{constraint.name} is also what PostgreSQL calls the NOT NULL of another column")
    called = constraint.name or constraint_name(schema, table, name, "not_null")
    return with_column(table, replace(column, not_null=called, not_null_validated=constraint.validated))


def with_column(table: Relation, column: Field) -> Relation:
    """The table with the column as it is given."""
    return replace(table, columns=tuple(column if one.name == column.name else one for one in table.columns))


def required(schema: Schema, table: Relation, columns: tuple[str, ...]) -> Relation:
    """The table with these columns NOT NULL, as a primary key makes them."""
    for name in columns:
        table = _not_null(schema, table, Constraint(kind="not null", columns=(name,)))
    return table


def _key(schema: Schema, table: Relation, constraint: Constraint) -> Schema:
    primary = constraint.kind == "primary"
    for name in (*constraint.columns, *constraint.include):
        judge_stored(table.column(name))
    for name in constraint.columns:
        judge_indexed(schema, table, name, "btree")
    if primary and any(index.primary for index in table.indexes):
        raise Refused("invalid_table_definition", f"{table.name} has a primary key already")
    _judge_name(schema, table, constraint)
    label = "pkey" if primary else "key"
    columns = (*constraint.columns, *constraint.include)
    name = constraint.name or index_name(schema, table, columns, label, constraint=True)
    if primary:
        table = required(schema, table, constraint.columns)
    index = KeyIndex(
        name=name,
        method="btree",
        keys=tuple(Key(column=column) for column in constraint.columns),
        include=constraint.include,
        unique=True,
        primary=primary,
        immediate=not constraint.deferrable,
        nulls_not_distinct=constraint.nulls_not_distinct,
        constraint=True,
    )
    return schema.put(replace(table, indexes=(*table.indexes, index)))


def _exclusion(schema: Schema, table: Relation, constraint: Constraint) -> Schema:
    for key in constraint.keys:
        if key.column and not key.opclass:
            judge_indexed(schema, table, key.column, constraint.method)
        elif key.column:
            table.column(key.column)
    for name in constraint.include:
        table.column(name)
    if constraint.clause is not None:
        judge(schema, table, constraint.clause, PREDICATE)
    _judge_name(schema, table, constraint)
    columns = [*(called(key) for key in constraint.keys), *constraint.include]
    index = KeyIndex(
        name=constraint.name or index_name(schema, table, columns, "excl", constraint=True),
        method=constraint.method,
        keys=constraint.keys,
        include=constraint.include,
        predicate=constraint.clause,
        immediate=not constraint.deferrable,
        constraint=True,
        excludes=constraint.excludes,
    )
    return schema.put(replace(table, indexes=(*table.indexes, index)))


def _judge_name(schema: Schema, table: Relation, constraint: Constraint) -> None:
    """Raises `Refused` where the name of a key is taken, by a relation or by a constraint of the table."""
    if constraint.name:
        schema.judge_free((table.schema, constraint.name))
    judge_new(schema, table, constraint.name)


def _by_index(schema: Schema, table: Relation, constraint: Constraint) -> Schema:
    found = next((index for index in table.indexes if index.name == constraint.index), None)
    if found is None:
        raise Refused("undefined_object", f"{table.name} has no index {constraint.index} here")
    plain = all(key.column and not key.opclass and not key.descending and not key.nulls_first for key in found.keys)
    if found.constraint or not found.unique or found.predicate or not plain or found.method != "btree":
        raise Refused("wrong_object_type", f"{found.name} is no index that a constraint can take over")
    primary = constraint.kind == "primary"
    if primary:
        if any(index.primary for index in table.indexes):
            raise Refused("invalid_table_definition", f"{table.name} has a primary key already")
        table = required(schema, table, found.columns)
    name = constraint.name or found.name
    if name != found.name:
        _judge_name(schema, table, constraint)
    made = replace(found, name=name, constraint=True, primary=primary, immediate=not constraint.deferrable)
    return schema.put(replace(table, indexes=tuple(made if i is found else i for i in table.indexes)))


def _foreign(schema: Schema, table: Relation, constraint: Constraint) -> Schema:
    target = schema.relation(constraint.target, "r", "p")
    if (target.schema == TEMPORARY) != (table.schema == TEMPORARY):
        raise Refused("invalid_table_definition", f"{target.name} and {table.name} are not both temporary")
    columns = constraint.target_columns or next((i.columns for i in target.indexes if i.primary), ())
    if len(columns) != len(constraint.columns):
        raise Refused("invalid_foreign_key", f"{target.name} has no key of as many columns here")
    own = tuple(table.column(name) for name in (*constraint.columns, *constraint.delete_columns))[: len(columns)]
    theirs = tuple(target.column(name) for name in columns)
    if not any(arbitrates(index, columns) for index in target.indexes):
        raise Refused("invalid_foreign_key", f"{', '.join(columns)} of {target.name} is no key here")
    for one, other in zip(own, theirs, strict=True):
        if not _comparable(schema, one.type, other.type):
            raise Refused("datatype_mismatch", f"{one.name} cannot be compared with {other.name} of {target.name}")
    if set(constraint.delete_columns) - set(constraint.columns):
        raise Refused("invalid_column_reference", "what is set on delete is not among the columns of the key")
    name = constraint.name or constraint_name(schema, table, joined(constraint.columns), "fkey")
    made = Reference(
        name=name,
        columns=constraint.columns,
        target=target.number,
        target_columns=columns,
        on_delete=constraint.on_delete,
        on_update=constraint.on_update,
        match=constraint.match,
        delete_columns=constraint.delete_columns,
        validated=constraint.validated,
        enforced=constraint.enforced,
        deferrable=constraint.deferrable,
    )
    judge_reference(schema, table, made)
    return schema.put(replace(table, references=(*table.references, made)))


_FAMILIES = (
    {"int2", "int4", "int8"},
    {"float4", "float8"},
    {"text", "varchar", "bpchar", "name"},
    {"date", "timestamp", "timestamptz"},
)
_WIDENING = ("int2", "int4", "int8", "numeric", "float4", "float8")


def _comparable(schema: Schema, one: TypeRef, other: TypeRef) -> bool:
    one, other = _base(schema, one), _base(schema, other)
    if (one.name, one.number, one.array) == (other.name, other.number, other.array):
        return True
    plain = not (one.array or other.array or one.number is not None or other.number is not None)
    widened = {one.name, other.name} <= set(_WIDENING) and _WIDENING.index(one.name) < _WIDENING.index(other.name)
    return plain and (widened or any({one.name, other.name} <= family for family in _FAMILIES))


def _base(schema: Schema, ref: TypeRef) -> TypeRef:
    """What is left of a type when domains are taken off."""
    while ref.number is not None and (base := schema.type_of(ref.number).base) is not None and not ref.array:
        ref = base
    return ref


def drop(schema: Schema, number: int, name: str, *, cascade: bool) -> Schema:
    """The schema without a constraint of the table. Raises `Refused`."""
    table = schema.numbered(number)
    if any(check.name == name for check in table.checks):
        return schema.put(replace(table, checks=tuple(c for c in table.checks if c.name != name)))
    if any(key.name == name for key in table.references):
        return schema.put(replace(table, references=tuple(k for k in table.references if k.name != name)))
    if any(index.name == name and index.constraint for index in table.indexes):
        return drop_index(schema, table, name, cascade=cascade)
    for column in table.columns:
        if column.not_null == name:
            judge_nullable(table, column.name)
            return schema.put(with_column(table, replace(column, not_null="", not_null_validated=True)))
    raise Refused("undefined_object", f"{table.name} has no constraint {name} here")


def judge_nullable(table: Relation, name: str) -> None:
    """Raises `Refused` where something else keeps the column NOT NULL."""
    if table.column(name).identity or any(index.primary and name in index.columns for index in table.indexes):
        raise Refused("invalid_table_definition", f"{name} of {table.name} has to stay NOT NULL")


def drop_index(schema: Schema, table: Relation, name: str, *, cascade: bool) -> Schema:
    """The schema without an index of the table, and without the foreign keys that stand on it."""
    (gone,) = (index for index in table.indexes if index.name == name)
    left = tuple(index for index in table.indexes if index.name != name)
    schema = schema.put(replace(table, indexes=left))
    if not gone.unique or gone.predicate is not None:
        return schema

    def stands(key: Reference) -> bool:
        on = key.target == table.number and set(key.target_columns) == set(gone.columns)
        return on and len(key.target_columns) == len(gone.columns)

    pointing = schema.relations.tied(to=(table.number,))
    standing = [(r, key) for r in pointing for key in r.references if stands(key)]
    if not standing:
        return schema
    if any(arbitrates(index, gone.columns) for index in left):
        raise Acting(f"on which of several indexes {standing[0][1].name} stands cannot be told here")
    if not cascade:
        raise Refused("dependent_objects_still_exist", f"{standing[0][1].name} stands on {name}")
    return schema.each(lambda r: without_keys(r, stands), pointing)


def without_keys(table: Relation, gone: Callable[[Reference], bool]) -> Relation:
    """The table without the foreign keys that go."""
    left = tuple(key for key in table.references if not gone(key))
    return table if len(left) == len(table.references) else replace(table, references=left)
