"""What the repairs of keys share: what hinders them, what has to give way, and which rows would stop them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.model.contract import Requirement
from conformance.model.look import OWN, Look, Rows, Shown
from conformance.model.mends import taken_away
from conformance.model.reading import Unreadable
from conformance.model.record import replace
from conformance.model.repair import Left, Site, Step, Users
from conformance.model.sql import identifier
from conformance.model.surplus import surplus
from conformance.model.uniqueness import key_columns, why_not_kept, why_not_possible

_LONGEST_ENTRY = 2600
"""As many bytes, stored as they are in the table, surely fit into an entry of a btree."""

_SHORT = frozenset("bool int2 int4 int8 float4 float8 uuid date time timetz timestamp timestamptz name".split())
"""Types whose values are never too long for an index."""

UNORDERED = frozenset({"json", "xml", "point"})
"""The types whose values have no order, and no equality."""


def hindered(requirement: Requirement, site: Site) -> Left | None:
    """Why no index can be built beside the work that orders all rows, if there is a reason."""
    table = site.there
    keeps_apart = requirement.claim in ("primary-key", "unique")
    if keeps_apart and (impossible := why_not_possible(table, requirement.columns)):
        reason = impossible
    elif table.kind == "p":
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


def fitting(site: Site, columns: tuple[str, ...], steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps that build a btree; PostgreSQL refuses the last where a row has values too long for an entry."""
    *before, build = steps
    return (*before, replace(build, users=(*build.users, *_too_long(site, columns))))


def _too_long(site: Site, columns: tuple[str, ...]) -> Iterator[Users]:
    """The rows whose values are longer than an entry can be; those of an enum or of a new column never are."""
    table = site.there
    long = [
        name
        for name in columns
        if name not in site.added
        and (table.columns[name].type.array or table.columns[name].type.name not in _SHORT)
        and table.columns[name].type.labels is None
    ]
    if site.created or not long:
        return
    sizes = " + ".join(
        f"COALESCE(pg_catalog.pg_column_size({OWN}.{identifier(name)}), '0'::pg_catalog.int4)" for name in long
    )
    look = Rows(
        table=site.reading.relation(table.name),
        violates=f"{sizes} > '{_LONGEST_ENTRY}'::pg_catalog.int4",
        ids=(Shown(name="row", sql=f"{OWN}.ctid"),),
    )
    yield Users(look=look, words=f"has a {', '.join(long)} too long for an index")


def nulls(site: Site, name: str) -> Look | None:
    """The rows that have no value; all of them where the column is not there yet."""
    table = site.there.name
    try:
        missing = name in site.added
        return site.reading.rows(table, "true" if missing else f"{site.reading.bare(table, name)} IS NULL")
    except Unreadable:
        return None
