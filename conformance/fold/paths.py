"""Where names are looked for: SET search_path, SET ROLE, and what sets them back."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.fold.operators import FUNCTIONS
from conformance.fold.refusals import NotUnderstood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import BUILT_IN
from conformance.model.record import replace

OWN = frozenset(BUILT_IN) | {name for name, _ in FUNCTIONS}
"""PostgreSQL's own types and functions, as far as these are known here."""


def settle(schema: Schema, cursor: Cursor) -> Schema:
    """SET search_path."""
    cursor.needs("set")
    passing = bool(cursor.one_of("local", "session") == "local")
    if cursor.name() != "search_path" or not (cursor.takes("=") or cursor.takes("to")):
        raise cursor.odd("the value of a setting is not understood")
    if cursor.takes("default"):
        cursor.ends()
        return taken(schema, schema.home, passing=passing)
    path = []
    while True:
        token = cursor.take()
        if token.kind not in ("word", "name", "string"):
            raise cursor.odd("a name in the search_path is not understood")
        path.append(token.value)
        if not cursor.takes(","):
            break
    cursor.ends()
    return taken(schema, path, passing=passing)


def set_back(schema: Schema, cursor: Cursor) -> Schema:
    """RESET search_path, RESET ALL, DISCARD ALL: as in a new session."""
    cursor.take()
    cursor.one_of("all", "search_path")
    cursor.ends()
    return replace(schema, path=schema.home, lasting=None, late=False)


def take_role(schema: Schema, cursor: Cursor) -> Schema:
    """SET ROLE: where a schema of its name is there, names are looked for in it first."""
    cursor.needs("set")
    cursor.one_of("session authorization", "local session authorization", "session role", "local role", "role")
    token = cursor.take()
    cursor.ends()
    if token.value in schema.namespaces:
        raise NotUnderstood(f"names may be looked for in the schema {token.value} first")
    return replace(schema, unborn=schema.unborn | {token.value})


def same_role(schema: Schema, cursor: Cursor) -> Schema:
    """RESET ROLE: the schema of its own that the first role may have is none that a contract speaks of."""
    cursor.needs("reset")
    cursor.one_of("role", "session authorization")
    cursor.ends()
    return schema


def taken(schema: Schema, path: Iterable[str], *, passing: bool) -> Schema:
    """The schema with another search_path; `passing` is until the transaction ends."""
    names = tuple(path)
    late = "pg_catalog" in names[1:]
    if "pg_temp" in names:
        raise NotUnderstood("where temporary tables are looked for is not understood")
    after = tuple(one for one in names if one not in ("$user", "pg_catalog", ""))
    lasting = schema.lasting if schema.lasting is not None else schema.path
    made = replace(schema, path=after, late=late, lasting=lasting if passing else None)
    judge_late(made)
    return made


def written_path(value: str) -> list[str]:
    """The names in the value of a search_path. Raises `NotUnderstood`."""
    cursor = Cursor(value)
    names: list[str] = []
    while not cursor.ended:
        names.append(cursor.name())
        if not cursor.takes(","):
            break
    cursor.ends()
    return names


def judge_late(schema: Schema) -> None:
    """Raises `NotUnderstood` where names of PostgreSQL's own are looked for elsewhere first, and something is called
    as one of them."""
    if schema.late:
        named = [one.name for one in schema.functions] + [one.name for one in schema.types.values()]
        if not OWN.isdisjoint(named):
            raise NotUnderstood("names of PostgreSQL's own are looked for elsewhere first")


STATEMENTS = {
    "set search_path": settle,
    "set session search_path": settle,
    "set local search_path": settle,
    "reset search_path": set_back,
    "reset all": set_back,
    "discard all": set_back,
    "set role": take_role,
    "set session role": take_role,
    "set local role": take_role,
    "set session authorization": take_role,
    "set local session authorization": take_role,
    "reset role": same_role,
    "reset session authorization": same_role,
}
