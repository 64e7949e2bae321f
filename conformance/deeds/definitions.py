"""Columns and constraints as they are written in CREATE TABLE and ALTER TABLE."""

from __future__ import annotations

from conformance.fold.tokens import Cursor, Token
from conformance.model.deed import ColumnDefinition, Constraint, ConstraintKind, Span

_CONSTRAINT = ("constraint", "check", "unique", "primary", "foreign")
_AFTER_TYPE = frozenset(
    """not null default check unique primary references constraint generated collate as deferrable initially
    compression storage using""".split()
)
_ACTIONS = ("no action", "restrict", "cascade", "set null", "set default")


def begins_constraint(cursor: Cursor) -> bool:
    """Whether a constraint of the table comes next, and not a column."""
    return (
        any(cursor.sees(word) for word in _CONSTRAINT) or cursor.sees("exclude", "using") or cursor.sees("exclude", "(")
    )


def span_of(found: list[Token]) -> Span:
    """From the first token to the last."""
    return Span(start=found[0].start, end=found[-1].end) if found else Span(start=0, end=0)


def words(found: list[Token], text: str) -> str:
    """The tokens in lower case, with single blanks where there were any."""
    parts: list[str] = []
    for before, token in zip([None, *found], found, strict=False):
        if before is not None and before.end < token.start:
            parts.append(" ")
        parts.append(token.value if token.kind == "word" else text[token.start : token.end])
    return "".join(parts)


def column(cursor: Cursor) -> ColumnDefinition:
    """A column: its name, its type, and what follows, up to the end."""
    first = cursor.at
    name = cursor.name()
    type_tokens = _until(cursor, _AFTER_TYPE)
    found = ColumnDefinition(
        name=name,
        type=words(type_tokens, cursor.text),
        span=span_of(cursor.found[first:]),
        type_span=span_of(type_tokens or cursor.found[first : first + 1]),
    )
    values: dict[str, object] = {}
    constraints: list[Constraint] = []
    while not cursor.ended:
        _suffix(cursor, name, values, constraints)
    given = {key: getattr(found, key) for key in ColumnDefinition.__slots__} | values
    return ColumnDefinition(**given | {"constraints": tuple(constraints)})


def _suffix(cursor: Cursor, name: str, values: dict[str, object], constraints: list[Constraint]) -> None:
    """One of the things that may follow a column's type."""
    start = cursor.at
    label = cursor.name() if cursor.takes("constraint") else ""
    if cursor.takes("not", "null"):
        values["not_null"] = True
    elif cursor.takes("default"):
        found = _until(cursor, _AFTER_TYPE - {"default"})
        values["default"] = cursor.text[found[0].start : found[-1].end] if found else ""
    elif cursor.takes("generated"):
        cursor.one_of("always", "by default")
        cursor.needs("as")
        if cursor.takes("identity"):
            values["identity"] = True
            if cursor.sees("("):
                cursor.group()
        else:
            inside = cursor.group()
            values["default"] = inside.rest()
            values["generated"] = cursor.one_of("stored", "virtual") or "virtual"
    elif any(cursor.sees(word) for word in ("check", "unique", "primary", "references")):
        if cursor.sees("primary"):
            values["not_null"] = True
        constraints.append(_constraint(cursor, label, (name,), start))
    else:
        values["tail"] = f"{values.get('tail', '')} {cursor.take().value}"
        if cursor.sees("("):
            cursor.group()


def constraint(cursor: Cursor) -> Constraint:
    """A constraint of a table, with or without its name."""
    start = cursor.at
    label = cursor.name() if cursor.takes("constraint") else ""
    return _constraint(cursor, label, (), start)


def _constraint(cursor: Cursor, name: str, own: tuple[str, ...], start: int) -> Constraint:
    kind, columns, text = _kind(cursor, own)
    target: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    if cursor.takes("references"):
        target = cursor.dotted()
        target_columns = cursor.names() if cursor.sees("(") else ()
    on_delete, flags, tail = "no action", set[str](), list[str]()
    while not cursor.ended and not (own and _next_suffix(cursor)):
        if cursor.takes("on", "delete"):
            on_delete = cursor.one_of(*_ACTIONS) or on_delete
        elif cursor.takes("not", "valid"):
            flags.add("not valid")
        elif cursor.takes("using", "index"):
            flags.add("using index")
        else:
            tail.append(cursor.take().value)
    return Constraint(
        kind=kind,
        span=span_of(cursor.found[start : cursor.at]),
        name=name,
        columns=columns,
        text=text,
        target=target[-1] if target else "",
        target_columns=target_columns,
        on_delete=on_delete,
        not_valid="not valid" in flags,
        using_index="using index" in flags,
        tail=" ".join(tail),
    )


def _kind(cursor: Cursor, own: tuple[str, ...]) -> tuple[ConstraintKind, tuple[str, ...], str]:
    if cursor.takes("check"):
        inside = cursor.group()
        names = [token.value for token in inside.found if token.kind in ("word", "name")]
        return "check", own or tuple(dict.fromkeys(names)), inside.rest()
    if cursor.takes("unique"):
        cursor.one_of("nulls not distinct", "nulls distinct")
        return "unique", own or (_listed(cursor) if cursor.sees("(") else ()), ""
    if cursor.takes("primary", "key"):
        return "primary key", own or (_listed(cursor) if cursor.sees("(") else ()), ""
    if cursor.takes("foreign", "key"):
        return "foreign key", cursor.names(), ""
    if cursor.takes("not", "null"):
        return "not null", (cursor.name(),), ""
    if cursor.takes("exclude"):
        while not cursor.ended and not cursor.sees("("):
            cursor.take()
        return "exclude", (), cursor.group().rest()
    if own and cursor.sees("references"):
        return "foreign key", own, ""
    raise cursor.odd("a constraint is expected")


def _listed(cursor: Cursor) -> tuple[str, ...]:
    return tuple(part.name() for part in cursor.group().parts())


def _next_suffix(cursor: Cursor) -> bool:
    follows = ("not null", "null", "default", "check", "unique", "primary", "references", "constraint", "generated")
    return any(cursor.sees(*words.split()) for words in follows)


def _until(cursor: Cursor, stops: frozenset[str]) -> list[Token]:
    """The tokens up to one of these words outside of parentheses; one at the least."""
    first, depth = cursor.at, 0
    while (token := cursor.peek()) is not None:
        if token.kind == "op":
            depth += (token.value in "([") - (token.value in ")]")
        if cursor.at > first and depth == 0 and token.kind == "word" and token.value in stops:
            break
        if cursor.at == first and token.kind == "word" and token.value in stops:
            break
        cursor.take()
    return cursor.found[first : cursor.at]
