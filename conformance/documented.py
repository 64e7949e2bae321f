"""What the contract asks of value sets and foreign keys, as the lints look it up."""

from __future__ import annotations

from conformance.model.contract import Contract
from conformance.model.lint import Documented


def documented(contract: Contract, through: str) -> Documented:
    """What is alive at a migration."""
    alive = [requirement for requirement in contract.requirements if requirement.alive(through)]
    return Documented(
        values={
            (one.table, one.columns[0]): frozenset(one.spec["values"])
            for one in alive
            if one.claim == "accepts" and len(one.columns) == 1
        },
        on_delete={(one.table, one.columns): one.spec["is"] for one in alive if one.claim == "on-delete"},
    )
