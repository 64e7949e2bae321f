"""The variables of a block of plpgsql: a server refuses one that gives a value to what is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.fold.refusals import Refused
from conformance.fold.tokens import Token, depths

_OWN = frozenset({"new", "old", "found"})
_QUERIES = frozenset("select with execute values table insert update delete merge array".split())
_FRESH = frozenset({";", "then", "else", "begin", "loop", ">>"})


def judge(found: Sequence[Token], free: frozenset[str]) -> None:
    """Raises `Refused` where a value goes into what is no variable; `free` are the names that are some already. What
    any DECLARE has is a variable everywhere, and so is what counts a loop."""
    known = free | _OWN | frozenset(declared(found))
    for name in _written(found):
        if name not in known:
            raise Refused("syntax_error", f"{name} is no variable of the block")


def declared(found: Sequence[Token], *, queries: bool = True) -> Iterator[str]:
    """The names in declarations, of labels and of what counts a loop; with `queries` of what any loop is over."""
    declaring, before = False, ""
    for place, token in enumerate(found):
        word = token.value if token.kind == "word" else ""
        declaring = (declaring or word == "declare") and word != "begin"
        looped = (
            before == "<<" or before == "#" or (before in ("for", "foreach") and (queries or _counts(found, place)))
        )
        if token.kind in ("word", "name") and (declaring or looped):
            yield token.value
        before = token.value if token.kind in ("word", "op") else ""


def _counts(found: Sequence[Token], place: int) -> bool:
    """Whether a loop is over numbers, or over a cursor, whose variable comes by itself."""
    follows = found[place + 2].value if place + 2 < len(found) and found[place + 1].value == "in" else "select"
    return follows not in (
        "select",
        "with",
        "execute",
        "values",
        "table",
        "insert",
        "update",
        "delete",
        "merge",
        "array",
    )


def _written(found: Sequence[Token]) -> Iterator[str]:
    """The names of what gets a value, by := or behind INTO."""
    before, declaring = ";", False
    for place, (token, depth) in enumerate(depths(found)):
        follows = found[place + 1].value if place + 1 < len(found) else ""
        named = token.kind in ("word", "name")
        declaring = (declaring or token.value == "declare") and token.value != "begin"
        if named and not declaring and depth == 0 and before in _FRESH and follows == ":=":
            yield token.value
        if (token.kind, token.value) == ("word", "into") and depth == 0 and before not in ("insert", "merge"):
            yield from _targets(found, place + 1)
        before = token.value if token.kind in ("word", "op") else ""


def _targets(found: Sequence[Token], place: int) -> Iterator[str]:
    """The variables behind INTO, as far as they are plain names with commas between them."""
    place += place < len(found) and found[place].value == "strict"
    while place < len(found) and found[place].kind in ("word", "name"):
        yield found[place].value
        if place + 1 >= len(found) or (found[place + 1].kind, found[place + 1].value) != ("op", ","):
            return
        place += 2
