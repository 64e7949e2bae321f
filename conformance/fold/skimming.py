"""Which tables a statement about rows speaks of that is not understood as a whole: a server refuses it all the same
where one is not there."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.fold import calls
from conformance.fold.lookup import of_the_system, there
from conformance.fold.schema import Schema
from conformance.fold.tokens import Token

_FORMS = frozenset({"extract", "substring", "trim", "overlay", "position"})


def judge(schema: Schema, found: Sequence[Token]) -> None:
    """Raises `Refused` where it reads from what is not there."""
    with_names = set(calls.named_queries(found))
    opened: list[bool] = []
    for place, token in enumerate(found):
        before = found[place - 1].value if place else ""
        if (token.kind, token.value) == ("op", "("):
            opened.append(before in _FORMS)
        elif (token.kind, token.value) == ("op", ")") and opened:
            opened.pop()
        if token.kind != "word" or token.value not in ("from", "join") or (opened and opened[-1]):
            continue
        only = place + 1 < len(found) and found[place + 1].value == "only"
        name = calls.dotted(found, place + 1 + only)
        behind = place + 2 * len(name) + only
        calling = behind < len(found) and (found[behind].kind, found[behind].value) == ("op", "(")
        if not name or before == "distinct" or calling or name[-1] in with_names or name[-1] in ("lateral", "rows"):
            continue
        if not of_the_system(name):
            there(schema, name)
