"""The values that INSERT and UPDATE give to columns, where they are written out."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.constants import of_type
from conformance.fold.families import Told, judge_assigned
from conformance.fold.meaning import Meaning
from conformance.fold.refusals import Refused, as_far_as_understood
from conformance.fold.schema import Relation, Schema
from conformance.fold.scopes import Source
from conformance.fold.tokens import Cursor, Token


def judge_value(schema: Schema, table: Relation, name: str, value: Cursor) -> None:
    """Raises `Refused` where a column is given a string that is no value of its type."""
    token = value.peek()
    if token is None or token.kind != "string" or value.peek(1) is not None or table.kind not in "rp":
        return
    column = next((one for one in table.columns if one.name == name), None)
    if column is None:
        return
    with as_far_as_understood():
        of_type(token.value, Meaning(schema).kind_of(column.type))


def judge_told(schema: Schema, told: Told, target: Source, name: str) -> None:
    """Raises `Refused` where a column takes nothing of the type that it is given."""
    column = next((one for one in target.columns or () if one.name == name), None)
    if told.columns > 1:
        raise Refused("syntax_error", "a query gives more than one column where one value is expected")
    if column is not None and told.literal is None and not told.null:
        judge_assigned(schema, told, column.type, name)


def judge_set(schema: Schema, table: Relation, found: Sequence[Token]) -> None:
    """Raises `Refused` where a column is set that is computed, or to a string that is no value of its type."""
    for part in Cursor("", list(found)).parts():
        names = [one.name() for one in part.group().parts()] if part.sees("(") else [part.name()]
        part.takes("=")
        for name in names:
            column = table.column(name) if table.kind in "rp" else None
            own = column is not None and (column.generated or column.identity == "always")
            if own and not part.sees("default"):
                raise Refused("generated_always", f"{name} gets its own value always")
        if len(names) == 1:
            judge_value(schema, table, names[0], Cursor("", part.found[part.at :]))


def judge_rows(
    schema: Schema, table: Relation, columns: Sequence[str], query: Sequence[Token], *, overriding: bool
) -> None:
    """Raises `Refused` where a column is given a value that always gets its own, or one that is none of its type."""
    names = columns or [column.name for column in table.columns]
    own = {column.name for column in table.columns if column.generated or column.identity == "always"}
    own = set() if overriding else own
    rows = Cursor("", list(query[1:])).parts() if query and query[0].value == "values" else []
    for row in rows:
        for name, value in zip(names, row.group().parts(), strict=False):
            if name in own and not value.sees("default"):
                raise Refused("generated_always", f"{name} gets its own value always")
            judge_value(schema, table, name, value)
    if not rows and own.intersection(columns):
        raise Refused("generated_always", f"{min(own.intersection(columns))} gets its own value always")
