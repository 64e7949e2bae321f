"""The documented default is set: rows that are there keep what they have."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import Column, Table
from conformance.model.claimed import of_sequence
from conformance.model.contract import Requirement
from conformance.model.defaults import takes
from conformance.model.mending import free
from conformance.model.mends import everybody
from conformance.model.others import others
from conformance.model.planned import default_of
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, literal, qualified

KIND = "default"


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, name = site.there, requirement.columns[0]
    column, own = table.columns[name], (requirement.id,)
    call, value = requirement.spec.get("call"), requirement.spec.get("value")
    if call == "nextval()":
        if column.identity:
            return Left(leaves=own, why="waits", reason=f"clients may not write {name}: see its /column")
        if column.type.array or column.type.name not in ("int2", "int4", "int8"):
            return Left(leaves=own, why="waits", reason=f"{name} is {column.type.declared}: see its /type")
        return Mend(mends=own, steps=tuple(_drawing(table, column, site.taken)))
    if column.identity and column.inherited:
        reason = f"{name} draws from a sequence, and is inherited: it is changed in the table that it comes from"
        return Left(leaves=own, why="partitions", reason=reason)
    if not takes(column, call, value):
        reason = f"as long as {name} is {column.type.declared}, it cannot have this default"
        return Left(leaves=own, why="waits", reason=reason)
    if _same(column, call, value):
        reason = "the default is as documented, and something refuses the value: a CHECK, a key or a trigger"
        return Left(leaves=own, why="decision", reason=reason)
    listed = site.asked(table.name, ("accepts", "one-of"), (name,))
    if value is not None and not listed and (rest := others(table, (name,), ())):
        return Left(
            leaves=own, why="decision", reason=f"{rest} may refuse {literal(value)}: it has to be looked at first"
        )
    relation, alter = qualified(table.schema, table.name), f"ALTER COLUMN {identifier(name)}"
    identity = f"{alter} DROP IDENTITY IF EXISTS, " if column.identity else ""
    default = default_of(site, table.name, name)
    step = Step(
        stage=Stage.DEFAULTS,
        does=f"makes {default} the default of {name}, for rows to come",
        lock=everybody(relation),
        sql=f"ALTER TABLE {relation} {identity}{alter} SET DEFAULT {default};",
    )
    return Mend(mends=own, steps=(step,))


def _same(column: Column, call: object, value: object) -> bool:
    text = column.default.text if column.default and not column.generated else ""
    return bool(text) and (text == call or text.partition("::")[0] in (value, literal(str(value))))


def _drawing(table: Table, column: Column, taken: frozenset[str]) -> Iterator[Step]:
    """A sequence that goes on behind the largest number that is there, from before it is drawn from."""
    relation, name = qualified(table.schema, table.name), identifier(column.name)
    named = free(f"{table.name}_{column.name}_seq_1", taken)
    sequence = qualified(table.schema, named)
    lock = everybody(relation)
    kind = {"int2": "smallint", "int4": "integer"}.get(column.type.name, "bigint")
    yield Step(
        stage=Stage.COLUMNS,
        does=f"makes a sequence for {column.name}",
        lock="none on a table",
        sql=f"CREATE SEQUENCE IF NOT EXISTS {sequence} AS {kind};",
        users=(of_sequence(table.schema, named, table),),
    )
    yield Step(
        stage=Stage.TYPES,
        does="lets it count on from the largest number that is there",
        lock=f"none: {column.name} is read beside the work",
        sql=f"SELECT pg_catalog.setval({literal(sequence)}, greatest((SELECT pg_catalog.max({name}) FROM {relation}),"
        f" (SELECT last_value FROM {sequence})));",
    )
    yield Step(
        stage=Stage.DEFAULTS,
        does=f"lets {column.name} draw from it",
        lock=lock,
        sql=f"ALTER TABLE {relation} ALTER COLUMN {name} SET DEFAULT pg_catalog.nextval({literal(sequence)});",
    )
    yield Step(
        stage=Stage.TRIGGERS,
        does=f"lets the sequence go when {column.name} goes",
        lock=lock,
        sql=f"ALTER SEQUENCE {sequence} OWNED BY {relation}.{name};",
    )
