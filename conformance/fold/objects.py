"""Whether what a statement speaks of by its kind and its name is there: where it is not, a server refuses."""

from __future__ import annotations

from conformance.fold import indexes, known_types, routines
from conformance.fold.lookup import of_the_system, there
from conformance.fold.refusals import Refused
from conformance.fold.schema import Relation, Schema
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import type_name

_KINDS = {"table": "rp", "view": "v", "materialized view": "m", "sequence": "S"}
_ROUTINES = ("function", "procedure", "routine", "aggregate")


def judge(schema: Schema, cursor: Cursor) -> bool:
    """Whether a kind that is known here comes next, with a name, which are taken. Raises `Refused` where nothing of
    that kind and name is there."""
    kind = cursor.one_of(*_KINDS, *_ROUTINES, "index", "type", "domain", "schema", "extension")
    if kind:
        one(schema, cursor, kind)
    return bool(kind)


def one(schema: Schema, cursor: Cursor, kind: str) -> None:
    """Take the name of something of a kind. Raises `Refused` where it is not there."""
    if kind in _KINDS:
        of_kind(schema, cursor.dotted(), _KINDS[kind])
    elif kind in _ROUTINES:
        routine(schema, cursor)
    elif kind in ("type", "domain"):
        _type(schema, cursor, kind)
    elif kind == "index":
        index(schema, cursor.dotted())
    elif kind == "schema":
        space(schema, cursor.name())
    else:
        extension(schema, cursor.name())


def _type(schema: Schema, cursor: Cursor, kind: str) -> None:
    name = type_name(cursor)
    known_types.judge(schema, name)
    found = schema.find_type((name.schema, name.name) if name.schema else (name.name,))
    if kind == "domain" and found is not None and found.kind != "d":
        raise Refused("wrong_object_type", f"{name.name} is no domain")


def relation(schema: Schema, names: tuple[str, ...]) -> Relation | None:
    """What has that name; None for what is PostgreSQL's own, or is in doubt. Raises `Refused`."""
    if not names:
        raise Refused("syntax_error", "a column is named without its table")
    return None if of_the_system(names) or of_the_system(names[-1:]) else there(schema, names)


def of_kind(schema: Schema, names: tuple[str, ...], kinds: str) -> Relation | None:
    """What has that name, and is of one of these kinds. Raises `Refused`."""
    found = relation(schema, names)
    if found is not None and found.kind not in kinds:
        raise Refused("wrong_object_type", f"{names[-1]} is of another kind")
    return found


def index(schema: Schema, names: tuple[str, ...]) -> Relation | None:
    """The table that has an index of that name. Raises `Refused`."""
    if of_the_system(names) or names[-1] in schema.doubtful:
        return None
    found = indexes.holder(schema, names)
    if found is None:
        raise Refused("undefined_object", f"there is no index {'.'.join(names)} here")
    return found[0]


def routine(schema: Schema, cursor: Cursor) -> None:
    """Take the name of a function, perhaps with what it takes. Raises `Refused` where it is not there."""
    names = cursor.dotted()
    signature = routines.signature_of(cursor.group()) if cursor.sees("(") else None
    routines.judge_there(schema, names, signature)


def space(schema: Schema, name: str) -> None:
    """Raises `Refused` where there is no schema of that name."""
    if not (name in schema.namespaces or name in schema.doubtful or of_the_system([name])):
        raise Refused("invalid_schema_name", f"there is no schema {name} here")


def extension(schema: Schema, name: str) -> None:
    """Raises `Refused` where there is no extension of that name."""
    if name not in schema.extensions and name != "plpgsql" and name not in schema.doubtful:
        raise Refused("undefined_object", f"the extension {name} is not known here")
