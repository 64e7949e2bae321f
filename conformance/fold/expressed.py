"""How PostgreSQL calls what an expression of a select list gives, and of which type it is, where that is plain."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold.calls import dotted
from conformance.fold.meaning import Meaning
from conformance.fold.operands import RESERVED, closing, is_query
from conformance.fold.refusals import as_far_as_understood
from conformance.fold.schema import TypeRef
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Cursor, Token
from conformance.fold.type_names import type_name

_GIVES = {"count": "int8", "now": "timestamptz", "gen_random_uuid": "uuid"}
_MOMENTS = {"current_timestamp": "timestamptz", "current_date": "date"}
_CONSTANTS = {"true": "bool", "false": "bool", "null": "text"}
_BEFORE = RESERVED - {"end", "null", "true", "false"} | {"over"}
"""The words behind which no name without AS stands."""
UNNAMED = "?column?"
"""The name of what has none."""


def called(found: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """The name behind AS, or without it behind an operand; and what stands in front."""
    if len(found) < 2 or found[-1].kind not in ("word", "name"):
        return "", found
    last, before = found[-1], found[-2]
    if (before.kind, before.value) == ("word", "as"):
        return last.value, found[:-2]
    bare = last.kind == "name" or last.value not in RESERVED
    words = before.kind == "word" and before.value in _BEFORE
    signs = before.kind == "op" and before.value not in (")", "]")
    typed = len(found) > 2 and found[-3].value == "::" and last.value in ("varying", "precision")
    if bare and not (words or signs or typed or before.value == "is" or last.value in ("isnull", "notnull", "zone")):
        return last.value, found[:-1]
    return "", found


def name(found: Sequence[Token]) -> str:
    """The name that an expression has without AS; "" where that is not told here."""
    operand, casts = _parted(found)
    if column := _column(operand):
        return column[-1]
    if casts or not operand:
        return ""
    if len(operand) == 1 and operand[0].kind in ("string", "number"):
        return UNNAMED
    if len(operand) == 1 and operand[0].value in _MOMENTS:
        return operand[0].value
    function = _function(operand)
    return function if function not in {"cast", "row", "array", "exists", "not", "treat"} else ""


def type_of(found: Sequence[Token], scope: Scope) -> TypeRef | None:
    """The type of an expression; None where it is not known."""
    operand, casts = _parted(found)
    if not operand:
        return None
    if casts:
        with as_far_as_understood():
            cursor = Cursor("", list(casts))
            ref = Meaning(scope.schema).ref(type_name(cursor))
            return ref if cursor.ended else None
        return None
    if column := _column(operand):
        return scope.of_column(column)
    if len(operand) == 1:
        return _constant(operand[0])
    function = _function(operand)
    own = function in _GIVES and function not in scope.schema.called
    return TypeRef(name=_GIVES[function]) if own else None


def _constant(token: Token) -> TypeRef | None:
    if token.kind == "string":
        return TypeRef(name="text")
    if token.kind == "number":
        if not token.value.isdigit():
            return TypeRef(name="numeric")
        return TypeRef(name="int4" if int(token.value) < 2**31 else "int8" if int(token.value) < 2**63 else "numeric")
    known = {**_MOMENTS, **_CONSTANTS}.get(token.value) if token.kind == "word" else None
    return TypeRef(name=known) if known else None


def _parted(found: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """A column, a constant or a call, and the type that it is cast to last; nothing where it is more than that."""
    casts = [at for at, token in enumerate(found) if (token.kind, token.value) == ("op", "::")]
    operand = found[: casts[0]] if casts else found
    plain = len(operand) == 1 or bool(_column(operand)) or bool(_function(operand))
    words = any(token.kind == "word" and token.value in RESERVED for token in found[len(operand) :])
    if not plain or words:
        return (), ()
    return operand, found[casts[-1] + 1 :] if casts else ()


def _column(found: Sequence[Token]) -> tuple[str, ...]:
    """The column that is all of an expression; or nothing."""
    if not found or found[0].kind not in ("word", "name") or (found[0].kind == "word" and found[0].value in RESERVED):
        return ()
    names = dotted(found, 0)
    return names if 2 * len(names) - 1 == len(found) else ()


def _function(found: Sequence[Token]) -> str:
    """The function that is called, where that is all of an expression."""
    plain = len(found) > 2 and found[0].kind in ("word", "name") and found[1].value == "("
    if not plain or is_query(found[2:]) or closing(found, 1) != len(found) - 1:
        return ""
    return found[0].value
