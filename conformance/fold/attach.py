"""Tables that are made as partitions or inherit, and ATTACH, DETACH, INHERIT and NO INHERIT."""

from __future__ import annotations

from collections.abc import Callable

from conformance.fold import bounds, opaque
from conformance.fold.inherit import How, below
from conformance.fold.named import Name
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import TEMPORARY, KeyIndex, Relation, Schema
from conformance.fold.split import Bound
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_LATELY = 14
"""From which major on a partition leaves beside the work."""

Filling = Callable[[Schema, int], Schema]
"""Puts into a table of that number what is written in it."""


def partition(schema: Schema, place: Name, cursor: Cursor, options: Callable[[Cursor], None]) -> Schema:
    """The schema with a table that is made behind PARTITION OF."""
    parent = schema.relation(cursor.dotted(), "r", "p")
    try:
        opaque.judge_known(schema, parent)
        found = bounds.bound(schema, parent, cursor)
        split = split_by(cursor)
        options(cursor)
        after = child(schema, place, (parent,), found, kind="p" if split else "r")
        return bounds.split(after, after.relations[place].number, split) if split else after
    except Refused:
        raise
    except NotUnderstood as error:
        cursor.at = len(cursor.found)
        return opaque.added(schema, place, str(error), "r", parent.number)


def parents(schema: Schema, cursor: Cursor) -> tuple[Relation, ...]:
    """Take INHERITS, where it stands there, and the tables behind it."""
    if not cursor.takes("inherits"):
        return ()
    found = tuple(schema.relation(part.dotted(), "r", "p") for part in cursor.group().parts())
    if any(one.kind == "p" or one.bound is not None for one in found):
        raise Refused("wrong_object_type", "nothing inherits from a partitioned table, or from a partition")
    return found


def split_by(cursor: Cursor) -> Cursor | None:
    """Take PARTITION BY, where it stands there; what stands behind it."""
    if not cursor.takes("partition", "by"):
        return None
    start = cursor.at
    cursor.name()
    cursor.group()
    return Cursor(cursor.text, cursor.found[start : cursor.at])


def made(schema: Schema, place: Name, above: tuple[Relation, ...], split: Cursor | None, fill: Filling) -> Schema:
    """The schema with a table that has columns of its own, and perhaps inherits, or is partitioned."""
    if above and split is not None:
        raise Refused("invalid_object_definition", "a partitioned table does not inherit")
    kind = "p" if split is not None else "r"
    try:
        after = child(schema, place, above, kind=kind)
        number = after.relations[place].number
        after = fill(after, number)
        return bounds.split(after, number, split) if split is not None else after
    except Refused:
        raise
    except NotUnderstood as error:
        if not above and split is None:
            raise
        return opaque.added(schema, place, str(error), kind, *(one.number for one in above))


def child(schema: Schema, place: Name, above: tuple[Relation, ...], bound: Bound | None = None, *, kind: str) -> Schema:
    """The schema with a table that has what it has from others above it."""
    for parent in above:
        opaque.judge_known(schema, parent)
        _judge_space(parent, place[0])
    numbers = tuple(parent.number for parent in above)
    schema = schema.add(Relation(number=0, schema=place[0], name=place[1], kind=kind, bound=bound, parents=numbers))
    for parent in above:
        schema = _joined(schema, parent, schema.relations[place].number, How(made=True))
    return schema


def _judge_space(parent: Relation, space: str) -> None:
    if TEMPORARY in (parent.schema, space):
        raise NotUnderstood("what is below a temporary table, or is one, is not known here")


def _joined(schema: Schema, parent: Relation, number: int, how: How) -> Schema:
    nothing = replace(parent, columns=(), checks=(), indexes=(), references=(), reactions=())
    return below(schema, nothing, parent, number, how)


def changed(schema: Schema, table: Relation, cursor: Cursor) -> Schema | None:
    """The schema after ATTACH, DETACH, INHERIT or NO INHERIT; None where another action stands there."""
    readers: dict[tuple[str, ...], Callable[[Schema, Relation, Cursor], Schema]] = {
        ("attach", "partition"): _attached,
        ("detach", "partition"): _detached,
        ("inherit",): _inheriting,
        ("no", "inherit"): _alone,
    }
    for words, reader in readers.items():
        if cursor.takes(*words):
            return reader(schema, table, cursor)
    return None


def _attached(schema: Schema, parent: Relation, cursor: Cursor) -> Schema:
    table = schema.relation(cursor.dotted(), "r", "p")
    opaque.judge_known(schema, table)
    found = bounds.bound(schema, parent, cursor)
    cursor.ends()
    _judge_space(parent, table.schema)
    if table.parents:
        raise Refused("wrong_object_type", f"{table.name} is a partition already, or inherits")
    if table.kind == "r" and schema.relations.family(table.number).numbers:
        raise Refused("wrong_object_type", f"others inherit from {table.name}")
    _judge_above(schema, parent, table)
    if more := {c.name for c in table.columns} - {c.name for c in parent.columns}:
        raise Refused("datatype_mismatch", f"{parent.name} has no column {min(more)}")
    if any(column.identity for column in (*parent.columns, *table.columns)):
        raise NotUnderstood("what becomes of the sequence of an identity column is not known here")
    schema = schema.put(replace(table, parents=(parent.number,), bound=found))
    return _joined(schema, parent, table.number, How(joins=True))


