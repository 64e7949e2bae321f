"""A trigger that is gone, asleep, at another moment, or that does something else."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, mutant, table_of
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "trigger"


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    drop = _dropped(requirement, table)
    column = requirement.columns[0]
    sets = f"NEW.{identifier(column)} := now(); RETURN NEW;"
    other = next(name for name in table.columns if name != column)
    yield mutant("dropped", *drop)
    for name in _names(table):
        yield mutant("disabled", f"{alter(requirement)} DISABLE TRIGGER {identifier(name)}")
        yield mutant("left to replicas", f"{alter(requirement)} ENABLE REPLICA TRIGGER {identifier(name)}")
    yield _made(requirement, drop, "after the update", "AFTER UPDATE", sets)
    yield _made(requirement, drop, "on insert only", "BEFORE INSERT", sets)
    yield _made(requirement, drop, "for each statement", "BEFORE UPDATE", "RETURN NULL;", level="STATEMENT")
    yield _made(requirement, drop, "of one column", f"BEFORE UPDATE OF {identifier(other)}", sets)
    yield _made(requirement, drop, "when false", "BEFORE UPDATE", sets, when=" WHEN (false)")
    yield _made(
        requirement,
        drop,
        "when something changed",
        "BEFORE UPDATE",
        sets,
        when=" WHEN (OLD.* IS DISTINCT FROM NEW.*)",
    )
    yield _made(requirement, drop, "a body that does nothing", "BEFORE UPDATE", "RETURN NEW;")
    yield _made(requirement, drop, "a body that gives the old row", "BEFORE UPDATE", "RETURN OLD;")
    yield _made(requirement, drop, "a body that drops the row", "BEFORE UPDATE", "RETURN NULL;")
    yield _made(
        requirement,
        drop,
        "an assignment in a comment",
        "BEFORE UPDATE",
        f"/* NEW.{column} := now(); */ RETURN NEW;",
    )


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    drop = _dropped(requirement, table)
    name = identifier(requirement.columns[0])
    for words, body in (
        ("another spelling", f"new.{name} = CURRENT_TIMESTAMP; return new;"),
        ("qualified", f"NEW.{name} := pg_catalog.now(); RETURN NEW;"),
        ("with comments", f"-- moved\n NEW.{name} := transaction_timestamp();\n\n RETURN NEW; -- done\n"),
        ("by the clock", f"NEW.{name} := clock_timestamp(); RETURN NEW;"),
    ):
        yield _made(requirement, drop, words, "BEFORE UPDATE", body)
    sets = f"NEW.{name} := now(); RETURN NEW;"
    yield _made(requirement, drop, "on insert too", "BEFORE INSERT OR UPDATE", sets)
    for trigger in _names(table):
        yield mutant("always enabled", f"{alter(requirement)} ENABLE ALWAYS TRIGGER {identifier(trigger)}")
        yield mutant(
            "of another name",
            f"ALTER TRIGGER {identifier(trigger)} ON {table_of(requirement)} RENAME TO another_name",
        )


def _names(table: Table) -> list[str]:
    return [trigger.name for trigger in table.triggers if "update" in trigger.events]


def _dropped(requirement: Requirement, table: Table) -> list[str]:
    return [f"DROP TRIGGER {identifier(name)} ON {table_of(requirement)}" for name in _names(table)]


def _made(
    requirement: Requirement,
    drop: list[str],
    name: str,
    event: str,
    body: str,
    *,
    level: str = "ROW",
    when: str = "",
) -> Mutant:
    return mutant(
        name,
        *drop,
        f"CREATE FUNCTION a_function() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {body} END $body$",
        f"CREATE TRIGGER a_trigger {event} ON {table_of(requirement)} FOR EACH {level}{when}"
        " EXECUTE FUNCTION a_function()",
    )
