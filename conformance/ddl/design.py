"""From the contract's requirements to the tables that would meet all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.model.contract import LEVELS, Contract, Requirement
from conformance.model.sql import literal

_GENERATED = ("must", "should")
_BARE = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z|true\Z|false\Z")
_BARE_TYPES = re.compile(
    r"(smallint|integer|int|bigint|real|float|double precision|numeric|decimal|boolean|bool)(\(.*\))?\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`asked_type` is None where the contract gives no type."""

    name: str
    asked_type: str | None
    not_null: bool
    default: Mapping[str, Any] | None

    @property
    def type(self) -> str:
        """The type asked for, or one that suits the name."""
        return self.asked_type or ("jsonb" if self.name.endswith("metadata") else "text")

    @property
    def default_sql(self) -> str | None:
        """What stands behind DEFAULT; None where there is no default, or where the column is an identity."""
        if self.default is None or self.identity:
            return None
        if "call" in self.default:
            return str(self.default["call"])
        value = str(self.default["value"])
        bare = _BARE.match(value) and _BARE_TYPES.match(self.type)
        return value if bare else literal(value)

    @property
    def identity(self) -> bool:
        return self.default is not None and self.default.get("call") == "nextval()"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, and all that is asked of it."""

    name: str
    asked: Sequence[Requirement]

    def claims(self, *claims: str) -> tuple[Requirement, ...]:
        """What is asked by these claims, in the contract's order."""
        return tuple(r for r in self.asked if r.claim in claims)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._column(r.columns[0]) for r in self.claims("column"))

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        return next((r.columns for r in self.claims("primary-key")), ())

    @property
    def targets(self) -> frozenset[str]:
        """The names of the other tables that foreign keys lead to."""
        return frozenset(reference(r)[0] for r in self.claims("foreign-key")) - {self.name}

    def _column(self, name: str) -> Column:
        def said(*claims: str) -> Requirement | None:
            found = [r for r in self.claims(*claims) if r.columns == (name,)]
            return min(found, key=lambda r: LEVELS.index(r.level), default=None)

        asked_type, default, nullness = said("type"), said("default"), said("not-null", "nullable")
        return Column(
            name=name,
            asked_type=asked_type.spec["is"] if asked_type else None,
            not_null=name in self.primary_key or (nullness is not None and nullness.claim == "not-null"),
            default=default.spec if default else None,
        )


def reference(requirement: Requirement) -> tuple[str, tuple[str, ...]]:
    """The table and the columns that a foreign key leads to."""
    table, _, columns = str(requirement.spec["references"]).partition(".")
    return table, tuple(columns.split("+"))


def design(contract: Contract, through: str) -> tuple[Table, ...]:
    """The tables that every living `must` and `should` asks for, each after those that its foreign keys lead to."""
    living = [r for r in contract.requirements if r.level in _GENERATED and r.alive(through)]
    hosts = {(r.table, r.columns) for r in living if r.claim in ("table", "column")}
    tables = {
        r.table: Table(name=r.table, asked=tuple(_hosted(living, r.table, hosts))) for r in living if _is_table(r)
    }
    return tuple(_ordered(tables))


def _is_table(requirement: Requirement) -> bool:
    return requirement.claim == "table"


def _hosted(
    living: Iterable[Requirement], table: str, hosts: set[tuple[str, tuple[str, ...]]]
) -> Iterator[Requirement]:
    """What is asked of the table, without what hangs on a column or leads to one that is not generated."""
    for requirement in living:
        if requirement.table != table:
            continue
        needed: list[tuple[str, tuple[str, ...]]] = [(table, (name,)) for name in requirement.columns]
        if requirement.claim == "foreign-key":
            target, columns = reference(requirement)
            needed += [(target, ()), *((target, (name,)) for name in columns)]
        if all(host in hosts for host in needed):
            yield requirement


def _ordered(tables: Mapping[str, Table]) -> Iterator[Table]:
    """In the contract's order, but each behind those that it refers to, save where they refer to each other."""
    seen: set[str] = set()

    def visit(table: Table) -> Iterator[Table]:
        seen.add(table.name)
        for name, other in tables.items():
            if name in table.targets - seen:
                yield from visit(other)
        yield table

    for table in tables.values():
        if table.name not in seen:
            yield from visit(table)
