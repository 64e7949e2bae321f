"""What a server makes anew of a table once a column is a whole number of another size: it prints each expression that
speaks of the column, and reads it again."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold.drops import speaks_of
from conformance.fold.made import Made
from conformance.fold.meaning import Meaning, clause
from conformance.fold.nodes import Node
from conformance.fold.refusals import Acting, NotUnderstood
from conformance.fold.schema import Clause, KeyIndex, Relation, Schema, TypeRef
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

WHOLE = frozenset({"int2", "int4", "int8"})
"""They are compared with one another, so that foreign keys stay; and a number is the same in each."""


def is_whole(of: TypeRef) -> bool:
    """Whether it is one of the whole numbers, and no array of them."""
    return of.number is None and not of.array and of.name in WHOLE


def read_again(schema: Schema, table: Relation, name: str) -> Relation:
    """The table, whose CHECKs and indexes about the column are as the server prints them: what a constant or a list is
    beside it depends on its type. Raises `Acting` where one is not understood."""
    deparser = Meaning(schema).deparser(table)

    def anew(found: Clause | None, printed: Callable[[Node], Made]) -> Clause | None:
        if found is None or not speaks_of(found, name):
            return found
        try:
            again = clause(Cursor(printed(found.node).text)) if found.node is not None else None
        except NotUnderstood:
            again = None
        if again is None or again.node is None:
            raise Acting(f"what becomes of {found.text} once {name} is of another type is not known here")
        return again

    def index(of: KeyIndex) -> KeyIndex:
        keys = tuple(replace(key, clause=anew(key.clause, deparser.made)) for key in of.keys)
        return replace(of, keys=keys, predicate=anew(of.predicate, deparser.condition))

    checks = tuple(replace(check, clause=anew(check.clause, deparser.condition)) for check in table.checks)
    return replace(table, checks=checks, indexes=tuple(map(index, table.indexes)))
