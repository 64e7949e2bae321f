"""A table of this name exists, and clients can read and write its rows.

Why: everything else hangs on it. A missing table is one finding; what would have stood in it fails because of it.

Example: `0013/agent_documents/table` asks for a table `agent_documents` in the first schema of the search path that
has a relation of that name.

Passes: an ordinary or a partitioned table, by any owner; a view through which rows can be inserted, or a foreign table,
each with a note, because the constraints behind it cannot be seen.

Fails: no such relation on the search path (a copy in a schema that is off the path is named, and is no table of ours);
a view that rows cannot be inserted through; a materialized view; a rule that does something else instead of an INSERT.

Repair: `CREATE TABLE`, as `conformance ddl` prints it.

Limits: whether a particular role may use the table is a matter of privileges, and is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.catalog import Table
from conformance.model.contract import Requirement, Shapes
from conformance.model.mending import comment, relation, script
from conformance.model.outcome import Judgement, failed, passed
from conformance.model.scene import Scene
from conformance.model.sql import identifier

KIND = "table"
CLAIMS: Shapes = {"table": {}}
SEEN_THROUGH_VIEWS = True


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    if columns:
        yield "it is about a table; write MIGRATION/TABLE"


def expected(requirement: Requirement) -> str:
    return f"a table {requirement.table}"


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    notes = []
    if table.row_security:
        notes.append("row security is on: who sees which rows depends on the role")
    if table.rules:
        notes.append(f"rules rewrite what is done to it: {', '.join(table.rules)}")
    asked = expected(requirement)
    if table.kind == "m":
        return failed(asked, table.described, "rows cannot be written to a materialized view")
    if "insert" in table.replaced and table.is_table:
        return failed(
            asked, table.described, f"a rule does something else instead of the INSERT: {', '.join(table.rules)}"
        )
    if table.kind == "v" and not table.updatable:
        return failed(asked, table.described, "rows cannot be inserted through this view")
    if not table.is_table:
        notes.append("the constraints behind it cannot be seen from here")
    return passed(asked, table.described, "; ".join(notes))


def repair(requirement: Requirement, table: Table | None) -> str:
    missing = comment(f"conformance ddl prints the CREATE TABLE {identifier(requirement.table)} that conforms")
    if table is None:
        return missing
    name = relation(requirement, table)
    if not table.is_table:
        return script(comment(f"{table.described} has to give way, renamed or dropped; then:"), missing)
    drops = [f"DROP RULE {identifier(rule)} ON {name};" for rule in table.rules]
    if len(drops) == 1:
        return drops[0]
    return script(comment("the rule that does something else instead of the INSERT has to go:"), *map(comment, drops))
