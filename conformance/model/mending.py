"""What the repairs of all checks share: SQL that runs on what is there, or a comment that says why there is none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from textwrap import wrap

from conformance.model.catalog import Check, Column, Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier, qualified

_WIDTH = 80
_LONGEST = 63


def comment(text: str) -> str:
    """The text as a comment of SQL, in lines that fit beside the report's margin."""
    flat = " ".join(text.split())  # a name may hold a line feed, and what stands behind it would be run
    return "\n".join(f"-- {line}" for line in wrap(flat, _WIDTH - 3, break_long_words=False, break_on_hyphens=False))


def script(*parts: str) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(part for part in parts if part)


def relation(requirement: Requirement, table: Table | None) -> str:
    """The table's name in SQL."""
    return beside(table, requirement.table)


def beside(table: Table | None, name: str) -> str:
    """The name, in SQL, of something that lives in the table's schema; `public` need not be said."""
    return identifier(name) if table is None or table.schema == "public" else qualified(table.schema, name)


def placed(statements: str, table: Table) -> str:
    """Statements about the table, with its schema where that has to be said. Comments are left as they are."""
    deed = re.compile(rf"\b(UPDATE|ALTER TABLE|DELETE FROM) {re.escape(table.name)}\b")
    named = beside(table, table.name)
    lines = statements.split("\n")
    return "\n".join(x if x.startswith("--") else deed.sub(lambda found: f"{found[1]} {named}", x) for x in lines)


def names(columns: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in columns)


def column_of(requirement: Requirement, table: Table | None) -> Column | None:
    """The one column that the requirement is about, if it is there."""
    return table.columns.get(requirement.columns[0]) if table is not None else None


def free(wanted: str, taken: Collection[str]) -> str:
    """The name, or the first of name_1, name_2 … that is not taken, no longer than PostgreSQL keeps."""
    for number in range(len(taken) + 1):
        tail = f"_{number}" if number else ""
        head = wanted.encode()[: _LONGEST - len(tail)].decode("utf-8", "ignore")
        if head + tail not in taken:
            return head + tail
    return wanted


def constraint_names(table: Table | None) -> set[str]:
    """The names that a new constraint of the table cannot have: those of its constraints, and of its indexes."""
    if table is None:
        return set()
    own = {check.name for check in table.checks} | {key.name for key in table.foreign_keys}
    return own | {index.name for index in table.indexes} | {i.constraint for i in table.indexes if i.constraint}


def by_a_view(requirement: Requirement, table: Table | None) -> str:
    """The comment where a view or a foreign table stands in the table's place, or ""."""
    if table is None or table.is_table:
        return ""
    return comment(f"{table.described} stands in the table's place: what mends it is behind it, or its definition")


def by_children(table: Table | None) -> str:
    """The comment where tables inherit, or ""."""
    if table is None or not table.children:
        return ""
    inherit = f"{', '.join(table.children)} inherit{'s' * (len(table.children) == 1)} from {table.name}"
    return comment(
        f"{inherit}, and nothing reaches across inheriting tables: take them out of it (ALTER TABLE ... NO INHERIT"
        " ...), or make them partitions"
    )


def validated(table: str, adds: Iterable[str], name: str, condition: str) -> str:
    """One statement that does what `adds` says and adds the CHECK for new rows, then one that proves the old ones."""
    clauses = [*adds, f"ADD CONSTRAINT {identifier(name)} CHECK ({condition}) NOT VALID"]
    return script(
        f"ALTER TABLE {table} " + ",\n    ".join(clauses) + ";",
        f"ALTER TABLE {table} VALIDATE CONSTRAINT {identifier(name)};",
    )


def dropped(checks: Iterable[Check]) -> list[str]:
    return [f"DROP CONSTRAINT {identifier(check.name)}" for check in checks]
