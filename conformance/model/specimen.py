"""Rows that the documentation allows, as SQL: built from the contract's claims and the catalog's types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conformance.model.catalog import Catalog, Column, Table
from conformance.model.contract import LEVELS, Requirement
from conformance.model.experiment import Choice
from conformance.model.literals import plain
from conformance.model.record import Record, field
from conformance.model.sql import identifier, literal

Values = Mapping[str, str]
"""What stands in the columns of a row, each an expression of SQL; a column that is left out has its default."""

_MOST_BESIDE = 3


class Documented(Record):
    """What the contract says of a column: the strongest claim of each kind."""

    name: str
    claims: Mapping[str, Requirement]

    @property
    def values(self) -> tuple[str, ...]:
        """The documented values, "" for none."""
        asked = self.claims.get("accepts") or self.claims.get("one-of")
        return tuple(asked.spec["values"]) if asked else ()

    @property
    def reference(self) -> tuple[str, str] | None:
        """The table and the column that a value has to be found in."""
        if (asked := self.claims.get("foreign-key")) is None:
            return None
        table, _, column = str(asked.spec["references"]).partition(".")
        return table, column

    @property
    def may_be_null(self) -> bool:
        """Whether the documentation lets clients leave the value out; where it only may, they had better not."""
        asked = self.claims.get("nullable")
        return asked is not None and asked.level != "may" and "not-null" not in self.claims


class Specimens(Record):
    """What rows of each table have to look like."""

    catalog: Catalog
    columns: Mapping[str, Mapping[str, Documented]]
    telling: Mapping[str, frozenset[str]]
    """The columns of each table that belong to a key: rows differ in them."""
    filled: Mapping[str, tuple[Values, ...]]
    """Ways to keep the documented CHECK of a table."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        return self.catalog.tables[name]

    def documented(self, table: str, column: str) -> Documented:
        return self.columns.get(table, {}).get(column) or Documented(name=column, claims={})

    def options(self, table: str, column: str, number: int) -> list[str]:
        """Values that the documentation allows in a column, the plainest first."""
        documented = self.documented(table, column)
        if documented.values:
            return [literal(value) for value in documented.values]
        telling = column in self.telling.get(table, ())
        return list(plain(self.table(table).columns[column].type, number, telling=telling))

    def required(self, table: str) -> list[str]:
        """The columns that the database wants a value for."""
        return [column.name for column in self.table(table).columns.values() if _required(column)]

    def writable(self, table: str) -> list[str]:
        """The documented columns that a client can write."""
        there = self.table(table).columns
        return [name for name in self.columns.get(table, {}) if name in there and _writable(there[name])]

    def changeable(self, table: str) -> list[str]:
        """All columns that a client can write, documented or not."""
        return [column.name for column in self.table(table).columns.values() if _writable(column)]

    def refers(self, table: str, column: str) -> bool:
        """Whether the column, by the documentation or here, holds the key of another row, or a part of it."""
        by_catalog = any(column in key.columns for key in self.table(table).foreign_keys)
        return by_catalog or self.documented(table, column).reference is not None


def _required(column: Column) -> bool:
    wanted = column.not_null or any(domain.not_null for domain in column.type.domains)
    has_default = column.default is not None or any(domain.default for domain in column.type.domains)
    return wanted and not has_default and _writable(column) and not column.identity


def _writable(column: Column) -> bool:
    return not column.generated and column.identity != "always" and column.writable


