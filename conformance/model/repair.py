"""What mends a database that departs: statements that are safe while it is in use, and what is left to its owner."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from hashlib import sha256
from typing import Literal

from conformance.model.catalog import Catalog, Table
from conformance.model.contract import LEVELS, Requirement
from conformance.model.look import Look, Rows
from conformance.model.mending import constraint_names, free
from conformance.model.reading import Reading
from conformance.model.record import Record
from conformance.model.scene import Scene
from conformance.model.sql import qualified

_HEAD = 54


class Stage(IntEnum):
    """When a statement is run: each may rest on those of the stages before it."""

    TABLES = 1
    COLUMNS = 2
    TYPES = 3
    DEFAULTS = 4
    TRIGGERS = 5
    RULES = 6
    PROOFS = 7
    SETTLED = 8
    INDEXES = 9
    KEYS = 10
    REFERENCES = 11
    REFERENCES_PROVEN = 12
    GONE = 13
    INDEXES_GONE = 14


ALONE = frozenset({Stage.INDEXES, Stage.INDEXES_GONE})
"""The stages whose statements PostgreSQL refuses within a transaction."""

PATIENT = frozenset({Stage.PROOFS, Stage.REFERENCES_PROVEN, *ALONE})
"""The stages whose statements take as long as there are rows, and let everybody read and write."""


class Users(Record):
    """What else in the database would have PostgreSQL refuse a statement: the look for it, which must find nothing, and
    in words what each that it finds does. `behind` says that the statement goes through, and what does not then;
    `name` is the name that it finds taken, where another would do."""

    look: Rows
    words: str
    behind: str = ""
    name: str = ""


class Step(Record):
    """One statement. `does` says what it does, `lock` what lock it takes, and for how long; `users` who would stop
    it."""

    stage: Stage
    does: str
    lock: str
    sql: str
    users: tuple[Users, ...] = ()


Why = Literal["rows", "unseen", "decision", "rewrite", "elsewhere", "partitions", "waits"]

REASONS: dict[Why, str] = {
    "rows": "rows that are there depart",
    "unseen": "rows that are there may depart",
    "decision": "somebody has to decide",
    "rewrite": "the table would be written anew under a lock",
    "elsewhere": "a view or a foreign table stands in the table's place",
    "partitions": "it is partitioned, or other tables inherit from it",
    "waits": "it hangs on what is left out",
}


class Mend(Record):
    """What mends requirements: all of its steps, or none.

    `rows` are looks that must find nothing, or it is left out, and `stops` says in words what they would find; a look
    is None where it cannot be written down. `blind` says why it is left out, too, where the rows were not looked at;
    `why` is the reason for either.
    `needs` are requirements that have to hold before. `table` is the table as it is behind the steps, where they make
    it or one of its columns."""

    mends: tuple[str, ...]
    steps: tuple[Step, ...]
    rows: tuple[Look | None, ...] = ()
    stops: str = ""
    blind: str = ""
    why: Why = "rows"
    needs: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def users(self) -> tuple[Users, ...]:
        """Who would stop one of the steps."""
        return tuple(dict.fromkeys(one for step in self.steps for one in step.users))


class Left(Record):
    """What is left out: the requirements, and why."""

    leaves: tuple[str, ...]
    why: Why
    reason: str


class Site(Record):
    """What a repair sees: the table as it is behind the repairs before, None where there is none.

    `failing` are the requirements that are departed from. `added` are the columns that the script adds, or makes of
    another type where there are no rows; of all tables, `anew` has the latter. `created` says that it makes the table,
    `makes` has all tables that it makes. `taken` are names that something has that is not in the catalog."""

    table: Table | None
    scene: Scene
    schema: str
    major: int
    failing: frozenset[str]
    added: frozenset[str] = frozenset()
    created: bool = False
    makes: frozenset[str] = frozenset()
    anew: frozenset[tuple[str, str]] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def catalog(self) -> Catalog:
        """The database as it is."""
        return self.scene.catalog

    @property
    def reading(self) -> Reading:
        """How its rows are read."""
        return Reading(catalog=self.scene.catalog)

    @property
    def there(self) -> Table:
        """The table, where there is one."""
        if self.table is None:
            raise LookupError("there is no table")
        return self.table

    def name(self, table: str) -> str:
        """A table of the contract, in SQL."""
        found = self.catalog.tables.get(table)
        return qualified(found.schema if found is not None else self.schema, table)

    def index_name(self, requirement: Requirement, wanted: str) -> str:
        """A name for an index that no other has, as far as is known here: a table that is made may be there under
        another name, with all its indexes."""
        if self.created:
            wanted = f"{wanted[:_HEAD]}_{sha256(requirement.id.encode()).hexdigest()[:8]}"
        names = {name for table in self.catalog.tables.values() for name in constraint_names(table)}
        return free(wanted, names | self.taken)

    def constraint_name(self, wanted: str) -> str:
        """A name for a constraint of the table that none of it has, as far as is known here."""
        return free(wanted, constraint_names(self.table) | self.taken)

    def led_to(self, table: str, columns: set[str]) -> bool:
        """Whether a foreign key that is there leads to these columns of the table."""
        return any(
            key.target == table and set(key.target_columns) == columns
            for other in self.catalog.tables.values()
            for key in other.foreign_keys
        )

    def failing_on(self, table: str, claims: Sequence[str], columns: Sequence[str] | None = None) -> tuple[str, ...]:
        """The ids of what is departed from, of these claims on the table, or on exactly these columns of it."""
        return tuple(r.id for r in self.asked(table, claims, columns) if r.id in self.failing)

    def asked(self, table: str, claims: Sequence[str], columns: Sequence[str] | None = None) -> tuple[Requirement, ...]:
        """What is asked of the table by these claims, or of exactly these columns; the strongest first."""
        found = (r for r in self.scene.asked.get(table, ()) if r.claim in claims and r.level != "may")
        own = (r for r in found if columns is None or set(r.columns) == set(columns))
        return tuple(sorted(own, key=lambda r: LEVELS.index(r.level)))
