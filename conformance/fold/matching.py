"""Operators between a column and something else of a type for which PostgreSQL has none: `id = 'x'::text`. Only what is
sure is refused: both operands are columns, constants or casts, and of PostgreSQL's own types."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import expressed, families
from conformance.fold.calls import dotted
from conformance.fold.families import Told
from conformance.fold.operands import RESERVED, behind_type, closing, is_query
from conformance.fold.operators import COMPARING
from conformance.fold.schema import TypeRef
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Token

_COUNTING = frozenset("+-*/")
_BEFORE = frozenset({"and", "or", "not", "when", "then", "else", "on", "where", "having"})
_BEHIND = frozenset({"and", "or", "when", "then", "else", "end"})


def judge(found: Sequence[Token], scope: Scope) -> None:
    """Raises `Refused` where an operator stands between types that it is not for."""
    place, fresh = 0, True
    while place < len(found):
        token = found[place]
        if (token.kind, token.value) == ("op", "(") and is_query(found[place + 1 :]):
            place, fresh = closing(found, place) + 1, False
            continue
        if fresh and token.kind != "op":
            _judge_at(found, place, scope)
        fresh = token.value in ("(", ",") if token.kind == "op" else token.kind == "word" and token.value in _BEFORE
        place += 1


def _judge_at(found: Sequence[Token], place: int, scope: Scope) -> None:
    """Judge the operand that begins there, with an operator and another one behind it, and no more."""
    at = _behind_operand(found, place)
    if not place < at < len(found):
        return
    after = at + 1 + (found[at].value == "not")
    end = _behind_operand(found, after)
    counted = found[at].value in _COUNTING and end < len(found) and found[end].value in COMPARING
    if end == after or not (end >= len(found) or counted or _ends(found[end])):
        return
    _judge_pair(found[place:at], found[after - 1].value, found[after:end], scope)


def _ends(token: Token) -> bool:
    return token.value in (")", ",", ";") if token.kind == "op" else token.kind == "word" and token.value in _BEHIND


def _behind_operand(found: Sequence[Token], place: int) -> int:
    """Where a column or a constant ends that begins there, with its casts; the place itself where there is none."""
    if place >= len(found):
        return place
    token = found[place]
    if token.kind in ("string", "number") or token.value in ("true", "false"):
        end = place + 1
    elif token.kind == "name" or (token.kind == "word" and token.value not in RESERVED):
        end = place + 2 * len(dotted(found, place)) - 1
    else:
        return place
    while end < len(found) and (found[end].kind, found[end].value) == ("op", "::"):
        end = behind_type(found, end + 1)
    return end


def _judge_pair(left: Sequence[Token], operator: str, right: Sequence[Token], scope: Scope) -> None:
    families.judge_pair(scope.schema, _told(left, scope), operator, _told(right, scope))


def _told(found: Sequence[Token], scope: Scope) -> Told:
    literal = found[0].value if _is_string(found) else None
    return Told(type=_type(found, scope), literal=literal)


def _type(found: Sequence[Token], scope: Scope) -> TypeRef | None:
    """The type of an operand, where it is sure to be one of PostgreSQL's own; a bare string is of none yet."""
    of = None if _is_string(found) else expressed.type_of(found, scope)
    return of if of is not None and of.number is None and not of.array else None


def _is_string(found: Sequence[Token]) -> bool:
    return len(found) == 1 and found[0].kind == "string"
