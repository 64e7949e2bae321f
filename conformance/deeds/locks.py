"""Which tables in use a deed locks so that others wait."""

from __future__ import annotations

from conformance.model.deed import Deed
from conformance.model.lint import Known


def locked(deed: Deed, known: Known) -> tuple[str, ...]:
    """The tables in use that nobody writes to, or reads, while the deed is done; a key locks its target too."""
    tables: list[str] = []
    if deed.verb == "alter table":
        columns = [action.column for action in deed.actions if action.column]
        added = [action.constraint for action in deed.actions if action.constraint]
        tables += [deed.table, *(c.target for c in added), *(c.target for one in columns for c in one.constraints)]
    elif deed.verb == "create table":
        tables += [c.target for c in deed.constraints if c.target]
        tables += [c.target for column in deed.definitions for c in column.constraints if c.target]
    elif deed.verb in ("drop table", "truncate", "lock table"):
        tables += [deed.name, *deed.others]
    elif deed.verb in ("create index", "create trigger", "drop trigger") and "concurrently" not in deed.flags:
        tables.append(deed.table)
    elif deed.verb == "cluster" or (deed.verb == "vacuum" and "full" in deed.flags):
        tables.append(deed.name)
    return tuple(table for table in dict.fromkeys(tables) if table and not known.fresh(table))
