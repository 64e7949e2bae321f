"""Tables of which not all is known here: made of a query, of a type, or in a way that is not understood. They are
there, so that what speaks of them is understood; what a contract asks of them is in doubt."""

from __future__ import annotations

from conformance.fold import writing
from conformance.fold.named import Name
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import KeyIndex, Relation, Schema
from conformance.fold.tokens import Cursor, Token
from conformance.model.record import replace


def made(schema: Schema, place: Name, cursor: Cursor) -> Schema | None:
    """The schema with a table made of a query or from a type; None where it has columns of its own."""
    if (query := _query(cursor)) is not None:
        writing.outputs(schema, query)
        return _added(schema, place, cursor, "which columns a table made of a query has is known to a server only")
    if cursor.sees("of"):
        return _added(schema, place, cursor, "a table of a type is not known here")
    return None


def indexed(schema: Schema, table: Relation, name: str) -> Schema:
    """The schema with an index of such a table, of which the name is known."""
    if name:
        schema.judge_free((table.schema, name))
        index = KeyIndex(name=name, method="", keys=())
        schema = schema.put(replace(table, indexes=(*table.indexes, index)))
    return schema


def judge(table: Relation) -> None:
    """Raises `NotUnderstood` where the columns of the table are needed."""
    if table.opaque:
        raise NotUnderstood(f"of {table.name} it is not known here what it has")


def judge_known(schema: Schema, table: Relation) -> None:
    """Raises `NotUnderstood` where a statement before may have changed what is in the table."""
    judge(table)
    if table.name in schema.doubtful:
        raise NotUnderstood(f"what {table.name} has hangs on a statement that is not understood")


def _query(cursor: Cursor) -> list[Token] | None:
    """The query behind AS, which has the names of columns in front of it or not; None where there is none."""
    ahead = Cursor(cursor.text, cursor.found[cursor.at :])
    if ahead.sees("("):
        ahead.group()
    while ahead.takes("with") or ahead.takes("on", "commit") or ahead.takes("using") or ahead.takes("tablespace"):
        if ahead.sees("("):
            ahead.group()
        elif not ahead.one_of("preserve rows", "delete rows", "drop"):
            ahead.name()
    return ahead.found[ahead.at :] if ahead.takes("as") else None


def _added(schema: Schema, place: Name, cursor: Cursor, why: str) -> Schema:
    cursor.at = len(cursor.found)
    return added(schema, place, why, "r")


def added(schema: Schema, place: Name, why: str, kind: str, *parents: int) -> Schema:
    """The schema with such a table."""
    return schema.add(Relation(number=0, schema=place[0], name=place[1], kind=kind, opaque=why, parents=parents))
