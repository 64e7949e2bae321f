"""What a change of a partitioned table does to its partitions: indexes, foreign keys and triggers."""

from __future__ import annotations

from conformance.fold import constraints
from conformance.fold.keys import called
from conformance.fold.naming import constraint_name, index_name, joined
from conformance.fold.reference import Reference
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import KeyIndex, Reaction, Relation, Schema
from conformance.model.record import replace


def descended(
    schema: Schema, was: Relation, now: Relation, number: int, *, only: bool, cascade: bool, rename: bool
) -> Schema:
    """The schema once the indexes, keys and triggers of a partitioned table are those of a partition too."""
    schema = _indexes(schema, was, now, number, only=only, cascade=cascade, rename=rename)
    schema = _references(schema, was, now, number, only=only, rename=rename)
    return _reactions(schema, was, now, number)


def label(index: KeyIndex) -> str:
    """What stands behind the name of an index that has none of its own."""
    return "pkey" if index.primary else "excl" if index.excludes else "key" if index.constraint else "idx"


def _indexes(
    schema: Schema, was: Relation, now: Relation, number: int, *, only: bool, cascade: bool, rename: bool
) -> Schema:
    old, new = {i.name: i for i in was.indexes}, {i.name: i for i in now.indexes}
    if rename and old.keys() != new.keys():
        names = {a.name: b.name for a, b in zip(was.indexes, now.indexes, strict=True)}
        child = schema.numbered(number)
        return schema.put(
            replace(child, indexes=tuple(replace(i, above=names.get(i.above, i.above)) for i in child.indexes))
        )
    for name in old:
        if name not in new:
            child = schema.numbered(number)
            for index in (one for one in child.indexes if one.above == name):
                schema = constraints.drop_index(schema, schema.numbered(number), index.name, cascade=cascade)
    for name, index in new.items():
        if name not in old and not only:
            schema = _cloned(schema, number, index)
        elif rename or name not in old or old[name] is index:
            continue
        elif replace(old[name], valid=True) != replace(index, valid=True):
            raise NotUnderstood(f"what becomes of {name} in the partitions is not known here")
    return schema


def _cloned(schema: Schema, number: int, index: KeyIndex) -> Schema:
    child = schema.numbered(number)
    if index.excludes:
        raise NotUnderstood("an exclusion constraint of partitions is not known here")
    for own in child.indexes:
        if not own.above and _same(own, index):
            made = replace(own, above=index.name)
            return schema.put(replace(child, indexes=tuple(made if one is own else one for one in child.indexes)))
    if index.primary and any(own.primary for own in child.indexes):
        raise NotUnderstood(f"{child.name} has a primary key of its own")
    columns = [called(key) for key in index.keys] + list(index.include)
    name = index_name(schema, child, columns, label(index), constraint=index.constraint)
    made = replace(index, name=name, above=index.name, valid=True)
    return schema.put(replace(child, indexes=(*child.indexes, made)))


def _same(own: KeyIndex, above: KeyIndex) -> bool:
    """Whether an index of a partition can be the part of another. Raises `NotUnderstood`."""
    if any(key.clause is not None and key.clause.node is None for key in (*own.keys, *above.keys)):
        raise NotUnderstood(f"whether {own.name} is like {above.name} is not known here")
    conditions = [index.predicate for index in (own, above) if index.predicate is not None]
    if any(clause.node is None for clause in conditions):
        raise NotUnderstood(f"whether {own.name} is like {above.name} is not known here")
    alike = replace(own, name="", above="", valid=True, constraint=False, primary=False, keys=(), predicate=None)
    other = replace(above, name="", above="", valid=True, constraint=False, primary=False, keys=(), predicate=None)
    backs = not above.constraint or (own.constraint and own.primary == above.primary)
    return alike == other and backs and own.valid and _keys(own) == _keys(above)


def _keys(index: KeyIndex) -> object:
    predicate = index.predicate.node if index.predicate is not None else None
    return (
        predicate,
        [replace(key, clause=None) for key in index.keys],
        [k.clause and k.clause.node for k in index.keys],
    )


def attached(schema: Schema, table: Relation, index: KeyIndex, part: tuple[Relation, KeyIndex] | None) -> Schema:
    """The schema with an index of a partition as a part of one of the partitioned table."""
    if part is None or table.number not in part[0].parents:
        raise Refused("invalid_object_definition", f"that is no index of a partition of {table.name}")
    child, own = part
    if own.above == index.name:
        return schema
    if own.above or any(one.above == index.name for one in child.indexes) or not _same(own, index):
        raise Refused("invalid_object_definition", f"{own.name} is not like {index.name}, or part of another one")
    if table.parents:
        raise NotUnderstood(f"whether {index.name} and what it is part of are whole then is not known here")
    made = replace(own, above=index.name)
    schema = schema.put(replace(child, indexes=tuple(made if one is own else one for one in child.indexes)))
    around = schema.relations.family(table.number).around(child.number)
    below = (schema.numbered(number) for number in around)
    whole = all(any(one.above == index.name and one.valid for one in child.indexes) for child in below)
    if whole == index.valid:
        return schema
    done = replace(index, valid=whole)
    return schema.put(replace(table, indexes=tuple(done if one is index else one for one in table.indexes)))


def _references(schema: Schema, was: Relation, now: Relation, number: int, *, only: bool, rename: bool) -> Schema:
    old, new = {k.name: k for k in was.references}, {k.name: k for k in now.references}
    child = schema.numbered(number)
    if rename and old.keys() != new.keys():
        names = {a.name: b.name for a, b in zip(was.references, now.references, strict=True)}
        return schema.put(
            replace(child, references=tuple(replace(k, above=names.get(k.above, k.above)) for k in child.references))
        )
    left = tuple(key for key in child.references if not key.above or key.above not in old or key.above in new)
    if len(left) < len(child.references):
        schema = schema.put(replace(child, references=left))
    for name, key in new.items():
        if name not in old:
            schema = _pointing(schema, number, key, only=only)
        elif old[name] != key and not rename:
            raise NotUnderstood(f"what becomes of {name} in the partitions is not known here")
    return schema


def _pointing(schema: Schema, number: int, key: Reference, *, only: bool) -> Schema:
    child = schema.numbered(number)
    if only:
        raise Refused("wrong_object_type", f"{key.name} is one of the partitions too")
    for own in child.references:
        if not own.above and replace(own, name="", above="") == replace(key, name="", above=""):
            made = replace(own, above=key.name)
            return schema.put(replace(child, references=tuple(made if o is own else o for o in child.references)))
    name = key.name
    if name in set(child.constraint_names()):
        name = constraint_name(schema, child, joined(key.columns), "fkey")
    return schema.put(replace(child, references=(*child.references, replace(key, name=name, above=key.name))))


def _reactions(schema: Schema, was: Relation, now: Relation, number: int) -> Schema:
    old = {one.name: one for one in was.reactions if one.row}
    new = {one.name: one for one in now.reactions if one.row}
    child = schema.numbered(number)
    left: list[Reaction] = [o for o in child.reactions if not o.inherited or o.name in new or o.name not in old]
    for name, one in new.items():
        if name not in old:
            if any(other.name == name for other in left):
                raise Refused("duplicate_object", f"{child.name} has a trigger {name} already")
            if one.enabled != "O":
                raise NotUnderstood(f"whether {name} fires in the partitions is not known here")
            left.append(replace(one, inherited=True))
        elif old[name] is not one and replace(old[name], inherited=False) != replace(one, inherited=False):
            raise NotUnderstood(f"what becomes of {name} in the partitions is not known here")
    return schema.put(replace(child, reactions=tuple(left)))
