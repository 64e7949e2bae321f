"""No two agents have names that differ and look alike.

Why: a name is how people and agents address an agent. `Planner`, `planner`, `Ｐlanner` and `planner ` are four names to
a unique index and one to a reader: goals go to the wrong one, and an impostor is easily made.

Example: `0015/agents.name/no-near-duplicates`: `Planner` beside `planner`.

How: each name is folded (NFKC, case folded, without letters that are not seen such as a zero-width space, runs of white
space to one blank, trimmed) and compared in this program, so
that the answer does not depend on the server's locale.

Repair: rename one of them; which one is a decision.

Limits: letters of other scripts that look alike (а for a) are different.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Names
from conformance.model.reading import Reading
from conformance.model.sql import mentions


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table="agents",
        columns=("name",),
        name="no-near-duplicates",
        level="should",
        expected="names that differ also look different: by case, width, space and Unicode form",
        needs={"agents": ("id", "name")},
        look=_look,
        since="0015",
        enforcer=_enforcer,
        repair="-- rename one of them: a decision about the agents",
    )


def _look(reading: Reading) -> Names:
    name, id_ = reading.value("agents", "name", "text"), reading.member("agents").sql
    return Names(table=reading.relation("agents"), name=name, id=id_)


def _enforcer(reading: Reading) -> str:
    """A unique index on a folded name keeps part of it; which part is not looked into."""
    found = [
        index.name
        for index in reading.table("agents").indexes
        if index.unique and index.ready and any(mentions(key.expression or "", "name") for key in index.keys)
    ]
    return f"in part unique index {', '.join(found)}" if found else ""
