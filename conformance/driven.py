"""Each area of the documentation driven on a schema by plain statements, step by step: tasks and what they wait for,
goals, approvals, agents, chat, organizations.

Why: a constraint may keep what it says of one row, and several steps together lead where no single one does; and what
`conformance audit` says of rows is worth as much as its invariants are right on this very schema.

Example: `property/tasks/steps`: tasks are planned, wait for each other, are queued, run, fail and are tried again. What
the documentation allows goes in, and leaves the rows that it says; what a documented key, reference or set of values
forbids is refused. `property/tasks/invariants`: behind each step, valid or not, each invariant whose rows have changed
is evaluated on the server, and says what an oracle in plain Python says of the same rows. Careless statements, which
no right implementation makes, are tried too: they break what no constraint keeps.

Repair: what departs has the script that leads there. Where server and oracle disagree, the rows are as they should be
and it is the audit that cannot be relied on here: it is indeterminate, and worth a report of a bug.

Limits: a valid step that is refused departs at the level `should`, a constraint at its own. What is merely careless may
be refused or not. Left out, and said, in place, where other rows are; and where a table was not rebuilt as it is.
"""

from __future__ import annotations

from conformance.model.conduct import Area, Law
from conformance.model.contract import Level, Requirement
from conformance.registry import areas

PLANE, KIND = "behaviour", "property"
_STEPS = "valid steps go in, and what a documented constraint forbids is refused"
_INVARIANTS = "behind each step, each invariant says of the rows what the oracle says of them"


def laws_of(area: Area) -> tuple[Law, Law]:
    """What is said of its steps, and of the invariants behind each of them."""

    def law(name: str, level: Level, expected: str) -> Law:
        needs: frozenset[str] = frozenset()
        id_, since = f"{area.AREA}/{name}", area.ACCEPTS.since
        return Law(id=id_, level=level, since=since, expected=expected, needs=needs, papers=__doc__)

    return law("steps", "should", _STEPS), law("invariants", "must", _INVARIANTS)


def requirement_of(law: Law, level: Level | None = None) -> Requirement:
    """A law as a claim like all others, at its own level or the one at which it was departed from."""
    return Requirement(
        id=f"{KIND}/{law.id}",
        claim=law.id.partition("/")[2],
        kind=KIND,
        level=level or law.level,
        source="the documentation of the fields",
        since=law.since,
        until=None,
        table="",
        columns=(),
        file="conformance/driven.py",
        line=1,
    )


def requirements() -> tuple[Requirement, ...]:
    """All that there are, at their own levels."""
    return tuple(requirement_of(law) for area in areas().values() for law in laws_of(area))
