"""What the deeds of the statements before have made, kept as they are read one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from conformance.deeds.foreseen import Foreseen
from conformance.deeds.locks import locked
from conformance.deeds.stored_forms import domain_form
from conformance.deeds.value_sets import listed
from conformance.model.deed import Action, ColumnDefinition, Constraint, Deed, DomainForm
from conformance.model.lint import Script
from conformance.model.record import replace

_NOT_NULL = re.compile(r"\(*\s*\"?(\w+)\"?\s+is\s+not\s+null\s*\)*\Z", re.IGNORECASE)
_PARTITIONED = re.compile(r"\bpartition\s+by\b", re.IGNORECASE)
_SMALL = 10_000
"""Fewer rows are read, written and sorted in a few milliseconds."""


class Ledger(Foreseen):
    """The tables, columns, indexes and keys so far, which of them are of this file, and which of this transaction.

    `deeds` are all that will be done, one behind the other; `rows` says how many some of the tables have."""

    def __init__(self, deeds: Iterable[Deed], rows: Mapping[str, int]) -> None:
        super().__init__(deeds)
        self._rows = rows
        self._partitioned: set[str] = set()
        self._checked: set[str] = set()
        self.values: dict[tuple[str, str], frozenset[str]] = {}
        self.columns: dict[str, dict[str, str]] = {}
        self.domains: dict[str, DomainForm] = {}
        self._conditions: dict[str, list[Constraint]] = {}
        self.indexes: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
        self.keys: dict[str, list[Constraint]] = {}
        self._fresh: set[str] = set()
        self._not_null_checks: dict[tuple[str, str], str] = {}
        self._unproven: set[tuple[str, str]] = set()
        self._transaction: set[tuple[str, str]] = set()
        self._dropped: set[str] = set()
        self._indexes_of_file: dict[str, list[tuple[str, ...]]] = {}
        self.held: list[str] = []
        self.waited = False

    def begin_file(self, script: Script) -> None:
        """The statements of another file follow."""
        self._indexes_of_file = defaultdict(list)
        for statement in script.statements:
            for deed in statement.deeds:
                if deed.verb == "create index":
                    self._indexes_of_file[deed.table].append(deed.columns)
        self._fresh.clear()
        self._dropped.clear()
        self.waited = False
        self.begin_transaction()

    def begin_transaction(self) -> None:
        """What follows is of another transaction."""
        self._transaction.clear()
        self.held.clear()

    def fresh(self, table: str) -> bool:
        return table in self._fresh

    def small(self, table: str) -> bool:
        return self._rows.get(table, _SMALL) < _SMALL

    def exists(self, table: str) -> bool:
        return table in self.columns

    def indexes_of_file(self, table: str) -> list[tuple[str, ...]]:
        return self._indexes_of_file.get(table, [])

    def checked(self, table: str) -> bool:
        return table in self._checked

    def condition_on(self, table: str, column: str) -> bool:
        """Whether a CHECK of the table is about the column."""
        return any(column in constraint.columns for constraint in self._conditions.get(table, []))

    def partitioned(self, table: str) -> bool:
        return table in self._partitioned

    def dropped(self, name: str) -> bool:
        return name in self._dropped

    def proven_not_null(self, table: str, column: str) -> bool:
        return any(
            (of, name) == (table, column) and (table, check) not in self._unproven
            for (of, check), name in self._not_null_checks.items()
        )

    def of_this_transaction(self, kind: str, name: str) -> bool:
        return (kind, name) in self._transaction

    def enter(self, deed: Deed) -> None:
        """One more deed is done."""
        self.come(deed)
        tables = locked(deed, self)
        self.held += tables
        self.waited = self.waited or bool(tables) or (deed.verb, deed.name) == ("set", "lock_timeout")
        if deed.verb.startswith("drop ") and "if exists" in deed.flags:
            self._dropped |= {deed.name, *deed.others}
        self._dropped |= {a.name for a in deed.actions if a.verb.startswith("drop") and "if exists" in a.flags}
        match deed.verb:
            case "create table":
                self._create_table(deed)
            case "alter table":
                for action in deed.actions:
                    self._act(deed.table, action)
            case "create index":
                self.indexes.setdefault(deed.table, []).append((deed.columns, deed.flags))
            case "drop table":
                for name in (deed.name, *deed.others):
                    self._drop(name)
            case "alter type add value":
                self._transaction.add(("enum value", deed.text))
                if self.of_this_transaction("type", deed.name):
                    self._transaction.add(("its type", deed.text))
            case "create type":
                self._transaction.add(("type", deed.name))
            case "create domain" | "alter domain":
                self._domain(deed)

    def _domain(self, deed: Deed) -> None:
        if deed.verb == "create domain":
            self.domains[deed.name] = domain_form(deed.text)
        elif deed.name in self.domains and deed.text.lower().startswith(("add", "set not")):
            self.domains[deed.name] = replace(self.domains[deed.name], constrained=True)

    def _create_table(self, deed: Deed) -> None:
        if "if not exists" in deed.flags and deed.table in self.columns:
            return
        self._drop(deed.table)
        self.columns[deed.table] = {}
        self._fresh.add(deed.table)
        if _PARTITIONED.search(deed.text):
            self._partitioned.add(deed.table)
        for column in deed.definitions:
            self._add_column(deed.table, column)
        for constraint in deed.constraints:
            self._constrain(deed.table, constraint)

    def _act(self, table: str, action: Action) -> None:
        if action.column is not None:
            self._add_column(table, action.column)
        elif action.constraint is not None:
            self._constrain(table, action.constraint)
        elif action.verb == "drop column":
            self.columns.get(table, {}).pop(action.name, None)
        elif action.verb == "alter type" and action.name in self.columns.get(table, {}):
            self.columns[table][action.name] = action.text
        elif action.verb == "rename column" and action.name in self.columns.get(table, {}):
            self.columns[table][action.text] = self.columns[table].pop(action.name)
        elif action.verb == "validate constraint":
            self._unproven.discard((table, action.name))
        elif action.verb == "drop constraint":
            self._not_null_checks.pop((table, action.name), None)
            kept = [one for one in self._conditions.get(table, []) if one.name != action.name]
            self._conditions[table] = kept
        elif action.verb == "rename to" and table in self.columns:
            self.columns[action.text] = self.columns.pop(table)
            self.indexes[action.text] = self.indexes.pop(table, [])
            self.keys[action.text] = self.keys.pop(table, [])
            self._conditions[action.text] = self._conditions.pop(table, [])
            for names in (self._fresh, self._partitioned):
                names |= {action.text} if table in names else set()

    def _add_column(self, table: str, column: ColumnDefinition) -> None:
        self.columns.setdefault(table, {}).setdefault(column.name, column.type)
        for constraint in column.constraints:
            self._constrain(table, constraint)

    def _constrain(self, table: str, constraint: Constraint) -> None:
        if constraint.kind == "check":
            self._checked.add(table)
            self._conditions.setdefault(table, []).append(constraint)
        if (found := listed(constraint)) is not None:
            self.values[table, found[0]] = found[1]
        if constraint.kind in ("unique", "primary key"):
            self.indexes.setdefault(table, []).append((constraint.columns, frozenset({"unique"})))
        elif constraint.kind == "foreign key":
            self.keys.setdefault(table, []).append(constraint)
        elif constraint.kind == "check" and (match := _NOT_NULL.match(constraint.text)):
            self._not_null_checks[table, constraint.name] = match[1]
        elif constraint.kind == "not null":
            self._not_null_checks[table, constraint.name] = constraint.columns[0]
        if constraint.not_valid:
            self._unproven.add((table, constraint.name))
            self._transaction.add(("not valid", constraint.name))

    def _drop(self, table: str) -> None:
        for kept in (self.columns, self.indexes, self.keys, self._conditions):
            kept.pop(table, None)
        self._fresh.discard(table)
        self._partitioned.discard(table)
