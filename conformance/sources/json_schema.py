"""Whether a value keeps to a JSON Schema, as far as our own schemas go.

A test holds that they use no other word than those that are judged here, and that what this lets through the whole of
JSON Schema lets through too. Numbers are taken as they are spelled: 1.0 is no integer, and true is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Schema = Mapping[str, Any]

SAID = frozenset({"$schema", "$id", "$defs", "title", "description", "then", "else"})
"""The words that say nothing by themselves."""

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
_SHOWN = 60


def misfit(value: Any, schema: Schema, root: Schema | None = None, at: str = "") -> str | None:
    """The first place where `value` departs from `schema`, and how, in one line; None where it keeps to it."""
    root = root or schema
    for word, rule in schema.items():
        if word not in SAID and (found := RULES[word](value, rule, schema, root, at)) is not None:
            return found
    return None


def _ref(value: Any, rule: str, schema: Schema, root: Schema, at: str) -> str | None:
    named: Schema = root["$defs"][rule.removeprefix("#/$defs/")]
    return misfit(value, named, root, at)


def _type(value: Any, rule: str | list[str], schema: Schema, root: Schema, at: str) -> str | None:
    names = [rule] if isinstance(rule, str) else rule
    return None if any(_TYPES[name](value) for name in names) else _told(value, at, f"no {' or '.join(names)}")


def _const(value: Any, rule: Any, schema: Schema, root: Schema, at: str) -> str | None:
    return None if _same(value, rule) else _told(value, at, f"not {rule!r}")


def _enum(value: Any, rule: list[Any], schema: Schema, root: Schema, at: str) -> str | None:
    known = any(_same(value, option) for option in rule)
    return None if known else _told(value, at, f"none of {', '.join(map(str, rule))}")


def _pattern(value: Any, rule: str, schema: Schema, root: Schema, at: str) -> str | None:
    fits = not isinstance(value, str) or _compiled(rule).search(value)
    return None if fits else _told(value, at, f"not as {rule}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """`$` is the end, and not what stands before a last line feed."""
    return re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern)


def _least(value: Any, rule: float, schema: Schema, root: Schema, at: str) -> str | None:
    return _told(value, at, f"less than {rule}") if _TYPES["number"](value) and value < rule else None


def _shortest(value: Any, rule: int, schema: Schema, root: Schema, at: str) -> str | None:
    return _told(value, at, "too short") if isinstance(value, str) and len(value) < rule else None


def _fewest(value: Any, rule: int, schema: Schema, root: Schema, at: str) -> str | None:
    return f"{at or 'it'} has fewer items than {rule}" if isinstance(value, list) and len(value) < rule else None


def _most(value: Any, rule: int, schema: Schema, root: Schema, at: str) -> str | None:
    return f"{at or 'it'} has more items than {rule}" if isinstance(value, list) and len(value) > rule else None


def _required(value: Any, rule: list[str], schema: Schema, root: Schema, at: str) -> str | None:
    missing = [name for name in rule if name not in value] if isinstance(value, dict) else []
    return f"{at or 'it'} has no {missing[0]}" if missing else None


def _only(value: Any, rule: bool, schema: Schema, root: Schema, at: str) -> str | None:
    known = schema.get("properties", {})
    others = [name for name in value if name not in known] if isinstance(value, dict) and not rule else []
    return f"{at or 'it'} has a key that is not known: {_brief(others[0])}" if others else None


def _properties(value: Any, rule: Mapping[str, Schema], schema: Schema, root: Schema, at: str) -> str | None:
    for name in rule if isinstance(value, dict) else ():
        if name in value:
            found = misfit(value[name], rule[name], root, f"{at}.{name}" if at else name)
            if found is not None:
                return found
    return None


def _items(value: Any, rule: Schema, schema: Schema, root: Schema, at: str) -> str | None:
    for number, item in enumerate(value) if isinstance(value, list) else ():
        if (found := misfit(item, rule, root, f"{at}[{number}]")) is not None:
            return found
    return None


def _all(value: Any, rule: list[Schema], schema: Schema, root: Schema, at: str) -> str | None:
    return next((found for one in rule if (found := misfit(value, one, root, at)) is not None), None)


def _any(value: Any, rule: list[Schema], schema: Schema, root: Schema, at: str) -> str | None:
    found = [misfit(value, one, root, at) for one in rule]
    return None if None in found else found[0]


def _not(value: Any, rule: Schema, schema: Schema, root: Schema, at: str) -> str | None:
    return _told(value, at, "what does not go with the rest") if misfit(value, rule, root, at) is None else None


def _if(value: Any, rule: Schema, schema: Schema, root: Schema, at: str) -> str | None:
    branch = schema.get("then" if misfit(value, rule, root, at) is None else "else", {})
    return misfit(value, branch, root, at)


RULES: Mapping[str, Callable[[Any, Any, Schema, Schema, str], str | None]] = {
    "$ref": _ref,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _least,
    "minLength": _shortest,
    "minItems": _fewest,
    "maxItems": _most,
    "required": _required,
    "additionalProperties": _only,
    "properties": _properties,
    "items": _items,
    "allOf": _all,
    "anyOf": _any,
    "not": _not,
    "if": _if,
}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _told(value: Any, at: str, what: str) -> str:
    return f"{at or 'it'} is {_brief(value)}: {what}"


def _brief(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return ascii(value) if len(str(value)) <= _SHOWN else f"{str(value)[:_SHOWN]!a}…"
