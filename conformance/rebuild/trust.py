"""Which expressions of a catalog's may be taken over, and which names can be read out of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.model.catalog import Expression, Type

_PLAIN_CALLS = frozenset({"now()", "gen_random_uuid()", "CURRENT_TIMESTAMP", "CURRENT_DATE", "true", "false"})
_CONSTANT = re.compile(r"('[^']*'::(text|jsonb|character varying|text\[\])|-?[0-9]+)\Z")
_NEXTVAL = re.compile(r"nextval\('((?:[^']|'')*)'::regclass\)\Z")
_NAME = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
_QUALIFIED = re.compile(rf"(?:({_NAME})\.)?({_NAME})\Z")
_RANDOM = re.compile(rf"(?:{_NAME}\.)?(?:gen_random_uuid|uuid_generate_v4)\(\)\Z")
_FRESH = frozenset({"gen_random_uuid", "uuidv4", "uuidv7", "random", "clock_timestamp", "timeofday"})
"""The volatile functions that do nothing but give a value."""
_READING = re.compile(r"(table|schema|database|query|cursor)_to_xml")
_TOKEN = re.compile(
    r"""[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<never>[eE]'|--|/\*|;|\$|,(?=\s*\Z)) | (?P<comma>,) | \w+ | .""",
    re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(
    rf"""(?: \(|\)|\s | (?:old|new)\.(?:{_NAME}|\*) | IS[ ](?:NOT[ ])?(?:DISTINCT[ ]FROM|NULL)\b | (?:AND|OR|NOT)\b
    | (?<![=<>])(?:=|<>)(?![=<>]) | '(?:[^'\\]|'')*' | -?[0-9]+\b | (?:true|false)\b
    | ::(?:text|character[ ]varying|bpchar|numeric|integer|bigint|boolean|jsonb|uuid)(?![\w(\[.])
    )*\Z""",
    re.VERBOSE,
)
_PAIRS = {")": "(", "]": "["}


def one_expression(text: str) -> bool:
    """Whether the text cannot be more than one expression: no comma, bracket, comment or end of a statement leads out
    of it."""
    opened: list[str] = []
    for token in _TOKEN.finditer(text):
        if token["never"] or token[0] in ("'", '"'):
            return False
        if token["open"]:
            opened.append(token[0])
        elif token["close"]:
            if not opened or opened.pop() != _PAIRS[token[0]]:
                return False
        elif token["comma"] and not opened:
            return False
    return bool(text.strip()) and not opened


def plain_condition(text: str) -> bool:
    """Whether the text of a WHEN only compares the row's columns with each other and with constants, for equality."""
    return one_expression(text) and bool(_CONDITION.match(text))


def enums(types: Iterable[Type]) -> frozenset[str]:
    """What an expression's `strangers` call the enums among the types, which are rebuilt, and arrays of them."""
    found = [(type_.schema, type_.name) for type_ in types if type_.labels is not None]
    return frozenset(f"type {schema}.{mark}{name}" for schema, name in found for mark in ("", "_"))


def why_not(expression: Expression, own: frozenset[str] = frozenset(), *, in_default: bool = False) -> str:
    """Why the expression is not taken over, or "". `own` are the strangers that are rebuilt as well."""
    text = expression.text
    if not one_expression(text):
        return "its text is not one expression"
    if strangers := [name for name in expression.strangers if name not in own]:
        return f"it uses {', '.join(strangers)}, which is not PostgreSQL's own"
    if expression.nodes is None:
        known = _CONSTANT.match(text) or text in _PLAIN_CALLS
        return "" if known else "the catalog does not say what it is made of"
    volatile = expression.volatility == "v" and not (in_default and _all_fresh(expression))
    if volatile or any(_READING.match(name) for name in expression.functions):
        return "it does more than look at the row"
    if expression.volatility is None:
        return "only the beginning of it is known"
    return ""


def random_uuid(expression: Expression | None) -> bool:
    """Whether it is a random UUID by an extension's function, as before PostgreSQL 13 and from uuid-ossp: its own
    `gen_random_uuid()` does the same."""
    if expression is None or not expression.strangers or set(expression.strangers) - set(expression.extensions):
        return False
    return bool(_RANDOM.match(expression.text))


def _all_fresh(expression: Expression) -> bool:
    return set(expression.functions) <= _FRESH and "NEXTVALUEEXPR" not in (expression.nodes or ())


def sequence_of(text: str) -> tuple[str, str] | None:
    """The sequence that a default draws from, by schema and name; None where it is no plain `nextval()`."""
    match = _NEXTVAL.match(text)
    return name_in(match[1].replace("''", "'")) if match else None


def name_in(text: str) -> tuple[str, str] | None:
    """The schema and the name in a name as PostgreSQL prints it under an empty search_path."""
    match = _QUALIFIED.match(text)
    if match is None:
        return None
    schema, name = match[1], match[2]
    return "pg_catalog" if schema is None else _bare(schema), _bare(name)


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
