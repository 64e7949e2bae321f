"""GRANT and REVOKE: whether what they are about is there, and can be given."""

from __future__ import annotations

from conformance.fold import objects
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor

_OTHERS = frozenset("all database foreign language large parameter tablespace".split())
"""What privileges may be about besides, by the word behind ON."""
_OF_TABLES = frozenset(
    "select insert update delete truncate references trigger maintain all privileges usage rule".split()
)
_SEVERAL = ("sequence", "schema", "type", "domain", "function", "procedure", "routine")


def judge(schema: Schema, cursor: Cursor) -> None:
    """Raises `Refused`; the cursor stands behind GRANT or REVOKE."""
    if not any((token.kind, token.value) == ("word", "on") for token in cursor.found):
        _judge_roles(cursor)
        return
    given, columns = _given(cursor)
    follows = cursor.peek(1)
    named = follows is not None and follows.kind in ("word", "name") and follows.value not in ("to", "from")
    if named and cursor.sees("all"):
        _judge_all(schema, cursor)
        return
    if named and any(cursor.sees(word) for word in _OTHERS):
        return
    if named and (kind := next((word for word in _SEVERAL if cursor.sees(word)), "")):
        cursor.takes(kind)
        objects.one(schema, cursor, kind)
        while cursor.takes(","):
            objects.one(schema, cursor, kind)
        return
    cursor.takes("table")
    if strange := next((word for word in given if word not in _OF_TABLES), ""):
        raise Refused("invalid_grant_operation", f"{strange.upper()} is no privilege of a table")
    while True:
        table = objects.relation(schema, cursor.dotted())
        if table is not None and table.kind in "rp" and not table.opaque:
            for name in columns:
                table.column(name)
        if not cursor.takes(","):
            return


def _given(cursor: Cursor) -> tuple[list[str], list[str]]:
    """The privileges up to ON, and the columns that they are of."""
    given, columns = [], []
    for option in (("grant", "option", "for"), ("admin", "option", "for")):
        cursor.takes(*option)
    while not cursor.ended and not cursor.takes("on"):
        if cursor.sees("("):
            columns += [part.take().value for part in cursor.group().parts()]
        else:
            token = cursor.take()
            given += [token.value] if token.kind == "word" else []
    return given, columns


def _judge_roles(cursor: Cursor) -> None:
    words = ("to", "from")
    while True:
        if any(cursor.sees(word) for word in words):
            return
        cursor.one_of("admin option for", "inherit option for", "set option for", "grant option for")
        cursor.take()
        if not cursor.takes(",") and not any(cursor.sees(word) for word in words):
            raise Refused("syntax_error", "ON is missing, or TO")


def _judge_all(schema: Schema, cursor: Cursor) -> None:
    while not cursor.ended and not cursor.takes("in", "schema"):
        cursor.take()
    objects.space(schema, cursor.name())
    while cursor.takes(","):
        objects.space(schema, cursor.name())
