"""The values that INSERT and UPDATE give to columns, where they are written out."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.constants import of_type
from conformance.fold.meaning import Meaning
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor, Token


def judge_value(schema: Schema, table: Relation, name: str, value: Cursor) -> None:
    """Raises `Refused` where a column is given a string that is no value of its type."""
    token = value.peek()
    if token is None or token.kind != "string" or value.peek(1) is not None or table.kind not in "rp":
        return
    column = next((one for one in table.columns if one.name == name), None)
    if column is None:
        return
    try:
        of_type(token.value, Meaning(schema).kind_of(column.type))
    except (Refused, Acting):
        raise
    except NotUnderstood:
        return


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
