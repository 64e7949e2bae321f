"""CREATE TABLE and ALTER TABLE."""

from __future__ import annotations

from conformance.deeds.definitions import begins_constraint, column, constraint, span_of, words
from conformance.fold.tokens import Cursor
from conformance.model.deed import Action, ColumnDefinition, Constraint, Deed, Span

_KIND_OF_TRIGGER = ("trigger", "replica trigger", "always trigger", "rule", "replica rule", "always rule")


def create_table(cursor: Cursor, flags: frozenset[str], span: Span) -> Deed:
    """What stands behind CREATE … TABLE."""
    flags |= {"if not exists"} if cursor.takes("if", "not", "exists") else frozenset()
    names = cursor.dotted()
    definitions: list[ColumnDefinition] = []
    constraints: list[Constraint] = []
    others: tuple[str, ...] = ()
    if cursor.takes("partition", "of"):
        others = cursor.dotted()[-1:]
        flags |= {"partition of"}
    elif cursor.sees("("):
        for part in cursor.group().parts():
            if part.ended or part.sees("like"):
                continue
            if begins_constraint(part):
                constraints.append(constraint(part))
            else:
                definitions.append(column(part))
    else:
        flags |= {"as"}
    return Deed(
        verb="create table",
        span=span,
        name=names[-1],
        table=names[-1],
        flags=flags,
        others=others,
        definitions=tuple(definitions),
        constraints=tuple(constraints),
        text=cursor.rest(),
    )


def alter_table(cursor: Cursor, span: Span) -> Deed:
    """What stands behind ALTER TABLE."""
    flags = frozenset(
        flag for flag, given in (("if exists", cursor.takes("if", "exists")), ("only", cursor.takes("only"))) if given
    )
    names = cursor.dotted()
    cursor.takes("*")
    actions = tuple(_action(part) for part in cursor.parts() if not part.ended)
    return Deed(
        verb="alter table",
        span=span,
        name=names[-1],
        table=names[-1],
        flags=flags,
        actions=actions,
    )


def _action(cursor: Cursor) -> Action:
    span = span_of(cursor.found)
    if cursor.takes("add"):
        return _add(cursor, span)
    if cursor.takes("drop"):
        return _drop(cursor, span)
    if cursor.takes("alter"):
        return _alter_column(cursor, span)
    if cursor.takes("rename"):
        return _rename(cursor, span)
    if cursor.takes("validate", "constraint"):
        return Action(verb="validate constraint", span=span, name=cursor.name())
    if turned := cursor.one_of("enable", "disable"):
        if cursor.takes("row", "level", "security"):
            return Action(verb=f"{turned} row level security", span=span)
        kind = cursor.one_of(*_KIND_OF_TRIGGER).split()
        return Action(verb=f"{turned} {kind[-1] if kind else ''}".strip(), span=span, name=cursor.rest().strip(' "'))
    if cursor.takes("attach", "partition"):
        return Action(verb="attach partition", span=span, name=cursor.dotted()[-1], text=cursor.rest())
    verb = " ".join(token.value for token in cursor.found[:2] if token.kind == "word")
    return Action(verb=verb, span=span, text=cursor.rest())


def _add(cursor: Cursor, span: Span) -> Action:
    if begins_constraint(cursor):
        found = constraint(cursor)
        return Action(verb="add constraint", span=span, name=found.name, constraint=found)
    cursor.takes("column")
    flags = frozenset({"if not exists"}) if cursor.takes("if", "not", "exists") else frozenset[str]()
    made = column(cursor)
    return Action(verb="add column", span=span, name=made.name, flags=flags, column=made)


def _drop(cursor: Cursor, span: Span) -> Action:
    verb = "drop constraint" if cursor.takes("constraint") else "drop column"
    cursor.takes("column")
    flags = {"if exists"} if cursor.takes("if", "exists") else set[str]()
    name = cursor.name()
    if cursor.takes("cascade"):
        flags.add("cascade")
    return Action(verb=verb, span=span, name=name, flags=frozenset(flags))


def _alter_column(cursor: Cursor, span: Span) -> Action:
    if cursor.takes("constraint"):
        return Action(verb="alter constraint", span=span, name=cursor.name(), text=cursor.rest())
    cursor.takes("column")
    name = cursor.name()
    if cursor.takes("set", "data", "type") or cursor.takes("type"):
        first = cursor.at
        while not cursor.ended and not cursor.sees("using"):
            cursor.take()
        text = words(cursor.found[first : cursor.at], cursor.text)
        flags = _using(cursor, name) if cursor.takes("using") else frozenset[str]()
        return Action(verb="alter type", span=span, name=name, text=text, flags=flags)
    for verb in ("set not null", "drop not null", "set default", "drop default", "drop identity", "drop expression"):
        if cursor.takes(*verb.split()):
            return Action(verb=verb, span=span, name=name, text=cursor.rest())
    return Action(verb="alter column", span=span, name=name, text=cursor.rest())


def _using(cursor: Cursor, column: str) -> frozenset[str]:
    """Whether what stands behind USING works out another value than a cast of the column."""
    values = [token.value for token in cursor.found[cursor.at :] if token.value not in ("(", ")")]
    plain = values[:1] == [column] and values[1:2] in ([], ["::"]) and values.count("::") < 2
    return frozenset({"using"} if plain else {"using", "computed"})


def _rename(cursor: Cursor, span: Span) -> Action:
    if cursor.takes("to"):
        return Action(verb="rename to", span=span, text=cursor.name())
    if cursor.takes("constraint"):
        return Action(verb="rename constraint", span=span, name=cursor.name())
    cursor.takes("column")
    name = cursor.name()
    cursor.needs("to")
    return Action(verb="rename column", span=span, name=name, text=cursor.name())
