"""No row holds a value outside its documented set.

Why: a CHECK that is missing, NOT VALID or was added late says nothing of the rows that are there; a reader that meets a
status or a role that it doesn't know does nothing, or the wrong thing.

Example: `0013/agent_documents.doc_type/in-values`: a document of the type `policy`.

Repair: map the value to a documented one; then a CHECK refuses the next one.

Limits: NULL is no value. The values are those of the profile: `agents.visibility` has three on the page and four in the
platform's own migrations (see C04).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.model.contract import Contract, Requirement
from conformance.model.invariant import Invariant
from conformance.model.look import Rows
from conformance.model.reading import Reading
from conformance.model.sql import literal

_CERTAIN = (("agent_documents", "doc_type"), ("approval_requests", "request_type"))
"""What the page lists as the values of a column, and the documentation of the fields repeats."""


def invariants(contract: Contract) -> Iterator[Invariant]:
    closed = {(r.table, r.columns, r.since) for r in contract.requirements if r.claim == "one-of"}
    for requirement in contract.requirements:
        subject = (requirement.table, requirement.columns, requirement.since)
        if requirement.claim == "one-of" or (requirement.claim == "accepts" and subject not in closed):
            yield _invariant(requirement)


def _invariant(requirement: Requirement) -> Invariant:
    table, (column,), values = requirement.table, requirement.columns, requirement.spec["values"]
    return Invariant(
        table=table,
        columns=(column,),
        name="in-values",
        level="must" if (table, column) in _CERTAIN else "should",
        source=requirement.source,
        expected=f"one of {', '.join(values)}",
        needs={table: (column,)},
        look=partial(_look, requirement=requirement),
        breaking=tuple({column: value} for value in ("conformance probe", "", values[0].swapcase())),
        allowed=tuple(values),
        since=requirement.since,
        until=requirement.until,
        repair=f"-- UPDATE {table} SET {column} = … WHERE {column} NOT IN ({', '.join(map(literal, values))});",
    )


def _look(reading: Reading, *, requirement: Requirement) -> Rows:
    table, (column,) = requirement.table, requirement.columns
    values = ", ".join(map(literal, requirement.spec["values"]))
    return reading.rows(table, f"{reading.value(table, column, 'text')} NOT IN ({values})", about=(column,))
