"""What a server makes anew of a table once a column is of another type: it prints each expression that speaks of the
column, and reads it again."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold.condition import Clause
from conformance.fold.drops import speaks_of
from conformance.fold.made import Made
from conformance.fold.meaning import Meaning, clause
from conformance.fold.nodes import Call, Cast, Literal, Node, Word
from conformance.fold.operators import INTEGERS, NUMBERS
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Field, KeyIndex, Relation, Schema, TypeRef
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def is_whole(of: TypeRef) -> bool:
    """Whether it is one of the whole numbers, and no array of them: they are compared with one another, so that foreign
    keys stay; and a number is the same in each."""
    return of.number is None and not of.array and of.name in INTEGERS


def is_lasting(default: Clause | None, before: TypeRef, after: TypeRef) -> bool:
    """Whether a default is what it is whatever the column's type. A constant is not, but for a number in a column of
    numbers, which is kept as it was written and made a number of the new type anew, and for a text in one of JSON."""
    if default is None or isinstance(default.node, Call | Word):
        return True
    node, names = default.node, {of.name for of in (before, after)}
    if any(of.number is not None or of.array for of in (before, after)):
        return False
    if names == {"json", "jsonb"}:
        value = node.arg if isinstance(node, Cast) and node.type.name == before.name else node
        return isinstance(value, Literal) and value.kind == "string"
    return names <= set(NUMBERS) and isinstance(node, Literal) and node.kind != "string"


def judge(schema: Schema, table: Relation, name: str) -> None:
    """Raises `Refused` or `Acting` where what was read again, or the default, is none for the new type, or may be
    none."""
    meaning, column = Meaning(schema), table.column(name)
    deparser = meaning.deparser(table)
    about = [check.clause for check in table.checks] + [one.predicate for one in table.indexes if one.predicate]
    keys = [key.clause for one in table.indexes for key in one.keys if key.clause]
    try:
        for found in about:
            if speaks_of(found, name) and found.node is not None:
                deparser.condition(found.node)
        for found in keys:
            if speaks_of(found, name) and found.node is not None:
                deparser.made(found.node)
        if column.default is not None and column.default.node is not None:
            deparser.assigned(column.default.node, meaning.kind_of(column.type))
    except Refused:
        raise
    except NotUnderstood as error:
        raise Acting(f"what hangs on {name} may not be for its new type: {error}") from None


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
    columns = tuple(
        replace(column, default=_default_anew(schema, table, column)) if column.name == name else column
        for column in table.columns
    )
    return replace(table, checks=checks, indexes=tuple(map(index, table.indexes)), columns=columns)


def _default_anew(schema: Schema, table: Relation, column: Field) -> Clause | None:
    """The default as the server prints it: of a constant that is no number, it says of which type it was."""
    if column.default is None or not isinstance(column.default.node, Literal) or column.default.node.kind != "string":
        return column.default
    meaning = Meaning(schema)
    return clause(Cursor(meaning.deparser(table).assigned(column.default.node, meaning.kind_of(column.type)).text))
