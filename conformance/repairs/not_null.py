"""NOT NULL is proven before it is set; what refuses a NULL that is documented is dropped where that is all it does."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.dependants import of_null
from conformance.model.keys import nulls
from conformance.model.mends import dropped, everybody, not_null
from conformance.model.others import others_of_null
from conformance.model.references import why_not_kept
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
        steps=tuple(not_null(table, name, site.constraint_name(f"{table.name}_{name}_proof"))),
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
    waits = site.failing_on(table.name, ("column", "default"), (name,)) if column.identity else ()
    if column.identity and not waits:
        reason = (
            f"{name} draws from a sequence (GENERATED {column.identity.upper()} AS IDENTITY), and refuses NULL for it"
        )
        return Left(leaves=own, why="decision", reason=reason)
    steps = []
    if column.not_null:
        steps.append(
            Step(
                stage=Stage.TRIGGERS,
                does=f"lets {name} be NULL",
                lock=everybody(relation),
                sql=f"ALTER TABLE {relation} ALTER COLUMN {quoted} DROP NOT NULL;",
                users=of_null(table, name, site.major),
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
    return Mend(mends=(*own, *_set_null(site, name)), steps=tuple(steps), needs=waits)


def _set_null(site: Site, name: str) -> tuple[str, ...]:
    """What is asked of a foreign key and departs only because the column, which a deletion sets NULL, cannot be."""
    right = [
        key
        for key in site.there.foreign_keys
        if key.columns == (name,) and key.on_delete == "set null" and not why_not_kept(key, site.there)
    ]
    alone = len(right) == 1 and sum(name in key.columns for key in site.there.foreign_keys) == 1
    asked = site.asked(site.there.name, ("on-delete",), (name,))
    return tuple(r.id for r in asked if r.id in site.failing and r.spec["is"] == "set null") if alone else ()
