"""CREATE, ALTER and DROP of types and domains."""

from __future__ import annotations

from conformance.fold import routines
from conformance.fold.condition import Clause
from conformance.fold.meaning import Meaning
from conformance.fold.mentioning import clauses, spoken_of
from conformance.fold.nodes import Cast, walk
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Schema, UserType
from conformance.fold.tokens import Cursor, cut
from conformance.fold.type_names import type_name
from conformance.model.record import replace
from conformance.model.sql import mentions


def create_type(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE TYPE of an enum, a composite type or a range."""
    cursor.needs("create", "type")
    space, name = schema.place(cursor.dotted())
    if cursor.takes("as", "range"):
        return _range(schema, space, name, cursor)
    if cursor.sees("as", "("):
        return _composite(schema, space, name, cursor)
    cursor.needs("as", "enum")
    labels = [part.string() for part in _parts(cursor.group())]
    cursor.ends()
    if len(set(labels)) < len(labels):
        raise Refused("duplicate_object", "a label is given twice")
    return schema.add_type(UserType(number=0, schema=space, name=name, kind="e", labels=tuple(labels)))


def _composite(schema: Schema, space: str, name: str, cursor: Cursor) -> Schema:
    """What its attributes are is not judged; that their types are there is."""
    cursor.needs("as")
    holds: set[int | None] = set()
    for part in _parts(cursor.group()):
        part.name()
        holds.add(Meaning(schema).ref(type_name(part)).number)
        if part.takes("collate"):
            part.dotted()
        part.ends()
    cursor.ends()
    inner = frozenset(number for number in holds if number is not None)
    return schema.add_type(UserType(number=0, schema=space, name=name, kind="c", holds=inner))


def _range(schema: Schema, space: str, name: str, cursor: Cursor) -> Schema:
    several = name.replace("range", "multirange", 1) if "range" in name else f"{name}_multirange"
    for part in cursor.group().parts():
        what = part.name()
        part.needs("=")
        if what == "subtype":
            Meaning(schema).ref(type_name(part))
        elif what == "multirange_type_name":
            several = part.dotted()[-1]
    cursor.ends()
    schema = schema.add_type(UserType(number=0, schema=space, name=name, kind="r"))
    if schema.major < 14:
        return schema
    return schema.add_type(UserType(number=0, schema=space, name=cut(several), kind="m"))


def _parts(cursor: Cursor) -> list[Cursor]:
    return [] if cursor.ended else cursor.parts()


def alter_type(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER TYPE of an enum, and what can be said of any type."""
    cursor.needs("alter", "type")
    found = found_type(schema, cursor.dotted())
    if cursor.takes("owner", "to"):
        return schema
    if cursor.takes("rename", "to"):
        name = cursor.name()
        cursor.ends()
        return renamed_type(schema, found, name)
    if cursor.takes("set", "schema"):
        space = cursor.name()
        cursor.ends()
        if space not in schema.namespaces or (space, found.name) in schema.types:
            raise Refused("duplicate_object", f"{found.name} cannot be moved to {space}")
        return schema.put_type(replace(found, schema=space))
    if found.kind == "c" and any(cursor.sees(word) for word in ("add", "drop", "alter", "rename")):
        if _used(schema, found):
            raise Acting(f"whether columns of the type {found.name} keep it as it is cannot be told here")
        return schema
    if found.kind != "e":
        raise NotUnderstood(f"{found.name} is no enum")
    if cursor.takes("add", "value"):
        return _with_label(schema, found, cursor)
    cursor.needs("rename", "value")
    old = cursor.string()
    cursor.needs("to")
    new = cursor.string()
    cursor.ends()
    if old not in found.labels or new in found.labels:
        raise Refused("undefined_object", f"the label {old!r} of {found.name} cannot be renamed to {new!r}")
    _judge_spelled(schema, old)
    labels = tuple(new if label == old else label for label in found.labels)
    return schema.put_type(replace(found, labels=labels))


def _judge_spelled(schema: Schema, label: str) -> None:
    """Raises `NotUnderstood` where an expression spells the label, which then goes along."""
    for table in schema.relations.values():
        spelled = [column.default for column in table.columns] + [check.clause for check in table.checks]
        spelled += [index.predicate for index in table.indexes] + [one.when for one in table.reactions]
        if any(one is not None and f"'{label}'" in one.text for one in spelled):
            raise NotUnderstood(f"an expression of {table.name} spells the label {label!r}")


def _with_label(schema: Schema, found: UserType, cursor: Cursor) -> Schema:
    unless_there = cursor.takes("if", "not", "exists")
    label = cursor.string()
    place = len(found.labels)
    if where := cursor.one_of("before", "after"):
        beside = cursor.string()
        if beside not in found.labels:
            raise Refused("invalid_parameter_value", f"{found.name} has no label {beside!r}")
        place = found.labels.index(beside) + (where == "after")
    cursor.ends()
    if label in found.labels:
        if unless_there:
            return schema
        raise Refused("duplicate_object", f"{found.name} has the label {label!r} already")
    return schema.put_type(replace(found, labels=(*found.labels[:place], label, *found.labels[place:])))


def found_type(schema: Schema, names: tuple[str, ...]) -> UserType:
    found = schema.find_type(names)
    if found is None:
        raise Refused("undefined_object", f"the type {'.'.join(names)} is not known here")
    return found


def _used(schema: Schema, found: UserType) -> bool:
    used = any(column.type.number == found.number for r in schema.relations.values() for column in r.columns)
    return used or any(
        found.number in one.holds or (one.base is not None and one.base.number == found.number)
        for one in schema.types.values()
    )


def _judge_cast(schema: Schema, found: UserType) -> None:
    """Raises `Acting` where an expression may name the type, which then cannot go."""
    for table in schema.relations.values():
        if found.name in spoken_of(table):
            raise Acting(f"whether {table.name} speaks of the type {found.name} cannot be told here")
        if any(_casts(clause, found.name) for clause in clauses(table)):
            raise Acting(f"whether an expression of {table.name} speaks of the type {found.name} cannot be told here")


def _casts(clause: Clause, name: str) -> bool:
    if clause.node is None:
        return mentions(clause.text, name)
    return any(isinstance(part, Cast) and part.type.name == name for part in walk(clause.node))


def renamed_type(schema: Schema, found: UserType, name: str) -> Schema:
    if (found.schema, name) in schema.types or (found.schema, name) in schema.relations:
        raise Refused("duplicate_object", f"the type {name} is there already")
    return schema.put_type(replace(found, name=name))


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP TYPE and DROP DOMAIN, of types that nothing is of."""
    cursor.needs("drop")
    cursor.one_of("type", "domain")
    gently, names, cascade = cursor.dropped()
    for name in names:
        found = schema.find_type(name)
        if found is None and gently:
            continue
        found = found_type(schema, name)
        if _used(schema, found):
            if cascade:
                raise NotUnderstood(f"what is of the type {found.name} goes with it, which is not known here")
            raise Refused("dependent_objects_still_exist", f"columns are of the type {found.name}")
        routines.judge_type(schema, found.name)
        _judge_cast(schema, found)
        schema = replace(schema, types=schema.types.without(found.number))
    return schema


STATEMENTS = {
    "create type": create_type,
    "alter type": alter_type,
    "drop type": drop,
    "drop domain": drop,
}
