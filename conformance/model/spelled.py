"""How a type is spelled, and what the catalog calls it."""

from __future__ import annotations

import re
from functools import lru_cache

ALIASES = {
    "smallint": "int2",
    "integer": "int4",
    "int": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "float": "float8",
    "decimal": "numeric",
    "boolean": "bool",
    "character varying": "varchar",
    "character": "bpchar",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time without time zone": "time",
    "time with time zone": "timetz",
}

SPELLED = re.compile(r"(?P<name>[a-z_][a-z0-9_ ]*?)\s*(?:\((?P<typmod>[0-9, ]+)\))?(?P<array>(?:\[\])?)\Z")


@lru_cache(maxsize=1000)
def parse(spelled: str) -> tuple[str, tuple[int, ...], bool]:
    """`numeric(12,6)` as ("numeric", (12, 6), False): the catalog's name, the modifier, whether it is an array."""
    match = SPELLED.match(spelled.strip().lower())
    if match is None:
        return spelled, (), False
    typmod = tuple(int(part) for part in match["typmod"].split(",")) if match["typmod"] else ()
    return ALIASES.get(match["name"], match["name"]), typmod, bool(match["array"])
