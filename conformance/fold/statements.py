"""One statement folded into a schema: understood, irrelevant for a reason, or `NotUnderstood`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import conformance.fold
from conformance.fold import (
    acting,
    blocks,
    event_triggers,
    explained,
    gathered,
    kin,
    parameters,
    policies,
    replication,
    roles,
    searching,
    settings,
    spoken,
)
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import COLLATIONS
from conformance.model.record import Record

_LONGEST = 4

IRRELEVANT: Mapping[str, str] = {
    **dict.fromkeys(("insert", "update", "delete", "merge", "truncate", "copy", "with", "values", "select"), "rows"),
    "perform": "rows",
    "table": "rows",
    **dict.fromkeys(("begin", "commit", "start transaction", "end", "savepoint", "release"), "transactions"),
    **dict.fromkeys(("lock", "analyze", "vacuum", "reindex", "cluster", "checkpoint", "refresh"), "upkeep"),
    **dict.fromkeys(("comment", "security label"), "comments"),
    **dict.fromkeys(("grant", "revoke", "alter default privileges"), "privileges"),
    **dict.fromkeys(("create policy", "alter policy", "drop policy"), "policies"),
    **dict.fromkeys(("create role", "create user", "create group", "drop role", "drop user", "drop group"), "roles"),
    **dict.fromkeys(("alter role", "alter user", "alter group", "alter database"), "roles"),
    **dict.fromkeys(("set", "reset", "show", "discard", "notify", "listen", "unlisten"), "sessions"),
    **dict.fromkeys(("create statistics", "drop statistics", "alter statistics"), "statistics"),
    **dict.fromkeys(("create publication", "alter publication", "drop publication"), "replication"),
    **dict.fromkeys(("alter schema", "alter extension"), "owners and versions"),
    **dict.fromkeys(("create collation", "create text search"), "what is not judged"),
}
"""What changes nothing that is judged, by its first words, and what it is about."""


class Step(Record):
    """What a statement made of a schema; `irrelevant` says what it is about where that is nothing that is judged."""

    schema: Schema
    irrelevant: str = ""


def fold(schema: Schema, cursor: Cursor, *, procedural: bool = False) -> Step:
    """The schema after a statement; `procedural` says that it stands in a block. Raises `NotUnderstood`."""
    for token in cursor.found:
        ticked = token.kind == "op" and "`" in token.value
        if ticked or token.kind in ("odd", "other") or (token.kind == "name" and "${" in token.value):
            raise NotUnderstood(f"it has {cursor.text[token.start : token.end][:20]!r} in it")
    words = _words(cursor)
    acting.judge(schema, cursor, words)
    if procedural and "concurrently" in words:
        raise Refused("active_sql_transaction", "CONCURRENTLY cannot be done in a block")
    for head in _heads(words):
        if head == "explain":
            return fold(schema, explained.inner(cursor), procedural=procedural)
        if head == "do":
            return Step(schema=blocks.do(schema, cursor, _within))
        reader = readers().get(head)
        if reader is not None:
            after = kin.followed(schema, reader(schema, cursor), cursor)
            event_triggers.judge(after)
            return Step(schema=after)
        if head in IRRELEVANT:
            return _irrelevant(schema, cursor, head, procedural=procedural)
    if not words and all(token.value == ";" for token in cursor.found):
        return Step(schema=schema, irrelevant="nothing")
    raise NotUnderstood(f"{' '.join(words[:3]).upper() or 'a statement without a word'} is not known here")


def _within(schema: Schema, cursor: Cursor) -> Schema:
    return fold(schema, cursor, procedural=True).schema


def _irrelevant(schema: Schema, cursor: Cursor, head: str, *, procedural: bool) -> Step:
    about = IRRELEVANT[head]
    if about == "rows":
        if head == "perform" and not procedural:
            raise Refused("syntax_error", "PERFORM stands in a block only")
        schema = settings.looked(schema, cursor, procedural=procedural)
    elif about == "replication":
        schema = replication.after(schema, cursor)
    elif about == "statistics":
        schema = gathered.after(schema, cursor)
    elif about == "policies":
        schema = policies.after(schema, cursor)
    elif head == "create text search":
        schema = searching.after(schema, cursor)
    elif head == "create collation":
        _judge_collation(cursor)
    elif about in ("roles", "sessions", "owners and versions"):
        settings.judge(cursor)
        if about == "roles":
            schema = roles.after(schema, cursor)
        if about == "sessions":
            schema = settings.after(schema, cursor)
            parameters.judge(cursor)
    spoken.judge(schema, cursor, head)
    if about not in ("rows", "transactions", "sessions", "roles"):
        event_triggers.judge(schema)
    return Step(schema=schema, irrelevant=about)


def _judge_collation(cursor: Cursor) -> None:
    cursor.needs("create", "collation")
    cursor.takes("if", "not", "exists")
    if cursor.dotted()[-1] in COLLATIONS:
        raise NotUnderstood("a collation is called as one of PostgreSQL's own")


def _words(cursor: Cursor) -> list[str]:
    found = []
    for token in cursor.found[: _LONGEST + 1]:
        if token.kind != "word":
            break
        found.append(token.value)
    return found


def _heads(words: list[str]) -> Iterator[str]:
    for count in range(min(_LONGEST, len(words)), 0, -1):
        yield " ".join(words[:count])


@cache
def readers() -> Mapping[str, Callable[[Schema, Cursor], Schema]]:
    """What folds a statement, by its first words."""
    found: dict[str, Callable[[Schema, Cursor], Schema]] = {}
    for module in iter_modules(conformance.fold.__path__):
        found |= getattr(import_module(f"conformance.fold.{module.name}"), "STATEMENTS", {})
    return found
