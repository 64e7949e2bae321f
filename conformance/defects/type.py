"""A column of a narrower, another, or a wider type."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, mutant, readded
from conformance.model.catalog import Table
from conformance.model.contract import Requirement

KIND = "type"

# For each type that the contract asks for: what is narrower or other, and what holds all that it holds.
_NEAR: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (
        ("varchar(40)", "char(40)", "text[]", "json", "bytea", "name", "integer"),
        ("varchar", "pg_catalog.text"),
    ),
    "integer": (("smallint", "text", "numeric(9,2)", "integer[]", "real"), ("bigint", "int4")),
    "bigint": (("integer", "smallint", "text", "double precision"), ("int8",)),
    "smallint": (("boolean", "text", '"char"'), ("integer", "bigint", "int2")),
    "boolean": (("text", "smallint", "boolean[]", "bit(1)"), ("bool",)),
    "uuid": (("text", "bytea", "uuid[]", "varchar(36)"), ("pg_catalog.uuid",)),
    "uuid[]": (("uuid", "text[]", "jsonb"), ("pg_catalog.uuid[]",)),
    "text[]": (("text", "jsonb", "varchar(40)[]", "integer[]"), ("varchar[]", "pg_catalog.text[]")),
    "jsonb": (("json", "text", "jsonb[]", "bytea"), ("pg_catalog.jsonb",)),
    "timestamp with time zone": (
        ("timestamp", "timestamptz(0)", "date", "text", "bigint", "timestamptz[]"),
        ("timestamptz", "timestamptz(6)"),
    ),
    "double precision": (("real", "integer", "text", "numeric(4,2)"), ("numeric", "float8", "float(53)")),
    "numeric(12,6)": (
        ("numeric(10,6)", "numeric(12,2)", "real", "double precision", "integer"),
        ("numeric(14,6)", "numeric", "decimal(12,6)"),
    ),
    "vector(1536)": (("vector(768)", "real[]", "text", "halfvec(1536)"), ("vector", "public.vector(1536)")),
}


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    for other in _NEAR[requirement.spec["is"]][0]:
        yield mutant(f"{other}", *readded(requirement, other))
    asked = requirement.spec["is"]
    if asked not in ("text", "text[]"):
        yield mutant("an enum", "CREATE TYPE an_enum AS ENUM ('x')", *readded(requirement, "an_enum"))
    narrower = _NEAR[asked][0][0]
    yield mutant(
        f"a domain over {narrower}",
        f"CREATE DOMAIN a_domain AS {narrower}",
        *readded(requirement, "a_domain"),
    )


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    asked = requirement.spec["is"]
    for other in _NEAR[asked][1]:
        yield mutant(f"{other}", *readded(requirement, other))
    yield mutant(f"a domain over {asked}", f"CREATE DOMAIN a_domain AS {asked}", *readded(requirement, "a_domain"))
    yield mutant(
        f"a domain over a domain over {asked}",
        f"CREATE DOMAIN inner_domain AS {asked}",
        "CREATE DOMAIN a_domain AS inner_domain",
        *readded(requirement, "a_domain"),
    )
