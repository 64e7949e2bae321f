"""The types of PostgreSQL's own in families: between two of these there is no operator, and mostly no cast."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.constants import of_type
from conformance.fold.meaning import Meaning
from conformance.fold.operators import COMPARING, NUMBERS
from conformance.fold.refusals import Refused, as_far_as_understood
from conformance.fold.schema import Schema, TypeRef
from conformance.model.record import Record, replace

_FAMILIES = {
    "number": "int2 int4 int8 numeric float4 float8",
    "text": "text varchar bpchar name",
    "moment": "date timestamp timestamptz",
    **{name: name for name in ("bool", "uuid", "json", "jsonb", "bytea", "interval")},
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names.split()}
_COUNTING = frozenset("+-*/")
_UNCOUNTED = frozenset({"text", "bool", "uuid", "json"})
_LIKE = frozenset({"like", "ilike", "~", "~*"})
_UNLIKE = frozenset({"number", "moment", "bool", "uuid", "json", "jsonb", "interval"})
_OF_DOCUMENTS = frozenset({"->", "->>", "#>", "#>>"})
_NO_DOCUMENTS = frozenset({"number", "text", "moment", "bool", "uuid", "interval"})
_UNJOINED = frozenset({"number", "moment", "bool", "uuid", "interval"})
_CAST = frozenset(
    {("int4", "bool"), ("bool", "int4"), ("json", "jsonb"), ("jsonb", "json"), ("jsonb", "bool")}
    | {("jsonb", number) for number in NUMBERS}
    | {pair for number in NUMBERS for pair in (("bytea", number), (number, "bytea"))}
    | {("bytea", "uuid"), ("uuid", "bytea")}
)
"""Casts between families that a major has."""


class Told(Record, often=True):
    """What is told of an expression: its `type`, None where that is not known; the string that it is by itself, of
    which nothing says the type; the name that a query gives it, None where that is not known, and how well it fits;
    the types of its parts where it is a row, and how many columns it has where it is a query. `null` says that it is
    NULL, `unsteady` what in it is not immutable."""

    type: TypeRef | None = None
    literal: str | None = None
    name: str | None = ""
    strength: int = 0
    row: tuple[TypeRef | None, ...] | None = None
    columns: int = 1
    null: bool = False
    unsteady: str = ""


BOOL = TypeRef(name="bool")
TEXT = TypeRef(name="text")


def base(schema: Schema, of: TypeRef | None) -> TypeRef | None:
    """A type, or what a domain is around, where that is PostgreSQL's own; None for another."""
    while of is not None and of.number is not None:
        found = schema.type_of(of.number)
        if found.kind != "d" or of.array:
            return None
        of = found.base
    return of


def family(schema: Schema, of: TypeRef | None) -> str:
    """The family of a type; that of an array begins with brackets; "" where it is of none that is known here."""
    own = base(schema, of)
    found = _FAMILY.get(own.name, "") if own is not None else ""
    return f"[]{found}" if own is not None and own.array and found else found


def judge_condition(schema: Schema, told: Told, where: str) -> None:
    """Raises `Refused` where a condition is of another type than boolean."""
    if told.literal is not None:
        _judge_literal(schema, told.literal, BOOL)
    own = base(schema, told.type)
    if own is not None and (own.name != "bool" or own.array):
        raise Refused("datatype_mismatch", f"what stands in {where} is of the type {own.name}, and no boolean")