def specimens(living: Iterable[Requirement], catalog: Catalog) -> Specimens:
    """What the living requirements and the catalog say of rows."""
    columns: dict[str, dict[str, dict[str, Requirement]]] = {}
    telling: dict[str, set[str]] = {}
    filled: dict[str, tuple[Values, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for r in sorted(living, key=lambda r: LEVELS.index(r.level)):
        if r.column is not None:
            columns.setdefault(r.table, {}).setdefault(r.column, {}).setdefault(r.claim, r)
        if r.claim in ("unique", "primary-key"):
            telling.setdefault(r.table, set()).update(r.columns)
        if r.claim == "primary-key":
            keys[r.table] = r.columns
        if r.claim == "check":
            ways = [{name: literal(str(value)) for name, value in way.items()} for way in r.spec["accepts"]]
            filled.setdefault(r.table, tuple(ways))
    for table in catalog.tables.values():  # what is unique here beyond the documentation would collide too
        for index in table.indexes:
            if index.unique:
                telling.setdefault(table.name, set()).update(key.column for key in index.keys if key.column)
    return Specimens(
        catalog=catalog,
        columns={
            table: {name: Documented(name=name, claims=claims) for name, claims in sorted(of.items())}
            for table, of in columns.items()
        },
        telling={table: frozenset(names) for table, names in telling.items()},
        filled=filled,
        keys=keys,
    )


class Scribe:
    """Writes the rows of one example. What they refer to goes to `given`, before them.

    `aside` is a table and what its rows hold wherever nothing else is said of these columns; None stands for the key of
    a row of its own."""

    def __init__(
        self,
        specimens: Specimens,
        choice: Choice,
        start: int = 0,
        aside: tuple[str, Mapping[str, str | None]] = ("", {}),
    ) -> None:
        self.specimens = specimens
        self.choice = choice
        self.given: list[str] = []
        self._number = start
        self._aside = aside

    def row(
        self, table: str, fixed: Values | None = None, *, without: Sequence[str] = (), drawn: bool = True
    ) -> Values:
        """A row of the table that holds what is `fixed`, does not name what is to be left out, and holds beside it what
        it has to, and some of what it may."""
        self._number += 1
        number = self._number
        fixed = fixed or {}
        values: dict[str, str] = {}
        there = self.specimens.table(table).columns
        for name in self.specimens.required(table):
            if name not in without and name not in fixed:
                values[name] = self._value(table, name, number)
        ways = [way for way in self.specimens.filled.get(table, ()) if not set(way) & {*without}]
        if ways and not any(set(way) <= set(fixed) for way in ways):
            values |= {name: value for name, value in ways[0].items() if name in there and name not in fixed}
        for name in self.specimens.keys.get(table, ()):
            if name in there and name not in without and name not in fixed and name not in values and name == "id":
                values[name] = self._value(table, name, number)
        if table == self._aside[0]:
            values |= self._put_aside({*fixed, *without}, number)
        if drawn:
            values |= self._beside(table, {*values, *fixed, *without}, number)
        return {**values, **fixed}

    def _put_aside(self, taken: set[str], number: int) -> dict[str, str]:
        table, said = self._aside
        own = {name: value for name, value in said.items() if name not in taken}
        return {name: self._value(table, name, number) if value is None else value for name, value in own.items()}

    def _beside(self, table: str, taken: set[str], number: int) -> dict[str, str]:
        """Some of the columns that may be left out."""
        specimens = self.specimens
        free = [name for name in specimens.writable(table) if name not in taken and not specimens.refers(table, name)]
        found: dict[str, str] = {}
        for _ in range(min(_MOST_BESIDE, len(free))):
            name = self.choice.pick(["", *free])
            if not name:
                break
            options = specimens.options(table, name, number)
            if specimens.documented(table, name).may_be_null:
                options.append("NULL")
            found[name] = self.choice.pick(options)
        return found

    def value(self, table: str, column: str) -> str:
        """A value of the column that no row has yet, its parent given."""
        self._number += 1
        return self._value(table, column, self._number)

    def _value(self, table: str, column: str, number: int) -> str:
        reference = self.specimens.documented(table, column).reference or self._leads(table, column)
        if reference is not None and reference[0] in self.specimens.catalog.tables:
            return self.parent(*reference)
        return self.specimens.options(table, column, number)[0]

    def _leads(self, table: str, column: str) -> tuple[str, str] | None:
        """Where a foreign key leads that only the database knows."""
        for key in self.specimens.table(table).foreign_keys:
            if key.columns == (column,):
                return key.target, key.target_columns[0]
        return None

    def parent(self, table: str, column: str, value: str | None = None) -> str:
        """The key of a new row of the table, which is given; it is the value, if there is one."""
        self._number += 1
        if value is None:
            value = self._value(table, column, self._number)
        self.given.append(insert(table, self.row(table, {column: value}, drawn=False)))
        return value


def insert(table: str, values: Values, returning: str = "") -> str:
    """The statement that puts the row in."""
    target = identifier(table)
    tail = f"\n    RETURNING {returning}" if returning else ""
    if not values:
        return f"INSERT INTO {target} DEFAULT VALUES{tail}"
    names = ", ".join(identifier(name) for name in values)
    return f"INSERT INTO {target} ({names})\n    VALUES ({', '.join(values.values())}){tail}"


def where(specimens: Specimens, table: str, row: Values) -> str:
    """The condition that finds the row again."""
    names = [name for name in specimens.keys.get(table, ()) if name in row] or list(row)
    return " AND ".join(
        f"{identifier(name)} IS NULL" if row[name] == "NULL" else f"{identifier(name)} = {row[name]}" for name in names
    )
