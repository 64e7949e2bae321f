"""What the repairs of keys share: what hinders them, what has to give way, and which rows would stop them."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.look import Look
from conformance.model.mends import taken_away
from conformance.model.reading import Unreadable
from conformance.model.record import replace
from conformance.model.repair import Left, Site, Step
from conformance.model.surplus import surplus
from conformance.model.uniqueness import key_columns, why_not_kept

UNORDERED = frozenset({"json", "xml", "point"})
"""The types whose values have no order, and no equality."""


def hindered(requirement: Requirement, site: Site) -> Left | None:
    """Why no index can be built beside the work that orders all rows, if there is a reason."""
    table = site.there
    if table.kind == "p":
        reason = "an index of a partitioned table cannot be built beside the work: build one on each partition first"
    elif table.children:
        reason = (
            f"nothing reaches across the inheriting tables {', '.join(table.children)}: take them out, or make them"
        )
        reason += " partitions"
    elif unordered := [n for n in requirement.columns if table.columns[n].type.name in UNORDERED]:
        kind = table.columns[unordered[0]].type.declared
        reason = f"no index tells values of {unordered[0]} apart as long as it is {kind}"
        return Left(leaves=(requirement.id,), why="waits", reason=reason)
    else:
        return None
    return Left(leaves=(requirement.id,), why="partitions", reason=reason)


def departing(site: Site, columns: tuple[str, ...]) -> tuple[Step, ...]:
    """What takes away the other indexes that keep rows apart by these columns, and refuse what is documented or do
    nothing that the right one does not. The primary key is left where it is."""
    table, wanted = site.there, set(columns)
    asked = site.scene.keys_asked(table.name)
    found = [i for i in table.indexes if i.unique and key_columns(i) == wanted and why_not_kept(table, i)]
    found = [i for i in found if i.valid and i.ready]
    rest = table.indexes
    while True:
        other, _, _ = surplus(replace(table, indexes=rest), wanted, asked)
        if other is None:
            break
        found.append(other)
        rest = tuple(index for index in rest if index.name != other.name)
    return tuple(
        taken_away(site.there, index, "it refuses rows that are documented, or keeps them apart too late")
        for index in {index.name: index for index in found}.values()
        if not index.primary and not site.led_to(table.name, key_columns(index))
    )


def duplicates(site: Site, columns: tuple[str, ...]) -> Look | None:
    """The rows that agree; all of them where a column is not there yet."""
    table, reading = site.there.name, site.reading
    try:
        if set(columns) & site.added:
            return reading.rows(table, "true")
        return reading.repeated(table, columns)
    except Unreadable:
        return None


def nulls(site: Site, name: str) -> Look | None:
    """The rows that have no value; all of them where the column is not there yet."""
    table = site.there.name
    try:
        missing = name in site.added
        return site.reading.rows(table, "true" if missing else f"{site.reading.bare(table, name)} IS NULL")
    except Unreadable:
        return None
