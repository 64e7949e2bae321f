"""What may be tried on a schema: the calls of an area's oracle, and beside them careless statements that no right
implementation makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.model.catalog import Catalog
from conformance.model.conduct import Area, Call, Expected, Ref, View
from conformance.model.ground import call as called
from conformance.model.ground import id_of
from conformance.model.move import Delete, Insert, Move, Rows, Update, known
from conformance.registry import moves

STRAY = "stray"
_KEYS = {"task_dependencies": ("task_id", "depends_on"), "team_memberships": ("team_id", "user_id")}


def moves_of(ground: Mapping[str, Sequence[Mapping[str, Any]]], catalog: Catalog) -> list[Move]:
    """The rows with which an area begins, as far as there are tables and columns for them."""
    found = [Insert(table=table, row=_real(row)) for table, rows in ground.items() for row in rows]
    return [one for one in (_there(move, catalog) for move in found) if one is not None]


def _real(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: id_of(value.name) if isinstance(value, Ref) else value for name, value in row.items()}


def _there(move: Move, catalog: Catalog) -> Move | None:
    table = catalog.tables.get(move.table)
    return known(move, table) if table is not None and table.is_table else None


class Course:
    """The oracle of an area, with careless statements: what they leave behind is known by the `rows`."""

    def __init__(self, area: Area, catalog: Catalog) -> None:
        self._model = area.model()
        self._moves = moves()[area.AREA]
        self._catalog = catalog
        self.rows: Rows = {}

    def offers(self, op: str) -> Sequence[Call]:
        """The calls of an operation, or the careless statements: a value in a column of a row, or a row that goes."""
        if op != STRAY:
            return self._model.offers(op)
        found = []
        for table, columns in self._moves.STRAYS.items():
            for row in sorted(self.rows.get(table, ()), key=repr):
                key = {name: row[name] for name in _KEYS.get(table, ("id",)) if row.get(name) is not None}
                if not key:
                    continue
                place = tuple(key.items())
                found.append(called(op, table=table, key=place, column="", value=None))
                found += [
                    called(op, table=table, key=place, column=column, value=value)
                    for column, values in columns.items()
                    for value in values
                ]
        return found

    def moves(self, call: Call, value: Any, rows: Rows) -> list[Move]:
        """What a call does to rows, as far as there are tables and columns for it."""
        found = [self._stray(call)] if call.op == STRAY else list(self._moves.moves(call, value, rows))
        return [one for one in (_there(move, self._catalog) for move in found) if one is not None]

    def _stray(self, call: Call) -> Move:
        args = dict(call.args)
        key = dict(args["key"])
        if not args["column"]:
            return Delete(table=args["table"], key=key)
        return Update(table=args["table"], key=key, columns={args["column"]: args["value"]})

    def expected(self, call: Call) -> Expected:
        """What the documentation asks of a call; of a careless statement nothing."""
        if call.op != STRAY:
            return self._model.expected(call)
        args = dict(call.args)
        return Expected(fate="either", law=STRAY, why="it is careless", sort=f"{args['table']}.{args['column']}")

    def objection(self, call: Call, value: Any) -> str:
        """What a call gave is not asked of statements."""
        return ""

    def plausible(self, call: Call) -> Any:
        """What a right implementation may give."""
        return None if call.op == STRAY else self._model.plausible(call)

    def apply(self, call: Call, value: Any) -> None:
        """The call was accepted, and gave this."""
        self._model.apply(call, value)

    def view(self) -> View:
        """What should be there."""
        return self._model.view()
