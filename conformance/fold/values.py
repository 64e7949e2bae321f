"""Values of PostgreSQL's types as they are computed with here, with SQL's NULL as None."""

from __future__ import annotations

import re
from decimal import Decimal

from conformance.fold.coercion import built_in
from conformance.fold.constants import elements, of_type
from conformance.fold.operators import INTEGERS
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.type_names import BUILT_IN
from conformance.model.record import Record

STRINGS = frozenset({"text", "varchar"})
_EXACT = frozenset({*INTEGERS, "numeric"})
_NUMBERS = frozenset({*_EXACT, "float8", "float4"})
_OPAQUE = frozenset({"timestamptz", "timestamp", "date"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?(?:\+00)?)?\Z")
_PATTERN = re.compile(
    r"(?:[A-Za-z0-9 _,:;@#%&=<>/~'\"!-]|\\[.\-_]|\[\^?[A-Za-z0-9 _.@,:;#%/-]+\]|[.^$()|*+?]|\{\d+(?:,\d*)?\})*\Z"
)


class Value(Record, often=True):
    """`kind` is the internal name of its type, "" for a string of which nothing says what it is."""

    kind: str
    value: object
    array: bool = False


NULL = Value(kind="", value=None)


def read(text: str | None, kind: str, *, array: bool = False) -> Value:
    """The value of a type that a string stands for. Raises `Refused` where it is none, `NotUnderstood` where that
    cannot be told."""
    if text is None:
        return Value(kind=kind, value=None, array=array)
    if kind in _OPAQUE and not array:
        if not _MOMENT.match(text):
            raise NotUnderstood(f"which {kind} {text[:30]!r} is cannot be told here")
        return Value(kind=kind, value=("moment", text))
    if kind not in BUILT_IN or kind == "bpchar":
        raise NotUnderstood(f"values of the type {kind} are not known here")
    canonical = of_type(text, built_in(kind, array=array))
    if array:
        if kind not in STRINGS:
            raise NotUnderstood(f"arrays of the type {kind} are not known here")
        return Value(kind=kind, value=tuple(elements(canonical)), array=True)
    return Value(kind=kind, value=_python(canonical, kind))


def _python(text: str, kind: str) -> object:
    if kind in INTEGERS:
        return int(text)
    if kind == "numeric":
        return Decimal(text)
    if kind in ("float8", "float4"):
        return float(text)
    if kind == "bool":
        return text == "t"
    return text


def shown(value: Value) -> str | None:
    """The value as its type prints it."""
    found = value.value
    if found is None:
        return None
    if value.array:
        if not isinstance(found, tuple) or not all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", str(e)) for e in found):
            raise NotUnderstood("how an array is printed cannot be told here")
        return "{" + ",".join(map(str, found)) + "}"
    if isinstance(found, bool):
        return "t" if found else "f"
    if isinstance(found, tuple):
        raise NotUnderstood("how a time is printed cannot be told here")
    return f"{found:f}" if isinstance(found, Decimal) else str(found)


def levelled(left: Value, right: Value) -> tuple[Value, Value]:
    """Both with a type: a string that has none is of the other's."""
    if left.kind == right.kind == "":
        return Value(kind="text", value=left.value), Value(kind="text", value=right.value)
    if left.kind == "":
        left = read(None if left.value is None else str(left.value), right.kind)
    if right.kind == "":
        right = read(None if right.value is None else str(right.value), left.kind)
    return left, right


def compared(op: str, left: Value, right: Value) -> bool | None:
    """A comparison; None is NULL."""
    left, right = levelled(left, right)
    if left.array or right.array:
        raise NotUnderstood("a comparison of arrays is not known here")
    kinds = {left.kind, right.kind}
    ordered = kinds <= _NUMBERS or kinds == {"bool"}
    if not (ordered or kinds <= STRINGS or kinds in ({"uuid"}, {"jsonb"})):
        raise NotUnderstood(f"a comparison of {' and '.join(sorted(kinds))} is not known here")
    if left.value is None or right.value is None:
        return None
    if op in ("=", "<>"):
        return (left.value == right.value) == (op == "=")
    if not ordered:
        raise NotUnderstood("which of two strings comes first depends on the collation")
    one, other = _number(left, kinds), _number(right, kinds)
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]


def _number(value: Value, kinds: set[str]) -> float | Decimal:
    found = value.value
    if kinds <= {*_EXACT, "bool"}:
        return Decimal(int(found) if isinstance(found, bool) else str(found))
    return float(str(found))


def matches(op: str, left: Value, right: Value) -> bool | None:
    """LIKE, or a regular expression, as far as its language is the same everywhere."""
    left, right = levelled(left, right)
    if {left.kind, right.kind} - STRINGS:
        raise NotUnderstood("a pattern is put to what is no string")
    if left.value is None or right.value is None:
        return None
    text, pattern = str(left.value), str(right.value)
    insensitive, negated = op.endswith("*"), op.startswith("!")
    if insensitive and not (text.isascii() and pattern.isascii()):
        raise NotUnderstood("how letters are folded depends on the locale")
    flags = re.DOTALL | re.ASCII | (re.IGNORECASE if insensitive else 0)
    plain = op.strip("!*")
    found = re.fullmatch(_like(pattern), text, flags) if plain == "~~" else re.search(_regular(pattern), text, flags)
    return (found is not None) != negated


def _like(pattern: str) -> str:
    found, escaped = "", False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            found, escaped = found + re.escape(letter), False
        elif letter == "\\":
            escaped = True
        else:
            found += ".*" if letter == "%" else "."
    if escaped:
        raise Refused("invalid_escape_sequence", "a pattern ends in its escape")
    return found


def _regular(pattern: str) -> str:
    """A pattern in which Python and PostgreSQL agree."""
    if not _PATTERN.match(pattern) or re.search(r"[*+?}][*+?{]|\(\?|^\*\*\*|[|(^][*+?{]", pattern):
        raise NotUnderstood("this regular expression is not known here")
    bare = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    inside = re.search(r"[^(|]\^|\$[^)|]", bare)
    if inside:
        raise NotUnderstood("this regular expression is not known here")
    try:
        re.compile(pattern)
    except re.error:
        raise NotUnderstood("this regular expression is not known here") from None
    return re.sub(r"\$(?=$|[)|])", r"\\Z", pattern)
