"""What a goal depends on exists (`no-dangling`), is another goal (`no-self-dependency`) of the same organization
(`one-org`), and decides whether the goal is blocked (`blocked-iff-incomplete`).

Why: `depends_on_goal_ids` is an array: no foreign key guards it, and a goal that waits for a deleted one, or for
itself, waits for good. A goal that is blocked without a reason is never picked up; one that runs before its time works
on nothing.

Example: `0026/goals.depends_on_goal_ids/no-dangling`: an id that is no goal's.

How: what a goal depends on is looked up by its id; a goal with an incomplete dependency is blocked, and
becomes active when the last one completes. A goal without a status is neither completed nor blocked.

Repair: take the id out of the array; `UPDATE goals SET status = 'active'` where nothing incomplete remains.

Limits: a failed goal may have incomplete dependencies; a blocked goal that depends on a deleted one is reported as
dangling alone, because nobody can say whether what is gone was completed.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.goal_dependencies import COLUMN, among_dependencies
from conformance.model.invariant import Invariant
from conformance.model.look import OWN, Rows, Shown
from conformance.model.reading import Reading

_ONE, _OTHER = (f"00000000-0000-4000-8000-00000000000{digit}" for digit in (1, 2))


def invariants(contract: Contract) -> Iterator[Invariant]:
    dependencies = {"goals": ("id", COLUMN)}
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="no-self-dependency",
        level="must",
        expected="a goal's own id is not among them",
        needs=dependencies,
        look=_itself,
        breaking=tuple({"id": _ONE, COLUMN: f"{{{others}}}"} for others in (_ONE, f"{_OTHER},{_ONE}")),
        repair="UPDATE goals SET depends_on_goal_ids = array_remove(depends_on_goal_ids, id)\n"
        "WHERE id = ANY (depends_on_goal_ids);",
    )
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="no-dangling",
        level="should",
        expected="each is the id of a goal",
        needs=dependencies,
        look=_dangling,
        repair="-- take the ids of goals that are gone out of the arrays, and unblock what no longer waits",
    )
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="one-org",
        level="should",
        expected="a goal depends on goals of its own organization",
        needs={"goals": ("id", COLUMN, "org_id")},
        look=_one_org,
        repair="-- take the ids of another organization's goals out of the arrays, or set the org_id that is wrong",
    )
    yield Invariant(
        table="goals",
        columns=(COLUMN,),
        name="blocked-iff-incomplete",
        level="should",
        expected="blocked if, and only if, a goal that it depends on is not completed",
        needs={"goals": ("id", COLUMN, "status")},
        look=_blocked,
        repair="-- UPDATE goals SET status = 'active' where nothing incomplete remains, 'blocked' where something does",
    )


def _itself(reading: Reading) -> Rows:
    reading.alike(("goals", "id"), ("goals", COLUMN))
    array = reading.array("goals", COLUMN)
    return reading.rows("goals", f"{reading.value('goals', 'id', 'key')} = ANY ({array})", about=(COLUMN,))


def _one_org(reading: Reading) -> Rows:
    own, other = (reading.value("goals", "org_id", "key", alias) for alias in (OWN, "p"))
    others = Shown(name="of_other_orgs", sql=f"pg_catalog.count(*) FILTER (WHERE {other} <> {own})")
    join = among_dependencies(reading, others)
    return reading.rows("goals", f"{join.alias}.{others.name} > 0", about=(COLUMN,), joins=(join,))


def _dangling(reading: Reading) -> Rows:
    join = among_dependencies(reading, _gone(reading))
    return reading.rows("goals", f"{join.alias}.dangling > 0", about=(COLUMN,), joins=(join,))


def _blocked(reading: Reading) -> Rows:
    """The goals, joined with how many of their dependencies are gone, and how many are incomplete."""
    status, others = (reading.value("goals", "status", "text", alias) for alias in (OWN, "p"))
    there = f"{reading.bare('goals', 'id', 'p')} IS NOT NULL"
    open_ = f"pg_catalog.count(*) FILTER (WHERE {there} AND {others} IS DISTINCT FROM 'completed')"
    join = among_dependencies(reading, _gone(reading), Shown(name="incomplete", sql=open_))
    violates = (
        f"CASE WHEN {join.alias}.incomplete > 0"
        f" THEN COALESCE({status} IN ('pending', 'active', 'completed'), true)"
        f" ELSE {status} = 'blocked' AND COALESCE({join.alias}.dangling, 0) = 0 END"
    )
    also = [Shown(name=name, sql=f"{join.alias}.{name}") for name in ("dangling", "incomplete")]
    return reading.rows("goals", violates, about=("status",), joins=(join,), also=also)


def _gone(reading: Reading) -> Shown:
    """How many of those that a goal depends on are no goals."""
    return Shown(
        name="dangling", sql=f"pg_catalog.count(d.id) FILTER (WHERE {reading.bare('goals', 'id', 'p')} IS NULL)"
    )
