"""A set of values that lets in one more, or one fewer, or that nothing holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from conformance.defects import Mutant, alter, checked, mutant, readded, without_checks
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier, literal

KIND = "one-of"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    values: list[str] = requirement.spec["values"]
    column = identifier(requirement.columns[0])
    for value in values:
        kept = [v for v in values if v != value]
        yield checked(requirement, table, f"without {value}", f"{column} IN ({_listed(kept)})")
    yield checked(requirement, table, "in capitals", f"{column} IN ({_listed(v.upper() for v in values)})")
    yield checked(requirement, table, "hyphens", f"{column} IN ({_listed(v[:-1] + '-' for v in values)})")
    yield mutant(
        "a second, narrower check",
        f"{alter(requirement)} ADD CONSTRAINT a_check CHECK ({column} <> {literal(values[0])})",
    )
    yield mutant(
        "an enum without one",
        f"CREATE TYPE an_enum AS ENUM ({_listed(values[1:])})",
        *readded(requirement, "an_enum"),
    )
    if requirement.claim == "one-of":
        yield from _open(requirement, table, values, column)


def _open(requirement: Requirement, table: Table, values: Sequence[str], column: str) -> Iterator[Mutant]:
    """What accepts all that it should, and more."""
    listed = _listed(values)
    yield mutant("dropped", *without_checks(table, requirement.columns))
    more = {
        "one value more": f"{column} IN ({listed}, 'surplus')",
        "one empty value more": f"{column} IN ({listed}, '')",
        "folded case": f"lower({column}) IN ({listed})",
        "trimmed": f"btrim({column}) IN ({listed})",
        "the NULL trap": f"{column} IN ({listed}, NULL)",
        "or true": f"{column} IN ({listed}) OR true",
        "or longer than 60": f"{column} IN ({listed}) OR length({column}) > 60",
        "a pattern": f"{column} LIKE {literal(values[0] + '%')} OR {column} IN ({listed})",
        "an expression that is not anchored": f"{column} ~ {literal('|'.join(values))}",
        "an expression that folds case": f"{column} ~* {literal('^(' + '|'.join(values) + ')$')}",
        "not empty": f"{column} <> ''",
        "a position that is NULL where there is none": f"array_position(ARRAY[{listed}], {column}) > 0",
    }
    for name, condition in more.items():
        yield checked(requirement, table, name, condition)
    yield checked(requirement, table, "not valid", f"{column} IN ({listed})", suffix=" NOT VALID")
    yield checked(requirement, table, "not enforced", f"{column} IN ({listed})", suffix=" NOT ENFORCED", oldest=18)
    yield mutant(
        "an enum with one more",
        f"CREATE TYPE an_enum AS ENUM ({listed}, 'surplus')",
        *readded(requirement, "an_enum"),
    )
    yield mutant(
        "a domain with one more",
        f"CREATE DOMAIN a_domain AS text CHECK (VALUE IN ({listed}, 'surplus'))",
        *readded(requirement, "a_domain"),
    )
    yield mutant(
        "a lookup table with one more",
        "CREATE TABLE a_lookup (key text PRIMARY KEY)",
        f"INSERT INTO a_lookup VALUES {_rows([*values, 'surplus'])}",
        *readded(requirement, "text REFERENCES a_lookup"),
    )


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    values: list[str] = requirement.spec["values"]
    column, listed = identifier(requirement.columns[0]), _listed(values)
    yield checked(requirement, table, "a chain of OR", " OR ".join(f"{column} = {literal(value)}" for value in values))
    pattern = "^(" + "|".join(re.escape(v) for v in values) + ")$"
    yield checked(requirement, table, "an anchored expression", f"{column} ~ {literal(pattern)}")
    yield checked(requirement, table, "CASE", f"CASE {column} {_cases(values)} ELSE false END")
    yield checked(
        requirement,
        table,
        "position in an array",
        f"COALESCE(array_position(ARRAY[{listed}], {column}), 0) > 0",
    )
    yield mutant("an enum", f"CREATE TYPE an_enum AS ENUM ({listed})", *readded(requirement, "an_enum"))
    yield mutant(
        "a domain",
        f"CREATE DOMAIN a_domain AS text CHECK (VALUE IN ({listed}))",
        *readded(requirement, "a_domain"),
    )
    yield mutant(
        "a lookup table",
        "CREATE TABLE a_lookup (key text PRIMARY KEY)",
        f"INSERT INTO a_lookup VALUES {_rows(values)}",
        *readded(requirement, "text REFERENCES a_lookup"),
    )
    yield mutant(
        "two checks",
        *without_checks(table, requirement.columns),
        f"{alter(requirement)} ADD CHECK ({column} IN ({listed}, 'surplus'))",
        f"{alter(requirement)} ADD CHECK ({column} <> 'surplus')",
    )


def _listed(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in values)


def _rows(values: Sequence[str]) -> str:
    return ", ".join(f"({literal(value)})" for value in values)


def _cases(values: Sequence[str]) -> str:
    return " ".join(f"WHEN {literal(value)} THEN true" for value in values)
