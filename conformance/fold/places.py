"""Where an expression stands that a table, an index or a policy keeps, and what may not stand there."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import aggregates, families, selects, windows
from conformance.fold.operands import is_query
from conformance.fold.refusals import Refused
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Token
from conformance.model.record import Record

_SETS = frozenset(
    """generate_series unnest regexp_matches regexp_split_to_table string_to_table jsonb_array_elements
    jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys json_array_elements
    json_array_elements_text json_each json_each_text json_object_keys""".split()
)


class Place(Record):
    """A place: what it is called, whether it is a condition, whether its value has to be the same at any time, and
    whether queries may stand in it."""

    name: str
    condition: bool = False
    lasting: bool = False
    queries: bool = False


CHECK = Place(name="a CHECK", condition=True)
DEFAULT = Place(name="a default")
GENERATED = Place(name="what a column is computed of", lasting=True)
KEY = Place(name="an expression of an index", lasting=True)
POLICY = Place(name="a policy", condition=True, queries=True)
PREDICATE = Place(name="the predicate of an index", condition=True, lasting=True)
TRANSFORM = Place(name="the USING of a change of type")
WHEN = Place(name="the condition of a trigger", condition=True)


def judge(found: Sequence[Token], scope: Scope, place: Place) -> None:
    """Raises `Refused` where an expression may not stand there, or names what is not there."""
    told = selects.judge_expression(found, scope)
    aggregates.judge_none(found, scope, place.name)
    windows.judge_none(found, place.name)
    if place.condition:
        families.judge_condition(scope.schema, told, place.name)
    if place.lasting and told.unsteady:
        raise Refused("invalid_object_definition", f"{place.name} is not immutable: {told.unsteady}")
    if not place.queries and any(
        (token.kind, token.value) == ("op", "(") and is_query(found[at + 1 :]) for at, token in enumerate(found)
    ):
        raise Refused("feature_not_supported", f"no query stands in {place.name}")
    _judge_sets(found, scope, place)


def _judge_sets(found: Sequence[Token], scope: Scope, place: Place) -> None:
    for at, token in enumerate(found[:-1]):
        own = token.kind in ("word", "name") and token.value in _SETS and token.value not in scope.schema.called
        if own and not place.queries and found[at + 1].value == "(" and (not at or found[at - 1].value != "."):
            raise Refused(
                "feature_not_supported", f"{token.value} gives several values, and cannot stand in {place.name}"
            )
