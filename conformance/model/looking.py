"""How rows are looked at: what a user may choose about it."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model.look import Look, Rows, Sieve
from conformance.model.outcome import MOST_WITNESSES as MOST_WITNESSES
from conformance.model.record import Record

STATEMENT_TIMEOUT_S = 600.0


class Looking(Record):
    """`statement_timeout` and `max_duration` are seconds; `sample` is a share of the rows, in per cent.

    `witness_key` makes pseudonyms of ids; it is a secret, and never shown.
    """

    statement_timeout: float = STATEMENT_TIMEOUT_S
    max_duration: float | None = None
    sample: float | None = None
    show_values: bool = False
    witness_key: str | None = None
    trust_views: bool = False
    distrust_indexes: bool = False
    low_memory: bool = False

    def __repr__(self) -> str:
        return "Looking(…)"


class Asked(Record):
    """One look of a run, with the (schema, table, column) that it reads; the column is "" for the table itself."""

    id: str
    look: Look
    reads: tuple[tuple[str, str, str], ...]


def by_sieve(asked: Sequence[Asked]) -> dict[Sieve, list[Asked]]:
    """The looks that share a sieve, by it."""
    found: dict[Sieve, list[Asked]] = {}
    for one in asked:
        sieves = [join.sieve for join in one.look.joins if join.sieve] if isinstance(one.look, Rows) else []
        if len(sieves) == 1:
            found.setdefault(sieves[0], []).append(one)
    return found


def by_table(asked: Sequence[Asked]) -> dict[tuple[str, str], list[Asked]]:
    """The looks on one table, by its schema and its name, in order."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        found.setdefault((one.look.table.schema, one.look.table.name), []).append(one)
    return dict(sorted(found.items()))
