"""What a statement of a migration does, as far as a hazard hangs on it. Places are offsets in the statement's text."""

from __future__ import annotations

from typing import Literal

from conformance.model.record import Record

ConstraintKind = Literal["check", "unique", "primary key", "foreign key", "exclude", "not null"]


class Span(Record, often=True):
    """A place in a text: from `start` up to, and without, `end`."""

    start: int
    end: int


class Constraint(Record, often=True):
    """A constraint as it is written; `text` is the expression of a CHECK, `target` the table of a foreign key, `tail`
    the words behind it that have no field of their own."""

    kind: ConstraintKind
    span: Span
    name: str = ""
    columns: tuple[str, ...] = ()
    text: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()
    on_delete: str = "no action"
    not_valid: bool = False
    using_index: bool = False
    tail: str = ""

    @property
    def enforced(self) -> bool:
        """Whether rows are held to it."""
        return "not enforced" not in self.tail


class ColumnDefinition(Record, often=True):
    """A column as it is written: its type in lower case and single blanks, its default as it stands, `tail` the words
    behind it that have no field of their own."""

    name: str
    type: str
    span: Span
    type_span: Span
    not_null: bool = False
    default: str | None = None
    identity: bool = False
    generated: Literal["", "stored", "virtual"] = ""
    constraints: tuple[Constraint, ...] = ()
    tail: str = ""


class DomainForm(Record):
    """A domain: what it is around, and whether it has constraints, so that each value has to be looked at."""

    base: str
    constrained: bool


class Action(Record, often=True):
    """One action of an ALTER TABLE, such as `add column`, `set not null`, `alter type`; `name` is the column or the
    constraint that it is about, `text` what it is set to."""

    verb: str
    span: Span
    name: str = ""
    text: str = ""
    flags: frozenset[str] = frozenset()
    column: ColumnDefinition | None = None
    constraint: Constraint | None = None


class Deed(Record, often=True):
    """What a statement does: `verb` is its first words, such as `create index`.

    `name` is of what it is done to; of an index or a trigger, `table` is the table that it is on. `flags`
    are the words that change what happens, such as `concurrently` or `if not exists`. `columns` are those that it
    names, `others` are names beside the first, `text` is what is left of it. `guarded` says that it stands behind a
    condition, or where an error is caught."""

    verb: str
    span: Span
    name: str = ""
    table: str = ""
    flags: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    text: str = ""
    definitions: tuple[ColumnDefinition, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    actions: tuple[Action, ...] = ()
    guarded: bool = False
