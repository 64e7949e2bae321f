"""What a change of a table does to its partitions, and to what inherits from it: columns and conditions."""

from __future__ import annotations

from conformance.fold import constraints
from conformance.fold.condition import Condition
from conformance.fold.drops import drop_column
from conformance.fold.inherit_keys import descended as keys_descended
from conformance.fold.naming import constraint_name
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.renames import renamed_column
from conformance.fold.schema import Field, Relation, Schema
from conformance.model.record import Record, replace


class How(Record):
    """How a change comes down: said of the table ONLY, with CASCADE, as a new name; or as a table `joins`, and has to
    have it all, or is `made` below another."""

    only: bool = False
    cascade: bool = False
    rename: bool = False
    joins: bool = False
    made: bool = False


def descended(schema: Schema, was: Relation, now: Relation, how: How) -> Schema:
    """The schema once what a table was and what it is now is done below it too."""
    for child in schema.relations.below(now.number):
        schema = below(schema, was, now, child.number, how)
    return schema


def below(schema: Schema, was: Relation, now: Relation, number: int, how: How) -> Schema:
    """The schema once a change is done to one table below another, and below that one."""
    before = schema.numbered(number)
    if before.opaque:
        return schema
    schema = _columns(schema, was, now, number, how)
    schema = _checks(schema, was, now, number, how)
    if now.kind == "p":
        schema = keys_descended(schema, was, now, number, only=how.only, cascade=how.cascade, rename=how.rename)
    return descended(schema, before, schema.numbered(number), replace(how, joins=False, made=False))


def _columns(schema: Schema, was: Relation, now: Relation, number: int, how: How) -> Schema:
    old, new = [c.name for c in was.columns], [c.name for c in now.columns]
    if how.rename and old != new:
        return _renamed(schema, was, now, number, how)
    left = set(old) & set(new)
    if [name for name in old if name in left] != [name for name in new if name in left]:
        raise NotUnderstood(f"a column of {now.name} goes and comes in one statement")
    for name in old:
        if name not in left:
            schema = _gone(schema, number, name, how)
    for column in now.columns:
        if column.name not in left:
            schema = _come(schema, now, number, column, how)
        elif was.column(column.name) != column:
            schema = _altered(schema, was.column(column.name), column, number, how)
    return schema


def _renamed(schema: Schema, was: Relation, now: Relation, number: int, how: How) -> Schema:
    old, new = next((a.name, b.name) for a, b in zip(was.columns, now.columns, strict=True) if a.name != b.name)
    child = schema.numbered(number)
    if how.only:
        raise Refused("invalid_table_definition", f"{old} is renamed below {now.name} too")
    if child.column(old).inherited > 1:
        raise NotUnderstood(f"{old} of {child.name} comes from several tables")
    return renamed_column(schema, child, old, new)


def _gone(schema: Schema, number: int, name: str, how: How) -> Schema:
    child = schema.numbered(number)
    column = child.column(name)
    if how.only and child.bound is not None:
        raise Refused("invalid_table_definition", f"{name} goes from the partitions too")
    if not how.only and column.inherited == 1 and not column.local:
        return drop_column(schema, child, name, cascade=how.cascade)
    left = replace(column, inherited=column.inherited - 1, local=column.local or how.only)
    return schema.put(constraints.with_column(child, left))


def _come(schema: Schema, now: Relation, number: int, column: Field, how: How) -> Schema:
    child = schema.numbered(number)
    if how.only:
        raise Refused("invalid_table_definition", f"{column.name} comes to what is below {now.name} too")
    if child.has(column.name):
        return schema.put(constraints.with_column(child, _merged(schema, child, column, how)))
    if how.joins:
        raise Refused("datatype_mismatch", f"{child.name} has no column {column.name}")
    if column.identity and not (how.made and child.bound is not None):
        raise NotUnderstood(f"whether {column.name} draws from a sequence below {now.name} is not known here")
    own = _named(schema, child, column)
    identity = column.identity if schema.major >= 17 else ""
    made = replace(column, inherited=1, local=False, not_null=own, identity=identity)
    return schema.put(replace(child, columns=(*child.columns, made)))


def _named(schema: Schema, child: Relation, column: Field) -> str:
    """What says that the column is NOT NULL, below a table that says so."""
    if column.not_null and column.not_null in set(child.constraint_names()):
        return constraint_name(schema, child, column.name, "not_null")
    return column.not_null


def _merged(schema: Schema, child: Relation, above: Field, how: How) -> Field:
    """A column that the table has of its own, and now has from above too."""
    own = child.column(above.name)
    if (own.type, own.collation) != (above.type, above.collation):
        raise Refused("datatype_mismatch", f"{own.name} of {child.name} is of another type than above")
    if own.identity or above.identity or own.generated or above.generated:
        raise NotUnderstood(f"how {own.name} is computed, here and above, is not known here")
    if not own.not_null and above.not_null:
        if how.joins:
            raise Refused("datatype_mismatch", f"{own.name} of {child.name} may be NULL, and above it may not")
        raise NotUnderstood(f"{own.name} of {child.name} may be NULL, and above it may not")
    if own.not_null and above.not_null and not (own.not_null_validated and above.not_null_validated):
        raise NotUnderstood(f"of {own.name} it is not validated that it is NOT NULL")
    if not how.joins and own.default != above.default:
        raise NotUnderstood(f"which default {own.name} has is not known here")
    return replace(own, inherited=own.inherited + 1, local=own.local and child.bound is None)


