"""The statements that build a catalog's schema anew, in their order, and what is left out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from conformance.model.catalog import Catalog, Column, ForeignKey, Index, Table
from conformance.model.leftover import Leftover
from conformance.model.record import Record
from conformance.model.sql import identifier
from conformance.rebuild import parts, sequences, tables
from conformance.rebuild.trust import random_uuid
from conformance.rebuild.types import Unbuildable, before

TABLE = "table "


def sequence_part(table: str, column: str) -> str:
    return f"sequence of {table}.{column}"


def owner_part(table: str, column: str) -> str:
    return f"owner of the {sequence_part(table, column)}"


def collation_part(domain: str) -> str:
    return f"collation of the domain {domain}"


class Step(Record):
    """One statement, and what is left out where the server refuses it; `as_owner` is false for what a superuser has to
    do."""

    statement: str
    part: Leftover
    as_owner: bool = True


class Plan(Record):
    """What is built, what is not, and in which schemas the names are looked for."""

    steps: tuple[Step, ...]
    left: tuple[Leftover, ...]
    path: tuple[str, ...]
    extension_schemas: tuple[str, ...] = ()


def plan(catalog: Catalog) -> Plan:
    """How to build the tables of a catalog anew."""
    return _Planner(catalog).plan()


class _Planner:
    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.steps: list[Step] = []
        self.left: list[Leftover] = []
        self.made: set[str] = set()
        self.extensions: set[str] = set()
        self.numbers = count(1)

    def plan(self) -> Plan:
        built = [table for table in self.catalog.tables.values() if self._table(table)]
        pieces = [
            (piece, table.name) for table in built for piece in (table, *(own for _, _, own in parts.below(table)))
        ]
        for table in built:
            self._owners(table)
        for part in (self._checks, self._indexes, self._foreign_keys, self._triggers):
            for piece, root in pieces:
                part(piece, root)
        left = tuple(dict.fromkeys(self.left))
        return Plan(
            steps=tuple(self.steps), left=left, path=self.catalog.path, extension_schemas=tuple(sorted(self.extensions))
        )

    def _table(self, table: Table) -> bool:
        """Whether the table is built, with all that has to be there before it."""
        part = Leftover(table=table.name, what=TABLE + table.name, why="")
        try:
            if reason := _why_no_table(table):
                raise Unbuildable(reason)
            bare = [name for name, column in table.columns.items() if tables.why_no_default(column)]
            statement = tables.create(table, bare, self.catalog) + parts.partitioned(table.key)
            pieces = [parts.create(found, above) for found, above, _ in parts.below(table)]
            for found, above, _ in parts.below(table):
                pieces += parts.not_nulls(found, above)
            for column in table.columns.values():
                self._before(table, column, part)
        except Unbuildable as error:
            self._leave(part, str(error))
            return False
        self._schema(table.schema, part)
        for step in (statement, *pieces):
            self._step(step, part)
        for name in bare:
            column = table.columns[name]
            what = f"default of {table.name}.{name}"
            hanging = () if _is_bound(table, name) else (name,)
            default = Leftover(table=table.name, what=what, why="", columns=hanging)
            if random_uuid(column.default):
                self._step(tables.own_uuid(table, column), default)
            else:
                self._leave(default, tables.why_no_default(column))
        self._unknown(table)
        for what, why in _imposed(table, self.catalog):
            self._leave(Leftover(table=table.name, what=f"{what} of {table.name}", why=""), why)
        return True

    def _before(self, table: Table, column: Column, part: Leftover) -> None:
        for schema, statement in before(column.type, self.catalog.domain_collations):
            self._schema(schema, part)
            extension = statement.startswith("CREATE EXTENSION")
            if extension:
                self.extensions.add(schema)
            self._once(statement, part, as_owner=not extension)
        sequence = sequences.found(table, column, self.catalog)
        if statement := sequences.create(column, sequence):
            self._schema(sequences.name_of(column)[0], part)
            self._once(statement, part)

    def _unknown(self, table: Table) -> None:
        """What an older snapshot does not tell, so that it may be otherwise here."""
        for name, column in table.columns.items():
            if sequences.drawn(column) and sequences.found(table, column, self.catalog) is None:
                part = Leftover(table=table.name, what=sequence_part(table.name, name), why="", columns=(name,))
                self._leave(part, "its options are not known; take the snapshot anew")
            for domain in column.type.domains:
                if domain.name not in self.catalog.domain_collations:
                    part = Leftover(table=table.name, what=collation_part(domain.name), why="", columns=(name,))
                    self._leave(part, "it is not known; take the snapshot anew")

    def _schema(self, name: str, part: Leftover) -> None:
        if name != "pg_catalog":
            self._once(f"CREATE SCHEMA IF NOT EXISTS {identifier(name)}", part)

    def _once(self, statement: str, part: Leftover, *, as_owner: bool = True) -> None:
        if statement not in self.made:
            self.made.add(statement)
            self._step(statement, part, as_owner=as_owner)

    def _step(self, statement: str, part: Leftover, *, as_owner: bool = True) -> None:
        self.steps.append(Step(statement=statement, part=part, as_owner=as_owner))

    def _leave(self, part: Leftover, why: str) -> None:
        self.left.append(Leftover(table=part.table, what=part.what, why=why, columns=part.columns, claims=part.claims))

    def _part(self, part: Leftover, write: Callable[[], str]) -> None:
        try:
            self._step(write(), part)
        except Unbuildable as error:
            self._leave(part, str(error))

    def _owners(self, table: Table) -> None:
        for name, column in table.columns.items():
            sequence = sequences.found(table, column, self.catalog)
            if sequence is not None and sequence.owner:
                part = Leftover(table=table.name, what=owner_part(table.name, name), why="", claims=("sequence",))
                self._part(part, lambda sequence=sequence: sequences.own(sequence, self.catalog))  # type: ignore[misc]

    def _checks(self, table: Table, root: str) -> None:
        for check in table.checks:
            part = Leftover(table=root, what=f"CHECK {check.name} of {table.name}", why="")
            self._part(part, lambda check=check: tables.check(table, check))  # type: ignore[misc]

    def _indexes(self, table: Table, root: str) -> None:
        for index in sorted(table.indexes, key=lambda index: not index.primary):
            part = _of_index(table, index, root)
            self._part(part, lambda index=index: tables.index(table, index))  # type: ignore[misc]

    def _foreign_keys(self, table: Table, root: str) -> None:
        for key in table.foreign_keys:
            what, hanging = f"foreign key {key.name} of {table.name}", self._bound_by(table, key)
            part = Leftover(table=root, what=what, why="", columns=hanging)
            self._part(part, lambda key=key: tables.foreign_key(table, key, self.catalog))  # type: ignore[misc]

    def _bound_by(self, table: Table, key: ForeignKey) -> tuple[str, ...]:
        """The columns that hang on a key to a table that is not rebuilt; none where all of the row may: a column that
        is left out then refers to nothing, and no key is asked."""
        free = (not table.columns[name].not_null and table.columns[name].default is None for name in key.columns)
        plain = key.match == "simple" and not any(table.columns[name].type.domains for name in key.columns)
        return key.columns if key.target not in self.catalog.tables and plain and all(free) else ()

    def _triggers(self, table: Table, root: str) -> None:
        for trigger in table.triggers:
            if tables.idle(trigger):
                continue
            part = Leftover(table=root, what=f"trigger {trigger.name} of {table.name}", why="")
            function = f"conformance_does_{next(self.numbers)}"
            try:
                body = tables.does(trigger, table, self.catalog)
                statements = tables.trigger(table, trigger, body, function)
            except Unbuildable as error:
                self._leave(part, str(error))
                continue
            for statement in statements:
                self._step(statement, part)


def _of_index(table: Table, index: Index, root: str) -> Leftover:
    """What is left out without it: one that may refuse a row bears on all rows, any other on lookups alone."""
    refuses = index.unique or index.excludes or index.computing is not None or index.predicate is not None
    return Leftover(
        table=root, what=f"index {index.name} of {table.name}", why="", claims=() if refuses else ("index",)
    )


def _is_bound(table: Table, column: str) -> bool:
    """Whether anything keeps or looks at the value that a default gives."""
    return (
        any(column in check.columns for check in table.checks)
        or any(column in key.columns for key in table.foreign_keys)
        or any(index.unique and any(key.column in (column, None) for key in index.keys) for index in table.indexes)
    )


def _why_no_table(table: Table) -> str:
    if not table.is_table:
        return f"it is a {table.described}, and what is behind it is not copied"
    if table.bound:
        return "it is a partition"
    if table.kind == "p" and table.key is None:
        return "what it is partitioned by is not known"
    if not table.columns:
        return "it has no columns"
    return ""


def _imposed(table: Table, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What else has a say in the table's rows and is never copied."""
    for rule in table.rules:
        yield f"rule {rule}", "rules are not copied"
    if table.row_security:
        yield "row security", "policies are not copied"
    if catalog.replica:
        yield "session setting", "sessions there begin as replicas, in which no trigger fires and no key is kept"
