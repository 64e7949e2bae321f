"""Whether what comments, privileges and upkeep speak of is there: where it is not, a server refuses."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold.refusals import Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.targets import there
from conformance.fold.tokens import Cursor

_OTHERS = frozenset(
    """all database domain foreign function functions language large parameter procedure procedures routine routines
    schema sequence sequences tables tablespace type""".split()
)
"""What privileges may be about besides tables, by the word behind ON."""


def judge(schema: Schema, cursor: Cursor, head: str) -> None:
    """Raises `Refused` where the statement, which begins with these words, speaks of a table that is not there."""
    reader = _READERS.get(head)
    if reader is not None:
        cursor.at = len(head.split())
        reader(schema, cursor)


def _comment(schema: Schema, cursor: Cursor) -> None:
    cursor.needs("on")
    if cursor.one_of("table", "view", "materialized view"):
        _there(schema, cursor.dotted())
    elif cursor.takes("column"):
        *names, column = cursor.dotted()
        if schema.find_type(tuple(names)) is None:
            table = _there(schema, tuple(names))
            if table is not None and table.kind in "rp" and not table.opaque:
                table.column(column)
    elif cursor.takes("constraint"):
        name = cursor.name()
        cursor.needs("on")
        if not cursor.takes("domain"):
            table = _there(schema, cursor.dotted())
            if table is not None and not table.opaque and name not in set(table.constraint_names()):
                raise Refused("undefined_object", f"{table.name} has no constraint {name} here")
    else:
        _comment_on_part(schema, cursor)
    if cursor.takes("is") and not (cursor.takes("null") or cursor.take().kind == "string"):
        raise Refused("syntax_error", "a comment is a string, or NULL")


def _comment_on_part(schema: Schema, cursor: Cursor) -> None:
    if word := cursor.one_of("trigger", "policy"):
        name = cursor.name()
        cursor.needs("on")
        table = _there(schema, cursor.dotted())
        if table is not None and not table.opaque and name not in {o.name for o in getattr(table, _HELD[word])}:
            raise Refused("undefined_object", f"{table.name} has no {word} {name} here")
    elif cursor.takes("sequence"):
        _there(schema, cursor.dotted())
    elif cursor.takes("schema"):
        _space(schema, cursor.name())


_HELD = {"trigger": "reactions", "policy": "policies"}


def _space(schema: Schema, name: str) -> None:
    """Raises `Refused` where there is no schema of that name."""
    own = name in schema.namespaces or name in schema.doubtful
    if not (own or name.startswith("pg_") or name == "information_schema"):
        raise Refused("invalid_schema_name", f"there is no schema {name} here")


def _privileges(schema: Schema, cursor: Cursor) -> None:
    while not cursor.ended and not cursor.takes("on"):
        if cursor.take().value == "(":
            cursor.at -= 1
            cursor.group()
    if cursor.takes("schema"):
        _space(schema, cursor.name())
        while cursor.takes(","):
            _space(schema, cursor.name())
        return
    token, follows = cursor.peek(), cursor.peek(1)
    named = follows is not None and follows.kind in ("word", "name") and follows.value not in ("to", "from")
    if token is None or (token.kind == "word" and token.value in _OTHERS and named):
        return
    cursor.takes("table")
    _each(schema, cursor)


def _upkeep(schema: Schema, cursor: Cursor) -> None:
    if cursor.sees("("):
        cursor.group()
    while cursor.one_of("full", "freeze", "verbose", "analyze"):
        continue
    if not (cursor.ended or cursor.sees(";")):
        _each(schema, cursor)


def _locked(schema: Schema, cursor: Cursor) -> None:
    cursor.takes("table")
    _each(schema, cursor)


def _refreshed(schema: Schema, cursor: Cursor) -> None:
    cursor.needs("materialized", "view")
    lately = cursor.takes("concurrently")
    view = _there(schema, cursor.dotted())
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
    for other in schema.relations.tied():
        if other.number not in numbers and any(key.target in numbers for key in other.references):
            raise Refused("feature_not_supported", f"{other.name} has a foreign key to what is truncated")


def _each(schema: Schema, cursor: Cursor) -> list[Relation]:
    """The relations of a list, as far as they are known."""
    found: list[Relation] = []
    while True:
        cursor.takes("only")
        relation = _there(schema, cursor.dotted())
        found += [relation] if relation is not None else []
        cursor.takes("*")
        if cursor.sees("("):
            cursor.group()
        if not cursor.takes(","):
            return found


def _there(schema: Schema, names: tuple[str, ...]) -> Relation | None:
    if any(name.startswith("pg_") or name == "information_schema" for name in names):
        return None
    return there(schema, names)


_READERS: dict[str, Callable[[Schema, Cursor], None]] = {
    "comment": _comment,
    "grant": _privileges,
    "revoke": _privileges,
    "analyze": _upkeep,
    "vacuum": _upkeep,
    "lock": _locked,
    "refresh": _refreshed,
    "truncate": _emptied,
}