def _altered(schema: Schema, was: Field, now: Field, number: int, how: How) -> Schema:
    child = schema.numbered(number)
    if not child.has(now.name):
        raise NotUnderstood(f"{child.name} has no column {now.name}")
    own = child.column(now.name)
    same = replace(
        was, default=now.default, not_null=now.not_null, inherited=now.inherited, local=now.local
    )  # what else of it may change
    if same != now:
        raise NotUnderstood(f"what becomes of {now.name} in {child.name} is not known here")
    if was.default != now.default and not how.only:
        own = replace(own, default=now.default)
    if bool(was.not_null) != bool(now.not_null):
        if not now.not_null or how.only:
            raise NotUnderstood(f"whether {now.name} of {child.name} may be NULL then is not known here")
        own = own if own.not_null else replace(own, not_null=_named(schema, child, now))
    elif was.not_null != now.not_null and schema.major >= 18:
        own = replace(own, not_null=now.not_null) if own.not_null == was.not_null else own
    return schema.put(constraints.with_column(child, own))


def _checks(schema: Schema, was: Relation, now: Relation, number: int, how: How) -> Schema:
    old, new = {c.name: c for c in was.checks}, {c.name: c for c in now.checks if not c.no_inherit}
    if how.rename and len(old) == len(now.checks) and old.keys() != {c.name for c in now.checks}:
        return _called(schema, was, now, number, how)
    for name, check in old.items():
        if name not in new and not check.no_inherit:
            schema = _without(schema, number, name, how)
    for name, check in new.items():
        if name not in old:
            schema = _with(schema, now, number, check, how)
        elif not _alike(old[name], check):
            raise NotUnderstood(f"a condition {name} goes and comes in one statement")
        elif old[name].validated != check.validated:
            schema = _validated(schema, number, name, how)
    return schema


def _alike(one: Condition, other: Condition) -> bool:
    """Whether conditions are the same, but for the names of their columns and whether they are validated."""
    return (one.enforced, one.no_inherit) == (other.enforced, other.no_inherit)


def _called(schema: Schema, was: Relation, now: Relation, number: int, how: How) -> Schema:
    old, new = next((a.name, b.name) for a, b in zip(was.checks, now.checks, strict=True) if a.name != b.name)
    child = schema.numbered(number)
    found = next((one for one in child.checks if one.name == old and one.inherited), None)
    if found is None:
        return schema
    if how.only:
        raise Refused("invalid_table_definition", f"{old} is renamed below {now.name} too")
    if found.inherited > 1 or new in set(child.constraint_names()):
        raise NotUnderstood(f"whether {old} of {child.name} can be called {new} is not known here")
    return schema.put(replace(child, checks=tuple(replace(c, name=new) if c is found else c for c in child.checks)))


def _without(schema: Schema, number: int, name: str, how: How) -> Schema:
    child = schema.numbered(number)
    found = next((one for one in child.checks if one.name == name and one.inherited), None)
    if found is None:
        return schema
    if how.only and child.bound is not None:
        raise Refused("invalid_table_definition", f"{name} goes from the partitions too")
    left = replace(found, inherited=found.inherited - 1, local=found.local or how.only)
    stays = left.inherited or left.local
    checks = tuple(left if one is found else one for one in child.checks if one is not found or stays)
    return schema.put(replace(child, checks=checks))


def _with(schema: Schema, now: Relation, number: int, check: Condition, how: How) -> Schema:
    child = schema.numbered(number)
    found = next((one for one in child.checks if one.name == check.name), None)
    if how.only:
        raise Refused("invalid_table_definition", f"{check.name} comes to what is below {now.name} too")
    if found is None:
        if how.joins:
            raise Refused("datatype_mismatch", f"{child.name} has no condition {check.name}")
        if check.name in set(child.constraint_names()):
            raise Refused("duplicate_object", f"{child.name} has another constraint {check.name}")
        made = replace(check, inherited=1, local=False)
        return schema.put(replace(child, checks=(*child.checks, made)))
    if found.no_inherit:
        raise Refused("invalid_object_definition", f"{check.name} of {child.name} is with NO INHERIT")
    same = found.clause.node == check.clause.node and (check.clause.node or found.clause.text == check.clause.text)
    if not same or not _alike(found, check) or found.validated != check.validated:
        raise NotUnderstood(f"whether {check.name} of {child.name} is the same as above is not known here")
    own = replace(found, inherited=found.inherited + 1, local=found.local and child.bound is None)
    return schema.put(replace(child, checks=tuple(own if one is found else one for one in child.checks)))


def _validated(schema: Schema, number: int, name: str, how: How) -> Schema:
    child = schema.numbered(number)
    if how.only:
        raise Refused("invalid_table_definition", f"{name} is validated below too")
    checks = tuple(replace(one, validated=True) if one.name == name else one for one in child.checks)
    return schema.put(replace(child, checks=checks))
