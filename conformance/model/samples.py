"""Values that are put to the guards of columns of which a claim says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from conformance.model.catalog import Column

SAMPLES: Mapping[str, str] = {
    "text": "x",
    "varchar": "x",
    "bpchar": "x",
    "name": "x",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "bool": "true",
    "int2": "1",
    "int4": "1",
    "int8": "1",
    "float4": "1",
    "float8": "1",
    "numeric": "1",
    "json": "{}",
    "jsonb": "{}",
    "date": "2020-01-01",
    "timestamp": "2020-01-01 00:00:00",
    "timestamptz": "2020-01-01 00:00:00+00",
    "bytea": "x",
}
"""One value of each shipped type that a probe can give to a column that the claim does not speak of."""

STRINGS = frozenset({"text", "varchar", "bpchar", "name"})

_OTHER = "conformance probe"
"""A string that no expression spells out."""


def unheard_of(column: Column, taken: set[str]) -> str:
    """A string that the column can hold and that neither the contract nor the database spells out."""
    length = column.type.typmod - 4 if column.type.name in ("varchar", "bpchar") and column.type.typmod >= 0 else None
    numbered = (f"{_OTHER[:9]}{number}"[-length if length else 0 :] for number in range(10_000))
    others = chain((_OTHER[:length].rstrip(),), numbered)
    return next((text for text in others if text not in taken), _OTHER)
