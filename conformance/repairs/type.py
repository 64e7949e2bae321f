"""A column's type is changed where the stored form stays and every value fits, or where there are no rows; whatever
else is left to its owner."""

from __future__ import annotations

from conformance.model.catalog import Column, Table, Type
from conformance.model.contract import Requirement
from conformance.model.dependants import of_column
from conformance.model.mends import everybody
from conformance.model.planned import default_of
from conformance.model.record import replace
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.retyping import hanging, retyped, tellable
from conformance.model.spelled import parse
from conformance.model.sql import identifier, mentions, qualified

KIND = "type"

_WIDER = frozenset({("int2", "int4"), ("int2", "int8"), ("int4", "int8"), ("float4", "float8")})
"""Types, and those that hold all of their values."""

_OF_A_ZONE = {"timestamp", "timestamptz"}
"""Types whose values become another's by a zone that somebody has to say."""

_MOMENTS = frozenset({"time", "timetz", "timestamp", "timestamptz"})
"""Types that PostgreSQL makes finer without looking at a row."""


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, name, to = site.there, requirement.columns[0], str(requirement.spec["is"])
    found = table.columns[name]
    if not _stays(found.type, to):
        return _anew(requirement, site, found, to)
    if found.inherited or table.children or table.parts or table.key:
        beside = "is inherited" if found.inherited else "is in partitions, or in tables that inherit, too"
        return Left(leaves=(requirement.id,), why="partitions", reason=f"{name} {beside}")
    if hanging := _hanging(table, name):
        reason = f"{hanging} would be made again from every row, under the lock: drop it before, and add it anew"
        return Left(leaves=(requirement.id,), why="rewrite", reason=reason)
    if not found.collation_shipped:
        reason = f"{name} has the collation {found.collation}, which is somebody's own and would be lost"
        return Left(leaves=(requirement.id,), why="decision", reason=reason)
    collate = (
        f" COLLATE {qualified('pg_catalog', found.collation)}" if found.collation else ""
    )  # another reads all rows
    relation = qualified(table.schema, table.name)
    step = Step(
        stage=Stage.TYPES,
        does=f"makes {name} {to}, which holds all that {found.type.declared} holds and stores it alike",
        lock=everybody(relation),
        sql=f"ALTER TABLE {relation} ALTER COLUMN {identifier(name)} TYPE {to}{collate};",
        users=of_column(table, name),
    )
    made = replace(found, type=Type(declared=to, name=parse(to)[0]))
    return Mend(
        mends=(requirement.id,),
        steps=(step,),
        table=replace(table, columns={**table.columns, name: made}),
    )


def _anew(requirement: Requirement, site: Site, column: Column, to: str) -> Mend | Left:
    """The table would be written anew: only one without rows is."""
    table, name, own = site.there, column.name, (requirement.id,)
    change = (column.type.name, parse(to)[0])
    fits = "" if change in _WIDER else ", which not every value need fit"
    fits = ", and of which zone the times are is known to nobody here" if set(change) == _OF_A_ZONE else fits
    reason = f"from {column.type.declared} to {to}{fits}: take a new column, fill it in batches, and let the two change"
    reason += " names"
    alone = not (column.inherited or column.identity or table.children or table.parts or table.key)
    default = column.default is None or default_of(site, table.name, name)
    hangs = hanging(table, name) or site.led_to(table.name, {name})
    unread = column.type.array and site.asked(table.name, ("one-of",), (name,))  # which values it takes is not known
    if unread or not (alone and default and tellable(column, to)) or hangs:
        return Left(leaves=own, why="rewrite", reason=reason)
    defaults = site.failing_on(table.name, ("default",), (name,)) if column.default is not None else ()
    return retyped((*own, *defaults), site, column, to, f"rows in {table.name}, {reason}")


def _hanging(table: Table, name: str) -> str:
    """What is computed from the column, so that PostgreSQL would look at every row again."""
    found = [check.name for check in table.checks if name in check.columns]
    for index in table.indexes:
        parts = [key.expression or "" for key in index.keys] + [index.predicate.text if index.predicate else ""]
        found += [index.name] if any(mentions(part, name) for part in parts) else []
    for column in table.columns.values():
        if column.generated and column.default is not None and mentions(column.default.text, name):
            found.append(column.name)
    return ", ".join(found)


def _stays(actual: Type, to: str) -> bool:
    """Whether the stored form stays, and all that was stored fits."""
    name, limits, array = parse(to)
    if array or actual.array or actual.domains or not actual.shipped:
        return False
    if (actual.name, name) == ("varchar", "text"):
        return True
    was = _digits(actual.typmod) if actual.typmod >= 0 else ()
    if actual.name == name == "numeric" and was:
        will = (*limits, 0)[:2] if limits else ()
        return not will or (was[1] == will[1] and was[0] <= will[0])
    if actual.name == name in _MOMENTS:
        return not limits or -1 < actual.typmod <= limits[0]
    return actual.name == name == "varchar" and actual.typmod >= 0 and (not limits or actual.typmod - 4 <= limits[0])


def _digits(typmod: int) -> tuple[int, int]:
    """The precision and the scale of a numeric."""
    return (typmod - 4) >> 16 & 0xFFFF, (typmod - 4) & 0x7FF
