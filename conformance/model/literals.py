"""Values of PostgreSQL's types as SQL: plain ones, ones at the boundaries, and ones that no such type takes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conformance.model.catalog import Type
from conformance.model.record import Record
from conformance.model.sql import literal

_MODIFIED = re.compile(r"([a-z ]+?)(?:\(([\d, ]+)\))?(\[\])?\Z")

TEXTS = ("text", "varchar", "bpchar", "name")
NUMBERS = ("int2", "int4", "int8", "numeric", "float4", "float8")
TIMES = ("timestamptz", "timestamp", "date")
_RANGES = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


class Boundaries(Record):
    """`taken` go in and come back unchanged, each in a spelling of SQL; `refused` are no values of the type."""

    taken: tuple[str, ...]
    refused: tuple[str, ...] = ()


def uuid(number: int) -> str:
    """A UUID for each number."""
    return literal(f"00000000-0000-4000-8000-{number:012x}")


_PLAIN: Mapping[str, tuple[str, ...]] = {
    "bool": ("true", "false"),
    "int2": ("1", "0", "2"),
    "int4": ("1", "0", "2"),
    "int8": ("1", "0", "2"),
    "numeric": ("1", "0", "0.5"),
    "float4": ("1", "0", "0.5"),
    "float8": ("1", "0", "0.5"),
    "timestamptz": ("'2026-01-01 00:00:00+00'", "'1999-12-31 23:59:59.5+00'"),
    "timestamp": ("'2026-01-01 00:00:00'", "'1999-12-31 23:59:59.5'"),
    "date": ("'2026-01-01'", "'1999-12-31'"),
    "time": ("'00:00'", "'23:59'"),
    "interval": ("'1 day'", "'0'"),
    "jsonb": ("'{}'", "'[]'", """'{"a": 1}'"""),
    "json": ("'{}'", "'[]'", """'{"a": 1}'"""),
    "bytea": (r"'\x'", r"'\x00'"),
    "inet": ("'127.0.0.1'",),
    "text": ("'x'", "''", "'two words'"),
}


def plain(type_: Type, number: int, *, telling: bool) -> tuple[str, ...]:
    """Ordinary values of a type, the plainest first; where they are `telling`, one that no other number has."""
    if type_.array:
        return ("'{}'",)
    if type_.labels:
        return tuple(literal(label) for label in type_.labels)
    if type_.name == "uuid":
        return (uuid(number),)
    if type_.name == "vector":
        dimensions = type_.typmod if type_.typmod > 0 else 3
        return (_vector(dimensions),)
    if telling and type_.name in NUMBERS:
        return (str(number % 30_000),)
    if telling and type_.name in TEXTS:
        return (f"'x{number}'",)
    return _PLAIN.get(type_.name, _PLAIN["text"])


def boundaries(declared: str) -> Boundaries | None:
    """What a documented type takes and refuses, or None for a type of which nothing is known here."""
    found = _MODIFIED.match(declared)
    if found is None:
        return None
    name, modifier, array = found[1], found[2] or "", bool(found[3])
    if array:
        return _ARRAYS.get(name)
    if name in _RANGES:
        most = _RANGES[name]
        return Boundaries(taken=("0", "-1", str(most - 1), str(-most)), refused=("'x'",))
    if name == "numeric" and modifier:
        digits, _, scale = (part.strip() for part in modifier.partition(","))
        places = int(scale or 0)
        whole = "9" * (int(digits) - places)
        most_ = f"{whole}.{'9' * places}" if places else whole
        least = f"0.{'0' * (places - 1)}1" if places else "1"
        return Boundaries(taken=("0", most_, f"-{most_}", least), refused=("'x'",))
    if name == "vector" and modifier:
        return Boundaries(taken=(_vector(int(modifier)),), refused=("'[1]'", "'x'"))
    return _BOUNDARIES.get(name)


def _vector(dimensions: int) -> str:
    """It is cast by being put in: the type may stand in a schema in which nobody looks for it."""
    return f"array_fill(0.5::real, ARRAY[{dimensions}])"


_BOUNDARIES: Mapping[str, Boundaries] = {
    "uuid": Boundaries(
        taken=(
            uuid(1),
            "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
        ),
        refused=("'no uuid'",),
    ),
    "text": Boundaries(taken=("'x'", "''", "' X '", "'Naïve – 漢字'", "repeat('x', 10000)")),
    "timestamp with time zone": Boundaries(
        taken=(
            "'2026-01-01 00:00:00+00'",
            "'1969-12-31 23:59:59+00'",
            "'2026-03-29 02:30:00.123456+02'",
            "'9999-12-31 23:59:59.999999+00'",
        ),
        refused=("'no time'",),
    ),
    "jsonb": Boundaries(
        taken=("'{}'", "'[]'", "'null'", """'"x"'""", """'{"a": [1, null, {"b": "é"}]}'"""),
        refused=("'{'", r"""'"\u0000"'"""),
    ),
    "boolean": Boundaries(taken=("true", "false"), refused=("'maybe'",)),
    "numeric": Boundaries(taken=("0", "123456789012345678901234567890.123456789"), refused=("'x'",)),
    "double precision": Boundaries(taken=("0", "0.1", "1e300", "-1e-300"), refused=("'x'",)),
}
_ARRAYS: Mapping[str, Boundaries] = {
    "text": Boundaries(taken=("'{}'", "'{x}'", """'{"two words","",NULL}'"""), refused=("'{'",)),
    "uuid": Boundaries(taken=("'{}'", "'{00000000-0000-4000-8000-000000000001}'"), refused=("'{x}'",)),
}
