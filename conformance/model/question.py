"""What a check may ask of the server about the database's own expressions, and what the server answered.

Checks are pure: they put questions, `sources` answers all of them in one statement, and the answers travel with the
catalog (also into a snapshot), so that the same catalog gives the same outcomes anywhere.
"""

from __future__ import annotations

from conformance.model.record import Record

Row = tuple[str | None, ...]


class Probe(Record):
    """Would a row be let in? `columns` names the row's columns with the types to cast to (SQL, shipped types only).

    A row is accepted when none of `expressions` is false for it, as PostgreSQL decides a CHECK.
    """

    columns: tuple[tuple[str, str], ...]
    expressions: tuple[str, ...]
    rows: tuple[Row, ...]


class Constant(Record):
    """What is the text of this expression's value, once cast to a shipped type (`cast`, SQL)?"""

    expression: str
    cast: str


class Keys(Record):
    """Which values has this column of another table, a table that a foreign key points at?"""

    schema: str
    table: str
    column: str
    partitioned: bool = False


class Homonyms(Record):
    """Which schemas beside `pg_catalog` have a function of this name that can be called without an argument?"""

    name: str


Question = Probe | Constant | Keys | Homonyms


class Accepted(Record):
    """To a `Probe`: one flag a row. A row whose evaluation raises is refused, as an INSERT of it would be."""

    rows: tuple[bool, ...]


class Text(Record):
    """To a `Constant`: the value as text (None for NULL); or, to `Keys`, every value of the column; or, to `Homonyms`,
    the schemas."""

    values: tuple[str | None, ...]


class Unanswered(Record):
    """The question could not be answered; `reason` says why, in one clause."""

    reason: str


Answer = Accepted | Text | Unanswered
