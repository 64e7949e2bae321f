"""What plpgsql refuses when it compiles a body: at CREATE FUNCTION, and before a DO block runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from conformance.fold import known_types
from conformance.fold.lookup import of_the_system, there
from conformance.fold.refusals import Refused, as_far_as_understood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Cursor, Token, depths
from conformance.fold.type_names import type_name
from conformance.fold.variables import declared
from conformance.model.record import Record

_FRESH = frozenset({";", "then", "else", "begin", "loop", ">>"})
_QUERIES = frozenset({"select", "with", "execute", "values", "table", "insert", "update", "delete", "merge", "("})
_LEVELS = frozenset({"debug", "log", "info", "notice", "warning", "exception"})
_DEFAULTS = frozenset({":=", "=", "default"})


class Giving(Record):
    """What a body gives: nothing at all, as one value, or as several; `told` says that it is known which."""

    nothing: bool = False
    several: bool = False
    told: bool = True


def judge(schema: Schema, found: Sequence[Token], free: frozenset[str], giving: Giving, *, named: bool) -> None:
    """Raises `Refused` where plpgsql would. `free` are the names of what the function takes; `named` says that names
    mean there what they mean here."""
    known = free | {"new", "old"} | frozenset(declared(found, queries=False))
    loops = 0
    for place, before in _starts(found):
        word = found[place].value if found[place].kind == "word" else ""
        if word == "for":
            _judge_loop(found, place, known)
        elif word == "foreach":
            _judge_known(found, place + 1, known, ("slice", "in"))
        elif word == "raise":
            _judge_raise(found, place + 1)
        elif word == "return" and giving.told:
            _judge_return(found, place + 1, giving)
        elif word in ("exit", "continue"):
            loops = _open_loops(found[:place])
            bare = place + 1 < len(found) and found[place + 1].value in (";", "when")
            if bare and not loops:
                raise Refused("syntax_error", f"{word.upper()} stands in no loop")
        elif word == "declare" and before != ".":
            _judge_declared(schema, found, place + 1, free | _variables(found) if named else None)


def _starts(found: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Where statements begin, and what stands in front."""
    before = ";"
    for place, (token, depth) in enumerate(depths(found)):
        if before in _FRESH and depth == 0:
            yield place, before
        before = token.value if token.kind in ("word", "op") else ""


def _judge_loop(found: Sequence[Token], place: int, known: frozenset[str]) -> None:
    """FOR over the rows of a query, whose variables have to be declared; what counts a loop is by itself."""
    at = next((n for n in range(place, min(place + 40, len(found))) if found[n].value == "in"), len(found))
    if at + 1 >= len(found) or found[at + 1].value not in _QUERIES:
        return
    end = next(
        (n for n, (t, d) in enumerate(depths(found, at), at) if d == 0 and t.value in ("loop", "..")), len(found)
    )
    if end < len(found) and found[end].value == "loop":
        _judge_known(found, place + 1, known, ("in",))


def _judge_known(found: Sequence[Token], place: int, known: frozenset[str], ends: tuple[str, ...]) -> None:
    fresh = True
    while place < len(found) and not (found[place].kind == "word" and found[place].value in ends):
        token = found[place]
        if fresh and token.kind in ("word", "name") and token.value not in known:
            raise Refused("syntax_error", f"{token.value} is no variable of the block, and a loop puts rows into it")
        fresh = token.value == ","
        place += 1


def _judge_raise(found: Sequence[Token], place: int) -> None:
    place += place < len(found) and found[place].kind == "word" and found[place].value in _LEVELS
    if place >= len(found) or found[place].kind != "string":
        return
    wanted = found[place].value.replace("%%", "").count("%")
    given = 0
    for token, depth in depths(found, place + 1):
        if depth == 0 and (token.value == ";" or (token.kind == "word" and token.value == "using")):
            break
        given += depth == 0 and (token.kind, token.value) == ("op", ",")
    if wanted != given:
        raise Refused("syntax_error", f"RAISE has {wanted} places for values, and {given} values")


def _judge_return(found: Sequence[Token], place: int, giving: Giving) -> None:
    token = found[place] if place < len(found) else None
    if token is None:
        return
    if token.kind == "word" and token.value in ("next", "query"):
        if not giving.several:
            raise Refused("datatype_mismatch", "RETURN NEXT and QUERY stand in what gives several rows")
    elif token.value != ";" and (giving.nothing or giving.several):
        raise Refused("datatype_mismatch", "RETURN has a value where none is given back")
    elif token.value == ";" and not (giving.nothing or giving.several):
        raise Refused("syntax_error", "RETURN has no value")


def _open_loops(found: Sequence[Token]) -> int:
    depth, before = 0, ""
    for token in found:
        if (token.kind, token.value) == ("word", "loop"):
            depth += -1 if before == "end" else 1
        before = token.value
    return depth


def _judge_declared(schema: Schema, found: Sequence[Token], place: int, known: frozenset[str] | None) -> None:
    """The declarations of a block; `known` is None where names mean something else than here."""
    names: set[str] = set()
    while place < len(found) and not (found[place].kind == "word" and found[place].value in ("begin", "declare")):
        end = next((n for n, (t, d) in enumerate(depths(found, place), place) if d == 0 and t.value == ";"), len(found))
        one = found[place:end]
        place = end + 1
        if len(one) < 2 or one[0].kind not in ("word", "name"):
            return
        if one[0].value in names:
            raise Refused("syntax_error", f"{one[0].value} is declared twice")
        names.add(one[0].value)
        words = [token.value for token in one[:4] if token.kind == "word"]
        if {"alias", "cursor", "scroll"} & set(words[1:]):
            continue
        if known is not None:
            _judge_type(schema, one[2:] if one[1].value == "constant" else one[1:], known)
        values = [token.value for token in one if token.kind in ("word", "op")]
        required = any(values[n : n + 2] == ["not", "null"] for n in range(len(values)))
        if required and not _DEFAULTS & set(values):
            raise Refused("null_value_not_allowed", f"{one[0].value} is NOT NULL, and has no value")


def _variables(found: Sequence[Token]) -> frozenset[str]:
    """What is declared, and the labels, which may stand in front of it."""
    return frozenset(token.value for before, token in pairwise(found) if before.value in ("declare", ";", "<<"))


def _judge_type(schema: Schema, found: Sequence[Token], known: frozenset[str]) -> None:
    with as_far_as_understood():
        cursor = Cursor("", list(found))
        whole = [token.value for token in found]
        if "%" not in whole[:6]:
            known_types.judge(schema, type_name(cursor))
            return
        names = cursor.dotted()
        cursor.needs("%")
        row = cursor.takes("rowtype")
        if of_the_system(names) or names[0] in known or (not row and len(names) == 1):
            return
        relation = there(schema, names if row else names[:-1])
        if relation is not None and not row and relation.kind in "rp" and not relation.opaque:
            relation.column(names[-1])
