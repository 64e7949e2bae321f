"""Tables made of a query: CREATE TABLE … AS, SELECT INTO. They have the columns of the query, where these are plain."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import calls, opaque, storage, views, writing
from conformance.fold.named import Name
from conformance.fold.reading import with_names
from conformance.fold.refusals import Refused
from conformance.fold.schema import TEMPORARY, Field, Relation, Schema
from conformance.fold.tokens import Cursor, Token, depths

_WHY = "which columns a table made of a query has is known to a server only"


def created(schema: Schema, place: Name, cursor: Cursor) -> Schema | None:
    """The schema with a table made of the query behind AS; None where none is there."""
    ahead = Cursor(cursor.text, cursor.found[cursor.at :])
    named = ahead.group() if ahead.sees("(") else None
    passing = False
    while ahead.takes("with") or ahead.takes("on", "commit") or ahead.takes("using") or ahead.takes("tablespace"):
        if ahead.sees("("):
            storage.judge("table", ahead.group(), schema.major)
        elif how := ahead.one_of("preserve rows", "delete rows", "drop"):
            passing = how == "drop"
        else:
            ahead.name()
    if not ahead.takes("as"):
        return None
    names = tuple(part.name() for part in named.parts()) if named is not None else ()
    cursor.at = len(cursor.found)
    return _made(schema, place, ahead.found[ahead.at :], names, passing=passing)


def selected_into(schema: Schema, cursor: Cursor) -> Schema:
    """The schema with the table that a SELECT goes into. Raises `NotUnderstood`."""
    found = cursor.found
    outside = (at for at, (token, depth) in enumerate(depths(found)) if depth == 0 and token.kind == "word")
    at = next((at for at in outside if found[at].value == "into"), len(found))
    into = Cursor(cursor.text, found[at + 1 :])
    temporary = bool(into.one_of("temporary", "temp", "local temporary", "local temp"))
    into.takes("unlogged")
    into.takes("table")
    names = into.dotted()
    place = (TEMPORARY, names[-1]) if temporary or names[:-1] == (TEMPORARY,) else schema.place(names)
    return _made(schema, place, [*found[:at], *into.found[into.at :]], (), passing=False)


def _made(schema: Schema, place: Name, query: list[Token], names: Sequence[str], *, passing: bool) -> Schema:
    query = views.unended(query)
    if calls.makes_table(query):
        raise Refused("syntax_error", "a query that a table is made of goes INTO no other")
    gives = with_names(writing.outputs(schema, query), names)
    views.judge_called(schema, query)
    views.judge_named_once(gives)
    if any(one.name in opaque.SYSTEM for one in gives or ()):
        raise Refused("duplicate_column", "a column is called as one of the system's own")
    if gives is None or passing or any(token.value == "collate" for token in query):
        return opaque.added(schema, place, _WHY, "r")
    columns = [Field(name=one.name, type=one.type) for one in gives if one.name and one.type is not None]
    if len(columns) < len(gives):
        return opaque.added(schema, place, _WHY, "r")
    return schema.add(Relation(number=0, schema=place[0], name=place[1], kind="r", columns=tuple(columns)))
