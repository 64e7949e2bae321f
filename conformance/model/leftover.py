"""A part of a schema that could not be provoked, and what hangs on it."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.model.record import Record


class Leftover(Record):
    """`what` of a table was not examined, and `why`, in one clause.

    All that is asked of the table hangs on it; where it has `columns`, what is asked of these and of the row as a
    whole; where it has `claims`, these claims alone."""

    table: str
    what: str
    why: str
    columns: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    def bears_on(self, requirement: Requirement) -> bool:
        """Whether a requirement hangs on it."""
        target = str(requirement.spec.get("references", "")).partition(".")[0]
        if self.claims:
            return requirement.table == self.table and requirement.claim in self.claims
        if self.columns:
            about = requirement.table == self.table
            return about and (requirement.claim == "table" or not {*self.columns}.isdisjoint(requirement.columns))
        return self.table in (requirement.table, target)

    @property
    def said(self) -> str:
        """`trigger agents.audit: its function is not plain to see`."""
        return f"{self.what}: {self.why}"
