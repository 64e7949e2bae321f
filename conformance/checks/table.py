"""A table of this name exists, and clients can read and write its rows.

Why: everything else hangs on it. A missing table is one finding; what would have stood in it fails because of it.

Example: `0013/agent_documents/table` asks for a table `agent_documents` in the first schema of the search path that
has a relation of that name.

Passes: an ordinary or a partitioned table, by any owner; a view through which rows can be inserted, or a foreign table,
each with a note, because the constraints behind it cannot be seen.

Fails: no such relation on the search path (a copy in a schema that is off the path is named, and is no table of ours);
a view that rows cannot be inserted through; a materialized view; a rule that does something else instead of an INSERT,
an UPDATE or a DELETE, or a trigger that plainly drops or refuses each of them (in a table that is only appended to, an
INSERT alone); a CHECK that no row satisfies; a column that nobody asked for and that no row can leave out; a
partitioned table without a partition.

Indeterminate: a view with a check option; partitions that leave rows without a place; a table that is itself a
partition of another one; a partition that keeps rows apart by a key of its own, whose CHECK no row satisfies, or whose
trigger plainly drops or refuses each row; a trigger before each INSERT whose body may give back no row, or another one;
one that may raise an error whatever is in the row. What else a partition has for itself is noted, and which triggers a
new row passes through.

Repair: `CREATE TABLE`, as `conformance ddl` prints it.

Limits: whether a particular role may use the table is a matter of privileges, and is not judged here. Only CHECKs
without columns, or about NULL alone, are tried on every row that there may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import Any

from conformance.model import inserting, mandatory
from conformance.model.below import in_words, strange_keys
from conformance.model.cascades import drops, fires_before, may_refuse_each, refuses_each
from conformance.model.catalog import Check, Table
from conformance.model.contract import Requirement, Shapes
from conformance.model.guards import by_nullness_alone, why_not_evaluable
from conformance.model.mending import comment, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.placement import Gap, gaps, parts_below
from conformance.model.question import Accepted, Probe, Question
from conformance.model.scene import Scene
from conformance.model.sql import identifier
from conformance.model.uniqueness import shown

KIND = "table"
CLAIMS: Shapes = {"table": {"append-only": (bool, None)}}
SEEN_THROUGH_VIEWS = True

_FEW = 6


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    if columns:
        yield "it is about a table; write MIGRATION/TABLE"


def expected(requirement: Requirement) -> str:
    return f"a table {requirement.table}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    below = (check for part in parts_below(table) for check in part.checks)
    for check in (*table.checks, *below):
        if (probe := _probe(table, check)) is not None:
            yield probe
    yield from mandatory.questions(table, scene.columns_asked(table.name))


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    notes = []
    if table.row_security:
        notes.append("row security is on: who sees which rows depends on the role")
    if table.rules:
        notes.append(f"rules rewrite what is done to it: {', '.join(table.rules)}")
    if changing := ", ".join(inserting.changing(table)):
        notes.append(f"what is written to it passes through {changing}, before each INSERT")
    asked = expected(requirement)
    if table.kind == "m":
        return failed(asked, table.described, "rows cannot be written to a materialized view")
    if table.is_table and (why := _why_not_written(requirement, table, scene)):
        return failed(asked, table.described, why)
    if why := next(_doubts(requirement, table, scene), ""):
        return undecided(asked, table.described, why)
    if table.kind == "v" and table.updatable is None:
        return undecided(asked, table.described, "the view's check option refuses what its own condition does not show")
    if table.kind == "v" and not table.updatable:
        return failed(asked, table.described, "rows cannot be inserted through this view")
    if not table.is_table:
        notes.append("the constraints behind it cannot be seen from here")
    notes += in_words(table)
    return passed(asked, table.described, "; ".join(notes))


def repair(requirement: Requirement, table: Table | None) -> str:
    missing = comment(f"conformance ddl prints the CREATE TABLE {identifier(requirement.table)} that conforms")
    if table is None:
        return missing
    name = relation(requirement, table)
    if not table.is_table:
        return script(comment(f"{table.described} has to give way, renamed or dropped; then:"), missing)
    if table.key is not None and not table.parts:
        return comment("a partition has to be made for each row that may come, the default one for the rest")
    drops = [f"DROP RULE {identifier(rule)} ON {name};" for rule in table.rules]
    if len(drops) == 1:
        return drops[0]
    if drops:
        return script(comment("the rule that does something else instead has to go:"), *map(comment, drops))
    return comment(f"what keeps rows from being written has to go from {name}: a trigger, or a CHECK")


def _events(requirement: Requirement) -> tuple[str, ...]:
    """What clients do to the rows."""
    return ("insert",) if requirement.spec.get("append-only") else ("insert", "update", "delete")


def _why_not_written(requirement: Requirement, table: Table, scene: Scene) -> str:
    """Why surely no row can be written, or ""."""
    for event in _events(requirement):
        if event in table.replaced:
            return f"a rule does something else instead of the {event.upper()}: {', '.join(table.rules)}"
        for trigger in table.triggers:
            if fires_before(trigger, event) and not trigger.update_columns and drops(trigger, event):
                return f"the trigger {trigger.name} drops each {event.upper()}"
            if refuses_each(trigger, event):
                return f"the trigger {trigger.name} refuses each {event.upper()}"
    for check in table.checks:
        if _refuses_all(table, check, scene):
            return f"no row satisfies {check.name}: {check.expression.text}"
    whole = (gap.why for gap in gaps(table) if gap.whole)
    return next(chain(whole, mandatory.found(table, scene.columns_asked(table.name), scene.catalog)), "")


def _doubts(requirement: Requirement, table: Table, scene: Scene) -> Iterator[str]:
    """Why it may be that a documented row cannot be written, each in one clause."""
    for gap in gaps(table):
        if not gap.nulls and not _documented(gap, requirement, scene):
            yield gap.why
    for part, index in strange_keys(table, scene.keys_asked(table.name)):
        yield f"{shown(index)}, on the partition {part.name} alone, refuses rows that the table's own keys let in"
    for check in table.checks:
        if check.enforced and not check.columns and (why := why_not_evaluable(check.expression)):
            yield f"{check.name} may refuse every row, and is not evaluated, for {why}: {check.expression.text}"
    for trigger, event in product(table.triggers, _events(requirement)):
        if may_refuse_each(trigger, event):
            yield f"the trigger {trigger.name} may refuse each {event.upper()}: what its body does is not plain to see"
    yield from _doubts_of_partitions(requirement, table, scene)
    yield from inserting.doubts(table, ())


def _doubts_of_partitions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[str]:
    for part in parts_below(table):
        for check in part.checks:
            if part.partition and _refuses_all(table, check, scene):
                yield f"no row satisfies {check.name} of the partition {part.name}: {check.expression.text}"
        for trigger, event in product(part.triggers, _events(requirement) if part.partition else ()):
            named = f"the trigger {trigger.name} of the partition {part.name}"
            if fires_before(trigger, event) and not trigger.update_columns and drops(trigger, event):
                yield f"{named} drops each {event.upper()}"
            elif refuses_each(trigger, event):
                yield f"{named} refuses each {event.upper()}"
            elif may_refuse_each(trigger, event):
                yield f"{named} may refuse each {event.upper()}: what its body does is not plain to see"


def _documented(gap: Gap, requirement: Requirement, scene: Scene) -> bool:
    """Whether all values that the documentation lists find a partition."""
    return gap.listed is not None and any(
        gap.columns == frozenset(claim.columns) and set(claim.spec["values"]) <= gap.listed
        for claim in scene.asked.get(requirement.table, ())
        if claim.claim in ("accepts", "one-of")
    )


def _refuses_all(table: Table, check: Check, scene: Scene) -> bool:
    probe = _probe(table, check)
    answer = scene.catalog.answers.get(probe) if probe is not None else None
    return isinstance(answer, Accepted) and not any(answer.rows)


def _probe(table: Table, check: Check) -> Probe | None:
    """Every row that the CHECK can tell apart, where these are few."""
    if not check.enforced or len(check.columns) > _FEW or why_not_evaluable(check.expression):
        return None
    columns = [table.columns[name] for name in check.columns if name in table.columns]
    plain = by_nullness_alone(check.expression) and all(column.type.name != "bool" for column in columns)
    if len(columns) < len(check.columns) or (columns and not plain):
        return None
    rows = product(*(("x",) if column.not_null else (None, "x") for column in columns)) if columns else [(None,)]
    names = tuple((name, "pg_catalog.text") for name in check.columns or ("x",))
    return Probe(columns=names, expressions=(check.expression.text,), rows=tuple(rows))
