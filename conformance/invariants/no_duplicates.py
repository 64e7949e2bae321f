"""No two rows agree in what tells them apart.

Why: agent names are how people and agents address each other; a membership, a vote or a revision that is there twice
counts twice. A unique index that is missing or invalid, or was damaged, let them in.

Example: `0015/agents.name/no-duplicates`: two agents called `planner`.

How: where a valid unique index stands over exactly these columns, the index is the proof and no row is read;
`--distrust-indexes` reads them all the same, without the help of any index.

Repair: keep one of them (0015 keeps the oldest), move to it what refers to the others, and build the unique index.

Limits: rows with a NULL in one of the columns are different from all others. Text is compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract, Requirement
from conformance.model.invariant import Invariant
from conformance.model.look import Groups, Proof
from conformance.model.reading import Reading
from conformance.model.uniqueness import keeping


def invariants(contract: Contract) -> Iterator[Invariant]:
    for requirement in contract.requirements:
        if requirement.claim in ("unique", "primary-key"):
            columns = requirement.columns
            yield Invariant(
                table=requirement.table,
                columns=columns,
                name="no-duplicates",
                level="must" if "the page" in requirement.source else "should",
                source=requirement.source,
                expected=f"no two rows agree in {', '.join(columns)}",
                needs={requirement.table: columns},
                look=partial(_look, requirement=requirement),
                enforcer=partial(_enforcer, requirement=requirement),
                since=requirement.since,
                until=requirement.until,
                repair="-- keep one row of each group, move what refers to the others, then build a unique index",
            )


def _look(reading: Reading, *, requirement: Requirement) -> Groups | Proof:
    table, columns = requirement.table, requirement.columns
    if index := reading.unique(table, columns):
        return Proof(by="a valid unique index: no row was read", object=index)
    ids = [shown for shown in reading.ids(table, *columns) if shown.name not in columns]
    return reading.repeated(table, columns, ids[0] if len(ids) == 1 else None)


def _enforcer(reading: Reading, *, requirement: Requirement) -> str:
    return keeping(reading.table(requirement.table), requirement.columns)
