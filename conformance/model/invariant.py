"""One claim on the rows of a database, as a module of `conformance.invariants` makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conformance.model.contract import Level
from conformance.model.look import Look, Proof
from conformance.model.reading import Reading
from conformance.model.record import Record

MEANING = "the documentation of the fields"


class Invariant(Record):
    """`table`, `columns` and `name` make its id, behind the migration that brings the last of the columns it `needs`.

    `look` writes down what to ask of the rows, or what proves the claim without looking; it raises `Unreadable`.
    `enforcer` names what in the catalog keeps the claim, "" for nothing; without one, `breaking` rows (values of
    columns of the table, each of which breaks the claim) are put to the table's own guards, and without these nothing
    keeps it; so is whatever the guards spell out beside the values that are `allowed` in its column. `since` is given
    where the claim is younger than its columns, `until` where it ends before them.
    """

    table: str
    columns: tuple[str, ...] = ()
    name: str
    level: Level
    expected: str
    needs: Mapping[str, tuple[str, ...]]
    look: Callable[[Reading], Look | Proof]
    source: str = MEANING
    enforcer: Callable[[Reading], str] | None = None
    breaking: tuple[Mapping[str, str | None], ...] = ()
    allowed: tuple[str, ...] = ()
    repair: str = ""
    since: str | None = None
    until: str | None = None
    module: str = ""

    @property
    def subject(self) -> str:
        """`tasks.retries+max_retries`, or the table alone."""
        return f"{self.table}.{'+'.join(self.columns)}" if self.columns else self.table
