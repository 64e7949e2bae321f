"""Roles: which these files have made. One that is made twice is refused; whether another is there is not asked."""

from __future__ import annotations

from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after CREATE or DROP of a role. Raises `Refused`."""
    verb = cursor.take().value
    if not cursor.one_of("role", "user", "group") or cursor.sees("mapping"):
        return schema
    if verb == "alter":
        return _renamed(schema, cursor)
    if verb == "drop":
        return replace(schema, roles=schema.roles - {token.value for token in cursor.found})
    name = cursor.name()
    if name in schema.roles and name not in schema.doubtful:
        raise Refused("duplicate_object", f"the role {name} is there already")
    return replace(schema, roles=schema.roles | {name})


def _renamed(schema: Schema, cursor: Cursor) -> Schema:
    before = cursor.take().value
    if not cursor.takes("rename", "to"):
        return schema
    name = cursor.name()
    if name in schema.roles and name not in schema.doubtful:
        raise Refused("duplicate_object", f"the role {name} is there already")
    return replace(schema, roles=schema.roles - {before} | {name})
