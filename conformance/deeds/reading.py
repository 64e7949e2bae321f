"""A statement's text to what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from conformance.deeds.creating import OBJECTS, create
from conformance.deeds.definitions import span_of
from conformance.deeds.tables import alter_table
from conformance.fold.folding import LONGEST
from conformance.fold.lenient import Lenient, spoken
from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import Cursor, Token, tokens
from conformance.model.deed import Deed, Span
from conformance.model.lint import Statement
from conformance.model.record import replace

_OPENS = ("begin", "then", "else", "loop")
_CONTROL = frozenset("if elsif for while return raise exception when declare end perform execute case exit".split())


_LEADING = re.compile(r"(?:\s++|--[^\n]*+|/\*.*?\*/)*+", re.DOTALL)


def statement(text: str, offset: int, fault: str = "") -> Statement:
    """A statement of a file with what it does; one that is none has one deed, which is nothing."""
    leading = _LEADING.match(text)
    nothing = Deed(verb="", span=Span(start=leading.end() if leading else 0, end=len(text.rstrip())))
    if not fault and len(text) > LONGEST and text[nothing.span.start :][:6].lower() != "insert":
        fault = f"it is longer than {LONGEST:,} characters: no other lint looks at it"
    found = deeds(text) if not fault and len(text) <= LONGEST else []
    return Statement(text=text, offset=offset, deeds=tuple(found) or (nothing,), fault=fault)


def deeds(text: str) -> list[Deed]:
    """What the statement does: one deed, or those inside of a DO block behind it."""
    try:
        found = tokens(text)
    except NotUnderstood:
        return [Deed(verb="", span=Span(start=0, end=len(text)))]
    if not found:
        return []
    outer = _deed(Lenient(text, found))
    if outer.verb == "with":
        return [outer, *_behind_with(text, found)]
    return [outer, *_inside(text, found)] if outer.verb == "do" else [outer]


def _behind_with(text: str, found: list[Token]) -> Iterator[Deed]:
    """What a statement that begins with WITH does to rows, in its queries and behind them."""
    for place, token in enumerate(found):
        before = found[place - 1].value if place else ""
        if token.kind == "word" and token.value in ("update", "delete", "insert") and before in ("(", ")"):
            depth, end = 0, place
            while end < len(found) and depth >= 0:
                depth += (found[end].value == "(") - (found[end].value == ")") if found[end].kind == "op" else 0
                end += depth >= 0
            yield _deed(Lenient(text, found[place:end]))


def _deed(cursor: Cursor) -> Deed:
    found = [token for token in cursor.found if (token.kind, token.value) != ("op", ";")]
    cursor = Lenient(cursor.text, found)
    span = span_of(found)
    first = found[0].value if found and found[0].kind == "word" else ""
    try:
        read = _READERS.get(first)
        return read(cursor, span) if read else Deed(verb=first, span=span, text=cursor.rest())
    except NotUnderstood:
        verb = " ".join(token.value for token in found[:2] if token.kind == "word")
        return Deed(verb=verb, span=span, text=spoken(cursor.text, found))


def _inside(text: str, found: list[Token]) -> Iterator[Deed]:
    """The statements in the body of a DO block: those behind a condition, or whose errors are caught, are guarded."""
    body = next((token for token in found if token.kind == "string"), None)
    shift = -1 if body is None else text.find(body.value, body.start, body.end)
    if body is None or shift < 0:  # a quote is doubled in it, or something else is written as it is not meant
        return
    try:
        inner = tokens(body.value)
    except NotUnderstood:
        return
    moved = [Token(kind=t.kind, value=t.value, start=t.start + shift, end=t.end + shift) for t in inner]
    caught = any(
        (token.kind, token.value) == ("word", "exception") and before is not None and before.value != "raise"
        for before, token in zip([None, *inner], inner, strict=False)
    )
    depth, start = 0, True
    for place, token in enumerate(moved):
        word = token.value if token.kind == "word" else ""
        if start and word == "execute" and (executed := _executed(text, moved[place : place + 3])):
            yield replace(executed, guarded=depth > 0 or caught)
        elif start and word not in _CONTROL and word not in _OPENS and word:
            yield replace(_deed(Lenient(text, _up_to_semicolon(moved[place:]))), guarded=depth > 0 or caught)
        if start and word == "if":
            depth += 1
        elif start and word == "return" and depth:  # what follows is reached only where the condition does not hold
            caught = True
        elif word == "end" and place + 1 < len(moved) and moved[place + 1].value == "if":
            depth -= 1
        start = word in _OPENS or (token.kind, token.value) == ("op", ";")


def _executed(text: str, found: list[Token]) -> Deed | None:
    """What EXECUTE does of a text that is written out without a quote in it; else None."""
    if len(found) < 3 or found[1].kind != "string" or found[2].value != ";":
        return None
    shift = text.find(found[1].value, found[1].start, found[1].end)
    if shift < 0:
        return None
    try:
        inner = tokens(found[1].value)
    except NotUnderstood:
        return None
    return _deed(Lenient(text, [replace(one, start=one.start + shift, end=one.end + shift) for one in inner]))


def _up_to_semicolon(found: list[Token]) -> list[Token]:
    return found[: next((n for n, t in enumerate(found) if (t.kind, t.value) == ("op", ";")), len(found))]


def _drop(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("drop")
    kind = cursor.one_of(*OBJECTS)
    flags = set[str]()
    for flag in ("concurrently", "if exists"):
        if cursor.takes(*flag.split()):
            flags.add(flag)
    if kind == "owned":
        cursor.takes("by")
    names = [cursor.dotted()[-1]]
    if cursor.sees("("):
        cursor.group()
    while cursor.takes(","):
        names.append(cursor.dotted()[-1])
        if cursor.sees("("):
            cursor.group()
    table = cursor.dotted()[-1] if cursor.takes("on") else ""
    if cursor.takes("cascade"):
        flags.add("cascade")
    return Deed(verb=f"drop {kind}".strip(), span=span, name=names[0], others=tuple(names[1:]), table=table,
                flags=frozenset(flags))  # fmt: skip


def _alter(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("alter")
    kind = cursor.one_of("foreign table", *OBJECTS, "system", "default privileges")
    if kind in ("table", "foreign table"):
        return alter_table(cursor, span)
    flags = {"if exists"} if cursor.takes("if", "exists") else set[str]()
    name = cursor.dotted()[-1] if not cursor.ended and kind not in ("system", "default privileges") else ""
    if kind == "type" and cursor.takes("add", "value"):
        flags |= {"if not exists"} if cursor.takes("if", "not", "exists") else set()
        return Deed(verb="alter type add value", span=span, name=name, flags=frozenset(flags), text=cursor.string())
    table = cursor.dotted()[-1] if kind in ("trigger", "policy", "rule") and cursor.takes("on") else ""
    return Deed(
        verb=f"alter {kind}".strip(), span=span, name=name, table=table, flags=frozenset(flags), text=cursor.rest()
    )


def _rows(cursor: Cursor, span: Span) -> Deed:
    """UPDATE, DELETE and TRUNCATE."""
    verb = cursor.take().value
    flags = set[str]()
    cursor.takes("from")
    cursor.takes("table")
    cursor.takes("only")
    names = [cursor.dotted()]
    while verb == "truncate" and cursor.takes(","):
        names.append(cursor.dotted())
    depth = 0
    for token in cursor.found[cursor.at :]:
        depth += (token.value == "(") - (token.value == ")") if token.kind == "op" else 0
        if token.kind == "word" and depth == 0 and token.value in ("where", "cascade"):
            flags.add(token.value)
    return Deed(verb=verb, span=span, name=names[0][-1], table=names[0][-1], flags=frozenset(flags),
                others=tuple(found[-1] for found in names[1:]), text=cursor.rest())  # fmt: skip


def _set(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("set")
    scope = cursor.one_of("session", "local")
    name = ".".join(cursor.dotted())
    return Deed(verb="set", span=span, name=name, flags=frozenset({scope} if scope else ()),
                text=cursor.rest().lstrip("= ").removeprefix("to ").removeprefix("TO ").strip("'\" "))  # fmt: skip


def _lock(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("lock")
    cursor.takes("table")
    cursor.takes("only")
    names = [cursor.dotted()[-1]]
    while cursor.takes(","):
        names.append(cursor.dotted()[-1])
    return Deed(
        verb="lock table", span=span, name=names[0], table=names[0], others=tuple(names[1:]), text=cursor.rest()
    )


def _cluster(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("cluster")
    if cursor.sees("("):
        cursor.group()
    cursor.takes("verbose")
    name = "" if cursor.ended else cursor.dotted()[-1]
    if cursor.takes("on"):  # its older form: CLUSTER index ON table
        name = cursor.dotted()[-1]
    return Deed(verb="cluster", span=span, name=name, text=cursor.rest())


def _refresh(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("refresh", "materialized", "view")
    flags = frozenset({"concurrently"} if cursor.takes("concurrently") else ())
    return Deed(verb="refresh materialized view", span=span, name=cursor.dotted()[-1], flags=flags, text=cursor.rest())


def _insert(cursor: Cursor, span: Span) -> Deed:
    cursor.needs("insert", "into")
    return Deed(verb="insert into", span=span, name=cursor.dotted()[-1], text=cursor.rest())


def _worded(*verbs: str) -> Callable[[Cursor, Span], Deed]:
    """A statement of which the verb, and the words behind it, are all that is needed."""

    def read(cursor: Cursor, span: Span) -> Deed:
        verb = cursor.one_of(*verbs) or cursor.take().value
        flags = {w for w in ("concurrently", "full", "freeze") if any(t.value == w for t in cursor.found[:6])}
        name = next((t.value for t in reversed(cursor.found) if t.kind in ("word", "name")), "")
        return Deed(verb=verb, span=span, name=name, flags=frozenset(flags), text=cursor.rest())

    return read


_READERS: dict[str, Callable[[Cursor, Span], Deed]] = {
    "create": create,
    "drop": _drop,
    "alter": _alter,
    "update": _rows,
    "delete": _rows,
    "truncate": _rows,
    "set": _set,
    "start": _worded("start transaction"),
    "reindex": _worded("reindex"),
    "vacuum": _worded("vacuum"),
    "cluster": _cluster,
    "refresh": _refresh,
    "lock": _lock,
    "grant": _worded("grant"),
    "insert": _insert,
}
