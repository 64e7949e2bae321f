"""What stands as a column's default, and what could."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation

from conformance.model.catalog import Column, Expression

_STRING = re.compile(r"""\(*'((?:[^']|'')*)'(?:::(?:[\w ]+\.|"[^"]+"\.)?(?:[a-z_][\w ]*|"[^"]+")(?:\[\])?\)*)*\Z""")
_TYPMOD = re.compile(r"::[a-z ]+\([0-9, ]+\)")
_NUMBER = re.compile(r"\(?(-?[0-9]+(?:\.[0-9]+)?)\)?(?:::(?:integer|bigint|smallint|numeric|double precision))?\Z")
MOMENTS = {
    "now()": "",
    "CURRENT_TIMESTAMP": "",
    "CURRENT_TIMESTAMP(6)": "",
    "transaction_timestamp()": "",
    "('now'::text)::timestamp with time zone": "",
}
"""How `now()` is written."""
LATE_MOMENTS = {
    "clock_timestamp()": "clock_timestamp() moves within a transaction",
    "statement_timestamp()": "statement_timestamp() moves within a transaction",
}
STEADY = frozenset({"jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array"})
"""Functions that are not immutable, and give the same for the same nevertheless, where they are given constants."""
_CONSTANT_NODES = frozenset({"CONST", "RELABELTYPE", "COERCETODOMAIN"})


def default_of(column: Column) -> Expression | None:
    """The column's own default, or the one that comes with its domain (the outermost)."""
    if column.default is not None:
        return column.default
    return column.type.domains[0].default if column.type.domains else None  # PostgreSQL asks only the outermost


def constant_of(default: Expression) -> str | None:
    """The value of a default that is nothing but a constant, as text; None where it has to be computed."""
    if default.nodes is not None and not default.nodes <= _CONSTANT_NODES | {"FUNCEXPR"}:
        return None
    text = default.text
    if text in ("true", "false"):
        return text
    if match := _NUMBER.match(text):
        return match[1]
    pure = default.nodes is None or default.nodes <= _CONSTANT_NODES
    if pure and not _TYPMOD.search(text) and (match := _STRING.match(text)):
        return match[1].replace("''", "'")
    return None


def takes(column: Column, call: str | None, value: str | None) -> bool:
    """Whether PostgreSQL takes this default for a column of this type."""
    name = column.type.name
    if column.type.array:
        return call is None and value is not None and value.startswith("{")
    if column.type.labels is not None:
        return value in column.type.labels
    if call is not None:
        moment = call == "now()"
        return name in (("timestamptz", "timestamp", "date", "time", "timetz") if moment else ("uuid",)) or (
            name in ("text", "varchar", "bpchar")
        )
    return value is not None and _reads(name, value)


def _reads(name: str, value: str) -> bool:
    """Whether the text is a value of the type, as far as is known here."""
    try:
        if name in ("int2", "int4", "int8"):
            return int(value) is not None
        if name in ("numeric", "float4", "float8"):
            return Decimal(value) is not None
        if name in ("json", "jsonb"):
            json.loads(value)
    except (InvalidOperation, ValueError):
        return False
    return name in ("json", "jsonb", "text", "varchar", "bpchar", "name") or (
        name == "bool" and value in ("true", "false", "t", "f")
    )
