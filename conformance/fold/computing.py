"""The value of an expression, as PostgreSQL computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conformance.fold.nodes import (
    Array,
    Call,
    Cast,
    Coalesce,
    Column,
    IsDistinct,
    IsNull,
    IsTruth,
    Junction,
    Literal,
    Node,
    Not,
    Operation,
    Quantified,
)
from conformance.fold.operators import COMPARING, PATTERNS
from conformance.fold.refusals import NotUnderstood
from conformance.fold.values import STRINGS, Value, compared, matches, read, shown

Given = Mapping[str, Value]

_TRUTHS: Mapping[str, Callable[[bool | None], bool]] = {
    "true": lambda found: found is True,
    "false": lambda found: found is False,
    "unknown": lambda found: found is None,
    "not true": lambda found: found is not True,
    "not false": lambda found: found is not False,
    "not unknown": lambda found: found is not None,
}


def truth(node: Node, given: Given) -> bool | None:
    """Whether a condition is true, false or unknown, of a row of these values."""
    match node:
        case Junction():
            return _joined(node, given)
        case Not():
            found = truth(node.arg, given)
            return None if found is None else not found
        case IsNull():
            return (value_of(node.arg, given).value is None) != node.negated
        case IsTruth():
            return _TRUTHS[node.truth](truth(node.arg, given))
        case IsDistinct():
            return _distinct(node, given)
        case Operation():
            return _operated(node.op, value_of(node.left, given), value_of(node.right, given))
        case Quantified():
            return _quantified(node, given)
    found_value = value_of(node, given)
    if found_value.kind != "bool" or found_value.array:
        raise NotUnderstood("a condition is neither true nor false")
    return found_value.value  # type: ignore[return-value]


def _joined(node: Junction, given: Given) -> bool | None:
    found = [truth(arg, given) for arg in node.args]
    decisive = node.word == "or"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _distinct(node: IsDistinct, given: Given) -> bool:
    left, right = value_of(node.left, given), value_of(node.right, given)
    if left.value is None or right.value is None:
        apart = (left.value is None) != (right.value is None)
    else:
        apart = compared("=", left, right) is not True
    return apart != node.negated


def _operated(op: str, left: Value, right: Value) -> bool | None:
    if op in COMPARING:
        return compared(op, left, right)
    if op in PATTERNS:
        return matches(op, left, right)
    raise NotUnderstood(f"the operator {op} is not computed here")


def _quantified(node: Quantified, given: Given) -> bool | None:
    left, right = value_of(node.left, given), value_of(node.right, given)
    if not right.array:
        raise NotUnderstood("ANY or ALL of what is no array")
    if right.value is None:
        return None
    items = [Value(kind=right.kind, value=item) for item in right.value]  # type: ignore[attr-defined]
    found = [_operated(node.op, left, item) for item in items]
    decisive = not node.every
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def value_of(node: Node, given: Given) -> Value:
    """The value of an expression."""
    match node:
        case Literal():
            return _literal(node)
        case Column():
            if node.of or node.name not in given:
                raise NotUnderstood(f"the value of {node.name} is not given")
            return given[node.name]
        case Cast():
            return _cast(node, given)
        case Array():
            return _array([value_of(item, given) for item in node.items], "")
        case Coalesce():
            return _first([value_of(arg, given) for arg in node.args])
        case Call():
            return _call(node, [value_of(arg, given) for arg in node.args])
        case Junction() | Not() | IsNull() | IsTruth() | IsDistinct() | Operation() | Quantified():
            return Value(kind="bool", value=truth(node, given))
    raise NotUnderstood("an expression is not computed here")


def _first(values: list[Value]) -> Value:
    """COALESCE: the first that is not NULL."""
    kind = next((value.kind for value in values if value.kind), "text")
    found = next((value for value in values if value.value is not None), values[0])
    return found if found.kind else read(None if found.value is None else str(found.value), kind)


def _literal(node: Literal) -> Value:
    if node.kind == "null":
        return Value(kind="", value=None)
    if node.kind == "string":
        return Value(kind="", value=node.value)
    if node.kind == "bool":
        return Value(kind="bool", value=node.value == "true")
    if node.kind == "int":
        value = int(node.value)
        return Value(kind="int4" if -(2**31) <= value < 2**31 else "int8", value=value)
    return read(node.value, "numeric")


def _cast(node: Cast, given: Given) -> Value:
    of = node.type
    if of.modifiers or of.schema not in (None, "pg_catalog"):
        raise NotUnderstood(f"a cast to {of.name} with a modifier is not computed here")
    if isinstance(node.arg, Array) and of.array:
        return _array([value_of(item, given) for item in node.arg.items], of.name)
    found = value_of(node.arg, given)
    if found.kind == "":
        return read(None if found.value is None else str(found.value), of.name, array=of.array)
    if found.array or of.array:
        if found.array and of.array and {found.kind, of.name} <= STRINGS:
            return Value(kind=of.name, value=found.value, array=True)
        raise NotUnderstood("a cast of an array is not computed here")
    if found.kind == of.name or {found.kind, of.name} <= STRINGS:
        return Value(kind=of.name, value=found.value)
    if found.value is None:
        return read(None, of.name)
    if found.kind in ("int2", "int4", "int8", "numeric") and of.name in ("int8", "numeric", "float8"):
        if found.kind == "numeric" and of.name == "int8":
            raise NotUnderstood("a number is rounded, which is not computed here")
        return read(shown(found), of.name)
    raise NotUnderstood(f"a cast from {found.kind} to {of.name} is not computed here")


def _array(items: list[Value], kind: str) -> Value:
    kinds = {item.kind for item in items if item.kind}
    if not kind and len(kinds) > 1:
        raise NotUnderstood("an array of several types is not computed here")
    kind = kind or next(iter(kinds), "text")
    found = [item if item.kind else read(None if item.value is None else str(item.value), kind) for item in items]
    if any(item.kind != kind and not {item.kind, kind} <= STRINGS for item in found):
        raise NotUnderstood("the elements of an array are cast, which is not computed here")
    return Value(kind=kind, value=tuple(item.value for item in found), array=True)


def _call(node: Call, args: list[Value]) -> Value:
    if node.schema not in (None, "pg_catalog"):
        raise NotUnderstood(f"the function {node.name} is not computed here")
    if not args and node.name in ("jsonb_build_object", "jsonb_build_array"):
        return read("{}" if node.name.endswith("object") else "[]", "jsonb")
    if len(args) != 1 or (args[0].kind or "text") not in STRINGS or args[0].array:
        raise NotUnderstood(f"the function {node.name} is not computed here")
    found = args[0].value
    text = "" if found is None else str(found)
    if node.name in ("lower", "upper"):
        if not text.isascii():
            raise NotUnderstood("how letters are folded depends on the locale")
        value: object = text.lower() if node.name == "lower" else text.upper()
    elif node.name == "btrim":
        value = text.strip(" ")
    elif node.name in ("length", "char_length"):
        value = len(text)
    else:
        raise NotUnderstood(f"the function {node.name} is not computed here")
    return Value(kind="int4" if isinstance(value, int) else "text", value=None if found is None else value)
