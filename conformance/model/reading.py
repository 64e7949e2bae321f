"""How the columns of a catalog are read in SQL without running anyone's code.

Only PostgreSQL's own types are read, by operators that an empty `search_path` finds in `pg_catalog` alone. An enum's
value becomes text through its output function, never through a cast, which may be its owner's; a domain counts as what
it holds; text is compared byte by byte, whatever its collation folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.model.catalog import Catalog, Column, Table
from conformance.model.cycle import KEY_TYPES, EdgeSource, KeyType
from conformance.model.look import OWN, Graph, Groups, Join, Relation, Rows, Shown
from conformance.model.record import Record
from conformance.model.sql import identifier, qualified
from conformance.model.uniqueness import best

STRINGS = frozenset({"text", "varchar", "bpchar", "name"})
WHOLE = frozenset({"int2", "int4", "int8"})
SORTS: Mapping[str, frozenset[str]] = {
    "text": STRINGS,
    "number": WHOLE | {"numeric", "float4", "float8"},
    "key": STRINGS | WHOLE | {"uuid"},
    "time": frozenset({"timestamptz", "timestamp"}),
    "json": frozenset({"jsonb"}),
}
"""What a claim takes a column for, and PostgreSQL's types that can be taken for it."""


_SORT = {"json": "jsonb"}
"""What a reader calls a sort, where the word for it is another."""


class Unreadable(Exception):
    """A look cannot be written down; the message says why in one clause, `help` what would let it."""

    help = ""


class Mistyped(Unreadable):
    """Columns are of types that do not hold what they are there for."""

    help = "look again when it is of the documented type"


