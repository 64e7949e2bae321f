"""A set of values: a CHECK that is the documented set is added, proven, and takes the place of what is not."""

from __future__ import annotations

from conformance.model.catalog import Column, Table
from conformance.model.contract import Requirement
from conformance.model.look import Look
from conformance.model.mends import MOMENT, check, dropped
from conformance.model.others import others
from conformance.model.reading import STRINGS, Unreadable
from conformance.model.repair import Left, Mend, Site, Stage, Step, Why
from conformance.model.sql import identifier, literal, qualified
from conformance.model.surplus import surplus

KIND = "one-of"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, name = site.there, requirement.columns[0]
    column, own = table.columns[name], site.failing_on(table.name, ("accepts", "one-of"), (name,))
    if (why := _why_not(table, column)) is not None:
        return Left(leaves=own, why=why[0], reason=why[1])
    values: list[str] = requirement.spec["values"]
    if column.type.labels is not None:
        return _labelled(site, own, column, values)
    in_the_way = [c.name for c in table.checks if c.columns == (name,)]
    refusing = site.failing_on(table.name, ("accepts",), (name,)) and name not in site.added
    if refusing and ((rest := others(table, (name,), in_the_way)) or not in_the_way):
        reason = f"{rest or 'what is no CHECK'} may be what refuses a documented value of {name}"
        return Left(leaves=own, why="decision", reason=reason)
    other, why_alone, _ = surplus(table, {name}, site.scene.keys_asked(table.name)) if refusing else (None, "", False)
    if other is not None:
        return Left(leaves=own, why="decision", reason=f"{why_alone}, whatever a CHECK says")
    relation = qualified(table.schema, table.name)
    if not site.asked(table.name, ("one-of",), (name,)):
        if len(in_the_way) > 1:
            reason = (
                f"which of {', '.join(in_the_way)} refuses a documented value is not known here: the others may stay"
            )
            return Left(leaves=own, why="decision", reason=reason)
        gone = tuple(dropped(relation, one, "it refuses a documented value", Stage.RULES) for one in in_the_way)
        return Mend(mends=own, steps=gone)
    collation = "" if column.deterministic else ' COLLATE "C"'
    listed = ", ".join(map(literal, values))
    new = site.constraint_name(f"{table.name}_valid_{name}")
    steps = tuple(check(relation, new, f"{identifier(name)}{collation} IN ({listed})", in_the_way))
    return Mend(
        mends=own, steps=steps, rows=_departing(site, name, values), stops=f"rows whose {name} is none of {listed}"
    )


def _why_not(table: Table, column: Column) -> tuple[Why, str] | None:
    type_, name = column.type, column.name
    if type_.array or (type_.name not in STRINGS and type_.labels is None):
        return "waits", f"{name} is {type_.declared}, which holds no such values: see its /type"
    if type_.typmod >= 0 or type_.name == "bpchar":
        return "rewrite", f"{name} is {type_.declared}, which does not hold each of them as it is"
    if any(domain.checks for domain in type_.domains):
        return "decision", f"{name} is of the domain {type_.declared}, which says what it takes wherever it is used"
    if strange := [c.name for c in table.checks if name in c.columns and len(c.columns) > 1]:
        return "decision", f"{', '.join(strange)} has a say in {name} and in other columns: whether it may stay is open"
    keys = [key for key in table.foreign_keys if name in key.columns]
    if keys:
        return "decision", f"{keys[0].name} has a value be among {keys[0].target}, whose rows say what is allowed"
    return None


def _labelled(site: Site, own: tuple[str, ...], column: Column, values: list[str]) -> Mend | Left:
    """An enum: labels can be added, and never be taken away."""
    type_ = column.type
    surplus = [label for label in type_.labels or () if label not in values]
    if surplus and site.asked(site.there.name, ("one-of",), (column.name,)):
        reason = f"the enum {type_.declared} has {', '.join(surplus)} too, and a label cannot be taken away"
        return Left(leaves=own, why="rewrite", reason=reason)
    steps = [
        Step(
            stage=Stage.COLUMNS,
            does=f"adds a label to the enum {type_.name}",
            lock=f"none on a table; the type itself, {MOMENT}",
            sql=f"ALTER TYPE {qualified(type_.schema, type_.name)} ADD VALUE IF NOT EXISTS {literal(value)};",
        )
        for value in values
        if value not in (type_.labels or ())
    ]
    relation = qualified(site.there.schema, site.there.name)
    in_the_way = [c.name for c in site.there.checks if c.columns == (column.name,)]
    steps += [dropped(relation, one, "the enum says what is allowed", Stage.RULES) for one in in_the_way]
    if not steps or type_.domains:
        return Left(
            leaves=own, why="decision", reason=f"what keeps values out of the enum {type_.declared} is beside it"
        )
    return Mend(mends=own, steps=tuple(steps))


def _departing(site: Site, name: str, values: list[str]) -> tuple[Look | None, ...]:
    if name in site.added:
        return ()
    table = site.there.name
    try:
        text = site.reading.value(table, name, "text")
        return (site.reading.rows(table, f"{text} NOT IN ({', '.join(map(literal, values))})"),)
    except Unreadable:
        return (None,)
