"""Whether a column of one type may be of another without being written anew: what PostgreSQL stores stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from conformance.fold.nodes import TypeName
from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import Cursor
from conformance.fold.type_names import type_name
from conformance.model.deed import DomainForm

_COLLATED = re.compile(r"\s+collate\s.*", re.IGNORECASE | re.DOTALL)
_GROWING = re.compile(r"(?P<kind>interval|varbit|bit varying)(?: ?\((?P<size>\d+)\))?\Z")
_MOMENTS = frozenset({"time", "timetz", "timestamp", "timestamptz"})
_FINEST = 6
"""The digits of a second that a time has where none are named."""
_ROOMY = frozenset({"text", "varchar", "numeric", "inet", *_MOMENTS})


def domain_form(text: str) -> DomainForm:
    """What stands behind the name in CREATE DOMAIN."""
    cursor = Cursor(text)
    cursor.takes("as")
    start = cursor.at
    stops = ("default", "constraint", "check", "not", "null", "collate")
    while not cursor.ended and not any(cursor.sees(word) for word in stops):
        cursor.take()
    found = cursor.found
    base = text[found[start].start : found[cursor.at - 1].end].lower() if cursor.at > start else ""
    values = [token.value for token in found[cursor.at :] if token.kind == "word"]
    return DomainForm(base=base, constrained="check" in values or ("not", "null") in pairwise(values))


def may_stay(new: str) -> bool:
    """Whether there is a type at all of which a column becomes this one without being written anew."""
    found = _read(new)
    return found is None or found.name in _ROOMY


def stays(old: str, new: str, domains: Mapping[str, DomainForm]) -> bool:
    """Whether the stored form stays, and all that was stored fits."""
    if old == new:
        return True
    before, after = _bared(old, domains), _bared(new, domains)
    target = domains.get(_plain(new).rpartition(".")[2])
    if target is not None and target.constrained:
        return False
    was, will = _GROWING.match(before), _GROWING.match(after)
    if was and will and was["kind"].startswith("i") == will["kind"].startswith("i"):
        return not will["size"] or bool(was["size"] and int(was["size"]) <= int(will["size"]))
    one, other = _read(before), _read(after)
    return before == after or (one is not None and other is not None and _kept(one, other))


def _bared(of: str, domains: Mapping[str, DomainForm]) -> str:
    """The type without its collation, and without a domain around it."""
    plain = _plain(of)
    domain = domains.get(plain.rpartition(".")[2])
    return plain if domain is None else domain.base


def _plain(of: str) -> str:
    return _COLLATED.sub("", of).strip()


def _read(of: str) -> TypeName | None:
    cursor = Cursor(_plain(of))
    try:
        found = type_name(cursor)
    except NotUnderstood:
        return None
    return found if cursor.ended else None


def _kept(old: TypeName, new: TypeName) -> bool:
    if (old.name, old.array, old.modifiers) == (new.name, new.array, new.modifiers):
        return True
    if old.array or new.array:
        return False
    if {old.name, new.name} <= {"text", "varchar"}:
        return not new.modifiers or bool(old.modifiers and old.modifiers <= new.modifiers)
    if old.name == new.name and new.name in _MOMENTS:
        return (*old.modifiers, _FINEST)[0] <= (*new.modifiers, _FINEST)[0]
    if old.name == new.name == "numeric":
        return not new.modifiers or _fits(old.modifiers, new.modifiers)
    return (old.name, new.name) == ("cidr", "inet")


def _fits(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    return bool(old) and old[0] <= new[0] and (*old, 0)[1] == (*new, 0)[1]
