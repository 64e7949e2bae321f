"""Which columns lead to rows of another table: what several invariants share."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract, Requirement
from conformance.model.record import Record

# What the documentation of the fields relates, and no foreign key of the contract does.
_BESIDE = (
    ("tasks", "agent_id", "agents"),
    *(
        (table, "org_id", "organizations")
        for table in ("memories", "events", "llm_usage", "approval_requests", "chat_sessions")
    ),
)


class Relationship(Record):
    """`table.column` holds the `key` of a row of `parent`; `requirement` asks for its foreign key, if any does."""

    table: str
    column: str
    parent: str
    key: str
    requirement: Requirement | None = None


ORG = "org_id"


def of_one_organization(contract: Contract) -> frozenset[str]:
    """The tables whose rows name the organization that they belong to."""
    return frozenset(r.table for r in contract.requirements if r.claim == "column" and r.columns == (ORG,))


def relationships(contract: Contract) -> Iterator[Relationship]:
    """All relationships by one column, each once a foreign key that the contract asks for."""
    asked = set()
    for requirement in contract.requirements:
        if requirement.claim == "foreign-key" and requirement.column is not None:
            parent, _, key = requirement.spec["references"].partition(".")
            asked.add((requirement.table, requirement.column, parent))
            yield Relationship(
                table=requirement.table, column=requirement.column, parent=parent, key=key, requirement=requirement
            )
    for table, column, parent in _BESIDE:
        if (table, column, parent) not in asked:
            yield Relationship(table=table, column=column, parent=parent, key="id")
