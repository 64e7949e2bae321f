"""A condition over several columns that is gone, not kept, too wide or too narrow."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, checked, mutant, without_checks
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "check"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    names = [identifier(name) for name in requirement.columns]
    condition = " OR ".join(f"{name} IS NOT NULL" for name in names)
    yield mutant("dropped", *without_checks(table, requirement.columns))
    yield checked(requirement, table, "not valid", condition, suffix=" NOT VALID")
    yield checked(requirement, table, "not enforced", condition, suffix=" NOT ENFORCED", oldest=18)
    yield checked(requirement, table, "or true", f"{condition} OR true")
    yield checked(requirement, table, "the NULL trap", f"({condition}) OR NULL")
    yield checked(requirement, table, "all of them", condition.replace(" OR ", " AND "))
    for name in names:
        yield checked(requirement, table, f"only {name}", f"{name} IS NOT NULL")
    yield checked(requirement, table, "exactly one", f"num_nonnulls({', '.join(names)}) = 1")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    names = ", ".join(identifier(name) for name in requirement.columns)
    yield checked(requirement, table, "coalesce", f"COALESCE({names}) IS NOT NULL")
    yield checked(requirement, table, "num_nonnulls", f"num_nonnulls({names}) >= 1")
    nulls = " AND ".join(f"{identifier(name)} IS NULL" for name in requirement.columns)
    yield checked(requirement, table, "not all NULL", f"NOT ({nulls})")
