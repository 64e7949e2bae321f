"""What a lint sees of a migration, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from conformance.model.deed import Constraint, Deed, DomainForm, Span
from conformance.model.record import Record, field

NEWEST = 18
"""The newest major of PostgreSQL that is known here."""


class Edit(Record, often=True):
    """What a text is to have in place of what stands in it from `start` up to `end`."""

    start: int
    end: int
    text: str


class Hit(Record):
    """A hazard at a place of a statement's text.

    `message` says what happens in production, `rewrite` is the SQL that does the same safely, if it can be said, and
    `edits` are what makes it of the statement, where that is mechanical. `unsure` is what could not be told."""

    span: Span
    message: str
    rewrite: str = ""
    edits: tuple[Edit, ...] = ()
    unsure: bool = False


class Statement(Record, often=True):
    """One statement of a file; `offset` is where its text begins in that of the file, `fault` why it is none."""

    text: str
    offset: int
    deeds: tuple[Deed, ...]
    fault: str = ""


class Script(Record):
    """A file, and the statements of it that go up. `whole` says that it runs in one transaction of the tool's,
    `released` is what the file was when it was released, where it is another one now."""

    file: str
    text: str
    statements: tuple[Statement, ...]
    number: int | None = None
    whole: bool = False
    released: Script | None = None


class Known(Protocol):
    """What the statements before have made."""

    @property
    def columns(self) -> Mapping[str, Mapping[str, str]]:
        """For each table its columns, and their types as they are written."""

    @property
    def indexes(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], frozenset[str]]]]:
        """For each table the columns of its indexes and unique keys, and the words that change what they do."""

    @property
    def keys(self) -> Mapping[str, Sequence[Constraint]]:
        """For each table its foreign keys."""

    @property
    def values(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """For each table and column the values that a CHECK has listed last."""

    @property
    def domains(self) -> Mapping[str, DomainForm]:
        """The domains by their names."""

    def condition_on(self, table: str, column: str) -> bool:
        """Whether a CHECK of the table is about the column."""

    def made_anew(self, deed: Deed, constraint: Constraint) -> bool:
        """Whether a statement behind this deed drops the constraint, or says of the same columns another one."""

    def fresh(self, table: str) -> bool:
        """Whether the file itself has made the table: nobody waits for it, and it has no rows but the file's own."""

    def small(self, table: str) -> bool:
        """Whether the table is known to have so few rows that reading or writing all of them takes no time."""

    def exists(self, table: str) -> bool:
        """Whether a statement before has made the table."""

    @property
    def held(self) -> Sequence[str]:
        """The tables in use that this transaction has locked."""

    @property
    def waited(self) -> bool:
        """Whether the file has locked a table in use, or said how long it waits for a lock."""

    def indexes_of_file(self, table: str) -> Sequence[tuple[str, ...]]:
        """The columns of the indexes that the file makes on the table, here or further down."""

    def made_function(self, name: str) -> bool:
        """Whether a statement, here or elsewhere, makes a function of this name."""

    def made_in_file(self, name: str) -> bool:
        """Whether the file makes something of this name, here or further down."""

    def enabled_behind(self, table: str, trigger: str, number: int) -> bool:
        """Whether a statement of the file behind that of this number enables the trigger, or all of the table."""

    def secured(self, table: str) -> bool:
        """Whether row security of the table is enabled, by now or further down in the file."""

    def policed(self, table: str) -> bool:
        """Whether the table has a policy, by now or further down in the file."""

    def checked(self, table: str) -> bool:
        """Whether the table is known to have a CHECK."""

    def partitioned(self, table: str) -> bool:
        """Whether the table is known to be partitioned."""

    def dropped(self, name: str) -> bool:
        """Whether the file has dropped something of this name, IF EXISTS."""

    def to_come(self, table: str) -> bool:
        """Whether a statement that is still to come makes the table."""

    def only_to_come(self, kind: str, name: str) -> bool:
        """Whether only statements that are still to come make the `type` or the `function` of this name."""

    def proven_not_null(self, table: str, column: str) -> bool:
        """Whether a CHECK that is validated says that the column is not NULL."""

    def of_this_transaction(self, kind: str, name: str) -> bool:
        """Whether something of this kind and name is of this very transaction."""


class Documented(Record):
    """What is documented of a table's columns: the values of each, and what a deletion does through a foreign key."""

    values: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    on_delete: Mapping[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)


class Place(Record, often=True):
    """A deed where it stands. `transaction` says that a transaction is open, `previous` is the number of the file
    before, `major` that of the server, `documented` what the contract has of tables of these names."""

    script: Script
    statement: Statement
    number: int
    deed: Deed
    known: Known
    transaction: bool
    previous: int | None = None
    major: int = NEWEST
    documented: Documented = Documented()

    def before(self) -> Sequence[Statement]:
        """The statements of the file before this one."""
        return self.script.statements[: self.number]

    def after(self) -> Sequence[Statement]:
        """The statements of the file behind this one."""
        return self.script.statements[self.number + 1 :]
