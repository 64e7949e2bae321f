"""The column refuses NULL (`not-null`), or takes it (`nullable`).

Why: a NULL where none is documented is a row that the platform cannot read; a refused NULL where one is documented is a
row that the platform cannot write.

Example: `0013/agent_documents.doc_type/not-null`; `0013/agent_documents.goal_id/nullable`.

`not-null` passes: NOT NULL in any spelling, a primary key, an identity column, a domain that is NOT NULL, a validated
CHECK that refuses NULL, whatever the other columns hold (the last two with a note).

`not-null` fails: a nullable column, NOT NULL … NOT VALID (PostgreSQL 18: rows from before may hold NULL), a CHECK that
is NOT VALID, not enforced, or NO INHERIT where tables inherit, an inheriting table in which the column is nullable.

`nullable` fails on anything that refuses a NULL, also on a CHECK or a NOT NULL that is not valid for old rows, or that
one partition alone has. Where it depends on other columns whether a row comes there, or whether there is a partition
for a NULL, the claim is undecided.

Repair: `ALTER TABLE … ALTER COLUMN … SET NOT NULL` after the NULLs are gone, or `DROP NOT NULL`.

Limits: a CHECK that calls a function which PostgreSQL does not ship is never run, and one over several columns may
depend on more than is tried: both leave the claim undecided where they alone could decide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.admission import Admission
from conformance.model.catalog import Column, Table
from conformance.model.contract import Requirement, Shapes, about_one_column
from conformance.model.guards import guards, refuses_null, why_unproven
from conformance.model.mending import column_of, comment, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.placement import parts_below, places
from conformance.model.question import Question
from conformance.model.scene import Scene
from conformance.model.sql import identifier

KIND = "not-null"
CLAIMS: Shapes = {"not-null": {}, "nullable": {}}


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_one_column(columns)


def expected(requirement: Requirement) -> str:
    return "not null" if requirement.claim == "not-null" else "nullable"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    column = table.columns[requirement.columns[0]]
    if refuses_null(column):
        return
    if requirement.claim == "nullable":
        yield from _admission_of_null(table, column.name).questions()
    else:
        for admission in _admissions(table, column.name):
            yield from admission.questions()


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    column = table.columns[requirement.columns[0]]
    if requirement.claim == "nullable":
        return _judge_nullable(expected(requirement), table, column, scene)
    return _judge_not_null(expected(requirement), table, column, scene)


def repair(requirement: Requirement, table: Table | None) -> str:
    name, column = relation(requirement, table), identifier(requirement.columns[0])
    found = column_of(requirement, table)
    if requirement.claim == "not-null":
        return script(
            comment(f"once {name} has no row whose {column} is NULL:"),
            f"ALTER TABLE {name} ALTER COLUMN {column} SET NOT NULL;",
        )
    if found is None or table is None:
        return f"ALTER TABLE {name} ALTER COLUMN {column} DROP NOT NULL;"
    return script(*_repair_nullable(table, found, name)) or comment(
        f"what refuses NULL is a CHECK over {column} and other columns: {', '.join(_over(table, column, alone=False))}"
    )


def _repair_nullable(table: Table, column: Column, name: str) -> Iterator[str]:
    quoted = identifier(column.name)
    if any(index.primary and column.name in {key.column for key in index.keys} for index in table.indexes):
        yield comment(f"{quoted} is part of the primary key: another key comes first")
        return
    if column.identity:
        yield f"ALTER TABLE {name} ALTER COLUMN {quoted} DROP IDENTITY;"
    if column.not_null:
        yield f"ALTER TABLE {name} ALTER COLUMN {quoted} DROP NOT NULL;"
    for domain in column.type.domains:
        if domain.not_null and domain is column.type.domains[0]:
            yield comment("wherever the domain is used:")
            yield f"ALTER DOMAIN {column.type.declared} DROP NOT NULL;"
        elif domain.not_null:
            yield comment(f"the domain {domain.name}, below {column.type.declared}, refuses NULL too")
    for check in table.checks:
        if check.columns == (column.name,) and check.enforced and not column.not_null:
            drop = f"ALTER TABLE {name} DROP CONSTRAINT {identifier(check.name)}"
            if check.expression.text.strip("()") == f"{quoted} IS NOT NULL":
                yield f"{drop};"
            else:
                text = f"{quoted} IS NULL OR {check.expression.text}"
                yield f"{drop}, ADD CONSTRAINT {identifier(check.name)} CHECK ({text});"


def _over(table: Table, column: str, *, alone: bool) -> list[str]:
    return [check.name for check in table.checks if column in check.columns and (len(check.columns) == 1) == alone]


def _admissions(table: Table, name: str) -> tuple[Admission, ...]:
    """The row (NULL) against the guards that hold for all rows, then against those that hold for new rows alone."""
    if not guards(table, (name,)):
        return ()
    return tuple(Admission(table=table, columns=(name,), rows=((None,),), proven_only=only) for only in (True, False))


def _admission_of_null(table: Table, name: str) -> Admission:
    """The row (NULL) against everything that may refuse it."""
    return Admission(table=table, columns=(name,), rows=((None,),), anywhere=True)


def _judge_not_null(asked: str, table: Table, column: Column, scene: Scene) -> Judgement:
    flag = refuses_null(column)
    if column.not_null and (lax := [part.name for part in parts_below(table) if column.name in part.lax]):
        return failed(asked, f"not null, but nullable in {', '.join(lax)}", "rows of an inheriting table may hold NULL")
    if flag == "not null, not valid":
        return failed(asked, flag, "rows from before the constraint may hold NULL; VALIDATE CONSTRAINT proves them")
    if flag:
        return passed(asked, flag, "" if column.not_null else "the domain refuses NULL")
    fates = [admission.fates(scene.catalog)[0] for admission in _admissions(table, column.name)]
    if fates and fates[0][0] == "refused":
        return passed(asked, f"nullable, but {fates[0][1]} refuses NULL", "a validated CHECK refuses NULL")
    if fates and fates[1][0] == "refused":
        why = next(filter(None, (why_unproven(table, c) for c in table.checks if c.name == fates[1][1])), "NOT VALID")
        return failed(asked, f"nullable; {fates[1][1]} is {why}", "rows that the CHECK was not asked of may hold NULL")
    if fates and fates[0][0] == "unknown":
        return undecided(asked, "nullable", fates[0][1])
    return failed(asked, "nullable")


def _judge_nullable(asked: str, table: Table, column: Column, scene: Scene) -> Judgement:
    if flag := refuses_null(column):
        return failed(asked, flag, "a row without a value is documented, and refused")
    strict = list(places(table, lambda part: column.name in part.required))
    for place in strict:
        if place.open_to_all((column.name,)):
            note = "a row without a value is documented, and refused where it goes there"
            return failed(asked, f"nullable, but not null in the partition {place.part.name}", note)
    fate, why = _admission_of_null(table, column.name).fates(scene.catalog)[0]
    if fate == "refused":
        return failed(asked, f"{why} refuses NULL", "a row without a value is documented, and refused")
    if strict:
        told = ", ".join(place.part.name for place in strict)
        return undecided(asked, f"nullable, but not null in {told}", "whether such a row is there is not known")
    if fate == "unknown":
        return undecided(asked, "nullable", why)
    return passed(asked, "nullable")
