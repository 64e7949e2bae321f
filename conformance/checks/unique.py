"""No two rows agree on all of these columns.

Why: agent names are how people and agents address each other; two agents of one name get each other's goals.

Example: `0015/agents.name/unique`: `UNIQUE (agents.name)`, over the whole platform.

Passes: a constraint, or a valid unique index over exactly these columns in any order, also with INCLUDE or NULLS NOT
DISTINCT, on a partitioned table through its parent; a primary key on them; with a note, an operator class other than
the default that PostgreSQL or an extension brought, or a collation that folds.

Fails: a partial index, an index on an expression (`lower(name)` is another claim), invalid, not ready, deferrable or
WITHOUT OVERLAPS (neither can arbitrate an ON CONFLICT), on more columns (it lets in what is forbidden) or on fewer (it
refuses what is allowed, even beside the one asked for: also an exclusion constraint, a cast of the column, or a
constant, which lets in one row alone), on one partition only, on a parent whose inheritance children are not covered.

Indeterminate: an index by an operator class that neither PostgreSQL nor an extension brought, which may call anything
equal; beside the one asked for, one on an expression over its columns or on fewer (`lower(name)` may refuse names that
are allowed), or an exclusion by another operator than `=`.

Repair: `CREATE UNIQUE INDEX CONCURRENTLY`, then `ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX`, once the
duplicates are gone.

Limits: an exclusion constraint that has the same effect does not count: it cannot arbitrate an ON CONFLICT. What keeps
rows apart by columns that no claim on keys or on foreign keys is about is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.below import refusing_more
from conformance.model.catalog import Table
from conformance.model.contract import Requirement, Shapes, about_columns
from conformance.model.mending import by_children, comment, constraint_names, free, names, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.scene import Scene
from conformance.model.sql import identifier
from conformance.model.surplus import too_narrow
from conformance.model.uniqueness import best, departing, key_columns, shown, why_in_doubt, why_not_possible

KIND = "unique"
CLAIMS: Shapes = {"unique": {}}


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_columns(columns)


def expected(requirement: Requirement) -> str:
    return f"unique ({', '.join(requirement.columns)})"


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked = expected(requirement)
    found, why, note = best(table, requirement.columns)
    if found is None:
        return failed(asked, why or "no unique constraint and no unique index on these columns")
    if why:
        return (undecided if why == why_in_doubt(found) else failed)(asked, shown(found), why, object=found.name)
    if refused := refusing_more(table, requirement.columns, scene.keys_asked(table.name), asked, found):
        return refused
    if found.primary:
        note = "; ".join(filter(None, ("through the primary key", note)))
    return passed(asked, shown(found), note, object=found.name)


def repair(requirement: Requirement, table: Table | None) -> str:
    name, columns = relation(requirement, table), names(requirement.columns)
    if stuck := by_children(table):
        return stuck
    remarks: list[str] = []
    if table is not None and set(requirement.columns) <= table.columns.keys():
        found, why, _ = best(table, requirement.columns)
        if found is not None and not why:
            return too_narrow(table, name, requirement.columns)
        remarks = departing(table, requirement.columns)
        if found is not None and not key_columns(found):
            remarks.append(comment(f"{found.name} is on an expression: where nothing asks for it, it has to go too"))
        elif found is not None and key_columns(found) < set(requirement.columns):
            remarks.append(comment(f"{found.name} is on fewer columns: where nothing asks for it, it has to go too"))
    key = identifier(free(f"{requirement.table}_{'_'.join(requirement.columns)}_key", constraint_names(table)))
    if table is not None and (impossible := why_not_possible(table, requirement.columns)):
        return comment(impossible)
    before = comment("once no two rows agree in them:")
    if table is not None and table.kind == "p":
        before = comment("once no two rows agree in them; the columns of the partition key must be among them:")
        return script(before, f"ALTER TABLE {name} ADD CONSTRAINT {key} UNIQUE ({columns});", *remarks)
    return script(
        before,
        f"CREATE UNIQUE INDEX CONCURRENTLY {key} ON {name} ({columns});",
        f"ALTER TABLE {name} ADD CONSTRAINT {key} UNIQUE USING INDEX {key};",
        *remarks,
    )