def _judge_above(schema: Schema, parent: Relation, table: Relation) -> None:
    """Raises `Refused` where a table would be below itself."""
    above = [parent]
    while above:
        one = above.pop()
        if one.number == table.number:
            raise Refused("duplicate_table", f"{table.name} would be below itself")
        above += [schema.numbered(number) for number in one.parents]


def _inheriting(schema: Schema, table: Relation, cursor: Cursor) -> Schema:
    parent = schema.relation(cursor.dotted(), "r", "p")
    cursor.ends()
    opaque.judge_known(schema, parent)
    _judge_space(parent, table.schema)
    if "p" in (parent.kind, table.kind) or table.bound is not None or parent.bound is not None:
        raise Refused("wrong_object_type", f"{table.name} or {parent.name} has to do with partitions")
    if parent.number in table.parents:
        raise Refused("duplicate_table", f"{table.name} inherits from {parent.name} already")
    _judge_above(schema, parent, table)
    schema = schema.put(replace(table, parents=(*table.parents, parent.number)))
    return _joined(schema, parent, table.number, How(joins=True))


def _detached(schema: Schema, parent: Relation, cursor: Cursor) -> Schema:
    table = schema.relation(cursor.dotted(), "r", "p")
    lately = cursor.takes("concurrently")
    if not cursor.ended and not cursor.sees(";"):
        raise cursor.odd("what FINALIZE leaves behind is not known here")
    if table.bound is None or table.parents != (parent.number,):
        raise Refused("undefined_table", f"{table.name} is no partition of {parent.name}")
    opaque.judge_known(schema, table)
    if any(column.identity for column in table.columns):
        raise NotUnderstood("what becomes of the sequence of an identity column is not known here")
    if table.kind == "p" and any(one.inherited for one in table.reactions):
        raise NotUnderstood(f"what becomes of the triggers below {table.name} is not known here")
    if lately and schema.major < _LATELY:
        raise Refused("syntax_error", f"DETACH … CONCURRENTLY needs PostgreSQL {_LATELY}")
    if lately:
        return _detached_lately(schema, parent, table)
    left = replace(
        _freed(table, parent, every=True),
        bound=None,
        indexes=tuple(replace(index, above="") for index in table.indexes),
        references=tuple(replace(key, above="") for key in table.references),
        reactions=tuple(one for one in table.reactions if not one.inherited),
    )
    return schema.put(left)


def _detached_lately(schema: Schema, parent: Relation, table: Relation) -> Schema:
    """Behind CONCURRENTLY the partition has a CHECK more, which a server makes of its bound; the rest of the family
    stays as it is."""
    if any(one.bound is not None and one.bound.default for one in schema.relations.below(parent.number)):
        raise Refused("object_not_in_prerequisite_state", f"{parent.name} has a default partition")
    if table.kind == "p" or any(one.number != table.number for one in schema.relations.tied(to=(table.number,))):
        raise NotUnderstood("what CONCURRENTLY leaves behind is not known here")
    place, why = (table.schema, table.name), f"which CHECK is left on {table.name} is not known here"
    schema = opaque.added(schema.without(table.number), place, why, "r")
    bare = tuple(KeyIndex(name=index.name, method="", keys=()) for index in table.indexes)
    return schema.put(replace(schema.relations[place], indexes=bare))


def _alone(schema: Schema, table: Relation, cursor: Cursor) -> Schema:
    parent = schema.relation(cursor.dotted(), "r", "p")
    cursor.ends()
    if table.bound is not None or parent.number not in table.parents:
        raise Refused("undefined_table", f"{table.name} does not inherit from {parent.name}")
    opaque.judge_known(schema, parent)
    return schema.put(_freed(table, parent, every=False))


def _freed(table: Relation, parent: Relation, *, every: bool) -> Relation:
    """The table without one above it: what it had from there alone is its own."""
    columns, checks = {c.name for c in parent.columns}, {c.name for c in parent.checks if not c.no_inherit}

    def count(inherited: int, *, had: bool) -> int:
        return inherited - (had and inherited > 0)

    def own(left: int, *, local: bool) -> bool:
        return local or left == 0

    made_columns = [replace(c, inherited=count(c.inherited, had=c.name in columns)) for c in table.columns]
    made_checks = [replace(c, inherited=count(c.inherited, had=c.name in checks)) for c in table.checks]
    return replace(
        table,
        parents=() if every else tuple(number for number in table.parents if number != parent.number),
        columns=tuple(replace(c, local=own(c.inherited, local=c.local)) for c in made_columns),
        checks=tuple(replace(c, local=own(c.inherited, local=c.local)) for c in made_checks),
    )
