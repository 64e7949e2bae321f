"""What the deeds of the statements before have made, kept as they are read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.deeds.foreseen import Foreseen
from conformance.deeds.locks import locked
from conformance.deeds.of_file import OfFile
from conformance.deeds.said import called, limited, present
from conformance.deeds.stored_forms import domain_form
from conformance.deeds.value_sets import listed
from conformance.model.deed import Action, ColumnDefinition, Constraint, Deed, DomainForm
from conformance.model.lint import Script
from conformance.model.record import replace

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
        self._not_null_checks: dict[str, dict[str, frozenset[str]]] = {}
        self._unproven: set[tuple[str, str]] = set()
        self._transaction: set[tuple[str, str]] = set()
        self._dropped: set[str] = set()
        self._file = OfFile()
        self._secured: set[str] = set()
        self._policed: set[str] = set()
        self.held: list[str] = []
        self.waited = False

    def begin_file(self, script: Script) -> None:
        """The statements of another file follow."""
        self._file = OfFile(script.statements)
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
        return self._file.indexes.get(table, [])

    def made_in_file(self, name: str) -> bool:
        return name in self._file.made

    def enabled_behind(self, table: str, trigger: str, number: int) -> bool:
        return self._file.enabled_behind(table, trigger, number)

    def secured(self, table: str) -> bool:
        return table in self._secured or table in self._file.secured

    def policed(self, table: str) -> bool:
        return table in self._policed or table in self._file.policed

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
        known = self._not_null_checks.get(table, {})
        return any(column in names and (table, check) not in self._unproven for check, names in known.items())

    def of_this_transaction(self, kind: str, name: str) -> bool:
        return (kind, name) in self._transaction

    def enter(self, deed: Deed) -> None:
        """One more deed is done."""
        self.come(deed)
        tables = locked(deed, self)
        self.held += tables
        self.waited = self.waited or bool(tables) or limited(deed)
        if deed.verb.startswith("drop ") and "if exists" in deed.flags:
            self._dropped |= {deed.name, *deed.others}
        self._dropped |= {a.name for a in deed.actions if a.verb.startswith("drop") and "if exists" in a.flags}
        match deed.verb:
            case "create table":
                self._create_table(deed)
            case "alter table":
                for action in deed.actions:
                    self._act(deed.table, action)
            case "create policy":
                self._policed.add(deed.table)
            case "create materialized view":
                self._fresh.add(deed.name)
            case "create index":
                self.indexes.setdefault(deed.table, []).append((deed.columns, deed.flags))
            case "drop table":
                for name in (deed.name, *deed.others):
                    self._drop(name)
            case "create type" | "alter type add value":
                self._type(deed)
            case "create domain" | "alter domain":
                self._domain(deed)

    def _type(self, deed: Deed) -> None:
        if deed.verb == "create type":
            self._transaction.add(("type", deed.name))
            return
        self._transaction.add(("enum value", deed.text))
        if self.of_this_transaction("type", deed.name):
            self._transaction.add(("its type", deed.text))

    def _domain(self, deed: Deed) -> None:
        if deed.verb == "create domain":
            self.domains[deed.name] = domain_form(deed.text)
            self._fresh.add(deed.name)
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
            self._call_present(table, action.name, "")
        elif action.verb == "alter type" and action.name in self.columns.get(table, {}):
            self.columns[table][action.name] = action.text
        elif action.verb == "rename column":
            if action.name in self.columns.get(table, {}):
                self.columns[table][action.text] = self.columns[table].pop(action.name)
            self._call_present(table, action.name, action.text)
        elif action.verb == "validate constraint":
            self._unproven.discard((table, action.name))
        elif action.verb == "drop constraint":
            self._not_null_checks.get(table, {}).pop(action.name, None)
            kept = [one for one in self._conditions.get(table, []) if one.name != action.name]
            self._conditions[table] = kept
        elif action.verb.endswith("row level security"):
            (self._secured.add if action.verb.startswith("enable") else self._secured.discard)(table)
        elif action.verb == "rename to" and table in self.columns:
            self._call(table, action.text)

    def _call(self, table: str, name: str) -> None:
        """A table is called otherwise, and all that is known of it goes along."""
        for kept in self._of_tables():
            if table in kept:
                kept[name] = kept.pop(table)
        self._unproven |= {(name, check) for of, check in self._unproven if of == table}
        for names in (self._fresh, self._partitioned, self._secured, self._policed):
            names |= {name} if table in names else set()

    def _of_tables(self) -> tuple[dict[str, Any], ...]:
        return self.columns, self.indexes, self.keys, self._conditions, self._not_null_checks

    def _call_present(self, table: str, old: str, new: str) -> None:
        """A column is called otherwise, or by no name any more: so is what says that it is not NULL."""
        for check, names in self._not_null_checks.get(table, {}).items():
            if old in names:
                self._not_null_checks[table][check] = (names - {old}) | {new}

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
        elif constraint.enforced and (names := present(constraint)):
            self._not_null_checks.setdefault(table, {})[called(table, constraint)] = names
        if constraint.not_valid:
            self._unproven.add((table, called(table, constraint)))
            self._transaction.add(("not valid", called(table, constraint)))

    def _drop(self, table: str) -> None:
        for kept in self._of_tables():
            kept.pop(table, None)
        for names in (self._fresh, self._partitioned, self._secured, self._policed):
            names.discard(table)
