"""What only a rebuilding has to know of a catalog: sequences, and the collations of domains."""

from __future__ import annotations

from conformance.model.record import Record


class Collation(Record):
    """How a domain sorts its text; without a name as the database does."""

    name: str = ""
    shipped: bool = True


class Sequence(Record):
    """A sequence that a column draws from. `owner` is the schema, the table and the column with which it goes, if it is
    owned; that of an identity column is not."""

    schema: str
    name: str
    type: str
    start: int
    increment: int
    least: int
    greatest: int
    cache: int
    cycle: bool
    owner: tuple[str, ...] = ()
