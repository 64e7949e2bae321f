"""A statement about a table is one about its partitions and heirs too, and may not take from these what comes from
above."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from conformance.fold.inherit import How, descended
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Field, KeyIndex, Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_IDENTITY_IN_PARTITIONS = 17
_TRIGGERS_BEFORE = 13


def followed(before: Schema, after: Schema, cursor: Cursor) -> Schema:
    """The schema after a statement, once what it says of a table is done below it too. Raises `NotUnderstood`."""
    words = {token.value for token in cursor.found if token.kind == "word"}
    if after.types is not before.types and {"rename", "value"} <= words:
        _judge_bounds(after)
    if after.relations is before.relations:
        return after
    how = How(only="only" in words, cascade="cascade" in words, rename="rename" in words)
    pairs: list[tuple[Relation, Relation]] = []
    for number in after.relations.changed(before.relations):
        now = after.numbered(number)
        was = before.numbered(number) if before.relations.has_number(number) else None
        if now.opaque:
            continue
        if now.split is not None:
            after = _as_partitioned(after, was, now, how, lately="concurrently" in words)
            now = after.numbered(number)
        if was is not None and was.parents == now.parents:
            _judge_below(after, was, now, how)
            pairs.append((was, now))
    for was, now in pairs:
        after = descended(after, was, now, how)
    return after


def _judge_bounds(schema: Schema) -> None:
    """Raises `NotUnderstood` where the label of an enum may stand in a bound."""
    for one in schema.relations.kin():
        if one.split is not None and any(one.column(name).type.number is not None for name in one.split.columns):
            raise NotUnderstood(f"what the bounds of the partitions of {one.name} are called then is not known here")


class Related:
    """What doubts are about, with all that is above and below in a schema: the same for those of one family."""

    def __init__(self, schema: Schema) -> None:
        self._relations = schema.relations
        self._known: dict[frozenset[str | int], frozenset[str | int]] = {}

    def to(self, touches: frozenset[str | int] | None) -> frozenset[str | int] | None:
        """What a doubt is about; None where that is anything."""
        if touches is None:
            return None
        if touches in self._known:
            return self._known[touches]
        heads = frozenset(one for one in touches if isinstance(one, str) or not self._goes_with(one, touches))
        if heads not in self._known:
            numbers = {number for number in heads if isinstance(number, int)}
            below = _reached(numbers, lambda one: self._relations.family(one).numbers)
            self._known[heads] = heads | _reached(numbers, self._above) | below
        self._known[touches] = self._known[heads]
        return self._known[heads]

    def _goes_with(self, number: int, touches: frozenset[str | int]) -> bool:
        above = self._above(number)
        return bool(above) and touches.issuperset(above)

    def _above(self, number: int) -> tuple[int, ...]:
        return self._relations.numbered(number).parents if self._relations.has_number(number) else ()


def _reached(start: set[int], onward: Callable[[int], Iterable[int]]) -> set[int]:
    found, left = set(start), list(start)
    while left:
        new = set(onward(left.pop())) - found
        found |= new
        left += new
    return found


def falling(schema: Schema, gone: list[Relation], *, cascade: bool) -> list[Relation]:
    """What goes when these go: their partitions too, and what inherits from them. Raises `Refused`."""
    found = {one.number: one for one in gone}
    left = list(gone)
    while left:
        above = left.pop()
        for child in schema.relations.below(above.number):
            if child.number in found:
                continue
            if above.opaque and above.kind != "p" and not cascade:
                raise Acting(f"whether {child.name} goes with {above.name} is not known here")
            if above.kind != "p" and not cascade:
                raise Refused("dependent_objects_still_exist", f"{child.name} inherits from what is dropped")
            found[child.number] = child
            left.append(child)
    return list(found.values())


def _as_partitioned(schema: Schema, was: Relation | None, now: Relation, how: How, *, lately: bool) -> Schema:
    """The schema, where a partitioned table may be as it is now. Raises `Refused`."""
    key = now.split
    if key is None:
        return schema
    for name in key.columns:
        if not now.has(name) or (
            was is not None and was.split == key and was.column(name).type != now.column(name).type
        ):
            raise Refused("invalid_table_definition", f"{now.name} is partitioned by {name}")
    if any(column.identity for column in now.columns) and schema.major < _IDENTITY_IN_PARTITIONS:
        raise Refused("feature_not_supported", f"{now.name} is partitioned, and has an identity column")
    if any(check.no_inherit for check in now.checks):
        raise Refused("invalid_table_definition", f"{now.name} is partitioned, and has a constraint with NO INHERIT")
    old = {index.name: index for index in was.indexes} if was is not None else {}
    if lately and old.keys() != {index.name for index in now.indexes}:
        raise Refused("feature_not_supported", f"{now.name} is partitioned: nothing is built beside the work")
    if how.only and was is not None and len(now.references) > len(was.references):
        raise Refused("wrong_object_type", f"{now.name} is partitioned: a foreign key is one of its partitions too")
    _judge_triggers(schema, was, now, how)
    _judge_indexes(old, now)
    if how.only and schema.relations.family(now.number).numbers:
        made = tuple(index if index.name in old else replace(index, valid=False) for index in now.indexes)
        schema = schema.put(replace(now, indexes=made))
    return schema


def _judge_indexes(old: Mapping[str, KeyIndex], now: Relation) -> None:
    columns = set(now.split.columns) if now.split is not None else set()
    for index in now.indexes:
        if index.name in old and old[index.name].constraint != index.constraint:
            raise Refused("feature_not_supported", f"{now.name} is partitioned, and takes over no index")
        if index.excludes:
            raise NotUnderstood("an exclusion constraint of a partitioned table is not known here")
        if index.unique and not columns <= set(index.columns):
            raise Refused(
                "feature_not_supported", f"{index.name} has not all columns that {now.name} is partitioned by"
            )


def _judge_triggers(schema: Schema, was: Relation | None, now: Relation, how: How) -> None:
    if was is None or was.reactions == now.reactions:
        return
    if how.rename:
        raise NotUnderstood(f"what the triggers of the partitions of {now.name} are called is not known here")
    if schema.major < _TRIGGERS_BEFORE and any(one.row and one.timing == "before" for one in now.reactions):
        raise Refused("invalid_object_definition", f"{now.name} is partitioned, and has no trigger BEFORE each row")


def _judge_below(schema: Schema, was: Relation, now: Relation, how: How) -> None:
    """Raises `Refused` where something goes that comes from above and is still there, or comes that is not."""
    above = [schema.numbered(number) for number in now.parents]
    if not above:
        return
    for column in was.columns:
        if column.inherited:
            _judge_column(schema, above, column, now)
    kept = {check.name for check in now.checks}
    held = {check.name for one in above for check in one.checks if not check.no_inherit}
    if any(one.inherited and one.name not in kept and one.name in held for one in was.checks):
        raise Refused("invalid_table_definition", f"a condition of {now.name} comes from above")
    _judge_parts(above, was, now, how)


def _judge_column(schema: Schema, above: list[Relation], was: Field, table: Relation) -> None:
    if not table.has(was.name):
        raise Refused("invalid_table_definition", f"{was.name} of {table.name} comes from above")
    now = table.column(was.name)
    if (now.type, now.collation) != (was.type, was.collation):
        raise Refused("invalid_table_definition", f"{was.name} of {table.name} comes from above")
    if (now.identity, now.generated) != (was.identity, was.generated):
        raise NotUnderstood(f"how {was.name} of {table.name} is computed is not known here")
    held = any(one.has(was.name) and one.column(was.name).not_null for one in above)
    if was.not_null and not now.not_null and held and (table.bound is not None or schema.major >= 18):
        raise Refused("invalid_table_definition", f"that {was.name} of {table.name} is NOT NULL comes from above")


def _judge_parts(above: list[Relation], was: Relation, now: Relation, how: How) -> None:
    """The same of indexes, foreign keys and triggers, which partitions alone have from above."""
    indexes = {index.name for one in above for index in one.indexes}
    left = {index.above for index in now.indexes}
    if any(index.above in indexes - left for index in was.indexes if index.above):
        raise Refused("dependent_objects_still_exist", f"an index of {now.name} is part of one above")
    keys = {key.name for one in above for key in one.references}
    pointing = {key.above for key in now.references}
    if any(key.above in keys - pointing for key in was.references if key.above):
        raise Refused("invalid_table_definition", f"a foreign key of {now.name} comes from above")
    reactions = {one.name: one for one in now.reactions}
    for one in was.reactions:
        if one.inherited and one.name not in reactions and not how.rename:
            if any(o.name == one.name for a in above for o in a.reactions):
                raise Refused("dependent_objects_still_exist", f"{one.name} of {now.name} comes from above")
        elif one.inherited and reactions.get(one.name) != one:
            raise NotUnderstood(f"what becomes of {one.name} of {now.name} is not known here")
