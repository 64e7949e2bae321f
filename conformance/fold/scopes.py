"""Which names a query may say at a place: the columns of what it reads from, and those of the queries around it."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.fold.harmless import HARMLESS
from conformance.fold.refusals import Refused
from conformance.fold.schema import Output, Relation, Schema, TypeRef
from conformance.model.record import Record, field

_SYSTEM = frozenset({"ctid", "tableoid", "xmin", "xmax", "cmin", "cmax", "oid"})


Outputs = tuple[Output, ...] | None
"""The columns in their order; None where they are not known."""


class Source(Record):
    """What a query reads from, by the name that it has there; `name` may be "" for what has none. `key` are the columns
    of its primary key, none where it has none, and None where that is not known."""

    name: str
    columns: Outputs
    key: tuple[str, ...] | None = ()

    def may_have(self, column: str) -> bool:
        """Whether it has a column of that name, as far as is known."""
        return self.columns is None or any(one.name in (column, "") for one in self.columns)

    def judge(self, column: str) -> None:
        """Raises `Refused` where it has no column of that name."""
        if not self.may_have(column):
            raise Refused("undefined_column", f"{self.name} has no column {column} here")


class Scope(Record):
    """The names that may be said: `sources` before those of `outer`. `named` are queries behind WITH, `free` names of
    another kind, `merged` the columns that several sources have as one, behind USING; in a `block` any name may be that
    of a variable."""

    schema: Schema
    sources: tuple[Source, ...] = ()
    outer: Scope | None = None
    named: Mapping[str, Outputs] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    block: bool = False

    @property
    def within(self) -> bool:
        """Whether columns of a query around it may be said too."""
        around = self.outer
        while around is not None and not around.sources:
            around = around.outer
        return around is not None

    def judge(self, names: tuple[str, ...]) -> None:
        """Raises `Refused` where nothing has that name."""
        if len(names) > 1:
            self._judge_qualified(*names[-2:])
            return
        (name,) = names
        scope: Scope | None = self
        while scope is not None:
            if scope.block or name in scope.free or scope._has(name):
                return
            scope = scope.outer
        raise Refused("undefined_column", f"there is no column {name} here")

    def _has(self, name: str) -> bool:
        may = [source for source in self.sources if source.may_have(name)]
        sure = [source for source in may if source.columns is not None]
        if len(sure) > 1 and name not in self.merged and all(o.name for s in sure for o in s.columns or ()):
            raise Refused("ambiguous_column", f"{name} is a column of {sure[0].name} and of {sure[1].name}")
        whole = any(source.name == name for source in self.sources)
        return bool(may) or whole or (bool(self.sources) and name in _SYSTEM)

    def _judge_qualified(self, qualifier: str, column: str) -> None:
        scope: Scope | None = self
        while scope is not None:
            source = next((one for one in scope.sources if one.name == qualifier), None)
            if source is not None:
                called = column in HARMLESS or column in self.schema.called
                if not (column in _SYSTEM or called):
                    source.judge(column)
                return
            if scope.block or qualifier in scope.free:
                return
            scope = scope.outer
        raise Refused("undefined_table", f"nothing that is read from is called {qualifier} here")

    def star(self, qualifier: str = "") -> Outputs:
        """The columns that `*` stands for, or `qualifier.*`."""
        if qualifier:
            found = next((one for one in self.sources if one.name == qualifier), None)
            return found.columns if found is not None else None
        columns: tuple[Output, ...] = ()
        for source in self.sources:
            if source.columns is None or self.merged:
                return None
            columns += source.columns
        return columns

    def of_column(self, names: tuple[str, ...]) -> TypeRef | None:
        """The type of a column, where it is known."""
        if len(names) == 1 and (names[0] in self.merged or any(one.columns is None for one in self.sources)):
            return None
        for source in self.sources:
            if len(names) == 1 or source.name == names[-2]:
                found = next((one for one in source.columns or () if one.name == names[-1]), None)
                if found is not None:
                    return found.type
        return None


def key_of(relation: Relation) -> tuple[str, ...]:
    """The columns of the primary key by which others are told; or none."""
    return next((index.columns for index in relation.indexes if index.primary and index.immediate), ())


def outputs_of(schema: Schema, relation: Relation) -> Outputs:
    """The columns of a table or a view, where they are known."""
    if relation.opaque or relation.name in schema.doubtful:
        return None
    if relation.kind in "vm":
        return relation.gives
    if relation.kind not in "rp":
        return None
    return tuple(
        Output(name=column.name, type=None if column.collation else column.type) for column in relation.columns
    )
