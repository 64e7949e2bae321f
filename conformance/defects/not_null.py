"""A column that takes NULL where it must not, or refuses one that is documented."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, declared, mutant, readded, without_index
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "not-null"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column, of_type = _column(requirement, table)
    add = f"{alter(requirement)} ADD CONSTRAINT a_check CHECK"
    if requirement.claim == "nullable":
        yield mutant("set not null", f"{alter(requirement)} ALTER COLUMN {column} SET NOT NULL")
        yield mutant("a check that refuses NULL", f"{add} ({column} IS NOT NULL)")
        yield mutant("a check that refuses NULL, not valid", f"{add} ({column} IS NOT NULL) NOT VALID")
        yield mutant(
            "a domain that refuses NULL",
            f"CREATE DOMAIN a_domain AS {of_type} NOT NULL",
            *readded(requirement, "a_domain"),
        )
        return
    drop = _dropped(requirement, table)
    yield mutant("nullable", *drop)
    yield mutant("nullable, with a check that is not valid", *drop, f"{add} ({column} IS NOT NULL) NOT VALID")
    yield mutant("nullable, with a check that refuses nothing", *drop, f"{add} ({column} IS NOT NULL OR true)")
    yield mutant("nullable, with the NULL trap", *drop, f"{add} (({column} IS NOT NULL) OR NULL)")
    yield mutant(
        "nullable, with a check that is not enforced",
        *drop,
        f"{add} ({column} IS NOT NULL) NOT ENFORCED",
        oldest=18,
    )
    yield mutant(
        "not null, not valid",
        *drop,
        f"{alter(requirement)} ADD CONSTRAINT a_not_null NOT NULL {column} NOT VALID",
        oldest=18,
    )


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column, of_type = _column(requirement, table)
    add = f"{alter(requirement)} ADD CONSTRAINT a_check CHECK"
    if requirement.claim == "nullable":
        yield mutant("a check that refuses nothing", f"{add} ({column} IS NOT NULL OR {column} IS NULL)")
        yield mutant("a domain", f"CREATE DOMAIN a_domain AS {of_type}", *readded(requirement, "a_domain"))
        return
    yield mutant("a check that refuses NULL", *_dropped(requirement, table), f"{add} ({column} IS NOT NULL)")
    yield mutant(
        "a domain that refuses NULL",
        f"CREATE DOMAIN a_domain AS {of_type} NOT NULL",
        *readded(requirement, "a_domain"),
    )
    yield mutant("added again as NOT NULL", *readded(requirement, f"{of_type} NOT NULL"))


def _column(requirement: Requirement, table: Table) -> tuple[str, str]:
    return identifier(requirement.columns[0]), declared(table.columns[requirement.columns[0]])


def _dropped(requirement: Requirement, table: Table) -> tuple[str, ...]:
    """NOT NULL taken off, and first a primary key that implies it."""
    column = requirement.columns[0]
    keys = [i.name for i in table.indexes if i.primary and any(key.column == column for key in i.keys)]
    return (
        *(without_index(table, name) for name in keys),
        f"{alter(requirement)} ALTER COLUMN {identifier(column)} DROP NOT NULL",
    )