class Reading(Record):
    """The tables of a catalog, as invariants read them. `distrust_indexes`: an index proves nothing."""

    catalog: Catalog
    distrust_indexes: bool = False

    def table(self, name: str) -> Table:
        """The table. Raises `Unreadable` where there is none."""
        if (table := self.catalog.tables.get(name)) is None:
            raise Unreadable(f"there is no table {name}")
        return table

    def relation(self, name: str) -> Relation:
        """The table's place."""
        return Relation(schema=self.table(name).schema, name=name)

    def source(self, name: str) -> str:
        """The table's name in SQL."""
        return qualified(self.table(name).schema, name)

    def column(self, table: str, name: str) -> Column:
        """The column. Raises `Unreadable` where there is none."""
        if (column := self.table(table).columns.get(name)) is None:
            raise Unreadable(f"there is no column {table}.{name}")
        return column

    def place(self, table: str, alias: str = OWN) -> tuple[str, str]:
        """Where a row lies, which no other row does. Raises `Unreadable` for a view, whose rows lie nowhere."""
        if not self.table(table).is_table:
            raise Unreadable(f"rows of the view {table} are not told apart")
        return f"{alias}.tableoid", f"{alias}.ctid"

    def bare(self, table: str, name: str, alias: str = OWN) -> str:
        """The column as it is, for NULL tests alone."""
        return f"{alias}.{identifier(self.column(table, name).name)}"

    def value(self, table: str, name: str, sort: str, alias: str = OWN) -> str:
        """The column, read as text, number, key, time or json. Raises `Unreadable` where its type holds none."""
        column, bare = self.column(table, name), self.bare(table, name, alias)
        type_ = column.type
        if not type_.array and type_.labels is not None and sort in ("text", "key"):
            own = f"{bare}::{qualified(type_.schema, type_.name)}" if type_.domains else bare
            return f'pg_catalog.textin(pg_catalog.enum_out({own})) COLLATE pg_catalog."C"'
        if type_.array or not type_.shipped or type_.labels is not None or type_.name not in SORTS[sort]:
            raise Mistyped(f"{table}.{name} is {type_.declared}, which is not read as {_SORT.get(sort, sort)}")
        if type_.name in STRINGS:
            return f'({bare}::pg_catalog.text COLLATE pg_catalog."C")'
        if type_.name == "timestamp":
            return f"pg_catalog.timezone('UTC', {bare}::pg_catalog.timestamp)"
        return f"{bare}::pg_catalog.{type_.name}" if type_.domains else bare

    def array(self, table: str, name: str, alias: str = OWN, of: str = "key") -> str:
        """An array of keys, or of texts. Raises `Unreadable` where the column is none."""
        column, type_ = self.column(table, name), self.column(table, name).type
        if not type_.array or not type_.shipped or type_.labels is not None or type_.name not in SORTS[of]:
            raise Mistyped(f"{table}.{name} is {type_.declared}, which is not read as an array of {of}s")
        bare = self.bare(table, column.name, alias)
        return f"{bare}::pg_catalog.{type_.name}[]" if type_.domains else bare

    def unnested(self, table: str, name: str, alias: str) -> str:
        """The elements of an array of keys, as a subquery that follows LATERAL: each as `id`, read as a key is."""
        array = self.array(table, name, alias)
        collate = ' COLLATE pg_catalog."C"' if self.column(table, name).type.name in STRINGS else ""
        return f"(SELECT e.id{collate} AS id FROM pg_catalog.unnest({array}) AS e (id))"

    def key_type(self, table: str, name: str) -> KeyType:
        """The type of a node's id. Raises `Unreadable` where it is none that is hashed."""
        type_ = self.column(table, name).type
        for known in KEY_TYPES:
            if known == type_.name and type_.shipped and type_.labels is None:
                return known
        raise Mistyped(f"{table}.{name} is {type_.declared}, which is not read as a node of a graph")

    def alike(self, *columns: tuple[str, str]) -> None:
        """Raises `Unreadable` where keys are of types that are not compared with each other."""
        names = [self.column(*column).type.name for column in columns]
        if len({_family(name) for name in names}) > 1:
            shown = ", ".join(f"{table}.{name} is {self.column(table, name).type.declared}" for table, name in columns)
            raise Mistyped(f"keys of different types: {shown}")

    def unique(self, table: str, columns: Sequence[str]) -> str:
        """The name of the index that proves that no two rows agree in these columns; "" where none does."""
        if self.distrust_indexes:
            return ""
        index, why, _ = best(self.table(table), columns)
        if index is None or why or not all(key.default_opclass for key in index.keys):
            return ""
        return index.name

    def parent(self, table: str, column: str, parent: str, key: str = "id") -> Join:
        """The one row of `parent` whose key is in the column; where no index proves that, its rows have to."""
        alias = f"{column}_{parent}"
        self.alike((table, column), (parent, key))
        condition = f"{self.value(parent, key, 'key', alias)} = {self.value(table, column, 'key')}"
        several = None if self.unique(parent, (key,)) else self.repeated(parent, (key,))
        return Join(alias=alias, relation=self.source(parent), condition=condition, several=several)

    def repeated(self, table: str, columns: Sequence[str], member: Shown | None = None) -> Groups:
        """The groups of rows that agree in all of these columns; without a `member`, a row is told by where it lies."""
        keys = tuple(Shown(name=name, sql=self.value(table, name, "key")) for name in columns)
        place = self._shown_place(table, "rows") if self.table(table).is_table else keys[0]
        having = "pg_catalog.count(*) > 1"
        return Groups(table=self.relation(table), keys=keys, having=having, member=member or place)

    def existing(self, table: str, column: str, parent: str, key: str = "id") -> tuple[Join, str]:
        """Whether the column is the key of a row of `parent`: the join, and SQL that is NULL where it is not."""
        if self.unique(parent, (key,)):
            join = self.parent(table, column, parent, key)
            return join, self.bare(parent, key, join.alias)
        alias = f"{column}_any_{parent}"
        own = self.value(parent, key, "key", "p")
        relation = f"(SELECT DISTINCT {own} AS id FROM {self.source(parent)} AS p)"
        self.alike((table, column), (parent, key))
        join = Join(alias=alias, relation=relation, condition=f"{alias}.id = {self.value(table, column, 'key')}")
        return join, f"{alias}.id"

    def rows(
        self,
        table: str,
        violates: str,
        *,
        about: Sequence[str] = (),
        joins: Sequence[Join] = (),
        also: Sequence[Shown] = (),
        telling: str = "",
    ) -> Rows:
        """The rows of a table that make `violates` true; `about` and `also` are what a witness shows."""
        return Rows(
            table=self.relation(table),
            violates=violates,
            ids=self.ids(table, *about),
            values=(*self.shown(table, *about), *also),
            joins=tuple(joins),
            telling=telling,
        )

    def ids(self, table: str, *otherwise: str) -> tuple[Shown, ...]:
        """What tells a row of the table from the others: its primary key, or its id, or its UUIDs, or those of these
        columns that hold ids, or where it lies."""
        found = self.table(table)
        primary = next((index for index in found.indexes if index.primary), None)
        names = [key.column for key in primary.keys if key.column] if primary else []
        if not names:
            uuids = [name for name, column in found.columns.items() if column.type.declared == "uuid"]
            ids = [name for name in otherwise if name.endswith("_id") or name == "depends_on"]
            names = ["id"] if "id" in found.columns else uuids or ids
        shown = self.shown(table, *names)
        return shown or ((self._shown_place(table),) if found.is_table else ())

    def member(self, table: str) -> Shown:
        """What names a row among others: its id, or where it lies if the id cannot be shown."""
        return next(iter(self.shown(table, "id")), None) or self._shown_place(table)

    def _shown_place(self, table: str, name: str = "ctid") -> Shown:
        """Where a row lies, as a witness shows it: of several tables that are read as one, also in which."""
        part, place = self.place(table)
        found = self.table(table)
        if found.kind == "p" or found.children:
            place = f"pg_catalog.format('%s %s', {part}::pg_catalog.regclass, {place})"
        return Shown(name=name, sql=place)

    def shown(self, table: str, *columns: str, alias: str = OWN) -> tuple[Shown, ...]:
        """Columns as a witness shows them: what cannot be read without a stranger's code is left out."""
        found = []
        for name in columns:
            type_ = self.column(table, name).type
            if type_.labels is not None and not type_.array:
                found.append(Shown(name=name, sql=self.value(table, name, "text", alias)))
            elif type_.shipped and type_.labels is None:
                found.append(Shown(name=name, sql=self.bare(table, name, alias)))
        return tuple(found)


def _family(name: str) -> str:
    return "text" if name in STRINGS else "whole" if name in WHOLE else name


def edges(reading: Reading, table: str, source: str, target: str, nodes: tuple[str, str] | None = None) -> Graph:
    """The graph whose edges lead from one column to another, or to each element of an array; both hold values of
    `nodes`, the key of another table."""
    found = reading.table(table)
    type_ = reading.column(table, target).type
    reading.value(table, source, "key")  # each edge has one source
    reading.alike((table, source), (table, target))
    if nodes is not None and reading.catalog.tables.get(nodes[0]) is not None:
        reading.alike((table, source), nodes)  # a uuid has more than one spelling as a text
    if reading.key_type(table, source) != reading.key_type(table, target):
        raise Mistyped(f"the two ends of an edge of {table} are of different types")
    return Graph(
        table=reading.relation(table),
        edges=EdgeSource(
            schema=found.schema,
            table=table,
            source=source,
            target=target,
            array=type_.array,
            key=reading.key_type(table, source),
            whole=not found.is_table,
        ),
    )
