"""ALTER TABLE: its actions, in the order in which PostgreSQL takes them."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold import attach, constraints, deferring, opaque, renames, spaces, storage
from conformance.fold.alter_column import alter_column
from conformance.fold.columns import Definition, definition, of_table, starts_constraint
from conformance.fold.constraint import Constraint
from conformance.fold.drops import drop_column
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tables import add_column, judge_default
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

Step = tuple[int, Callable[[Schema], Schema]]
"""A pass of PostgreSQL's over the actions, and what is done in it."""

DROPS, TYPES, COLUMNS, CHECKS, ATTRIBUTES, KEYS, OTHERS, REST = range(8)
_PASS = {"check": OTHERS, "not null": ATTRIBUTES, "unique": KEYS, "primary": KEYS, "foreign": OTHERS, "exclude": KEYS}
_ACTIONS = frozenset("inherit no of not attach detach options enable disable force set merge split alter".split())
"""Words that begin other actions, which are not known here."""
_IDLE = ("owner to", "set without", "set tablespace", "reset", "replica identity", "set logged")


def alter(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER TABLE."""
    cursor.needs("alter", "table")
    gently = cursor.takes("if", "exists")
    cursor.takes("only")
    names = cursor.dotted()
    cursor.takes("*")
    found = schema.find(names)
    if found is None and gently:
        return schema
    if found is not None and found.kind in "vmS":
        return spaces.altered(schema, found, cursor)
    table = schema.relation(names, "r", "p")
    if cursor.found[-1].kind == "op" and cursor.found[-1].value == ";":
        cursor.found = cursor.found[:-1]
    if cursor.takes("rename"):
        return renames.within(schema, table, cursor)
    if cursor.takes("set", "schema"):
        name = cursor.name()
        cursor.ends()
        return renames.moved(schema, table, name)
    opaque.judge(table)
    if (other := attach.changed(schema, table, cursor)) is not None:
        return other
    steps: list[Step] = []
    parts = cursor.parts()
    _judge_types(parts)
    for part in parts:
        steps += _steps(schema, table, part)
    for _, step in sorted(steps, key=lambda one: one[0]):
        schema = step(schema)
    return schema


def _judge_types(parts: list[Cursor]) -> None:
    """Raises `Refused` where the type of a column is changed twice."""
    heads = [[token.value for token in part.found[:6] if token.value != "column"] for part in parts]
    typed = [head[1] for head in heads if head[:1] == ["alter"] and "type" in head[2:5]]
    if len(set(typed)) < len(typed):
        raise Refused("feature_not_supported", "the type of a column is changed twice")


def _steps(schema: Schema, table: Relation, cursor: Cursor) -> list[Step]:
    """What one action does."""
    if cursor.takes("add"):
        return _add(schema, table, cursor)
    if cursor.takes("drop"):
        return [(DROPS, _drop(table.number, cursor))]
    if cursor.takes("alter", "constraint"):
        name, deferrable = deferring.taken(cursor)
        return [
            (REST, lambda now: deferring.changed(now, now.numbered(table.number), name, deferrable=deferrable)),
        ]
    if cursor.takes("alter"):
        return alter_column(table.number, cursor, schema.major)
    if cursor.takes("validate", "constraint"):
        name = cursor.name()
        cursor.ends()
        return [(REST, lambda now: _validated(now, table.number, name))]
    for word in ("enable", "disable"):
        if cursor.takes(word):
            return [(REST, _switch(table.number, cursor, enable=word == "enable"))]
    if cursor.takes("force", "row", "level", "security") or cursor.takes("no", "force", "row", "level", "security"):
        return []
    return _others(table, cursor, schema.major)


def _others(table: Relation, cursor: Cursor, major: int) -> list[Step]:
    """What changes nothing that is judged, but may be refused."""
    if cursor.takes("cluster", "on") or cursor.takes("replica", "identity", "using", "index"):
        name = cursor.name()
        if not table.opaque and all(index.name != name for index in table.indexes):
            raise Refused("undefined_object", f"{table.name} has no index {name} here")
        return []
    if storage.set_anew("table", cursor, major) or any(cursor.sees(*words.split()) for words in _IDLE):
        return []
    if (token := cursor.peek()) is not None and token.kind == "word" and token.value not in _ACTIONS:
        raise Refused("syntax_error", f"ALTER TABLE has no action {token.value}")
    raise cursor.odd("this action of ALTER TABLE is not known here")


def _add(schema: Schema, table: Relation, cursor: Cursor) -> list[Step]:
    number = table.number
    if not cursor.sees("column") and starts_constraint(cursor):
        constraint = of_table(cursor, schema.major)
        cursor.ends()
        return [_constraint(number, constraint)]
    if table.bound is not None:
        raise Refused("wrong_object_type", f"{table.name} is a partition: a column comes to the table above")
    cursor.takes("column")
    unless_there = cursor.takes("if", "not", "exists")
    found = definition(cursor, schema.major)
    if unless_there and table.has(found.name):
        return []
    added: list[Step] = [(COLUMNS, lambda now: _added(now, number, found))]
    return added + [_constraint(number, constraint) for constraint in found.constraints]


def _added(schema: Schema, number: int, found: Definition) -> Schema:
    schema = add_column(schema, number, found)
    table = schema.numbered(number)
    judge_default(schema, table, table.column(found.name))
    return schema


def _constraint(number: int, constraint: Constraint) -> Step:
    return _PASS[constraint.kind], lambda now: constraints.add(now, number, constraint)


def _drop(number: int, cursor: Cursor) -> Callable[[Schema], Schema]:
    of_constraint = cursor.takes("constraint")
    if not of_constraint:
        cursor.takes("column")
    gently = cursor.takes("if", "exists")
    name = cursor.name()
    cascade = cursor.takes("cascade")
    cursor.takes("restrict")
    cursor.ends()

    def drop(schema: Schema) -> Schema:
        table = schema.numbered(number)
        if of_constraint:
            if gently and name not in set(table.constraint_names()):
                return schema
            return constraints.drop(schema, number, name, cascade=cascade)
        if gently and not table.has(name):
            return schema
        return drop_column(schema, table, name, cascade=cascade)

    return drop


def _validated(schema: Schema, number: int, name: str) -> Schema:
    table = schema.numbered(number)
    if name not in set(table.constraint_names()):
        raise Refused("undefined_object", f"{table.name} has no constraint {name} here")
    if any(index.name == name and index.constraint for index in table.indexes):
        raise Refused("wrong_object_type", f"{name} is a key, which is always valid")
    idle = {one.name for one in table.checks if not one.enforced}
    if name in idle | {one.name for one in table.references if not one.enforced}:
        raise Refused("wrong_object_type", f"{name} is not enforced")
    checks = tuple(replace(one, validated=one.validated or one.name == name) for one in table.checks)
    keys = tuple(replace(one, validated=one.validated or one.name == name) for one in table.references)
    columns = tuple(
        replace(one, not_null_validated=one.not_null_validated or one.not_null == name) for one in table.columns
    )
    return schema.put(replace(table, checks=checks, references=keys, columns=columns))


def _switch(number: int, cursor: Cursor, *, enable: bool) -> Callable[[Schema], Schema]:
    """ENABLE or DISABLE: triggers, rules, row security."""
    if cursor.takes("row", "level", "security"):
        cursor.ends()
        return lambda schema: schema.put(replace(schema.numbered(number), row_security=enable))
    letter = "O" if enable else "D"
    if enable:
        letter = {"always": "A", "replica": "R"}.get(cursor.one_of("always", "replica"), letter)
    if not cursor.takes("trigger"):
        raise cursor.odd("this switch is not known here")
    which = cursor.one_of("all", "user")
    name = "" if which else cursor.name()
    cursor.ends()

    def switch(schema: Schema) -> Schema:
        table = schema.numbered(number)
        if name and not any(one.name == name for one in table.reactions):
            raise Refused("undefined_object", f"{table.name} has no trigger {name} here")
        hit = tuple(replace(o, enabled=letter) if which or o.name == name else o for o in table.reactions)
        if which == "all" and (table.references or _pointed_at(schema, number)):
            raise NotUnderstood("ALL takes in the triggers of foreign keys, which is not known here")
        return schema.put(replace(table, reactions=hit))

    return switch


def _pointed_at(schema: Schema, number: int) -> bool:
    return any(key.target == number for relation in schema.relations.tied(to=(number,)) for key in relation.references)


STATEMENTS = {"alter table": alter}
