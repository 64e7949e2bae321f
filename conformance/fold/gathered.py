"""Extended statistics: which there are, of which tables."""

from __future__ import annotations

from conformance.fold import objects
from conformance.fold.named import Name
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after CREATE, ALTER or DROP STATISTICS."""
    verb = cursor.take().value
    cursor.needs("statistics")
    if verb == "create":
        return _created(schema, cursor)
    gently = cursor.takes("if", "exists")
    names = cursor.dotted()
    while True:
        place = _found(schema, names)
        if place is None and not gently and names[-1] not in schema.doubtful:
            raise Refused("undefined_object", f"the statistics {'.'.join(names)} are not known here")
        if place is not None and verb == "drop":
            schema = _without(schema, place)
        if verb == "alter" or not cursor.takes(","):
            break
        names = cursor.dotted()
    if place is not None and cursor.takes("rename", "to"):
        number = schema.statistics[place]
        schema = _without(schema, place)
        return replace(schema, statistics={**schema.statistics, (place[0], cursor.name()): number})
    return schema


def _found(schema: Schema, names: tuple[str, ...]) -> Name | None:
    for space in names[-2:-1] or schema.path:
        number = schema.statistics.get((space, names[-1]))
        if number is not None and schema.relations.has_number(number):
            return space, names[-1]
    return None


def _without(schema: Schema, place: Name) -> Schema:
    return replace(schema, statistics={key: held for key, held in schema.statistics.items() if key != place})


def _created(schema: Schema, cursor: Cursor) -> Schema:
    gently = cursor.takes("if", "not", "exists")
    place = None if cursor.sees("on") or cursor.sees("(") else schema.place(cursor.dotted())
    if cursor.sees("("):
        cursor.group()
    cursor.needs("on")
    end = next((n for n, token in enumerate(cursor.found) if (token.kind, token.value) == ("word", "from")), 0)
    wanted = Cursor(cursor.text, cursor.found[cursor.at : end]).parts()
    cursor.at = end + 1
    table = objects.of_kind(schema, cursor.dotted(), "rpm")
    if table is None:
        return schema
    columns = [part.found[0].value for part in wanted if len(part.found) == 1]
    for column in columns if table.kind != "m" and not table.opaque else ():
        table.column(column)
    if len(wanted) < 2 and columns:
        raise Refused("invalid_object_definition", "statistics are of two columns at the least")
    if place is None:
        parts = [part.found[0].value if len(part.found) == 1 else "expr" for part in wanted]
        place = table.schema, "_".join([table.name, *parts, "stat"])
    elif _found(schema, place) is not None:
        if gently:
            return schema
        raise Refused("duplicate_object", f"the statistics {place[1]} are there already")
    return replace(schema, statistics={**schema.statistics, place: table.number})
