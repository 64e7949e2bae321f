"""Constants: a string read as a value of a type, and written as PostgreSQL writes that value."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from conformance.fold.made import Kind, Made
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.model.sql import literal

_BOUNDS = {"int2": 2**15, "int4": 2**31, "int8": 2**63}
_TRUE = ("t", "tr", "tru", "true", "y", "ye", "yes", "on", "1")
_FALSE = ("f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_INT = re.compile(r"\s*[+-]?\d+\s*\Z", re.ASCII)
_SPELLED = re.compile(r"\s*[+-]?\d(?:\d*_|[xXoObB])\w*\s*\Z", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*\Z", re.ASCII)
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def constant(value: str, kind: Kind) -> Made:
    """The constant of a type that a string is read as. Raises `NotUnderstood` where the value cannot be told."""
    canonical = of_type(value, kind)
    strange = frozenset({kind.strange} if kind.strange else ())
    return Made(
        text=_shown(canonical, kind), kind=kind, nodes=frozenset({"CONST"}), strangers=strange, literal=canonical
    )


def of_type(value: str, kind: Kind) -> str:
    """The value as the type prints it."""
    if "\0" in value:
        raise Refused("invalid_text_representation", "a string holds the character 0")
    if kind.array:
        return _array(value, kind)
    if kind.name in ("text", "varchar", "name", "regclass"):
        return value
    if kind.name == "regconfig" and value in ("simple", "english"):
        return value
    if kind.labels is not None:
        return _label(value, kind.labels)
    if kind.name in _BOUNDS:
        return _integer(value, kind.name)
    if kind.name in ("numeric", "float8", "float4"):
        if not _NUMBER.match(value):
            raise NotUnderstood(f"whether {value[:30]!r} is a number cannot be told here")
        return _number(value) if kind.name == "numeric" else repr_of_float(value)
    if kind.name == "bool":
        return _boolean(value)
    if kind.name == "uuid":
        return _uuid(value)
    if kind.name in ("json", "jsonb"):
        return _checked(value) if kind.name == "json" else _jsonb(value)
    raise NotUnderstood(f"which value of the type {kind.declared} {value[:30]!r} is cannot be told here")


def _uuid(value: str) -> str:
    if not _UUID.match(value.lower()):
        if not re.fullmatch(r"\{?(?:[0-9a-fA-F]{4}-?){8}\}?", value):
            raise Refused("invalid_text_representation", f"{value[:30]!r} is no uuid")
        raise NotUnderstood(f"which uuid {value[:30]!r} is cannot be told here")
    return value.lower()


def _label(value: str, labels: tuple[str, ...]) -> str:
    if value not in labels:
        raise Refused("invalid_text_representation", f"{value[:30]!r} is no label of the enum")
    return value


def _shown(value: str, kind: Kind) -> str:
    if not kind.array:
        if kind.name == "bool":
            return "true" if value == "t" else "false"
        if kind.name == "int4" and not value.startswith("-"):
            return value
        if kind.name == "numeric" and re.search(r"[.eE]", value) and not value.startswith("-"):
            return value
    return f"{literal(value)}::{kind.declared}"


def _integer(value: str, name: str) -> str:
    if _SPELLED.match(value):
        raise NotUnderstood(f"which number {value[:30]!r} is cannot be told here")
    if not _INT.match(value) or not -_BOUNDS[name] <= int(value) < _BOUNDS[name]:
        raise Refused("invalid_text_representation", f"{value[:30]!r} is no value of the type {name}")
    return str(int(value))


def _number(value: str) -> str:
    try:
        return f"{Decimal(value.strip()):f}"
    except InvalidOperation:
        raise NotUnderstood(f"{value[:30]!r} is no plain number") from None


def repr_of_float(value: str) -> str:
    """A float as PostgreSQL prints it, where that is plain."""
    found = repr(float(value))
    if "e" in found or "n" in found:
        raise NotUnderstood(f"how {value[:30]!r} is printed cannot be told here")
    return found.removesuffix(".0")


def _boolean(value: str) -> str:
    word = value.strip().lower()
    if word not in _TRUE + _FALSE:
        raise Refused("invalid_text_representation", f"{value[:30]!r} is no boolean")
    return "t" if word in _TRUE else "f"


def _array(value: str, kind: Kind) -> str:
    inner = value.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise Refused("invalid_text_representation", f"{value[:30]!r} is no array")
    items = inner[1:-1].split(",") if inner != "{}" else []
    if not all(_ELEMENT.match(item) and item.lower() != "null" for item in items) or (items and kind.name != "text"):
        raise NotUnderstood(f"how the array {value[:30]!r} is printed cannot be told here")
    return inner


def elements(value: str) -> list[str]:
    """The elements of an array as `_array` lets it through."""
    return value[1:-1].split(",") if value != "{}" else []


def _checked(value: str) -> str:
    try:
        json.loads(value, parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise Refused("invalid_text_representation", f"{value[:30]!r} is no JSON") from None
    return value


def _no_json(word: str) -> Any:
    raise ValueError(word)


def _jsonb(value: str) -> str:
    _checked(value)
    return _printed(json.loads(value, parse_float=Decimal))


def _printed(value: Any) -> str:
    """A JSON value as jsonb prints it: keys by their length, then by their bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_printed(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_printed, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)
