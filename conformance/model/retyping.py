"""A column of another type, in a table without rows: what would be written anew is nothing.

The statement holds nobody up, and says so itself: its USING fails at the first row there is, and nothing has changed.
"""

from __future__ import annotations

from conformance.model.catalog import Column, Table, Type
from conformance.model.dependants import of_column
from conformance.model.look import Look
from conformance.model.mends import guarded
from conformance.model.planned import default_of
from conformance.model.reading import Unreadable
from conformance.model.record import replace
from conformance.model.repair import Mend, Site, Stage, Step
from conformance.model.spelled import parse
from conformance.model.sql import identifier, literal, mentions, qualified

_KNOWN = frozenset(
    "text varchar bool int2 int4 int8 float4 float8 numeric uuid json jsonb bytea date timestamp timestamptz".split()
)
"""PostgreSQL's own types, which it writes alike in every session."""

_EXCUSE = "-- conformance: ignore A006 the table has no rows, and at the first that it has by now the statement stops\n"


def hanging(table: Table, name: str) -> str:
    """What is on the column, so that PostgreSQL would have to make it again, and may be unable to."""
    found = [check.name for check in table.checks if name in check.columns]
    found += [key.name for key in table.foreign_keys if name in key.columns]
    for index in table.indexes:
        parts = [key.expression or "" for key in index.keys] + [index.predicate.text if index.predicate else ""]
        on = name in {key.column for key in index.keys} or any(mentions(part, name) for part in parts)
        found += [index.name] if on else []
    found += [trigger.name for trigger in table.triggers if name in trigger.update_columns]
    for column in table.columns.values():
        if column.generated and column.default is not None and mentions(column.default.text, name):
            found.append(column.name)
    return ", ".join(found)


def tellable(column: Column, to: str) -> bool:
    """Whether the new type is PostgreSQL's own, and its name alone tells the old one from it."""
    name, _, array = parse(to)
    return name in _KNOWN and (column.type.name, column.type.array) != (name, array)


def retyped(mends: tuple[str, ...], site: Site, column: Column, to: str, stops: str) -> Mend:
    """The column made anew as `to`, with the default that is asked for where it has one; `stops` says what rows stand
    against it."""
    table, name = site.there, identifier(column.name)
    relation, (base, _, array) = qualified(table.schema, table.name), parse(to)
    fails = f"CAST(CAST(pg_catalog.concat({literal(f'{table.name} has rows by now')}) AS integer) AS text)"
    actions = [f"ALTER COLUMN {name} TYPE {to} USING CAST({fails} AS {to})"]
    if column.default is not None:
        again = f"ALTER COLUMN {name} SET DEFAULT {default_of(site, table.name, column.name)}"
        actions = [f"ALTER COLUMN {name} DROP DEFAULT", *actions, again]
    done = (
        "EXISTS (SELECT FROM information_schema.columns"
        f" WHERE table_schema = {literal(table.schema)} AND table_name = {literal(table.name)}"
        f" AND column_name = {literal(column.name)} AND udt_name = {literal('_' * array + base)})"
    )
    step = Step(
        stage=Stage.TYPES,
        does=f"makes {column.name} {to}: there are no rows whose values would have to be made others; a view that reads"
        " it stops this, and is dropped before and made anew behind",
        lock=f"ACCESS EXCLUSIVE on {relation}, for a moment: it is empty",
        users=of_column(table, column.name),
        sql=_EXCUSE + guarded(f"NOT {done}", f"ALTER TABLE {relation} {', '.join(actions)}"),
    )
    made = replace(column, type=Type(declared=to, name=base, array=array))
    return Mend(
        mends=mends,
        steps=(step,),
        rows=(_any(site),),
        stops=stops,
        blind=stops,
        why="rewrite",
        table=replace(table, columns={**table.columns, column.name: made}),
    )


def _any(site: Site) -> Look | None:
    try:
        return site.reading.rows(site.there.name, "true")
    except Unreadable:
        return None
