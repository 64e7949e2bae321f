"""The columns of views: which they have, and what CREATE OR REPLACE VIEW may make of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from conformance.fold import storage, writing
from conformance.fold.calls import called
from conformance.fold.harmless import HARMLESS
from conformance.fold.reading import with_names
from conformance.fold.refusals import Acting, Refused
from conformance.fold.schema import Output, Relation, Schema
from conformance.fold.scopes import Outputs
from conformance.fold.tokens import Cursor, Token
from conformance.model.record import replace

_ENDS = (
    ["with", "check", "option"],
    ["with", "local", "check"],
    ["with", "cascaded", "check"],
    ["with", "no", "data"],
    ["with", "data"],
)


def outputs(schema: Schema, cursor: Cursor, kind: str) -> Outputs:
    """The columns that a view of a kind has, where they are known; the cursor stands behind its name. Raises
    `Refused`."""
    names = cursor.names() if cursor.sees("(") else ()
    while not cursor.ended and not cursor.takes("as"):
        if cursor.takes("with") and cursor.sees("("):
            storage.judge("view" if kind == "v" else "table", cursor.group(), schema.major)
        else:
            cursor.take()
    query = unended(cursor.found[cursor.at :])
    gives = with_names(writing.outputs(schema, query), names)
    judge_called(schema, query)
    judge_named_once(gives)
    return gives


def judge_called(schema: Schema, query: Sequence[Token]) -> None:
    """Raises `Acting` where the query calls a function that is not known here."""
    known = (HARMLESS, schema.called, schema.doubtful)
    strange = next((n for n in called(query) if not (n.startswith("pg_") or any(n in one for one in known))), "")
    if strange:
        raise Acting(f"whether there is a function {strange}() is not known here")


def unended(query: list[Token]) -> list[Token]:
    """The query without what stands behind it: WITH NO DATA, WITH CHECK OPTION and the like."""
    values = [token.value for token in query]
    for end in _ENDS:
        if (at := next((n for n in range(len(values)) if values[n : n + len(end)] == end), None)) is not None:
            return query[:at]
    return query


def judge_named_once(gives: Outputs) -> None:
    """Raises `Refused` where two columns would have the same name."""
    told = [one.name for one in gives or () if one.name]
    twice = next((name for name in told if told.count(name) > 1), "")
    if twice:
        raise Refused("duplicate_column", f"there would be two columns {twice}")


def judge_replaced(view: Relation, gives: Outputs) -> None:
    """Raises `Refused` where a view would lose columns, or have others in their place."""
    if view.gives is None or gives is None:
        return
    for before, after in zip_longest(view.gives, gives):
        if after is None:
            raise Refused("invalid_table_definition", f"{view.name} would lose its column {before.name}")
        if before is None:
            return
        if before.name and after.name and before.name != after.name:
            raise Refused("invalid_table_definition", f"{view.name} would have {after.name} for {before.name}")
        if before.type is not None and after.type is not None and before.type != after.type:
            raise Refused("invalid_table_definition", f"{before.name} of {view.name} would become of another type")


def renamed(view: Relation, old: str, new: str) -> tuple[Output, ...] | None:
    """The columns of a view once one is called otherwise. Raises `Refused`."""
    if view.gives is None:
        return None
    if all(one.name for one in view.gives) and not any(one.name == old for one in view.gives):
        raise Refused("undefined_column", f"{view.name} has no column {old} here")
    if any(one.name == new for one in view.gives):
        raise Refused("duplicate_column", f"{view.name} has a column {new} already")
    return tuple(replace(one, name=new) if one.name == old else one for one in view.gives)
