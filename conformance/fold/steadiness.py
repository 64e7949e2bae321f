"""What of an expression may give another value another time, though nothing in its rows has changed: an index, and a
column that is computed, may have none of it. Only what is sure is told."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.families import Told, base, family
from conformance.fold.schema import Schema, TypeRef

_UNSTEADY = frozenset(
    """now statement_timestamp transaction_timestamp clock_timestamp timeofday random gen_random_uuid uuidv4 uuidv7
    nextval currval lastval setval current_setting to_char to_date concat concat_ws format to_json to_jsonb
    row_to_json json_build_object json_build_array jsonb_build_object jsonb_build_array array_to_string array_to_json
    current_database current_schema txid_current pg_backend_pid version""".split()
)
_PARTS = frozenset({"date_trunc", "date_part"})
_SEARCHED = frozenset({"to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"})
_READ = frozenset({"date", "timestamp", "timestamptz", "time", "timetz", "interval", "regclass"})
_SHOWN = frozenset({"date", "timestamp", "timestamptz"})
_ZONED = "timestamptz"


def of_call(schema: Schema, name: str, args: Sequence[Told]) -> str:
    """The function, where it is none that always gives the same; "" else."""
    if name in schema.called:
        own = [one for one in schema.functions if one.name == name]
        # the body of one in SQL may be put in its place, and is looked at then
        unsteady = own and all(one.volatility != "i" and one.language == "plpgsql" for one in own)
        return name if unsteady else ""
    first = base(schema, args[0].type) if args else None
    second = base(schema, args[1].type) if len(args) > 1 else None
    zoned = name in _PARTS and len(args) == 2 and second is not None and second.name == _ZONED
    searched = name in _SEARCHED and len(args) == 1
    aged = name == "age" and len(args) == 1 and first is not None
    parsed = name == "to_timestamp" and len(args) == 2
    return name if name in _UNSTEADY or zoned or searched or aged or parsed else ""


def of_cast(schema: Schema, told: Told, to: TypeRef) -> str:
    """The cast, where a setting of the session tells what it gives; "" else."""
    own, wanted = base(schema, told.type), base(schema, to)
    if own is None or wanted is None or own.array or wanted.array or told.literal is not None:
        return ""
    texts = family(schema, own), family(schema, wanted)
    read = texts[0] == "text" and wanted.name in _READ
    shown = texts[1] == "text" and own.name in _SHOWN
    zoned = texts == ("moment", "moment") and (own.name == _ZONED) != (wanted.name == _ZONED)
    return f"the cast from {own.name} to {wanted.name}" if read or shown or zoned else ""


def of_operator(schema: Schema, left: Told, operator: str, right: Told) -> str:
    """The operator, where the time zone of the session tells what it gives; "" else."""
    one, other = base(schema, left.type), base(schema, right.type)
    if one is None or other is None:
        return ""
    names = one.name, other.name
    moments = family(schema, one) == family(schema, other) == "moment"
    zoned = moments and (one.name == _ZONED) != (other.name == _ZONED)
    counted = operator in ("+", "-") and names in ((_ZONED, "interval"), ("interval", _ZONED))
    return f"{names[0]} {operator} {names[1]}" if zoned or counted else ""
