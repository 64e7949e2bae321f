"""CREATE, ALTER and DROP of triggers."""

from __future__ import annotations

from conformance.fold.condition import Clause
from conformance.fold.meaning import Meaning, clause
from conformance.fold.nodes import Column, walk
from conformance.fold.places import WHEN
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.fold.routines import the
from conformance.fold.schema import Reaction, Relation, Schema
from conformance.fold.scopes import Scope, Source, outputs_of
from conformance.fold.standing import judge_among
from conformance.fold.tokens import Cursor, tokens
from conformance.model.record import replace

_TIMINGS = ("before", "after", "instead of")
_EVENTS = ("insert", "update", "delete", "truncate")


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE TRIGGER."""
    cursor.needs("create")
    again = cursor.takes("or", "replace")
    lately = cursor.takes("constraint")
    cursor.needs("trigger")
    name = cursor.name()
    timing = cursor.one_of(*_TIMINGS)
    events, columns = _events(cursor)
    cursor.needs("on")
    table = schema.relation(cursor.dotted(), "r", "p", "v")
    sets = frozenset() if lately else _sets(cursor)
    row, when = _behind(cursor, lately=lately)
    cursor.needs("execute")
    if not cursor.one_of("function", "procedure"):
        raise cursor.odd("a function is expected")
    names = cursor.dotted()
    arguments = cursor.group()
    cursor.ends()
    for column in columns:
        table.column(column)
    if schema.find(names) is None and names[-1] in ("tsvector_update_trigger", "suppress_redundant_updates_trigger"):
        raise NotUnderstood(f"the trigger's function {names[-1]} is not known here")
    function = the(schema, names, "")
    if function.extension is None and function.returns != "trigger":
        raise Refused("invalid_object_definition", f"{function.name} does not return a trigger")
    made = Reaction(
        name=name,
        timing=timing,
        events=events,
        row=row,
        update_columns=columns,
        when=when,
        function=function.number,
        arguments=0 if arguments.ended else len(arguments.parts()),
    )
    _judge_kind(table, made, lately=lately)
    _judge_when(schema, table, made)
    _judge_sets(table, made, sets)
    others = tuple(one for one in table.reactions if one.name != name)
    if len(others) < len(table.reactions) and not again:
        raise Refused("duplicate_object", f"{table.name} has a trigger {name} already")
    return schema.put(replace(table, reactions=(*others, made)))


def _judge_kind(table: Relation, made: Reaction, *, lately: bool) -> None:
    """Raises `Refused` where a table, or a view, has no trigger of this kind."""
    if lately and not (made.timing == "after" and made.row):
        raise Refused("syntax_error", f"{made.name} is a constraint, and not for each row after an event")
    if made.row and "truncate" in made.events:
        raise Refused("feature_not_supported", f"{made.name} is for each row, and TRUNCATE has none")
    instead = made.timing == "instead of"
    if instead and (table.kind != "v" or not made.row):
        raise Refused("wrong_object_type", f"{made.name} is INSTEAD OF an event, which is for the rows of a view")
    if instead and (made.when is not None or made.update_columns):
        raise Refused("feature_not_supported", f"{made.name} is INSTEAD OF an event, on a condition or some columns")
    if table.kind == "v" and not instead and (made.row or "truncate" in made.events):
        raise Refused("wrong_object_type", f"{made.name} is on a view, which has no such trigger")


def _judge_when(schema: Schema, table: Relation, made: Reaction) -> None:
    """Raises `Refused` for a condition on a row that there is not, or on what it has not."""
    if made.when is None:
        return
    if not table.opaque:
        rows = tuple(Source(name=name, columns=outputs_of(schema, table)) for name in ("old", "new"))
        judge_among(Scope(schema=schema, sources=rows), tokens(made.when.text), WHEN)
    if made.when.node is None:
        return
    named = {part.of for part in walk(made.when.node) if isinstance(part, Column)}
    if named and (
        not made.row or ("new" in named and "delete" in made.events) or ("old" in named and "insert" in made.events)
    ):
        raise Refused("invalid_object_definition", f"the condition of {made.name} is about a row that there is not")
    try:
        Meaning(schema).deparser(table, ("old", "new")).condition(made.when.node)
    except Refused:
        raise
    except NotUnderstood:
        return


def _sets(cursor: Cursor) -> frozenset[str]:
    """REFERENCING: whether the rows as they were, and as they are, go by a name."""
    found: dict[str, str] = {}
    if cursor.takes("referencing"):
        while which := cursor.one_of("old", "new"):
            cursor.needs("table")
            cursor.takes("as")
            if which in found:
                raise Refused("syntax_error", f"the {which} rows have two names")
            found[which] = cursor.name()
        if len(set(found.values())) < len(found) or not found:
            raise Refused("invalid_object_definition", "REFERENCING gives no name, or one twice")
    return frozenset(found)


def _judge_sets(table: Relation, made: Reaction, sets: frozenset[str]) -> None:
    """Raises `Refused` where a trigger has no such rows."""
    if not sets:
        return
    if made.timing != "after" or table.kind == "v":
        raise Refused(
            "invalid_object_definition", f"{made.name} names sets of rows, which are there after a change only"
        )
    if len(made.events) > 1 or made.update_columns or (made.row and (table.kind == "p" or table.parents)):
        raise Refused("feature_not_supported", f"{made.name} names sets of rows, of several events or of some columns")
    [event] = made.events
    if event == "truncate" or ("old" in sets and event == "insert") or ("new" in sets and event == "delete"):
        raise Refused("invalid_object_definition", f"{made.name} names rows that {event.upper()} has not")


def _events(cursor: Cursor) -> tuple[frozenset[str], tuple[str, ...]]:
    events: set[str] = set()
    columns: tuple[str, ...] = ()
    while event := cursor.one_of(*_EVENTS):
        if event in events:
            raise Refused("syntax_error", f"{event.upper()} is said twice")
        events.add(event)
        if event == "update" and cursor.takes("of"):
            found = [cursor.name()]
            while cursor.takes(","):
                found.append(cursor.name())
            columns = tuple(found)
            if len(set(columns)) < len(columns):
                raise Refused("duplicate_column", "a column is said twice")
        if not cursor.takes("or"):
            break
    if not events:
        raise cursor.odd("an event is expected")
    return frozenset(events), columns


def _behind(cursor: Cursor, *, lately: bool) -> tuple[bool, Clause | None]:
    row = False
    when: Clause | None = None
    if lately and cursor.takes("from"):
        cursor.dotted()
    while not cursor.sees("execute"):
        if cursor.takes("for"):
            cursor.takes("each")
            row = bool(cursor.takes("row"))
            if not row:
                cursor.needs("statement")
        elif cursor.takes("when"):
            when = clause(cursor.group())
        elif not (
            lately and cursor.one_of("not deferrable", "deferrable", "initially deferred", "initially immediate")
        ):
            raise cursor.odd("this part of a trigger is not known here")
    return row, when


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP TRIGGER."""
    cursor.needs("drop", "trigger")
    gently = cursor.takes("if", "exists")
    name = cursor.name()
    cursor.needs("on")
    names = cursor.dotted()
    cursor.one_of("cascade", "restrict")
    cursor.ends()
    found = schema.find(names)
    if found is None and gently:
        return schema
    table = schema.relation(names)
    if not gently:
        _trigger(table, name)
    return schema.put(replace(table, reactions=tuple(one for one in table.reactions if one.name != name)))


def _trigger(table: Relation, name: str) -> Reaction:
    found = next((one for one in table.reactions if one.name == name), None)
    if found is None:
        raise Refused("undefined_object", f"{table.name} has no trigger {name} here")
    return found


def alter(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER TRIGGER … RENAME."""
    cursor.needs("alter", "trigger")
    name = cursor.name()
    cursor.needs("on")
    table = schema.relation(cursor.dotted())
    cursor.needs("rename", "to")
    new = cursor.name()
    cursor.ends()
    found = _trigger(table, name)
    if any(one.name == new for one in table.reactions):
        raise Refused("duplicate_object", f"{table.name} has a trigger {new} already")
    made = replace(found, name=new)
    return schema.put(replace(table, reactions=tuple(made if one is found else one for one in table.reactions)))


STATEMENTS = {
    "create trigger": create,
    "create or replace trigger": create,
    "create constraint trigger": create,
    "drop trigger": drop,
    "alter trigger": alter,
}
