"""CREATE INDEX, DROP INDEX and ALTER INDEX."""

from __future__ import annotations

from conformance.fold import brought, constraints, storage
from conformance.fold.columns_out import Columns
from conformance.fold.inherit_keys import attached
from conformance.fold.keys import called, judge_stored, taken_key
from conformance.fold.made import Made
from conformance.fold.meaning import Meaning, clause
from conformance.fold.naming import index_name
from conformance.fold.opaque import indexed
from conformance.fold.opclasses import takes
from conformance.fold.places import KEY, PREDICATE
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import TEMPORARY, KeyIndex, Relation, Schema
from conformance.fold.standing import judge_kept, judge_text
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_METHODS = frozenset({"btree", "hash", "gin", "gist", "spgist", "brin"})
_OF_EXTENSIONS = {"ivfflat": "vector", "hnsw": "vector", "bloom": "bloom"}


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE INDEX."""
    cursor.needs("create")
    unique = cursor.takes("unique")
    cursor.needs("index")
    cursor.takes("concurrently")
    unless_there = cursor.takes("if", "not", "exists")
    name = "" if cursor.sees("on") else cursor.name()
    cursor.needs("on")
    cursor.takes("only")
    table = schema.relation(cursor.dotted(), "r", "m", "p")
    if table.opaque and table.kind != "m":
        return schema if unless_there and schema.relations.taken((table.schema, name)) else indexed(schema, table, name)
    method = cursor.name() if cursor.takes("using") else "btree"
    if method not in _METHODS and _OF_EXTENSIONS.get(method) not in schema.extensions:
        raise Refused("undefined_object", f"the access method {method} is not known here")
    parts = cursor.group().parts()
    for part in parts:
        if part.sees("(") and table.kind != "m":
            judge_kept(schema, table, Cursor(part.text, part.found).group().found, KEY)
    keys = tuple(taken_key(part) for part in parts)
    found = _behind(cursor, method, schema.major)
    index = KeyIndex(name=name, method=method, keys=keys, unique=unique, **found)  # type: ignore[arg-type]
    if unless_there and name and schema.relations.taken((table.schema, name)):
        return schema
    brought.judge(schema, index)
    if table.kind != "m":
        _judge(schema, table, index)
    elif table.gives is not None and all(one.name for one in table.gives):
        for column in (*index.columns, *index.include):
            if not any(one.name == column for one in table.gives):
                raise Refused("undefined_column", f"{table.name} has no column {column} here")
    if name:
        schema.judge_free((table.schema, name))
    else:
        columns = [called(key) for key in keys] + list(index.include)
        index = replace(index, name=index_name(schema, table, columns, "idx", constraint=False))
    return schema.put(replace(table, indexes=(*table.indexes, index)))


def _behind(cursor: Cursor, method: str, major: int) -> dict[str, object]:
    found: dict[str, object] = {}
    while not cursor.ended:
        if cursor.takes("include"):
            found["include"] = cursor.names()
        elif cursor.takes("nulls", "not", "distinct"):
            if major < 15:
                raise NotUnderstood("NULLS NOT DISTINCT needs PostgreSQL 15")
            found["nulls_not_distinct"] = True
        elif cursor.takes("nulls", "distinct"):
            continue
        elif cursor.takes("with"):
            storage.judge(method, cursor.group(), major)
        elif cursor.takes("tablespace"):
            cursor.name()
        elif cursor.takes("where"):
            if cursor.found[-1].value == ";" and cursor.found[-1].kind == "op":
                cursor.found = cursor.found[:-1]
            found["predicate"] = clause(cursor)
            cursor.at = len(cursor.found)
        else:
            cursor.ends()
    return found


def _judge(schema: Schema, table: Relation, index: KeyIndex) -> None:
    plain = index.method != "btree"
    ordered = any(key.descending or key.nulls_first for key in index.keys)
    several = index.method == "hash" and len(index.keys) > 1
    if plain and (index.unique or ordered or several or (index.include and index.method not in ("gist", "spgist"))):
        raise Refused("feature_not_supported", f"an index by {index.method} cannot be like that")
    for column in (*index.columns, *index.include):
        judge_stored(table.column(column))
    for key in index.keys:
        if key.column and key.opclass and not takes(key.opclass, Columns(schema).type(table.column(key.column).type)):
            raise Refused("datatype_mismatch", f"{key.opclass} is not for {key.column}")
        if key.column and not key.opclass:
            constraints.judge_indexed(schema, table, key.column, index.method)
    if index.predicate is not None:
        made = constraints.judge(schema, table, index.predicate, PREDICATE)
        _judge_lasting(made, "the predicate of the index")
    for key in index.keys:
        if key.clause is not None:
            judge_text(schema, table, key.clause.text, KEY)
        if key.clause is not None and key.clause.node is not None:
            _judge_lasting(Meaning(schema).deparser(table).made(key.clause.node), "an expression of the index")


def _judge_lasting(made: Made | None, what: str) -> None:
    if made is not None and made.volatility != "i":
        raise Refused("invalid_object_definition", f"{what} is not immutable")


def holder(schema: Schema, names: tuple[str, ...]) -> tuple[Relation, KeyIndex] | None:
    """The table that has the index of that name, and the index."""
    for space in names[-2:-1] or (TEMPORARY, *schema.path):
        table = schema.relations.with_index((space, names[-1]))
        if table is not None:
            return table, next(index for index in table.indexes if index.name == names[-1])
    return None


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP INDEX."""
    cursor.needs("drop", "index")
    cursor.takes("concurrently")
    gently, names, cascade = cursor.dropped()
    for name in names:
        found = holder(schema, name)
        if found is None:
            if gently and schema.find(name) is None:
                continue
            raise Refused("undefined_object", f"the index {'.'.join(name)} is not known here")
        if found[1].constraint:
            raise Refused("dependent_objects_still_exist", f"{name[-1]} belongs to a constraint")
        schema = constraints.drop_index(schema, found[0], found[1].name, cascade=cascade)
    return schema


def alter(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER INDEX."""
    cursor.needs("alter", "index")
    gently = cursor.takes("if", "exists")
    names = cursor.dotted()
    found = holder(schema, names)
    if found is None:
        if gently and schema.find(names) is None:
            return schema
        raise Refused("undefined_object", f"the index {'.'.join(names)} is not known here")
    if cursor.takes("rename", "to"):
        name = cursor.name()
        cursor.ends()
        schema.judge_free((found[0].schema, name))
        return renamed(schema, found[0], found[1], name)
    if cursor.takes("attach", "partition"):
        part = holder(schema, cursor.dotted())
        cursor.ends()
        return attached(schema, found[0], found[1], part)
    if storage.set_anew(found[1].method, cursor, schema.major) or cursor.one_of("set", "reset", "alter column"):
        return schema
    raise cursor.odd("this change of an index is not known here")


def renamed(schema: Schema, table: Relation, index: KeyIndex, name: str) -> Schema:
    """The schema with an index, and the constraint that it backs, under another name."""
    made = replace(index, name=name)
    return schema.put(replace(table, indexes=tuple(made if one is index else one for one in table.indexes)))


STATEMENTS = {
    "create index": create,
    "create unique index": create,
    "drop index": drop,
    "alter index": alter,
}
