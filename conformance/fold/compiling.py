"""What plpgsql refuses as it compiles a body, when a function is made or a block is done: the server reads all of its
statements then, and runs none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from conformance.fold import declarations
from conformance.fold.conditions import CONDITIONS
from conformance.fold.declarations import FRESH
from conformance.fold.nodes import TypeName
from conformance.fold.refusals import Refused
from conformance.fold.schema import Schema
from conformance.fold.tokens import Token, depths

Answer: TypeAlias = Literal["value", "nothing", "rows", "unsure"]
"""What a function gives, and RETURN has to have."""

_LEVELS = frozenset({"debug", "log", "info", "notice", "warning", "exception"})
_QUERIES = frozenset({"select", "with", "values", "execute", "insert", "update", "delete", "merge"})
_OWN = frozenset({"new", "old"})


def answer(taken: Sequence[Token], given: object, *, rows: bool) -> Answer:
    """What a function has to give that takes these arguments, and is said to return that type."""
    if rows:
        return "rows"
    if not isinstance(given, TypeName) or given.name in ("void", "event_trigger"):
        return "nothing"
    out = any((token.kind, token.value) in (("word", "out"), ("word", "inout")) for token in taken)
    return "unsure" if out else "value"


def judge(schema: Schema, found: Sequence[Token], free: frozenset[str], answer: Answer, *, elsewhere: bool) -> None:
    """Raises `Refused` where a statement of the body is none where it stands; `free` are names from outside of it.
    `elsewhere` says that types are looked for in other schemas than here."""
    known = declarations.judge(None if elsewhere else schema, found, free) | _OWN
    for statement in _statements(found, known):
        statement.judge(answer)


class _Statement:
    """A statement, up to its end, with the loops and labelled blocks around it."""

    def __init__(self, found: Sequence[Token], around: Sequence[tuple[str, str]], known: set[str]) -> None:
        self.found, self._around, self._known = found, around, known

    def judge(self, answer: Answer) -> None:
        """Raises `Refused` where it is none here."""
        head = self.found[0].value
        if head == "return":
            self._judge_return(answer)
        elif head in ("exit", "continue"):
            self._judge_leaving(head)
        elif head == "raise":
            self._judge_raise()
        elif head == "for":
            self._judge_rows()
        elif head == "foreach" and (name := self._unknown(1)):
            raise Refused("syntax_error", f"{name}, which FOREACH gives its elements to, is no variable")

    def _follows(self, place: int) -> str:
        return self.found[place].value if place < len(self.found) else ";"

    def _judge_return(self, answer: Answer) -> None:
        follows = self._follows(1)
        rows = follows in ("next", "query")
        if answer == "unsure":
            return
        if rows and answer != "rows":
            raise Refused("datatype_mismatch", f"RETURN {follows.upper()} is for functions that return SETOF")
        if follows == ";" and answer == "value":
            raise Refused("syntax_error", "RETURN has no value, and the function gives one")
        if follows != ";" and not rows and answer != "value":
            raise Refused("datatype_mismatch", "RETURN has a value, and the function gives none, or rows")

    def _judge_leaving(self, head: str) -> None:
        label = self._follows(1)
        if label in (";", "when"):
            if not any(kind == "loop" for kind, _ in self._around):
                raise Refused("syntax_error", f"{head.upper()} stands outside of any loop")
        elif (label not in self._known) and not any(label == named for _, named in self._around):
            raise Refused("syntax_error", f"no block or loop around {head.upper()} is labelled {label}")

    def _judge_raise(self) -> None:
        place = 1 + (self._follows(1) in _LEVELS)
        if place >= len(self.found):
            return
        token = self.found[place]
        if token.kind == "string":
            wanted = token.value.replace("%%", "").count("%")
            given = sum(token.value == "," for token, depth in self._arguments(place + 1) if depth == 0)
            if wanted != given:
                raise Refused("syntax_error", f"RAISE has {given} values for the {wanted} % of its format")
        elif token.kind in ("word", "name") and token.value not in ("using", "sqlstate"):
            _judge_condition(token.value)

    def _arguments(self, start: int) -> Iterator[tuple[Token, int]]:
        for token, depth in depths(self.found, start):
            if depth == 0 and (token.kind, token.value) == ("word", "using"):
                return
            if token.kind == "op":
                yield token, depth

    def _judge_rows(self) -> None:
        """Rows are given to a variable that is there; a count declares its own."""
        at = next((i for i, token in enumerate(self.found) if (token.kind, token.value) == ("word", "in")), None)
        if at is None or self._follows(at + 1) not in _QUERIES:
            return
        if any(depth == 0 and token.value == ".." for token, depth in depths(self.found, at)):
            return
        for place in range(1, at, 2):
            if name := self._unknown(place):
                raise Refused("syntax_error", f"{name}, which the loop gives its rows to, is no variable")

    def _unknown(self, place: int) -> str:
        token = self.found[place] if place < len(self.found) else None
        named = token is not None and token.kind in ("word", "name") and self._follows(place + 1) != "."
        return token.value if token is not None and named and token.value not in self._known else ""


def _judge_condition(name: str) -> None:
    """Raises `Refused` where no error has that name."""
    if name not in CONDITIONS:
        raise Refused("undefined_object", f"no error is called {name}")


def _statements(found: Sequence[Token], known: set[str]) -> Iterator[_Statement]:
    """Those that are judged, and the blocks and loops that they stand in."""
    around: list[tuple[str, str]] = []
    before, label = ";", ""
    for place, (token, depth) in enumerate(depths(found)):
        word = token.value if token.kind == "word" else ""
        fresh = before in FRESH and depth == 0
        if fresh and token.value == "<<" and place + 1 < len(found):
            label = found[place + 1].value
        if before == "end":
            word = ""
        if word == "end":
            if around:
                around.pop()
        elif fresh and word in ("return", "exit", "continue", "raise", "for", "foreach"):
            yield _Statement(_up_to_end(found, place), tuple(around), known)
        elif (fresh and word in ("begin", "if")) or word == "case" or (word == "loop" and _opens(found, place)):
            kind = word if word in ("loop", "begin") else ""
            around.append((kind, label if kind else ""))
            label = "" if kind else label
        elif word == "when" and (fresh or before == "exception") and around and around[-1][0] == "begin":
            _judge_handler(found, place)
        before = token.value if token.kind in ("word", "op") else ""


def _opens(found: Sequence[Token], place: int) -> bool:
    return place + 1 >= len(found) or found[place + 1].value not in (",", ")", ".", "=")


def _judge_handler(found: Sequence[Token], place: int) -> None:
    """WHEN, and the names of errors behind it."""
    while place + 1 < len(found) and found[place].value in ("when", "or"):
        if found[place + 1].kind in ("word", "name") and found[place + 1].value not in ("others", "sqlstate"):
            _judge_condition(found[place + 1].value)
        place += 3 if found[place + 1].value == "sqlstate" else 2


def _up_to_end(found: Sequence[Token], place: int) -> list[Token]:
    part: list[Token] = []
    for token, depth in depths(found, place):
        if depth == 0 and token.value in (";", "loop") and token.kind in ("op", "word"):
            break
        part.append(token)
    return part
