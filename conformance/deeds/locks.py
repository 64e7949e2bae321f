"""Which tables in use a deed locks so that others wait."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.model.deed import Action, Deed
from conformance.model.lint import Known

_OF_ITS_TABLE = frozenset(
    f"{verb} {kind}" for verb in ("create", "alter", "drop") for kind in ("trigger", "policy", "rule")
) | {"create index"}
_STORED = "autovacuum_\\w+|fillfactor|n_distinct\\w*|parallel_workers|toast_tuple_target|toast\\.\\w+"
_GENTLY = re.compile(
    "validate constraint|attach partition|set statistics|cluster on|set without cluster"
    rf"|(?:re)?set ?\((?: ?(?:{_STORED})\b[^,)]*,?)+\)|detach partition .*\b(?:concurrently|finalize)"
)
"""What lets others read and write (SHARE UPDATE EXCLUSIVE), on the table that it is done to."""


def locked(deed: Deed, known: Known) -> tuple[str, ...]:
    """The tables in use that nobody writes to, or reads, while the deed is done; a key locks its target too."""
    found = (table for table in dict.fromkeys(_locked(deed)) if table and not known.fresh(table))
    return tuple(found)


def _locked(deed: Deed) -> Iterator[str]:
    if deed.verb == "alter table":
        if not deed.actions or not all(map(_gentle, deed.actions)):
            yield deed.table
        for action in deed.actions:
            if action.verb == "attach partition":
                yield action.name
            if action.constraint:
                yield action.constraint.target
            if action.column:
                yield from (constraint.target for constraint in action.column.constraints)
    elif deed.verb == "create table":
        yield from deed.others if "partition of" in deed.flags else ()
        yield from (constraint.target for constraint in deed.constraints)
        yield from (constraint.target for column in deed.definitions for constraint in column.constraints)
    elif deed.verb in ("drop table", "truncate") or (deed.verb == "lock table" and "access share" not in _mode(deed)):
        yield from (deed.name, *deed.others)
    elif deed.verb in _OF_ITS_TABLE and "concurrently" not in deed.flags:
        yield deed.table
    elif deed.verb == "cluster" or (deed.verb == "vacuum" and "full" in deed.flags):
        yield deed.name


def _mode(deed: Deed) -> str:
    return " ".join(deed.text.lower().split())


def _gentle(action: Action) -> bool:
    told = action.verb in ("validate constraint", "attach partition")
    return bool(_GENTLY.match(action.verb if told else " ".join(action.text.lower().split())))
