"""A primary key is built beside the work, from a unique index and columns that are proven to hold no NULL."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Requirement
from conformance.model.dependants import of_index, of_key
from conformance.model.keys import departing, duplicates, fitting, hindered, nulls
from conformance.model.mending import names
from conformance.model.mends import added, built, everybody, not_null, reindexed
from conformance.model.record import replace
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, qualified
from conformance.model.uniqueness import best, key_columns, why_not_kept

KIND = "primary-key"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, columns = site.there, requirement.columns
    if why := hindered(requirement, site):
        return why
    old = next((index for index in table.indexes if index.primary), None)
    if old is not None and key_columns(old) != set(columns) and site.led_to(table.name, key_columns(old)):
        reason = f"foreign keys lead to {old.name}: they have to go before, and be made again behind"
        return Left(leaves=(requirement.id,), why="decision", reason=reason)
    nullable = [name for name in columns if not site.created and not _never_null(site, name)]
    proofs = [
        step for name in nullable for step in not_null(table, name, site.constraint_name(f"{table.name}_{name}_proof"))
    ]
    return Mend(
        mends=(requirement.id,),
        steps=(*proofs, *_key(requirement, site)),
        rows=() if site.created else (duplicates(site, columns), *(nulls(site, name) for name in nullable)),
        stops=f"rows that agree in {', '.join(columns)}, or have a NULL there",
        needs=tuple(id_ for name in nullable for id_ in site.failing_on(table.name, ("not-null",), (name,))),
    )


def _key(requirement: Requirement, site: Site) -> Iterator[Step]:
    table, columns = site.there, requirement.columns
    relation = qualified(table.schema, table.name)
    found, _, _ = best(table, columns)
    old = next((index for index in table.indexes if index.primary), None)
    if found is not None and key_columns(found) == set(columns):
        if not why_not_kept(table, found):
            yield from departing(site, columns)
            return
        if not (found.valid and found.ready):
            yield from fitting(site, columns, reindexed(table, found.name))
            return
    name = site.index_name(requirement, f"{table.name}_pkey")
    yield from fitting(site, columns, built(table, name, names(columns), unique=True))
    drops = f"DROP CONSTRAINT IF EXISTS {identifier(old.constraint or old.name)}, " if old is not None else ""
    key = added(
        relation,
        name,
        f"PRIMARY KEY USING INDEX {identifier(name)}",
        f"makes {name} the primary key" + (f" in the place of {old.name}" if old is not None else ""),
        everybody(relation),
        Stage.KEYS,
        drops,
    )
    users = of_index(table, old) if old is not None else ()
    yield replace(key, users=(*key.users, *of_key(table, columns, site.major), *users))
    yield from departing(site, columns)


def _never_null(site: Site, name: str) -> bool:
    column = site.there.columns[name]
    return column.not_null and column.not_null_validated
