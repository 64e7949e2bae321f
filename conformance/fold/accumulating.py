"""CREATE AGGREGATE: what it computes is not judged, what it calls is kept, and has to be there."""

from __future__ import annotations

from conformance.fold import known_types
from conformance.fold.calls import with_function
from conformance.fold.function import Function
from conformance.fold.harmless import HARMLESS
from conformance.fold.refusals import Acting, Refused, as_far_as_understood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import type_name

_STEPS = frozenset(
    """int2pl int4pl int8pl int2mul int4mul int8mul float4pl float8pl float8mul numeric_add numeric_mul int4larger
    int4smaller int8larger int8smaller numeric_larger numeric_smaller text_larger text_smaller float8larger
    float8smaller date_larger date_smaller timestamptz_larger timestamptz_smaller textcat array_append array_cat
    array_prepend jsonb_concat interval_pl booland_statefunc boolor_statefunc range_union array_larger
    int8inc int8inc_any numeric_accum int4_accum int8_accum numeric_avg numeric_sum float8_accum float8_avg
    string_agg_transfn string_agg_finalfn array_agg_transfn array_agg_finalfn tsvector_concat""".split()
)
"""Functions of PostgreSQL's own that aggregates are often made of."""
_CALLED = ("sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc")


def create_aggregate(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE AGGREGATE."""
    names = frozenset(token.value for token in cursor.found if token.kind in ("word", "name"))
    cursor.needs("create")
    again = cursor.takes("or", "replace")
    cursor.needs("aggregate")
    space, name = schema.place(cursor.dotted())
    first, text = cursor.group(), cursor.rest()
    options = cursor.group() if cursor.sees("(") else first
    signature = " ".join(token.value for token in first.found) if options is not first else text
    _judge_options(schema, options)
    there = any((one.schema, one.name, one.signature) == (space, name, signature) for one in schema.functions)
    if there and not again:
        raise Refused("duplicate_function", f"the function {name} is there already")
    made = Function(
        number=schema.next, schema=space, name=name, signature=signature, language="", body="", names=names - {name}
    )
    return with_function(schema, made)


def _judge_options(schema: Schema, options: Cursor) -> None:
    found: dict[str, Cursor] = {}
    for part in options.parts():
        key = part.take().value
        if part.takes("="):
            found[key] = part
    for key, older in (("sfunc", "sfunc1"), ("stype", "stype1")):
        if key not in found and older not in found:
            raise Refused("invalid_function_definition", f"an aggregate has {key.upper()}")
    with as_far_as_understood():
        known_types.judge(schema, type_name(found["stype" if "stype" in found else "stype1"]))
    for key in _CALLED:
        called = found[key].dotted() if key in found else ()
        if called and called[-1] not in schema.called | HARMLESS | _STEPS | schema.doubtful:
            raise Acting(f"whether there is a function {'.'.join(called)} is not known here")


STATEMENTS = {"create aggregate": create_aggregate, "create or replace aggregate": create_aggregate}
