"""NOT NULL is proven before it is set; what refuses a NULL that is documented is dropped where that is all it does."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.keys import nulls
from conformance.model.mends import dropped, everybody, not_null
from conformance.model.others import others_of_null
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, qualified

KIND = "not-null"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    if requirement.claim == "nullable":
        return _nullable(requirement, site)
    table, name = site.there, requirement.columns[0]
    if table.children and not table.key:
        reason = f"rows of the inheriting tables {', '.join(table.children)} may hold NULL"
        return Left(leaves=(requirement.id,), why="partitions", reason=reason)
    return Mend(
        mends=(requirement.id,),
        steps=tuple(not_null(table, name)),
        rows=() if site.created else (nulls(site, name),),
        stops=f"rows whose {name} is NULL",
    )


def _nullable(requirement: Requirement, site: Site) -> Mend | Left:
    table, name, own = site.there, requirement.columns[0], (requirement.id,)
    column, relation, quoted = table.columns[name], qualified(table.schema, table.name), identifier(name)
    if any(index.primary and name in {key.column for key in index.keys} for index in table.indexes):
        return Left(leaves=own, why="decision", reason=f"{name} is part of the primary key: another key comes first")
    if any(domain.not_null or domain.checks for domain in column.type.domains):
        reason = f"the domain {column.type.declared} refuses NULL wherever it is used"
        return Left(leaves=own, why="decision", reason=reason)
    steps = []
    if column.not_null:
        steps.append(
            Step(
                stage=Stage.TRIGGERS,
                does=f"lets {name} be NULL",
                lock=everybody(relation),
                sql=f"ALTER TABLE {relation} ALTER COLUMN {quoted} DROP NOT NULL;",
            )
        )
    alone = [check for check in table.checks if check.columns == (name,)]
    only = [check.name for check in alone if check.expression.text.strip("()") == f"{quoted} IS NOT NULL"]
    if rest := others_of_null(table, name, only):
        return Left(leaves=own, why="decision", reason=f"{rest} may be what refuses NULL, and does more than that")
    steps += [dropped(relation, one, "it refuses NULL, and does nothing else", Stage.TRIGGERS) for one in only]
    if not steps:
        return Left(
            leaves=own, why="decision", reason="what refuses NULL looks at other columns too, or is a partition"
        )
    return Mend(mends=own, steps=tuple(steps))
