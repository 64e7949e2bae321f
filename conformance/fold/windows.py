"""Functions over windows: where none may stand, and which windows there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.fold import aggregates
from conformance.fold.operands import closing, is_query
from conformance.fold.refusals import Refused
from conformance.fold.scopes import Scope
from conformance.fold.tokens import Cursor, Token

_ALWAYS = frozenset(
    """row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value""".split()
)
_HYPOTHETICAL = frozenset({"rank", "dense_rank", "percent_rank", "cume_dist"})
"""With WITHIN GROUP they are aggregates."""


def overs(found: Sequence[Token]) -> Iterator[int]:
    """Where OVER stands behind a call; what is in queries inside is not among it."""
    place = 0
    while place < len(found):
        token = found[place]
        if (token.kind, token.value) == ("op", "(") and is_query(found[place + 1 :]):
            place = closing(found, place)
        elif (token.kind, token.value) == ("word", "over") and place and found[place - 1].value == ")":
            yield place
        place += 1


def judge_none(found: Sequence[Token], where: str) -> None:
    """Raises `Refused` where a function is over a window."""
    if any(True for _ in overs(found)):
        raise Refused("windowing_error", f"no function over a window stands in {where}")


def judge(found: Sequence[Token], scope: Scope, named: frozenset[str]) -> None:
    """Raises `Refused` where a function has no window that needs one, or one of a name that is not there."""
    for at in overs(found):
        window = found[at + 1] if at + 1 < len(found) else None
        if window is not None and window.kind in ("word", "name") and window.value not in named:
            raise Refused("undefined_object", f"there is no window {window.value} here")
    for at, token in enumerate(found[:-1]):
        plain = token.kind == "word" and token.value in _ALWAYS and token.value not in scope.schema.called
        if not plain or found[at + 1].value != "(" or (at and found[at - 1].value == "."):
            continue
        end = closing(found, at + 1)
        behind = found[end + 1].value if end + 1 < len(found) else ""
        again = behind in ("ignore", "respect", "filter") or (behind == "within" and token.value in _HYPOTHETICAL)
        if behind != "over" and not again:
            raise Refused("wrong_object_type", f"{token.value} is over a window, and none is given")
    for start, end in aggregates.calls(found, scope):
        if not aggregates.windowed(found, end) and any(start < at < end for at in overs(found)):
            raise Refused("grouping_error", "a function over a window cannot stand within an aggregate")


def defined(found: Sequence[Token]) -> frozenset[str]:
    """The names behind WINDOW. Raises `Refused` where one is there twice."""
    names = [part.found[0].value for part in Cursor("", list(found)).parts() if part.found]
    if len(set(names)) < len(names):
        raise Refused("windowing_error", "a window is defined twice")
    return frozenset(names)
