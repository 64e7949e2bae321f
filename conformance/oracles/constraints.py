"""What the documented keys, references and sets of values make of a statement: in plain Python, over a few rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from conformance.model.catalog import Catalog
from conformance.model.contract import Requirement
from conformance.model.move import Delete, Insert, Move, Rows, alike, matches
from conformance.model.record import Record

World: TypeAlias = dict[str, list[dict[str, Any]]]


class Reference(Record):
    """A column that refers to another table's, and what becomes of its rows where that one goes."""

    table: str
    column: str
    target: str
    target_column: str
    on_delete: str


class Constraints:
    """Those of the living requirements that are firm: a `may` is none. What the catalog has beside them carries on
    when a row goes, as it says itself."""

    def __init__(self, living: Sequence[Requirement], catalog: Catalog) -> None:
        firm = [r for r in living if r.level != "may"]
        self._keys = [r for r in firm if r.claim in ("unique", "primary-key")]
        self._sets = [r for r in firm if r.claim == "one-of"]
        self._foreign = [r for r in firm if r.claim == "foreign-key" and r.column is not None]
        self._references = list(_references(self._foreign, firm, catalog))

    def after(self, rows: Rows, moves: Sequence[Move]) -> World:
        """The rows as these moves would leave them, if nothing refused them."""
        world = {table: [dict(row) for row in some] for table, some in rows.items()}
        for move in moves:
            own = world.setdefault(move.table, [])
            if isinstance(move, Insert):
                own.append(dict(move.row))
            elif isinstance(move, Delete):
                self._delete(world, move.table, [row for row in own if matches(row, move.key)])
            else:
                for row in own:
                    if matches(row, move.key):
                        row.update(move.columns)
        return world

    def _delete(self, world: World, table: str, gone: list[dict[str, Any]]) -> None:
        """The rows go, and those that refer to them with them, or without what they referred to."""
        kept = [row for row in world[table] if not any(row is one for one in gone)]
        if len(kept) == len(world[table]):
            return
        world[table] = kept
        for ref in self._references:
            if ref.target != table:
                continue
            values = [row.get(ref.target_column) for row in gone]
            children = [
                row
                for row in world.get(ref.table, [])
                if row.get(ref.column) is not None and any(alike(row[ref.column], value) for value in values)
            ]
            if ref.on_delete == "cascade":
                self._delete(world, ref.table, children)
            elif ref.on_delete == "set null":
                for row in children:
                    row[ref.column] = None

    def violated(self, rows: Rows) -> Iterator[Requirement]:
        """The constraints that do not hold of these rows. What a row does not name is not known."""
        for r in self._keys:
            seen = [tuple(str(row[name]) for name in r.columns) for row in rows.get(r.table, ()) if _whole(row, r)]
            if len(set(seen)) < len(seen):
                yield r
        for r in self._sets:
            if any(_whole(row, r) and row[r.columns[0]] not in r.spec["values"] for row in rows.get(r.table, ())):
                yield r
        for r in self._foreign:
            target, _, column = str(r.spec["references"]).partition(".")
            there = {str(row.get(column)) for row in rows.get(target, ())}
            if target in rows and any(
                _whole(row, r) and str(row[r.columns[0]]) not in there for row in rows.get(r.table, ())
            ):
                yield r


def _whole(row: Mapping[str, Any], requirement: Requirement) -> bool:
    return all(row.get(name) is not None for name in requirement.columns)


def _references(foreign: Sequence[Requirement], firm: Sequence[Requirement], catalog: Catalog) -> Iterator[Reference]:
    actions = {(r.table, r.columns): str(r.spec["is"]) for r in firm if r.claim == "on-delete"}
    told = set()
    for r in foreign:
        target, _, column = str(r.spec["references"]).partition(".")
        action = actions.get((r.table, r.columns), str(r.spec.get("on-delete", "no action")))
        told.add((r.table, r.columns[0]))
        yield Reference(table=r.table, column=r.columns[0], target=target, target_column=column, on_delete=action)
    for table in catalog.tables.values():
        for key in table.foreign_keys:
            if len(key.columns) == 1 and (table.name, key.columns[0]) not in told:
                yield Reference(
                    table=table.name,
                    column=key.columns[0],
                    target=key.target,
                    target_column=key.target_columns[0],
                    on_delete=key.on_delete,
                )
