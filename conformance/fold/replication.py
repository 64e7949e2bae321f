"""Publications: which there are, and which tables are in them."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.fold import objects
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after CREATE, ALTER or DROP PUBLICATION."""
    verb = cursor.take().value
    cursor.needs("publication")
    if verb == "drop":
        return _dropped(schema, cursor)
    name = cursor.name()
    there = name in schema.publications
    if verb == "create":
        if there:
            raise Refused("duplicate_object", f"the publication {name} is there already")
        return _put(schema, name, _made(schema, cursor))
    if not there and name not in schema.doubtful:
        raise Refused("undefined_object", f"the publication {name} is not known here")
    if cursor.takes("rename", "to"):
        held = schema.publications.get(name)
        left = {key: value for key, value in schema.publications.items() if key != name}
        return _put(replace(schema, publications=left), cursor.name(), held)
    return _changed(schema, name, cursor) if there else schema


def _put(schema: Schema, name: str, held: frozenset[int] | None) -> Schema:
    return replace(schema, publications={**schema.publications, name: held})


def _made(schema: Schema, cursor: Cursor) -> frozenset[int] | None:
    """The tables of a new publication; None where it is for all."""
    if cursor.takes("for", "all", "tables"):
        return None
    return frozenset(_tables(schema, cursor)) if cursor.takes("for") else frozenset()


def _changed(schema: Schema, name: str, cursor: Cursor) -> Schema:
    held = schema.publications[name]
    verb = cursor.one_of("add", "drop", "set")
    if not verb or cursor.sees("(") or cursor.takes("all"):
        return schema
    named = list(_tables(schema, cursor))
    if held is None:
        raise Refused("object_not_in_prerequisite_state", f"the publication {name} is for all tables")
    if verb == "set":
        return _put(schema, name, frozenset(named))
    if verb == "add" and not held.isdisjoint(named):
        raise Refused("duplicate_object", f"a table is in the publication {name} already")
    if verb == "drop" and not held.issuperset(named):
        raise Refused("undefined_object", f"a table is not in the publication {name}")
    return _put(schema, name, held | set(named) if verb == "add" else held - set(named))


def _tables(schema: Schema, cursor: Cursor) -> Iterator[int]:
    """The numbers of the tables of a list, which may also have schemas in it."""
    end = next((n for n, token in enumerate(cursor.found) if _ends(cursor, n)), len(cursor.found))
    tables = False
    for part in Cursor(cursor.text, cursor.found[cursor.at : end]).parts():
        if part.takes("tables", "in", "schema") or (not part.sees("table") and not tables):
            objects.space(schema, part.name())
            tables = False
            continue
        tables = True
        part.takes("table")
        part.takes("only")
        found = objects.of_kind(schema, part.dotted(), "rp")
        if found is not None and part.sees("("):
            for column in part.names() if not found.opaque else ():
                found.column(column)
        if found is not None:
            yield found.number


def _ends(cursor: Cursor, place: int) -> bool:
    """Whether the options stand there, or the end."""
    words = [token.value for token in cursor.found[place : place + 2]]
    return words == ["with", "("] or words == [";"]


def _dropped(schema: Schema, cursor: Cursor) -> Schema:
    gently, names, _ = cursor.dropped()
    for (name,) in names:
        if not gently and name not in schema.publications and name not in schema.doubtful:
            raise Refused("undefined_object", f"the publication {name} is not known here")
    gone = {name for (name,) in names}
    return replace(schema, publications={key: held for key, held in schema.publications.items() if key not in gone})
