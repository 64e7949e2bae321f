"""ALTER CONSTRAINT: when a foreign key is looked at."""

from __future__ import annotations

from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_SAID = ("not deferrable", "deferrable", "initially deferred", "initially immediate")


def taken(cursor: Cursor) -> tuple[str, bool]:
    """Take the name of a constraint, and whether it can be deferred from now on."""
    name = cursor.name()
    said = []
    while found := cursor.one_of(*_SAID):
        said.append(found)
    if not said:
        raise cursor.odd("this change of a constraint is not known here")
    cursor.ends()
    for one, other in (_SAID[:2], _SAID[2:], ("not deferrable", "initially deferred")):
        if one in said and other in said:
            raise Refused("syntax_error", f"a constraint is not {one} and {other}")
    if len(set(said)) < len(said):
        raise Refused("syntax_error", "the same is said of a constraint twice")
    return name, not {"deferrable", "initially deferred"}.isdisjoint(said)


def changed(schema: Schema, table: Relation, name: str, *, deferrable: bool) -> Schema:
    """The schema with a foreign key that can be deferred, or not. Raises `Refused`."""
    if name not in set(table.constraint_names()):
        raise Refused("undefined_object", f"{table.name} has no constraint {name} here")
    key = next((one for one in table.references if one.name == name), None)
    if key is None:
        raise Refused("wrong_object_type", f"{name} is no foreign key")
    if key.above or table.kind == "p" or schema.numbered(key.target).kind == "p":
        raise NotUnderstood(f"how {name} changes with partitions is not known here")
    after = replace(key, deferrable=deferrable)
    return schema.put(replace(table, references=tuple(after if one is key else one for one in table.references)))
