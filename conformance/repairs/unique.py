"""A unique index is built beside the work and becomes the constraint; what keeps rows apart otherwise gives way."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.keys import departing, duplicates, fitting, hindered
from conformance.model.mending import names
from conformance.model.mends import added, built, everybody, reindexed
from conformance.model.repair import Left, Mend, Site, Stage
from conformance.model.sql import identifier, qualified
from conformance.model.uniqueness import best, key_columns

KIND = "unique"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, columns = site.there, requirement.columns
    if why := hindered(requirement, site):
        return why
    relation = qualified(table.schema, table.name)
    found, _, _ = best(table, columns)
    gone = departing(site, columns)
    rows = () if site.created else (duplicates(site, columns),)
    stops = f"rows that agree in {', '.join(columns)}"
    if found is not None and key_columns(found) == set(columns):
        if not (found.valid and found.ready) and found.immediate and found.predicate is None:
            steps = fitting(site, columns, reindexed(table, found.name))
            return Mend(mends=(requirement.id,), steps=(*steps, *gone), rows=rows, stops=stops)
        if found.valid and found.ready and found.immediate and found.predicate is None:
            if not gone:
                return Left(
                    leaves=(requirement.id,), why="decision", reason="what refuses more rows is the primary key"
                )
            return Mend(mends=(requirement.id,), steps=gone)
    name = site.index_name(requirement, f"{table.name}_{'_'.join(columns)}_key")
    steps = (
        *fitting(site, columns, built(table, name, names(columns), unique=True)),
        added(
            relation,
            name,
            f"UNIQUE USING INDEX {identifier(name)}",
            f"makes {name} a unique constraint",
            everybody(relation),
            Stage.KEYS,
        ),
    )
    return Mend(mends=(requirement.id,), steps=(*steps, *gone), rows=rows, stops=stops)