def judge_pair(schema: Schema, left: Told, operator: str, right: Told) -> None:
    """Raises `Refused` where an operator stands between types that it is not for."""
    one, other = family(schema, left.type), family(schema, right.type)
    both = {one, other}
    array = any(each.startswith("[]") for each in both)
    unfit = False
    if one and other:
        if operator in COMPARING:
            unfit = len(both) > 1 or (array and _apart(schema, left.type, right.type))
        elif operator in _COUNTING and not array and not (operator == "-" and one == "jsonb"):
            unfit = bool(both & _UNCOUNTED) or "jsonb" in both or _timeless(schema, left.type, operator, right.type)
    if operator in COMPARING and one == "json" and (other == "json" or right.literal is not None):
        unfit = True
    if operator in _LIKE and one in _UNLIKE and (other == "text" or right.literal is not None):
        unfit = True
    if operator in _OF_DOCUMENTS and one in _NO_DOCUMENTS and not set(schema.extensions) - {"plpgsql"}:
        unfit = True
    if operator == "||" and one in _UNJOINED and other in _UNJOINED:
        unfit = True
    if unfit:
        names = [of.name if of is not None else "a string" for of in (left.type, right.type)]
        raise Refused("undefined_function", f"there is no operator {operator} of {names[0]} and {names[1]}")
    for of, value in ((left.type, right.literal), (right.type, left.literal)):
        if operator in COMPARING and of is not None and value is not None:
            _judge_literal(schema, value, of)


def _timeless(schema: Schema, left: TypeRef | None, operator: str, right: TypeRef | None) -> bool:
    """Whether two moments are added, or a number to one that is no date."""
    both = [of.name for of in (base(schema, left), base(schema, right)) if of is not None]
    moments = [name for name in both if _FAMILY[name] == "moment"]
    if len(moments) == 2:
        return operator != "-"
    return bool(moments) and moments != ["date"] and any(name in NUMBERS for name in both)


def _apart(schema: Schema, left: TypeRef | None, right: TypeRef | None) -> bool:
    """Whether two arrays of one family are of different types, which numbers are not compared as."""
    names = {of.name for of in (base(schema, left), base(schema, right)) if of is not None}
    return len(names) > 1 and names <= set(NUMBERS)


def _judge_literal(schema: Schema, value: str, of: TypeRef) -> None:
    with as_far_as_understood():
        of_type(value, Meaning(schema).kind_of(of))


def judge_cast(schema: Schema, told: Told, to: TypeRef) -> None:
    """Raises `Refused` where nothing casts a type to another one."""
    one, other = family(schema, told.type), family(schema, to)
    own, wanted = base(schema, told.type), base(schema, to)
    if not one or not other or one == other or own is None or wanted is None or "text" in (one, other):
        return
    if one.startswith("[]") and other.startswith("[]"):
        one, other = one[2:], other[2:]
        if "text" in (one, other):
            return
    if (own.name, wanted.name) not in _CAST:
        raise Refused("cannot_coerce", f"nothing casts {own.name} to {wanted.name}")


def judge_assigned(schema: Schema, told: Told, to: TypeRef | None, column: str) -> None:
    """Raises `Refused` where a column takes nothing of such a type."""
    one, other = family(schema, told.type), family(schema, to)
    if not one or not other or one == other or other == "text" or {one, other} == {"json", "jsonb"}:
        return
    if one.startswith("[]") and other.startswith("[]") and (other == "[]text" or {one, other} == {"[]json", "[]jsonb"}):
        return
    raise Refused("datatype_mismatch", f"{column} takes nothing of the type {told.type.name if told.type else ''}")


def common(schema: Schema, found: Sequence[Told], where: str) -> TypeRef | None:
    """The type of what may be any of these; None where it is not known. Raises `Refused` where they have none."""
    typed = [one.type for one in found if one.literal is None and not one.null]
    families = {family(schema, of) for of in typed} - {""}
    if len(families) > 1:
        raise Refused("datatype_mismatch", f"{where} has {' and '.join(sorted(families))} in it")
    if None in typed:
        return None
    alike = {replace(of, modifiers=()) for of in typed if of is not None}
    if len(alike) == 1:
        (of,) = alike
        for value in (one.literal for one in found if one.literal is not None):
            _judge_literal(schema, value, of)
        if any(one is not None and one.modifiers for one in typed):  # what is kept of them differs from form to form
            return typed[0] if len(set(typed)) == 1 and len(typed) == len(found) else None
        return of
    names = {of.name for of in alike if of.number is None and not of.array}
    if not alike:
        return TEXT
    if len(names) == len(alike) and names <= set(NUMBERS):
        return TypeRef(name=max(names, key=NUMBERS.index))
    return None
