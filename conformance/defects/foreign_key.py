"""A reference that is gone, not kept, to somewhere else, or with another action."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.defects import Mutant, alter, declared, mutant
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.sql import identifier

KIND = "foreign-key"

_ACTIONS = ("no action", "restrict", "cascade", "set null", "set default")


def defects(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    if requirement.claim == "on-delete":
        yield from _actions(requirement, table)
        return
    column, drop, references = _parts(requirement, table)
    of_type = declared(table.columns[requirement.columns[0]])
    add = f"{alter(requirement)} ADD CONSTRAINT a_reference FOREIGN KEY ({column})"
    target = identifier(requirement.spec["references"].split(".")[0])
    yield mutant("dropped", *drop)
    yield mutant("not valid", *drop, f"{add} REFERENCES {references} NOT VALID")
    yield mutant("not enforced", *drop, f"{add} REFERENCES {references} NOT ENFORCED", oldest=18)
    yield mutant("triggers disabled here", f"{alter(requirement)} DISABLE TRIGGER ALL")
    yield mutant("triggers disabled there", f"ALTER TABLE {target} DISABLE TRIGGER ALL")
    yield mutant("triggers left to replicas", _replica(requirement, table))
    yield mutant(
        "another table",
        *drop,
        f"CREATE TABLE another (id {of_type} PRIMARY KEY)",
        f"{add} REFERENCES another",
    )
    yield mutant(
        "a table of the same name in another schema",
        *drop,
        "CREATE SCHEMA elsewhere",
        f"CREATE TABLE elsewhere.{target} (id {of_type} PRIMARY KEY)",
        f"{add} REFERENCES elsewhere.{target}",
    )
    yield mutant(
        "another column",
        *drop,
        f"ALTER TABLE {target} ADD COLUMN another_key {of_type} UNIQUE",
        f"{add} REFERENCES {target} (another_key)",
    )
    yield mutant("a composite that a NULL switches off", *drop, *_composite(requirement, table, ""))
    yield mutant("with inheriting tables", f"CREATE TABLE a_child () INHERITS ({identifier(requirement.table)})")


def equivalents(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column, drop, references = _parts(requirement, table)
    action = _action(requirement, table)
    add = f"{alter(requirement)} ADD CONSTRAINT a_reference FOREIGN KEY ({column}) REFERENCES {references}"
    yield mutant("of another name", *drop, f"{add} ON DELETE {action}")
    yield mutant("deferrable", *drop, f"{add} ON DELETE {action} DEFERRABLE INITIALLY DEFERRED")
    yield mutant("validated later", *drop, f"{add} ON DELETE {action} NOT VALID", _validate(requirement))
    only = f" ({column})" if action.startswith("SET") else ""
    yield mutant(
        "a composite that implies it",
        *drop,
        *_composite(requirement, table, " NOT NULL", action + only),
        oldest=15 if only else 12,
    )
    if requirement.claim == "on-delete" and action.lower() == "no action":
        yield mutant("restrict", *drop, f"{add} ON DELETE RESTRICT")


def _parts(requirement: Requirement, table: Table) -> tuple[str, list[str], str]:
    """The column, the statements that drop its foreign keys, and `target (key)`."""
    column = requirement.columns[0]
    own = [key for key in table.foreign_keys if key.columns == (column,)]
    drop = [f"{alter(requirement)} DROP CONSTRAINT {identifier(key.name)}" for key in own]
    return identifier(column), drop, f"{identifier(own[0].target)} ({identifier(own[0].target_columns[0])})"


def _action(requirement: Requirement, table: Table) -> str:
    column = requirement.columns[0]
    return next(key.on_delete for key in table.foreign_keys if key.columns == (column,)).upper()


def _validate(requirement: Requirement) -> str:
    return f"{alter(requirement)} VALIDATE CONSTRAINT a_reference"


def _actions(requirement: Requirement, table: Table) -> Iterator[Mutant]:
    column, drop, references = _parts(requirement, table)
    add = f"{alter(requirement)} ADD CONSTRAINT a_reference FOREIGN KEY ({column}) REFERENCES {references}"
    wanted = requirement.spec["is"]
    alike = {"no action", "restrict"}
    others = [action for action in _ACTIONS if action != wanted and not {action, wanted} <= alike]
    yield mutant("dropped", *drop)
    for action in others:
        yield mutant(action, *drop, f"{add} ON DELETE {action.upper()}")
    yield mutant("a second one that does otherwise", f"{add} ON DELETE {others[0].upper()}")
    if wanted in ("set null", "set default"):
        also = _composite(requirement, table, " NOT NULL", wanted.upper())
        yield mutant("a composite that sets another column too", *drop, *also)
    yield mutant("cascades on update", *drop, f"{add} ON DELETE {wanted.upper()} ON UPDATE CASCADE")


def _composite(requirement: Requirement, table: Table, null: str, action: str = "") -> tuple[str, ...]:
    column, _, references = _parts(requirement, table)
    target, key = references.removesuffix(")").split(" (")
    own = "" if target == identifier(requirement.table) else f"{alter(requirement)} ADD COLUMN a_part integer{null}"
    return tuple(
        statement
        for statement in (
            f"ALTER TABLE {target} ADD COLUMN a_part integer{null}, ADD UNIQUE ({key}, a_part)",
            own,
            f"{alter(requirement)} ADD CONSTRAINT a_reference FOREIGN KEY ({column}, a_part)"
            f" REFERENCES {target} ({key}, a_part)" + (f" ON DELETE {action}" if action else ""),
        )
        if statement
    )


def _replica(requirement: Requirement, table: Table) -> str:
    column = requirement.columns[0]
    name = next(key.name for key in table.foreign_keys if key.columns == (column,))
    relation = f"{table.schema}.{identifier(table.name)}"
    return (
        "UPDATE pg_catalog.pg_trigger SET tgenabled = 'R' WHERE tgconstraint = ("
        f"SELECT oid FROM pg_catalog.pg_constraint WHERE conname = '{name}'"
        f" AND conrelid = '{relation}'::pg_catalog.regclass)"
    )
