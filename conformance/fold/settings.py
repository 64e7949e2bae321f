"""Statements that are about rows, sessions or roles, and might be about the structure all the same."""

from __future__ import annotations

from conformance.fold import calls, queried, writing
from conformance.fold.paths import taken, written_path
from conformance.fold.refusals import Acting, NotUnderstood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.model.record import replace

_OF_PATHS = frozenset({"search_path", "role", "session_authorization", "schema"})
_LASTING = _OF_PATHS | {"session_replication_role", "rename", "add", "drop"}
_TELLING = {
    "standard_conforming_strings": ("on", "true", "1", "yes"),
    "transform_null_equals": ("off", "false", "0", "no"),
    "default_transaction_read_only": ("off", "false", "0", "no"),
    "transaction_read_only": ("off", "false", "0", "no"),
    "client_encoding": ("utf8", "utf-8", "unicode"),
    "default_table_access_method": ("heap",),
}
"""Settings that change what statements mean or do, and the values with which they do not."""


def looked(schema: Schema, cursor: Cursor, *, procedural: bool) -> Schema:
    """The schema after a statement about rows. Raises `NotUnderstood` where it may be about more."""
    found = cursor.found
    path = _set_config(schema, cursor)
    if path is not None:
        return path
    if found[0].value == "copy" and any((t.kind, t.value) == ("word", "program") for t in found):
        raise Acting("what the program does is not known here")
    calls.judge(schema, found)
    calls.judge_lurking(schema)
    if not procedural and calls.makes_table(found):
        return queried.selected_into(schema, cursor)
    if found[0].value == "perform":
        found = [replace(found[0], value="select"), *found[1:]]
    writing.outputs(schema, found, block=procedural)
    return schema


def _set_config(schema: Schema, cursor: Cursor) -> Schema | None:
    """`SELECT set_config('search_path', '…', false)`, as pg_dump writes it."""
    if not (cursor.takes("select") or cursor.takes("perform")):
        return None
    cursor.takes("pg_catalog", ".")
    if not cursor.takes("set_config", "("):
        cursor.at = 0
        return None
    name = cursor.string().lower()
    cursor.needs(",")
    value = cursor.string()
    cursor.needs(",")
    passing = cursor.takes("true")
    if not passing:
        cursor.needs("false")
    cursor.needs(")")
    cursor.ends()
    if name != "search_path":
        judge_setting(name, [value.lower()])
        return schema
    return taken(schema, written_path(value), passing=passing)


def judge(cursor: Cursor) -> None:
    """Raises `NotUnderstood` for a setting of a role, a database or a session that changes what stands where."""
    first, *others = (token.value.lower() for token in cursor.found if token.kind != "op")
    if first in ("alter", "discard", "reset"):
        if first == "alter" and others[:1] in (["role"], ["user"], ["group"]) and is_of_roles(others[2:]):
            return
        words = set(others[1:] if first == "alter" else others)
        if words & (_LASTING | _TELLING.keys() if first == "alter" else {"all", *_TELLING, *_OF_PATHS}):
            raise NotUnderstood("it may change where names are looked for, or what is enforced")
    if first == "set":
        others = others[others[:1] in (["session"], ["local"]) :]
        if others[:1] in (["transaction"], ["characteristics"]):
            if "only" in others:
                raise NotUnderstood("whether what follows may write is not known here")
        elif others:
            judge_setting(others[0], others[1:])


def is_of_roles(words: list[str]) -> bool:
    """Whether a role is called otherwise, or has other members, and the session's own stays what it is."""
    return (words[:2] in (["add", "user"], ["drop", "user"]) and len(words) > 2) or (
        words[:2] == ["rename", "to"] and len(words) == 3
    )


def after(schema: Schema, cursor: Cursor) -> Schema:
    """The schema after a setting of the session: whether bodies of functions are read when these are made."""
    verb, *values = (token.value.lower() for token in cursor.found if token.kind != "op")
    if "check_function_bodies" not in values:
        return schema
    return replace(schema, unchecked=verb == "set" and values[-1] in ("off", "false", "0", "no"))


def judge_setting(name: str, values: list[str]) -> None:
    """Raises `NotUnderstood` for a setting that changes what the statements behind it mean or do."""
    if name in _OF_PATHS | {"authorization", "names"}:
        raise NotUnderstood("it may change where names are looked for")
    if name in _TELLING and (values[-1:] == [] or values[-1] not in _TELLING[name]):
        raise NotUnderstood(f"with {name} what follows may mean something else")
