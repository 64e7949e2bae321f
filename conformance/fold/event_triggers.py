"""Event triggers: what is done to the structure calls their functions, which may change it, or forbid it."""

from __future__ import annotations

from itertools import pairwise

from conformance.fold.function import Function
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, tokens
from conformance.model.record import replace

_EVENTS = ("ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite", "login")
_TELLING = frozenset({"notice", "log", "info", "debug", "warning"})


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE EVENT TRIGGER."""
    cursor.needs("create", "event", "trigger")
    name = cursor.name()
    cursor.needs("on")
    event = cursor.name()
    if event not in _EVENTS or (event == "login" and schema.major < 17):
        raise Refused("syntax_error", f"there is no event {event}")
    if cursor.takes("when"):
        cursor.needs("tag", "in")
        for part in cursor.group().parts():
            part.string()
            part.ends()
    cursor.needs("execute")
    if not cursor.one_of("function", "procedure"):
        raise cursor.odd("a function is expected")
    function = cursor.dotted()[-1]
    cursor.needs("(", ")")
    cursor.ends()
    if name in schema.listening:
        raise Refused("duplicate_object", f"the event trigger {name} is there already")
    schema = replace(schema, listening={**schema.listening, name: function})
    judge(schema)
    return schema


def judge(schema: Schema) -> None:
    """Raises `Acting` where a statement about the structure may do more than it says, or be forbidden."""
    for name, called in schema.listening.items():
        found = [one for one in schema.functions if one.name == called]
        if len(found) != 1 or called in schema.acting or not _is_quiet(found[0]):
            raise Acting(f"what the event trigger {name} does is not known here")


def _is_quiet(function: Function) -> bool:
    """Whether it says what it sees at the most."""
    if function.language != "plpgsql" or function.returns != "event_trigger" or function.signature:
        return False
    try:
        found = tokens(function.body)
    except NotUnderstood:
        return False
    raising = (two.value for one, two in pairwise(found) if one.value == "raise")
    return all(level in _TELLING for level in raising) and all(token.value != "assert" for token in found)


def alter(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER EVENT TRIGGER: one that is disabled may be enabled again, and is looked at as before."""
    cursor.needs("alter", "event", "trigger")
    name = cursor.name()
    _judge_there(schema, name)
    if cursor.takes("rename", "to"):
        other = cursor.name()
        cursor.ends()
        if other in schema.listening:
            raise Refused("duplicate_object", f"the event trigger {other} is there already")
        return replace(schema, listening={**_without(schema, name), other: schema.listening[name]})
    if cursor.takes("owner", "to"):
        cursor.take()
    elif not cursor.one_of("disable", "enable replica", "enable always", "enable"):
        raise cursor.odd("this change of an event trigger is not known here")
    cursor.ends()
    return schema


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP EVENT TRIGGER."""
    cursor.needs("drop", "event", "trigger")
    gently = cursor.takes("if", "exists")
    name = cursor.name()
    cursor.one_of("cascade", "restrict")
    cursor.ends()
    if not gently:
        _judge_there(schema, name)
    return replace(schema, listening=_without(schema, name))


def _judge_there(schema: Schema, name: str) -> None:
    if name in schema.doubtful and name not in schema.listening:
        raise NotUnderstood(f"whether the event trigger {name} is there hangs on a statement that is not understood")
    if name not in schema.listening:
        raise Refused("undefined_object", f"there is no event trigger {name} here")


def _without(schema: Schema, name: str) -> dict[str, str]:
    return {key: called for key, called in schema.listening.items() if key != name}


STATEMENTS = {
    "create event trigger": create,
    "alter event trigger": alter,
    "drop event trigger": drop,
}
