"""What an expression begins with that is no name: words that stand for a value, and forms with their own grammar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from conformance.fold.families import BOOL, Told
from conformance.fold.nodes import TypeName
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import TypeRef
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import type_name
from conformance.model.record import replace

if TYPE_CHECKING:
    from conformance.fold.inference import Inference

Reader = Callable[["Inference"], Told]
_OF_WORDS = {
    "current_date": "date",
    "current_time": "timetz",
    "current_timestamp": "timestamptz",
    "localtime": "time",
    "localtimestamp": "timestamp",
    **dict.fromkeys(
        ("current_role", "current_user", "user", "session_user", "current_catalog", "current_schema"), "name"
    ),
}


def number_type(value: str) -> TypeRef | None:
    """The type of a number; None where it is spelled in a way that is not read here."""
    if not value.isdigit():
        return TypeRef(name="numeric") if set(value.lower()) <= set("0123456789.e+-") else None
    size = int(value)
    return TypeRef(name="int4" if size < 2**31 else "int8" if size < 2**63 else "numeric")


def constant_type(cursor: Cursor) -> TypeName | None:
    """Take the name of a type in front of a string, if one stands there."""
    start = cursor.at
    try:
        found = type_name(cursor)
    except NotUnderstood:
        cursor.at = start
        return None
    token = cursor.peek()
    if token is None or token.kind != "string":
        cursor.at = start
        return None
    return found


def _worded(word: str) -> Reader:
    def read(cursor: Inference) -> Told:
        if cursor.sees("("):
            cursor.group()
        cursor.unsteady.append(word)
        return Told(type=TypeRef(name=_OF_WORDS[word]), name=word, strength=2)

    return read


def _truth(cursor: Inference) -> Told:
    if cursor.schema.major < 15:
        return Told(type=BOOL, name="bool", strength=1)
    return Told(type=BOOL)


def _null(cursor: Inference) -> Told:
    return Told(null=True)


def _case(cursor: Inference) -> Told:
    asked = None if cursor.sees("when") else cursor.expression(0)
    given: list[Told] = []
    while cursor.takes("when"):
        condition = cursor.expression(0)
        if asked is None:
            cursor.condition(condition, "CASE WHEN")
        else:
            cursor.pair(asked, "=", condition)
        cursor.needs("then")
        given.append(cursor.expression(0))
    other = Told()
    if cursor.takes("else"):
        other = cursor.expression(0)
        given.append(other)
    cursor.needs("end")
    named = other.name if other.strength > 1 or other.name is None else "case"
    return Told(type=cursor.common(given, "CASE"), name=named, strength=max(other.strength, 1))


def _cast(cursor: Inference) -> Told:
    inner = cursor.inner(cursor.group().found)
    told = inner.expression(0)
    inner.needs("as")
    made = inner.cast(told)
    if not inner.ended:
        raise inner.odd("CAST ends")
    return made


def _exists(cursor: Inference) -> Told:
    cursor.group()
    return Told(type=BOOL, name="exists", strength=2)


def _array(cursor: Inference) -> Told:
    if cursor.sees("("):
        inner = cursor.group()
        found = cursor.queried(inner.found)
        of = replace(found.type, array=True, modifiers=()) if found.type is not None and not found.type.array else None
        return Told(type=of, name="array", strength=2)
    cursor.needs("[")
    items: list[Told] = []
    while not cursor.takes("]"):
        items.append(cursor.expression(0))
        if not cursor.takes(","):
            cursor.needs("]")
            break
    of = cursor.common(items, "ARRAY") if items else None
    plain = of is not None and not of.array
    return Told(type=replace(of, array=True, modifiers=()) if plain and of else None, name="array", strength=2)


def _row(cursor: Inference) -> Told:
    inner = cursor.group()
    parts = [] if inner.ended else inner.parts()
    row = tuple(cursor.inner(part.found).expression_whole().type for part in parts)
    return Told(name="row", strength=2, row=row)


def _several(word: str) -> Reader:
    def read(cursor: Inference) -> Told:
        given = [cursor.inner(part.found).expression_whole() for part in cursor.group().parts()]
        return Told(type=cursor.common(given, word.upper()), name=word, strength=2)

    return read


def _nullif(cursor: Inference) -> Told:
    given = [cursor.inner(part.found).expression_whole() for part in cursor.group().parts()]
    if len(given) != 2:
        raise cursor.odd("NULLIF is of two values")
    cursor.pair(given[0], "=", given[1])
    of = given[0].type
    kept = of is not None and not of.modifiers and of.name not in ("varchar", "bpchar", "name")
    return Told(type=of if kept else None, name="nullif", strength=2)


def _odd(name: str, of: str = "") -> Reader:
    """A form whose inside has a grammar of its own, and is not read."""

    def read(cursor: Inference) -> Told:
        cursor.group()
        return Told(type=TypeRef(name=of) if of else None, name=name, strength=2)

    return read


def _extract(cursor: Inference) -> Told:
    cursor.group()
    new = cursor.schema.major >= 14
    return Told(type=TypeRef(name="numeric" if new else "float8"), name="extract" if new else "date_part", strength=2)


def _trim(cursor: Inference) -> Told:
    inner = cursor.group()
    name = {"leading": "ltrim", "trailing": "rtrim"}.get(inner.take().value, "btrim")
    return Told(name=name, strength=2)


VALUES: Mapping[str, Reader] = {
    **{word: _worded(word) for word in _OF_WORDS},
    "true": _truth,
    "false": _truth,
    "null": _null,
    "case": _case,
}
"""What stands for a value by itself, by the word that it begins with."""

FORMS: Mapping[str, Reader] = {
    "cast": _cast,
    "exists": _exists,
    "array": _array,
    "row": _row,
    "coalesce": _several("coalesce"),
    "greatest": _several("greatest"),
    "least": _several("least"),
    "nullif": _nullif,
    "extract": _extract,
    "position": _odd("position", "int4"),
    "substring": _odd("substring"),
    "overlay": _odd("overlay"),
    "trim": _trim,
    "normalize": _odd("normalize"),
}
"""Forms with a grammar of their own, by their words."""
