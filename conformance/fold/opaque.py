"""Tables of which not all is known here: made of a query, of a type, or in a way that is not understood. They are
there, so that what speaks of them is understood; what a contract asks of them is in doubt."""

from __future__ import annotations

from conformance.fold.named import Name
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import KeyIndex, Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

SYSTEM = frozenset({"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"})
"""The columns that each table has of itself."""


def made(schema: Schema, place: Name, cursor: Cursor) -> Schema | None:
    """The schema with a table from a type; None where it has columns of its own."""
    if not cursor.sees("of"):
        return None
    cursor.at = len(cursor.found)
    return added(schema, place, "a table of a type is not known here", "r")


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


def added(schema: Schema, place: Name, why: str, kind: str, *parents: int) -> Schema:
    """The schema with such a table."""
    return schema.add(Relation(number=0, schema=place[0], name=place[1], kind=kind, opaque=why, parents=parents))
