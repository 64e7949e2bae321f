"""What a CREATE does."""

from __future__ import annotations

from conformance.deeds.tables import create_table
from conformance.fold.lenient import spoken
from conformance.fold.tokens import Cursor
from conformance.model.deed import Deed, Span

OBJECTS = (
    "materialized view", "table", "index", "view", "sequence", "schema", "type", "domain", "function", "procedure",
    "trigger", "policy", "extension", "constraint", "rule", "database", "role", "user", "owned", "subscription",
)  # fmt: skip


def create(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("create")
    flags = {"or replace"} if cursor.takes("or", "replace") else set[str]()
    for flag in ("global", "local", "temporary", "temp", "unlogged", "unique", "recursive", "constraint"):
        if cursor.takes(flag):
            flags.add(flag)
    kind = cursor.one_of(*OBJECTS)
    if kind == "table":
        return create_table(cursor, frozenset(flags), span)
    if kind == "index":
        return _create_index(cursor, flags, span)
    if cursor.takes("if", "not", "exists"):
        flags.add("if not exists")
    if kind == "trigger":
        return _create_trigger(cursor, flags, span)
    names = cursor.dotted() if kind not in ("role", "user") and not cursor.sees("authorization") else (cursor.name(),)
    table = ""
    if kind in ("policy", "rule"):
        while not cursor.ended and not cursor.takes("on" if kind == "policy" else "to"):
            cursor.take()
        table = cursor.dotted()[-1] if not cursor.ended else ""
    return Deed(verb=f"create {kind}".strip(), span=span, name=names[-1],
                table=table, flags=frozenset(flags), text=cursor.rest())  # fmt: skip


def _create_index(cursor: Cursor, flags: set[str], span: Span) -> Deed:
    for flag in ("concurrently", "if not exists"):
        if cursor.takes(*flag.split()):
            flags.add(flag)
    name = "" if cursor.sees("on") else cursor.dotted()[-1]
    cursor.needs("on")
    if cursor.takes("only"):
        flags.add("only")
    names = cursor.dotted()
    if cursor.takes("using"):
        cursor.name()
    keys = cursor.group().parts()
    plain = [key.found[0].value for key in keys if key.found and _is_column(key)]
    flags |= {"expression"} if len(plain) < len(keys) else set()
    if cursor.sees("where"):
        flags.add("partial")
    return Deed(verb="create index", span=span, name=name,
                table=names[-1], flags=frozenset(flags), columns=tuple(plain),
                text=" ".join(key.rest() for key in keys))  # fmt: skip


def _is_column(key: Cursor) -> bool:
    follows = key.found[1] if len(key.found) > 1 else None
    return key.found[0].kind in ("word", "name") and (follows is None or follows.value != "(")


def _create_trigger(cursor: Cursor, flags: set[str], span: Span) -> Deed:
    name = cursor.name()
    while not cursor.takes("on"):
        cursor.take()
    names = cursor.dotted()
    if cursor.sees("for") or "row" in [token.value for token in cursor.found[cursor.at :]]:
        text = cursor.rest().lower()
        flags |= {"each row"} if "row" in text.split("execute")[0].split() else set()
    return Deed(verb="create trigger", span=span, name=name, table=names[-1], flags=frozenset(flags),
                text=spoken(cursor.text, cursor.found))  # fmt: skip
