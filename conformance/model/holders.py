"""The tables that hold the rows of a table with partitions or heirs, each as if it stood alone.

A partitioned table that lacks a trigger or a key is none the worse for it where each of its partitions has one: up to
PostgreSQL 12 a trigger before each row can be nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable

from conformance.model.catalog import Part, Table
from conformance.model.outcome import Judgement, passed
from conformance.model.placement import parts_below
from conformance.model.record import replace


def in_each(table: Table, judge: Callable[[Table], Judgement]) -> Judgement | None:
    """The judgement of a claim that is kept in each of the tables by itself; None where it isn't, or there are none."""
    below = [part for part in parts_below(table) if part.key is None]
    if not below or any(part.kind != "r" for part in below):
        return None
    first = judge(_alone(table, below[0]))
    if first.verdict != "pass" or any(judge(_alone(table, part)).verdict != "pass" for part in below[1:]):
        return None
    if table.key is None and judge(replace(table, children=(), parts=())).verdict != "pass":
        return None
    each = "partition" if table.key is not None else "inheriting table"
    note = "; ".join(filter(None, (first.note, f"each {each} has its own; a new one needs it too")))
    return passed(first.expected, first.observed, note, object=first.object)


def _alone(table: Table, part: Part) -> Table:
    """A part in the place of the table. What that has itself, its partitions have too, and its heirs have not."""
    above = table if part.partition else replace(table, triggers=(), foreign_keys=())
    return replace(
        table,
        triggers=(*above.triggers, *part.triggers),
        foreign_keys=(*above.foreign_keys, *part.foreign_keys),
        children=(),
        parts=(),
        key=None,
    )
