"""Which updates does a trigger's WHEN leave out? It is read, as PostgreSQL prints it, and never evaluated."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from conformance.model.strings import conjuncts, disjuncts

Fires = Literal["always", "not always", "unknown"]

_NAME = r'(?:"(?:[^"]|"")+"|\w+|\*)'
_CAST = re.compile(rf"\(((?:old|new)\.{_NAME})\)::[a-z]+(?: [a-z]+)*")
_CHANGED = re.compile(rf"(?P<a>old|new)\.(?P<name>{_NAME}) (?:<>|IS DISTINCT FROM) (?!(?P=a))(?:old|new)\.(?P=name)\Z")
_NULL = re.compile(rf"(?:old|new)\.(?P<name>{_NAME}) IS (?P<is_not>NOT )?NULL\Z")
_SAME = re.compile(r"(?P<value>\d+|'(?:[^']|'')*'::[a-z ]+|true|false) = (?P=value)\Z")


def fires(when: str, never: Collection[str], at_times: Collection[str]) -> Fires:
    """Whether the condition is true for every update, or surely not: for one that changes nothing in a row where
    whatever may be NULL is. `never` are the columns that are never NULL, `at_times` those that may be."""
    text = " ".join(when.split())
    parts = conjuncts(text)
    if len(parts) > 1:
        found = {fires(part, never, at_times) for part in parts}
        return "not always" if "not always" in found else "unknown" if "unknown" in found else "always"
    parts = disjuncts(text)
    if len(parts) > 1:
        found = {fires(part, never, at_times) for part in parts}
        return "always" if "always" in found else "unknown" if "unknown" in found else "not always"
    return _atom(text, never, at_times)


def _atom(text: str, never: Collection[str], at_times: Collection[str]) -> Fires:
    bare = _CAST.sub(r"\1", text)
    while bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    if bare == "true" or _SAME.match(bare):
        return "always"
    if bare in ("false", "NULL::boolean") or _CHANGED.match(bare):
        return "not always"
    if match := _NULL.match(bare):
        name = match["name"].strip('"').replace('""', '"')
        if name in never:
            return "always" if match["is_not"] else "not always"
        if name in at_times and match["is_not"]:
            return "not always"
    return "unknown"
