"""The table's rows are told apart by exactly these columns, none of which is NULL.

Why: foreign keys point at it, replication and tools rely on it, and a second row of the same key is a second truth.

Example: `0002/task_dependencies.task_id+depends_on/primary-key`.

Passes: a primary key on exactly these columns in any order, by any name; with a note, a unique constraint or index that
is valid, ready, immediate and not partial where every column is NOT NULL, or a domain or a validated CHECK says so.

Fails: a key on more or fewer columns, one that is deferrable or WITHOUT OVERLAPS (it cannot arbitrate an ON CONFLICT),
a partial, invalid or expression index, a nullable column in a unique index, a parent whose inheritance children are not
covered.

Repair: `CREATE UNIQUE INDEX CONCURRENTLY`, then `ALTER TABLE … ADD PRIMARY KEY USING INDEX`.

Limits: whether the index on disk is sound is a matter for amcheck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.admission import Admission
from conformance.model.below import refusing_more
from conformance.model.catalog import Table
from conformance.model.contract import Requirement, Shapes, about_columns
from conformance.model.mending import beside, by_children, comment, names, relation, script
from conformance.model.outcome import Judgement, failed, passed, undecided
from conformance.model.question import Question
from conformance.model.scene import Scene
from conformance.model.sql import identifier
from conformance.model.surplus import too_narrow
from conformance.model.uniqueness import best, key_columns, shown, why_in_doubt, why_not_possible

KIND = "primary-key"
CLAIMS: Shapes = {"primary-key": {}}


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_columns(columns)


def expected(requirement: Requirement) -> str:
    return f"primary key ({', '.join(requirement.columns)})"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    for name in _by_flag_nullable(requirement, table):
        yield from _null(table, name).questions()


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked = expected(requirement)
    found, why, note = best(table, requirement.columns)
    if found is None:
        return failed(asked, why or "no key and no unique index on these columns")
    if why:
        return (undecided if why == why_in_doubt(found) else failed)(asked, shown(found), why, object=found.name)
    if any(c.not_null and not c.not_null_validated for c in map(table.columns.__getitem__, requirement.columns)):
        return failed(asked, shown(found), "NOT NULL is not valid for the rows of before", object=found.name)
    fates = {name: _null(table, name).fates(scene.catalog)[0] for name in _by_flag_nullable(requirement, table)}
    if nullable := [name for name, (fate, _) in fates.items() if fate == "accepted"]:
        return failed(asked, shown(found), f"{', '.join(nullable)} may be NULL", object=found.name)
    if doubts := [f"whether {name} may be NULL is not known: {w}" for name, (f, w) in fates.items() if f == "unknown"]:
        return undecided(asked, shown(found), "; ".join(doubts), object=found.name)
    note = "; ".join(filter(None, (note, *(f"{why} keeps NULL out of {name}" for name, (_, why) in fates.items()))))
    if refused := refusing_more(table, requirement.columns, scene.keys_asked(table.name), asked, found):
        return refused
    if not found.primary:
        note = "; ".join(filter(None, ("not declared as the primary key, but as good as one", note)))
    return passed(asked, shown(found), note, object=found.name)


def repair(requirement: Requirement, table: Table | None) -> str:
    name, columns = relation(requirement, table), names(requirement.columns)
    if stuck := by_children(table):
        return stuck
    old = next((index for index in table.indexes if index.primary), None) if table is not None else None
    if table is not None and set(requirement.columns) <= table.columns.keys():
        found, why, _ = best(table, requirement.columns)
        nullable = [n for n in requirement.columns if not _never_null(table, n)]
        if found is not None and not why and nullable:
            clauses = ", ".join(f"ALTER COLUMN {identifier(n)} SET NOT NULL" for n in nullable)
            return script(comment("once no row has a NULL there:"), f"ALTER TABLE {name} {clauses};")
        if found is not None and not why:
            return too_narrow(table, name, requirement.columns)
    if old is not None and key_columns(old) == set(requirement.columns) and not (old.valid and old.ready):
        return f"REINDEX INDEX {beside(table, old.name)};"
    if table is not None and (impossible := why_not_possible(table, requirement.columns)):
        return comment(impossible)
    before = comment("once no two rows agree in them and none has a NULL there:")
    if old is None:
        return script(before, f"ALTER TABLE {name} ADD PRIMARY KEY ({columns});")
    return script(
        before,
        comment(f"foreign keys that lead to {old.name} have to be dropped before, and made again behind"),
        f"ALTER TABLE {name} DROP CONSTRAINT {identifier(old.constraint or old.name)}, ADD PRIMARY KEY ({columns});",
    )


def _by_flag_nullable(requirement: Requirement, table: Table) -> list[str]:
    """The columns that only a CHECK could keep NULL out of."""
    columns = [table.columns[name] for name in requirement.columns]
    return [c.name for c in columns if not c.not_null and not any(domain.not_null for domain in c.type.domains)]


def _null(table: Table, name: str) -> Admission:
    """The row (NULL) against what holds for all rows."""
    return Admission(table=table, columns=(name,), rows=((None,),), proven_only=True)


def _never_null(table: Table, name: str) -> bool:
    return table.columns[name].not_null and table.columns[name].not_null_validated
