"""A condition over several columns: one that keeps the claim is added, proven, and takes the place of what does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conformance.model.catalog import Check
from conformance.model.contract import Requirement
from conformance.model.dependants import of_null
from conformance.model.look import Look
from conformance.model.mends import check, everybody
from conformance.model.others import others
from conformance.model.reading import Unreadable
from conformance.model.repair import Left, Mend, Site, Stage, Step
from conformance.model.sql import identifier, mentions, qualified

KIND = "check"

_OF_NULLS = frozenset({"NULLTEST", "BOOLEXPR", "VAR", "CONST", "COALESCEEXPR"})
"""The nodes of expressions that look at nothing but whether a column is NULL."""

_COUNT = re.compile(r"\bnum_(non)?nulls\([^()]*\)")


def mend(requirement: Requirement, site: Site) -> Mend | Left:
    table, own = site.there, (requirement.id,)
    alone = [next(iter(row)) for row in requirement.spec["accepts"] if len(row) == 1]
    if not alone:
        return Left(leaves=own, why="decision", reason="the condition has to be written by hand")
    relation = qualified(table.schema, table.name)
    optional = [n for n in requirement.columns if any(n not in row for row in requirement.spec["accepts"])]
    plain = {f"({identifier(name)} IS NOT NULL)" for name in optional}
    touching = [c for c in table.checks if set(c.columns) & set(requirement.columns)]
    gone = [c for c in touching if c.expression.text in plain or _same_claim(c, requirement.columns)]
    if strange := others(table, requirement.columns, [c.name for c in gone]):
        reason = f"{strange} has a say in these columns too: whether it may stay is for somebody to decide"
        return Left(leaves=own, why="decision", reason=reason)
    condition = " OR ".join(f"{identifier(name)} IS NOT NULL" for name in alone)
    name = site.constraint_name(f"{table.name}_{'_or_'.join(requirement.columns)}")
    steps = [
        Step(
            stage=Stage.TRIGGERS,
            does=f"lets {column} be NULL",
            lock=everybody(relation),
            sql=f"ALTER TABLE {relation} ALTER COLUMN {identifier(column)} DROP NOT NULL;",
            users=of_null(table, column, site.major),
        )
        for column in optional
        if table.columns[column].not_null and not site.asked(table.name, ("not-null",), (column,))
    ]
    steps += check(relation, name, condition, [c.name for c in gone])
    stops = f"rows without any of {', '.join(alone)}"
    return Mend(mends=own, steps=tuple(steps), rows=() if site.created else (_departing(site, alone),), stops=stops)


def _same_claim(check: Check, columns: Sequence[str]) -> bool:
    """Whether a CHECK says which of these columns may be NULL together, and nothing of their values."""
    if set(check.columns) != set(columns):
        return False
    rest = _COUNT.sub("", check.expression.text)
    of_nulls = check.expression.nodes is not None and check.expression.nodes <= _OF_NULLS
    return of_nulls or not any(mentions(rest, name) for name in columns)


def _departing(site: Site, alone: list[str]) -> Look | None:
    table = site.there.name
    there = [name for name in alone if name not in site.added]
    try:
        empty = " AND ".join(f"{site.reading.bare(table, name)} IS NULL" for name in there)
        return site.reading.rows(table, empty or "true")
    except Unreadable:
        return None
