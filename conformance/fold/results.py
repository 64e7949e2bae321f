"""What PostgreSQL's own functions and operators give, by what they are given, where that is plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.fold.families import BOOL, TEXT, Told, base, family
from conformance.fold.operators import COMPARING, INTEGERS, NUMBERS
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema, TypeRef
from conformance.model.record import replace

_GIVES = {
    "int8": "count nextval currval setval lastval row_number rank dense_rank",
    "int4": "length char_length character_length octet_length array_length array_ndims cardinality strpos ntile"
    " jsonb_array_length json_array_length",
    "timestamptz": "now clock_timestamp statement_timestamp transaction_timestamp to_timestamp",
    "date": "to_date",
    "uuid": "gen_random_uuid",
    "jsonb": "jsonb_build_object jsonb_build_array jsonb_agg jsonb_object_agg to_jsonb jsonb_set jsonb_strip_nulls",
    "json": "json_build_object json_build_array json_agg json_object_agg to_json row_to_json",
    "bool": "bool_and bool_or every starts_with isfinite",
    "text": "md5 concat concat_ws format to_char replace split_part initcap lower upper repeat reverse quote_ident"
    " quote_literal regexp_replace array_to_string jsonb_typeof json_typeof string_agg btrim ltrim rtrim translate",
}
_OF: Mapping[str, str] = {name: of for of, names in _GIVES.items() for name in names.split()}
_OF_TEXT = frozenset(
    {"lower", "upper", "initcap", "btrim", "ltrim", "rtrim", "replace", "split_part", "reverse", "md5"}
)
_NO_TEXT = frozenset({"number", "moment", "bool", "uuid", "json", "jsonb", "interval"})
_COUNTED = frozenset({"sum", "avg", "stddev", "variance"})
_UNCOUNTED = frozenset({"text", "bool", "uuid", "json", "jsonb", "bytea", "moment"})
_SUMS = {"int2": "int8", "int4": "int8", "int8": "numeric", "float4": "float4"}
_UNORDERED = frozenset({"json", "jsonb", "bool"})
_MOMENTS = frozenset({"timestamp", "timestamptz", "interval"})


def of_function(schema: Schema, name: str, args: Sequence[Told]) -> TypeRef | None:
    """The type of what a function of PostgreSQL's own gives; None where it is not known. Raises `Refused` where none of
    its name takes what it is given."""
    first = family(schema, args[0].type) if args else ""
    _judge_taken(schema, name, first)
    own = base(schema, args[0].type) if args else None
    plain = own is not None and not own.array
    if name in ("max", "min") and plain and own is not None and own.name != "name":
        return TEXT if own.name == "varchar" else replace(own, modifiers=())
    if name == "sum" and plain and own is not None and first in ("number", "interval"):
        return TypeRef(name=_SUMS.get(own.name, own.name))
    if name == "avg" and plain and own is not None and first in ("number", "interval"):
        return TypeRef(
            name="float8" if own.name.startswith("float") else "numeric" if first == "number" else "interval"
        )
    if name == "abs" and plain and own is not None and first == "number":
        return replace(own, modifiers=())
    if name == "date_trunc" and len(args) == 2:
        of = base(schema, args[1].type)
        return TypeRef(name=of.name) if of is not None and of.name in _MOMENTS else None
    if name == "to_timestamp" and schema.major < 12:
        return None
    if name == "random" and not args:
        return TypeRef(name="float8")
    found = _OF.get(name)
    if found == "text":
        told = all(one.literal is not None or base(schema, one.type) is not None for one in args)
        texts = name not in ("string_agg", *_OF_TEXT) or first == "text" or _is_literal(args)
        return TEXT if told and texts else None
    return TypeRef(name=found) if found else None


def _is_literal(args: Sequence[Told]) -> bool:
    return bool(args) and args[0].literal is not None


def _judge_taken(schema: Schema, name: str, first: str) -> None:
    """Raises `Refused` where no function of a name takes what is of such a family; extensions may bring some."""
    if set(schema.extensions) - {"plpgsql"}:
        return
    textless = name in _OF_TEXT and name != "md5" and first in _NO_TEXT
    lengthless = name in ("length", "char_length") and first in _NO_TEXT
    countless = name in _COUNTED and first in _UNCOUNTED
    orderless = name in ("max", "min") and first in _UNORDERED
    if textless or lengthless or countless or orderless:
        raise Refused("undefined_function", f"there is no function {name} of {first}")


def of_operator(schema: Schema, left: Told, operator: str, right: Told) -> TypeRef | None:
    """The type of what an operator gives; None where it is not known."""
    if operator in COMPARING or operator in ("!=", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*"):
        return BOOL
    one, other = base(schema, left.type), base(schema, right.type)
    if operator in ("->>", "#>>") and one is not None and one.name in ("json", "jsonb") and not one.array:
        return TEXT
    if operator in ("->", "#>", "#-") and one is not None and one.name in ("json", "jsonb") and not one.array:
        return TypeRef(name=one.name)
    if operator == "||":
        return _joined(schema, left, right)
    if operator in "+-*/%":
        return _counted(one, operator, other, left, right)
    return None


def _joined(schema: Schema, left: Told, right: Told) -> TypeRef | None:
    kinds = {family(schema, side.type) or ("string" if side.literal is not None else "") for side in (left, right)}
    if "" in kinds or any(kind.startswith("[]") for kind in kinds):
        return None
    if kinds & {"text"} and "jsonb" not in kinds:
        return TEXT
    return TypeRef(name="jsonb") if kinds == {"jsonb"} else None


def _counted(one: TypeRef | None, operator: str, other: TypeRef | None, left: Told, right: Told) -> TypeRef | None:
    sides = [side for side in (one, other) if side is not None]
    if len(sides) == 1 and (left.literal is not None or right.literal is not None):
        return TypeRef(name=sides[0].name) if sides[0].name in NUMBERS and not sides[0].array else None
    if len(sides) < 2 or any(side.array for side in sides):
        return None
    first, second = sides[0].name, sides[1].name
    if first in NUMBERS and second in NUMBERS:
        names = {first, second}
        floating = names & {"float4", "float8"}
        if floating:
            return TypeRef(name="float4" if names == {"float4"} else "float8") if operator != "%" else None
        return TypeRef(name=max(names, key=NUMBERS.index))
    if first == "date" and second in INTEGERS and operator in "+-":
        return TypeRef(name="date") if second != "int8" else None
    if (first, operator, second) == ("date", "-", "date"):
        return TypeRef(name="int4")
    if first in ("timestamp", "timestamptz") and second == "interval" and operator in "+-":
        return TypeRef(name=first)
    if first == "date" and second == "interval" and operator in "+-":
        return TypeRef(name="timestamp")
    if first == second and first in ("timestamp", "timestamptz") and operator == "-":
        return TypeRef(name="interval")
    return None
