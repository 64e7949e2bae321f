"""Which columns live in a profile at a migration."""

from collections.abc import Mapping
from functools import cache

from judged import contract


@cache
def columns(profile: str, through: str) -> Mapping[str, frozenset[str]]:
    """For each table the columns that the contract knows there, the optional ones too."""
    alive = [r for r in contract(profile).requirements if r.claim == "column" and r.alive(through)]
    return {table: frozenset(r.columns[0] for r in alive if r.table == table) for table in {r.table for r in alive}}
