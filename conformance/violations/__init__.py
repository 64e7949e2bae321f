"""Which rows of a world violate which invariant: slow, obvious, and independent of the audit.

A witness of a claim on rows is the row's key, a tuple of its values as text; of a claim on several rows it is

| claim | witness |
| --- | --- |
| `no-duplicates` | the values on which rows agree |
| `acyclic` | the set of the nodes of one strong component |
| `one-source` | the cascade |
| `no-near-duplicates` | the set of the ids of all agents of one folded name |
| `without-gaps` | the agent |

The immutability of events is no matter of rows, so the oracle is silent on it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from conformance.violations.families import families
from conformance.violations.look import SINGLE, Columns, Look, Witnesses, World, instant, key

__all__ = ["instant", "key", "single_ids", "violations"]


def violations(world: World, profile: str, through: str, now: datetime, columns: Columns) -> dict[str, Witnesses]:
    """The witnesses against each invariant that can be judged with these columns at this migration.

    An invariant that holds is there, with none.
    """
    _load()
    look = Look(world, now)
    return {
        id_: set(function(look))
        for id_, (needs, function) in {**SINGLE, **families(profile, through, columns)}.items()
        if id_[:4] <= through and _all_alive(needs, columns)
    }


def single_ids() -> set[str]:
    """The invariants that belong to no family."""
    _load()
    return set(SINGLE)


@cache
def _load() -> None:
    """Every module of the package names its invariants when it is imported."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def _all_alive(needs: str, columns: Columns) -> bool:
    return all(column in columns.get(table, ()) for table, _, column in (n.partition(".") for n in needs.split()))
