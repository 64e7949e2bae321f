"""Calls of functions in an expression: what they are given, over which rows, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conformance.fold import results, steadiness
from conformance.fold.families import Told
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.tokens import Cursor, Token, depths

if TYPE_CHECKING:
    from conformance.fold.inference import Inference

_ODD = frozenset(
    """xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize xmlexists xmltable json_object json_array json_table
    json_objectagg json_arrayagg json_exists json_query json_value json_scalar json_serialize json treat grouping
    operator merge_action xmlconcat""".split()
)


def call(cursor: Inference, names: Sequence[str]) -> Told:
    """A function that is called, whose parentheses come next."""
    name = names[-1]
    inner = cursor.group()
    if name in _ODD:
        raise cursor.odd(f"{name} is not understood")
    args = _given(cursor, inner)
    if cursor.takes("within", "group"):
        cursor.group()
    if cursor.takes("filter"):
        rows = cursor.group()
        rows.needs("where")
        told = cursor.inner(rows.found[rows.at :]).expression_whole()
        cursor.condition(told, "FILTER")
    if cursor.takes("over"):
        if cursor.sees("("):
            cursor.group()
        else:
            cursor.name()
    own = len(names) == 1 or names[:-1] == ("pg_catalog",)
    of = None
    if own and args is not None:
        cursor.unsteady.append(steadiness.of_call(cursor.schema, name, args))
    if own and args is not None and (name not in cursor.schema.called or len(names) == 2):
        try:
            of = results.of_function(cursor.schema, name, args)
        except Refused as error:
            cursor.judge(error)
    return Told(type=of, name=name, strength=2)


def _given(cursor: Inference, inner: Cursor) -> list[Told] | None:
    """What is told of what a function is given; None where it is not given plainly."""
    values = [token.value for token in inner.found]
    if not values or values == ["*"]:
        return []
    inner.one_of("distinct", "all")
    found = []
    for part in Cursor("", _unsorted(inner.found[inner.at :])).parts():
        kept, steady = len(cursor.faults), len(cursor.unsteady)
        try:
            found.append(cursor.inner(part.found).expression_whole())
        except Refused:
            raise
        except NotUnderstood:
            del cursor.faults[kept:], cursor.unsteady[steady:]
            return None
    return found


def _unsorted(found: Sequence[Token]) -> list[Token]:
    """What stands in front of ORDER BY."""
    for at, (token, depth) in enumerate(depths(found)):
        if depth == 0 and (token.kind, token.value) == ("word", "order"):
            return list(found[:at])
    return list(found)
