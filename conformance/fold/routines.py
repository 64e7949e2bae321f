"""CREATE, ALTER and DROP of functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.fold import bodies, compiling, known_types
from conformance.fold.calls import read, with_function, with_functions, words_of
from conformance.fold.function import Function
from conformance.fold.harmless import HARMLESS
from conformance.fold.mentioning import clauses, spoken_of
from conformance.fold.nodes import TypeName
from conformance.fold.refusals import Acting, NotUnderstood, Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import BUILT_IN, type_name
from conformance.model.record import replace

_FLAGS = (
    "immutable",
    "stable",
    "volatile",
    "strict",
    "leakproof",
    "not leakproof",
    "window",
    "called on null input",
    "returns null on null input",
    "security invoker",
    "security definer",
    "external security invoker",
    "external security definer",
    *(f"parallel {how}" for how in ("safe", "unsafe", "restricted")),
)
_LANGUAGES = frozenset({"sql", "plpgsql", "internal", "c"})
_VOLATILITY = {"immutable": "i", "stable": "s", "volatile": "v"}


def create(schema: Schema, cursor: Cursor) -> Schema:
    """CREATE FUNCTION."""
    cursor.needs("create")
    again = cursor.takes("or", "replace")
    if not cursor.one_of("function", "procedure"):
        raise cursor.odd("a function is expected")
    space, name = schema.place(cursor.dotted())
    taken = cursor.group()
    free = frozenset(token.value for token in taken.found if token.kind in ("word", "name")) | {name}
    parameters = tuple(called for called, of in _arguments(taken) if of)
    taken.at = 0
    signature = signature_of(taken)
    found: dict[str, object] = {"parameters": parameters}
    settings: dict[str, str] = {}
    while not cursor.ended:
        _part(cursor, found, settings)
    if "body" not in found or "language" not in found:
        raise NotUnderstood(f"the body of the function {name} is not understood")
    _judge(schema, taken, found, free, elsewhere="search_path" in settings)
    made = read(Function(
        number=schema.next, schema=space, name=name, signature=signature, settings=tuple(settings.items()), **found  # type: ignore[arg-type]
    ))  # fmt: skip
    named = schema.functions if name in schema.called else ()
    there = next((f for f in named if (f.schema, f.name, f.signature) == (space, name, signature)), None)
    if there is None:
        return with_function(schema, made)
    if not again:
        raise Refused("duplicate_function", f"the function {name} is there already")
    if there.returns != made.returns:
        raise Refused("invalid_function_definition", f"{name} returns another type already")
    if any(before not in ("", now) for before, now in zip(there.parameters, made.parameters, strict=True)):
        raise Refused("invalid_function_definition", f"what {name} takes is called otherwise already")
    made = replace(made, number=there.number)
    return with_functions(schema, (made if one is there else one for one in schema.functions))


def _part(cursor: Cursor, found: dict[str, object], settings: dict[str, str]) -> None:
    if cursor.takes("returns"):
        if cursor.takes("table"):
            found["row"] = cursor.group()
            return
        several = cursor.takes("setof")
        gives = type_name(cursor)
        found["type"] = gives
        found["returns"] = f"{'setof ' if several else ''}{gives.name}{'[]' if gives.array else ''}"
        found["gives"] = None if several else gives
    elif cursor.takes("language"):
        token = cursor.take()
        found["language"] = token.value.lower()
    elif cursor.takes("as"):
        found["body"] = cursor.string()
        if cursor.sees(","):
            raise cursor.odd("a function of a library is not known here")
    elif cursor.takes("set"):
        name, value = setting(cursor)
        settings[name] = value
    elif cursor.one_of("cost", "rows"):
        cursor.take()
    elif flag := cursor.one_of(*_FLAGS):
        found["volatility"] = _VOLATILITY.get(flag, found.get("volatility", "v"))
    else:
        cursor.ends()


def _judge(schema: Schema, taken: Cursor, found: dict[str, object], free: frozenset[str], *, elsewhere: bool) -> None:
    """Raises `Refused` where a type of the function, its language, or what its body names is not there; `elsewhere`
    says that the body looks for names in schemas of its own."""
    row, given = found.pop("row", None), found.pop("type", None)
    types = [of for part in (taken, row) if isinstance(part, Cursor) for of in _types(part)]
    for of in [*types, given]:
        if isinstance(of, TypeName):
            known_types.judge(schema, of)
    language = str(found["language"])
    if language not in _LANGUAGES and language not in schema.doubtful:
        raise Refused("undefined_object", f"the language {language} is not known here")
    free |= {token.value for token in (row.found if isinstance(row, Cursor) else ())}
    answer = compiling.answer(taken.found, given, rows=row is not None or "setof " in str(found.get("returns")))
    scalar = isinstance(given, TypeName) and given.name in BUILT_IN
    bodies.judge(schema, language, str(found["body"]), free, alone=scalar, answer=answer, elsewhere=elsewhere)


def _types(taken: Cursor) -> list[TypeName]:
    """The types of what a function takes, or of the columns that it gives, as far as they are understood."""
    taken.at = 0
    return [] if taken.ended else [of for part in taken.parts() for of in [_spelled(part)] if of is not None]


def setting(cursor: Cursor) -> tuple[str, str]:
    """Take a setting behind SET, and its value as PostgreSQL keeps it."""
    name = ".".join(cursor.dotted())
    if not cursor.takes("=") and not cursor.takes("to"):
        raise cursor.odd("the value of a setting is not understood")
    values = []
    while True:
        token = cursor.take()
        plain = token.kind in ("name", "string") and not re.fullmatch(r"[a-z_][a-z0-9_$]*", token.value)
        values.append('"' + token.value.replace('"', '""') + '"' if plain else token.value)
        if not cursor.takes(","):
            return name, ", ".join(values)


def signature_of(cursor: Cursor) -> str:
    """The types of the arguments that tell functions of one name apart."""
    return ",".join(of for _, of in _arguments(cursor) if of)


def _arguments(cursor: Cursor) -> list[tuple[str, str]]:
    return [] if cursor.ended else [_argument(part) for part in cursor.parts()]


def _argument(part: Cursor) -> tuple[str, str]:
    """The name of an argument, and its type, of which its default is no part; "" for one that only comes back."""
    text, start = part.rest(), part.at
    mode = part.one_of("in", "out", "inout", "variadic")
    for called, of in _spellings(part, start + bool(mode)):
        modifiers = "" if of.name in BUILT_IN else f"({of.modifiers})" if of.modifiers else ""
        return called, "" if mode == "out" else f"{of.name}{modifiers}{'[]' if of.array else ''}"
    return "", text


def _spelled(part: Cursor) -> TypeName | None:
    """The type of an argument, or of a column; None where it is not understood."""
    mode = part.one_of("in", "out", "inout", "variadic")
    return next((of for _, of in _spellings(part, int(bool(mode)))), None)


def _spellings(part: Cursor, start: int) -> Iterator[tuple[str, TypeName]]:
    """The name of an argument and its type, with and without the name, as far as it can be read so."""
    for named in (False, True):
        part.at = start
        try:
            called = part.name() if named else ""
            of = type_name(part)
        except NotUnderstood:
            continue
        if part.ended or part.sees("default") or part.sees("="):
            yield called, of


def named(schema: Schema, names: tuple[str, ...], signature: str | None) -> list[Function]:
    """The functions that may be meant."""
    for space in names[-2:-1] or schema.path:
        found = [one for one in schema.functions if (one.schema, one.name) == (space, names[-1])]
        if signature is not None:
            found = [one for one in found if one.signature == signature]
        if found:
            return found
    return []


def the(schema: Schema, names: tuple[str, ...], signature: str | None) -> Function:
    """The function that is meant. Raises `NotUnderstood`."""
    found = named(schema, names, signature)
    if len(found) != 1:
        raise Refused("undefined_function", f"the function {'.'.join(names)} is not known here")
    return found[0]


def judge_there(schema: Schema, names: tuple[str, ...], signature: str | None) -> None:
    """Raises `Refused` where no function has that name."""
    if named(schema, names, signature):
        return
    own = names[0] in ("pg_catalog", "information_schema") or names[-1].startswith("pg_") or names[-1] in HARMLESS
    if own or names[-1] in schema.doubtful:
        return
    if set(schema.extensions) - {"plpgsql"}:
        raise Acting(f"whether an extension brings the function {names[-1]} is not known here")
    raise Refused("undefined_function", f"the function {'.'.join(names)} is not known here")


def judge_type(schema: Schema, name: str) -> None:
    """Raises `Acting` where a function may take or return what is of a type that goes, which then cannot."""
    for one in schema.functions:
        if one.extension is None and name in words_of(f"{one.signature} {one.returns}"):
            raise Acting(f"whether the function {one.name} keeps {name} cannot be told here")


def drop(schema: Schema, cursor: Cursor) -> Schema:
    """DROP FUNCTION."""
    cursor.needs("drop")
    cursor.one_of("function", "procedure", "routine")
    gently = cursor.takes("if", "exists")
    while True:
        names = cursor.dotted()
        signature = signature_of(cursor.group()) if cursor.sees("(") else None
        gone = named(schema, names, signature)
        if not gone and (not gently or named(schema, names, None)):
            raise Refused("undefined_function", f"the function {'.'.join(names)} is not known here")
        if gone:
            schema = _without(schema, the(schema, names, signature))
        if not cursor.takes(","):
            break
    if cursor.takes("cascade"):
        numbers = {one.number for one in schema.functions}
        schema = schema.each(lambda r: replace(r, reactions=tuple(t for t in r.reactions if t.function in numbers)))
    cursor.takes("restrict")
    cursor.ends()
    numbers = {one.number for one in schema.functions}
    for relation in schema.relations.values():
        if any(trigger.function not in numbers for trigger in relation.reactions):
            raise Refused("dependent_objects_still_exist", f"a trigger of {relation.name} calls what is dropped")
    return schema


def _without(schema: Schema, function: Function) -> Schema:
    word = re.compile(rf"\b{re.escape(function.name)}\b")
    for relation in schema.relations.values():
        if function.name in spoken_of(relation) or any(word.search(one.text) for one in clauses(relation)):
            raise NotUnderstood(f"an expression of {relation.name} names {function.name}")
    return with_functions(schema, (one for one in schema.functions if one is not function))


def alter(schema: Schema, cursor: Cursor) -> Schema:
    """ALTER FUNCTION."""
    cursor.needs("alter")
    cursor.one_of("function", "procedure", "routine")
    names = cursor.dotted()
    signature = signature_of(cursor.group()) if cursor.sees("(") else None
    if cursor.takes("owner", "to"):
        judge_there(schema, names, signature)
        return schema
    found = the(schema, names, signature)
    if cursor.takes("rename", "to"):
        made = replace(found, name=cursor.name())
    elif cursor.takes("set", "schema"):
        made = replace(found, schema=cursor.name())
    elif cursor.takes("set"):
        name, value = setting(cursor)
        made = replace(found, settings=tuple({**dict(found.settings), name: value}.items()))
    elif flag := cursor.one_of(*_FLAGS):
        made = replace(found, volatility=_VOLATILITY.get(flag, found.volatility))
    else:
        raise cursor.odd("this change of a function is not known here")
    cursor.ends()
    return with_functions(schema, (made if one is found else one for one in schema.functions))


STATEMENTS = {
    "create function": create,
    "create procedure": create,
    "create or replace function": create,
    "create or replace procedure": create,
    "drop function": drop,
    "drop procedure": drop,
    "alter function": alter,
    "alter procedure": alter,
}
