"""Schemas, extensions, sequences, views, and the settings of a session that say where names are looked for."""

from __future__ import annotations

from conformance.fold import storage, views
from conformance.fold.calls import with_function
from conformance.fold.function import Function
from conformance.fold.mentioning import mentioned
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.renames import moved, renamed
from conformance.fold.schema import TEMPORARY, Relation, Schema, UserType
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_BROUGHT: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "vector": (("vector", "halfvec", "sparsevec"), ()),
    "pgcrypto": ((), ("gen_random_uuid",)),
    "uuid-ossp": ((), ("uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4")),
    "citext": (("citext",), ()),
    "hstore": (("hstore",), ()),
    "ltree": (("ltree", "lquery", "ltxtquery"), ()),
    "plpgsql": ((), ()),
    "pg_trgm": ((), ()),
    "btree_gin": ((), ()),
    "btree_gist": ((), ()),
    "pg_stat_statements": ((), ()),
    "unaccent": ((), ()),
    "fuzzystrmatch": ((), ()),
}
"""What an extension brings, as far as columns are of it: types, and functions without an argument."""


def create_schema(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE SCHEMA."""
    cursor.needs("create", "schema")
    unless_there = cursor.takes("if", "not", "exists")
    if cursor.sees("authorization"):
        raise cursor.odd("a schema without a name is called as a role is")
    name = cursor.name()
    if cursor.takes("authorization"):
        cursor.name()
    cursor.ends()
    if name in schema.given:
        return replace(schema, given=schema.given - {name})
    if name in schema.namespaces and not unless_there:
        raise Refused("duplicate_schema", f"the schema {name} is there already")
    if name in schema.unborn:
        raise NotUnderstood(f"names may be looked for in {name} first, as it is called as a role is")
    return replace(schema, namespaces=schema.namespaces | {name})


def create_extension(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE EXTENSION."""
    cursor.needs("create", "extension")
    unless_there = cursor.takes("if", "not", "exists")
    name = cursor.name()
    space = ""
    cursor.takes("with")
    while not cursor.ended:
        if cursor.takes("schema"):
            space = cursor.name()
        elif cursor.takes("version"):
            cursor.take()
        elif not cursor.takes("cascade"):
            cursor.ends()
    if name in schema.extensions or name == "plpgsql":
        if unless_there:
            return schema
        raise Refused("duplicate_object", f"the extension {name} is there already")
    if name not in _BROUGHT:
        raise NotUnderstood(f"what the extension {name} brings is not known here")
    space = space or schema.place(("",))[0]
    if space not in schema.namespaces:
        raise Refused("invalid_schema_name", f"there is no schema {space} here")
    types, functions = _BROUGHT[name]
    schema = replace(schema, extensions={**schema.extensions, name: space})
    for of in types:
        schema = schema.add_type(UserType(number=0, schema=space, name=of, kind="x"))
    for called in functions:
        if called == "gen_random_uuid" and schema.major >= 13:
            continue
        made = Function(
            number=schema.next, schema=space, name=called, signature="", language="c", body="", extension=name
        )
        schema = with_function(schema, made)
    return schema


def create_sequence(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE SEQUENCE."""
    cursor.needs("create", "sequence")
    unless_there = cursor.takes("if", "not", "exists")
    place = schema.place(cursor.dotted())
    if unless_there and schema.relations.taken(place):
        return schema
    schema = schema.add(Relation(number=0, schema=place[0], name=place[1], kind="S"))
    return _owned(schema, schema.relations[place], cursor)


def alter_sequence(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER SEQUENCE."""
    cursor.needs("alter", "sequence")
    gently = cursor.takes("if", "exists")
    names = cursor.dotted()
    if schema.find(names) is None and gently:
        return schema
    sequence = schema.relation(names, "S")
    if any(cursor.sees(*words) for words in (("rename", "to"), ("set", "schema"), ("owner", "to"))):
        return altered(schema, sequence, cursor)
    return _owned(schema, sequence, cursor)


def _owned(schema: Schema, sequence: Relation, cursor: Cursor) -> Schema:
    """How a sequence counts is not looked at; what it goes with is."""
    while not cursor.ended:
        if not cursor.takes("owned", "by"):
            cursor.take()
            continue
        if cursor.takes("none"):
            sequence = replace(sequence, owner=None)
            continue
        *names, column = cursor.dotted()
        table = schema.relation(tuple(names))
        table.column(column)
        sequence = replace(sequence, owner=(table.number, column))
    return schema.put(sequence)


def create_view(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE VIEW: which columns and tables it may be of is seen from its words."""
    cursor.needs("create")
    again = cursor.takes("or", "replace")
    kind = "m" if cursor.takes("materialized") else "v"
    cursor.needs("view")
    unless_there = cursor.takes("if", "not", "exists")
    place = schema.place(cursor.dotted())
    there = schema.relations.get(place)
    if there is not None and unless_there:
        return schema
    query = cursor.found[cursor.at :]
    words = mentioned(query)
    if any((TEMPORARY, word) in schema.relations for word in words):
        raise NotUnderstood("a view of a temporary table is temporary too")
    gives = views.outputs(schema, cursor, kind)
    if there is not None and again and there.kind == "v":
        views.judge_replaced(there, gives)
        return schema.put(replace(there, mentions=there.mentions | words, gives=gives))
    return schema.add(Relation(number=0, schema=place[0], name=place[1], kind=kind, mentions=words, gives=gives))


def alter_view(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER VIEW."""
    cursor.needs("alter")
    cursor.takes("materialized")
    cursor.needs("view")
    gently = cursor.takes("if", "exists")
    names = cursor.dotted()
    if gently and schema.find(names) is None:
        return schema
    return altered(schema, schema.relation(names, "v", "m"), cursor)


def altered(schema: Schema, found: Relation, cursor: Cursor) -> Schema:
    """What stands behind ALTER VIEW or ALTER SEQUENCE and the name, as ALTER TABLE may have it too."""
    if cursor.takes("rename", "to"):
        name = cursor.name()
        cursor.ends()
        return renamed(schema, found, name)
    if cursor.takes("set", "schema"):
        name = cursor.name()
        cursor.ends()
        return moved(schema, found, name)
    if found.kind != "S" and cursor.takes("rename"):
        cursor.takes("column")
        old = cursor.name()
        cursor.needs("to")
        name = cursor.name()
        cursor.ends()
        gives = views.renamed(found, old, name)
        return schema.put(replace(found, mentions=found.mentions | {name}, gives=gives))
    if storage.set_anew("view" if found.kind == "v" else "table", cursor, schema.major):
        return schema
    idle = ("owner to", "reset (", "cluster on", "set without cluster", "set tablespace", "set logged")
    if cursor.one_of(*idle) or (found.kind != "S" and cursor.takes("alter")):
        return schema
    raise cursor.odd("this change is not known here")


STATEMENTS = {
    "create schema": create_schema,
    "create extension": create_extension,
    "create sequence": create_sequence,
    "alter sequence": alter_sequence,
    "create view": create_view,
    "create or replace view": create_view,
    "create materialized view": create_view,
    "alter view": alter_view,
    "alter materialized view": alter_view,
}
