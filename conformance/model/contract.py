"""The contract as data: requirements with their level, source and lifetime, and the page that they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from conformance.model.record import Record, field

Level = Literal["must", "should", "may"]

LEVELS: tuple[Level, ...] = ("must", "should", "may")

Shapes = Mapping[str, Mapping[str, tuple[type | None, ...]]]
"""For each claim that a check judges, what a contract says of it: the types that a key may have, None among them where
the key may be left out."""

Objections = Callable[[tuple[str, ...], Mapping[str, Any]], Iterable[str]]
"""What is wrong with a claim on these columns that says this, beyond the keys and their types; each in one clause."""

FIRST_MIGRATION = "0001"
LAST_MIGRATION = "0028"
OLDEST_THROUGH = "0012"
STEPS = tuple(f"{number:04}" for number in range(int(OLDEST_THROUGH), int(LAST_MIGRATION) + 1))
"""What the contract can be asked for through."""


class Requirement(Record, often=True):
    """One claim of the contract, as one profile sees it.

    `claim` is the last part of the id and names the key in the TOML; `kind` is the check that judges it. `columns` are
    in the order in which the contract names them. `since` is the first migration that has the object, `until` the one
    that takes it away. `spec` is what the claim says beyond that, by the shape that the check declares.
    """

    id: str
    claim: str
    kind: str
    level: Level
    source: str
    since: str
    until: str | None
    table: str
    columns: tuple[str, ...]
    spec: Mapping[str, Any] = field(default_factory=dict, hash=False)
    file: str = ""
    line: int = 0

    @property
    def column(self) -> str | None:
        """The one column that the claim is about, or None where it is about the table or about several."""
        return self.columns[0] if len(self.columns) == 1 else None

    @property
    def subject(self) -> str:
        """`agents`, `agents.name` or `prompts.name+version`."""
        return f"{self.table}.{'+'.join(self.columns)}" if self.columns else self.table

    def alive(self, through: str) -> bool:
        """Whether the object is there once the migrations up to and including `through` have run."""
        return self.since <= through and (self.until is None or through < self.until)

    def why_not_alive(self, through: str) -> str:
        """Why it is not there once these migrations have run, where it is not alive."""
        return f"taken away by {self.until}" if self.since <= through else f"not there before {self.since}"

    @property
    def last(self) -> str:
        """The last migration that has the object."""
        return LAST_MIGRATION if self.until is None else f"{int(self.until) - 1:04d}"


def about_one_column(columns: tuple[str, ...]) -> Iterator[str]:
    """The objection to a claim that is about one column, where it is not."""
    if len(columns) != 1:
        yield "it is about one column; write MIGRATION/TABLE.COLUMN"


def about_columns(columns: tuple[str, ...]) -> Iterator[str]:
    """The objection to a claim that is about one or more columns, where it is about none, or about one twice."""
    if not columns:
        yield "it is about columns; write MIGRATION/TABLE.COLUMN or MIGRATION/TABLE.COLUMN+COLUMN"
    if len(set(columns)) < len(columns):
        yield "it names a column twice"


class Conflict(Record):
    """A place where the page and the reference facts disagree, or the page disagrees with itself."""

    id: str
    about: str
    page: str
    facts: str
    decided: str
    requirements: tuple[str, ...]


class PageLine(Record):
    """One line of the documented page.

    `no_claim` is the reason why it asks nothing of a catalog; `rest` says what part of a line that does ask something
    a catalog cannot show.
    """

    number: int
    text: str
    no_claim: str | None
    rest: str | None = None


class Contract(Record):
    """All requirements of one profile, alive or not, in the order of their migrations."""

    profile: str
    title: str
    requirements: tuple[Requirement, ...]

    def tables(self) -> tuple[str, ...]:
        """The names of all tables that it speaks of, sorted."""
        return tuple(sorted({requirement.table for requirement in self.requirements}))
