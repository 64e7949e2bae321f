"""An index that serves the lookup is built beside the work; one that is not valid gives way."""

from __future__ import annotations

from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.keys import UNORDERED, fitting, hindered
from conformance.model.mends import built, index_dropped
from conformance.model.repair import Left, Mend, Site
from conformance.model.sql import identifier

KIND = "index"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    if why := hindered(requirement, site):
        return why
    table, spec, own = site.there, requirement.spec, (requirement.id,)
    for column in requirement.columns:
        if not _indexable(table, column, spec["method"]):
            reason = f"{spec['method']} has nothing for {column} as long as it is {table.columns[column].type.declared}"
            return Left(leaves=own, why="waits", reason=reason)
    opclass = f" {spec['opclass']}" if "opclass" in spec else ""
    keys = ", ".join(
        identifier(column) + opclass + (" DESC" if column in spec.get("descending", ()) else "")
        for column in requirement.columns
    )
    where = f" WHERE {spec['where']}" if "where" in spec else ""
    name = site.index_name(requirement, f"idx_{table.name}_{'_'.join(requirement.columns)}")
    width = len(requirement.columns)
    broken = [
        index.name
        for index in table.indexes
        if tuple(key.column for key in index.keys)[:width] == requirement.columns
        and not (index.valid and index.ready)
        and index.constraint is None
    ]
    steps = tuple(built(table, name, keys, method=spec["method"], where=where))
    steps = fitting(site, requirement.columns, steps) if spec["method"] == "btree" else steps
    gone = (index_dropped(table.schema, one, f"it is not valid, and {name} is") for one in broken)
    typed = [id_ for one in requirement.columns for id_ in site.failing_on(table.name, ("type",), (one,))]
    return Mend(mends=own, steps=(*steps, *gone), needs=tuple(typed) if opclass else ())


def _indexable(table: Table, column: str, method: str) -> bool:
    """Whether the method has an operator class for the type, as far as is known here."""
    type_ = table.columns[column].type
    if method in ("ivfflat", "hnsw"):
        return type_.name in ("vector", "halfvec", "sparsevec") and not (type_.array or type_.domains)
    if method == "gin":
        return type_.array or type_.name in ("jsonb", "tsvector")
    return type_.name not in UNORDERED
