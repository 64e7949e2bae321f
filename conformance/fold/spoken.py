"""Whether what comments, privileges and upkeep speak of is there: where it is not, a server refuses."""

from __future__ import annotations

from collections.abc import Callable, Collection

from conformance.fold import objects, privileges
from conformance.fold.refusals import Acting, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.scopes import outputs_of
from conformance.fold.tokens import Cursor


def judge(schema: Schema, cursor: Cursor, head: str) -> None:
    """Raises `Refused` where the statement, which begins with these words, speaks of a table that is not there."""
    reader = _READERS.get(head)
    if reader is not None:
        cursor.at = len(head.split())
        reader(schema, cursor)


def _comment(schema: Schema, cursor: Cursor) -> None:
    cursor.needs("on")
    if cursor.takes("column"):
        *names, column = cursor.dotted()
        if not names or schema.find_type(tuple(names)) is None:
            _judge_column(schema, objects.relation(schema, tuple(names)), column)
    elif word := cursor.one_of(*_HELD):
        _comment_on_part(schema, cursor, word)
    elif not objects.judge(schema, cursor):
        while not (cursor.ended or cursor.sees("is")):
            cursor.take()
    if not cursor.takes("is") or not (cursor.takes("null") or cursor.take().kind == "string"):
        raise Refused("syntax_error", "a comment is a string, or NULL, behind IS")


def _judge_column(schema: Schema, relation: Relation | None, column: str) -> None:
    if relation is None or relation.kind == "S":
        return
    gives = outputs_of(schema, relation)
    if gives is not None and not any(one.name in (column, "") for one in gives):
        raise Refused("undefined_column", f"{relation.name} has no column {column} here")


def _comment_on_part(schema: Schema, cursor: Cursor, word: str) -> None:
    name = cursor.name()
    cursor.needs("on")
    if word == "constraint" and cursor.takes("domain"):
        cursor.dotted()
        return
    table = objects.relation(schema, cursor.dotted())
    if table is None or table.opaque:
        return
    if name not in _HELD[word](table) and not (word == "rule" and name in schema.doubtful):
        raise Refused("undefined_object", f"{table.name} has no {word} {name} here")


_HELD: dict[str, Callable[[Relation], Collection[str]]] = {
    "constraint": lambda table: set(table.constraint_names()),
    "trigger": lambda table: {one.name for one in table.reactions},
    "policy": lambda table: {one.name for one in table.policies},
    "rule": lambda table: {"_RETURN"} if table.kind == "v" else (),
}
"""The names of what a comment may be on, by the word that says what it is."""


def _labelled(schema: Schema, cursor: Cursor) -> None:
    while not (cursor.ended or cursor.takes("on")):
        cursor.take()
    if cursor.takes("column"):
        *names, column = cursor.dotted()
        _judge_column(schema, objects.relation(schema, tuple(names)), column)
    else:
        objects.judge(schema, cursor)


def _defaults(schema: Schema, cursor: Cursor) -> None:
    while not cursor.ended and not any(cursor.sees(word) for word in ("grant", "revoke")):
        if cursor.takes("in", "schema"):
            objects.space(schema, cursor.name())
            while cursor.takes(","):
                objects.space(schema, cursor.name())
        else:
            cursor.take()


def _owned(schema: Schema, cursor: Cursor) -> None:
    """ALTER SCHEMA, ALTER EXTENSION."""
    cursor.at = 1
    objects.judge(schema, cursor)


def _reindexed(schema: Schema, cursor: Cursor) -> None:
    if cursor.sees("("):
        cursor.group()
    kind = cursor.one_of("index", "table", "schema", "database", "system")
    cursor.takes("concurrently")
    if kind == "table":
        objects.of_kind(schema, cursor.dotted(), "rpm")
    elif kind in ("index", "schema"):
        objects.one(schema, cursor, kind)
    elif not kind:
        raise Refused("syntax_error", "REINDEX says whether an index or a table is meant")


def _clustered(schema: Schema, cursor: Cursor) -> None:
    if cursor.sees("("):
        cursor.group()
    cursor.takes("verbose")
    if cursor.ended or cursor.sees(";"):
        return
    names = cursor.dotted()
    if cursor.takes("on"):
        names, index = cursor.dotted(), names[-1]
    elif cursor.takes("using"):
        index = cursor.name()
    else:
        raise Acting(f"whether {names[-1]} was clustered before is not known here")
    table = objects.relation(schema, names)
    if table is not None and not table.opaque and all(one.name != index for one in table.indexes):
        raise Refused("undefined_object", f"{table.name} has no index {index} here")


def _upkeep(schema: Schema, cursor: Cursor) -> None:
    if cursor.sees("("):
        cursor.group()
    while cursor.one_of("full", "freeze", "verbose", "analyze"):
        continue
    if not (cursor.ended or cursor.sees(";")):
        _each(schema, cursor)


_MODES = (
    "access share",
    "row share",
    "row exclusive",
    "share update exclusive",
    "share row exclusive",
    "share",
    "exclusive",
    "access exclusive",
)


def _locked(schema: Schema, cursor: Cursor) -> None:
    cursor.takes("table")
    _each(schema, cursor)
    if cursor.takes("in") and not (cursor.one_of(*_MODES) and cursor.takes("mode")):
        raise Refused("syntax_error", "there is no such mode of a lock")


def _refreshed(schema: Schema, cursor: Cursor) -> None:
    cursor.needs("materialized", "view")
    lately = cursor.takes("concurrently")
    view = objects.relation(schema, cursor.dotted())
    if view is not None and view.kind != "m":
        raise Refused("wrong_object_type", f"{view.name} is no materialized view")
    if view is not None and lately and not any(one.unique and one.predicate is None for one in view.indexes):
        raise Refused("object_not_in_prerequisite_state", f"{view.name} has no unique index here")


def _emptied(schema: Schema, cursor: Cursor) -> None:
    cursor.takes("table")
    tables = _each(schema, cursor)
    numbers = {table.number for table in tables}
    if any(token.value == "cascade" for token in cursor.found[cursor.at :]):
        return
    for other in schema.relations.tied(to=numbers):
        if other.number not in numbers and any(key.target in numbers for key in other.references):
            raise Refused("feature_not_supported", f"{other.name} has a foreign key to what is truncated")


def _each(schema: Schema, cursor: Cursor) -> list[Relation]:
    """The relations of a list, as far as they are known."""
    found: list[Relation] = []
    while True:
        cursor.takes("only")
        relation = objects.relation(schema, cursor.dotted())
        found += [relation] if relation is not None else []
        cursor.takes("*")
        if cursor.sees("("):
            cursor.group()
        if not cursor.takes(","):
            return found


_READERS: dict[str, Callable[[Schema, Cursor], None]] = {
    "comment": _comment,
    "security label": _labelled,
    "grant": privileges.judge,
    "revoke": privileges.judge,
    "alter default privileges": _defaults,
    "alter schema": _owned,
    "alter extension": _owned,
    "reindex": _reindexed,
    "cluster": _clustered,
    "analyze": _upkeep,
    "vacuum": _upkeep,
    "lock": _locked,
    "refresh": _refreshed,
    "truncate": _emptied,
}
