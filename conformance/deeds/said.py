"""What a constraint or a setting says, as far as others go by it."""

from __future__ import annotations

import re

from conformance.fold.naming import joined, made_name
from conformance.model.deed import Constraint, Deed

_ENDINGS = {"check": "check", "foreign key": "fkey", "not null": "not_null"}
_NOT_NULL = re.compile(r"[\s(]*(?:\"(\w+)\"|(\w+))\s+is\s+not\s+null[\s)]*\Z", re.IGNORECASE)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_ENDLESS = re.compile(r"(?:0+ ?[a-z]*|default)\Z", re.IGNORECASE)
_CONFIGURED = re.compile(r"\bset_config\s*\(\s*'lock_timeout'\s*,\s*'0*[1-9]", re.IGNORECASE)


def present(constraint: Constraint) -> frozenset[str]:
    """The columns that are not NULL where the constraint holds."""
    if constraint.kind == "not null":
        return frozenset(constraint.columns)
    if constraint.kind != "check":
        return frozenset()
    parts = [_NOT_NULL.match(part) for part in _AND.split(constraint.text)]
    if not all(parts):
        return frozenset()
    return frozenset(match[1] or match[2].lower() for match in parts if match)


def limited(deed: Deed) -> bool:
    """Whether it says how long to wait for a lock; 0, as pg_dump writes it, is without end."""
    if (deed.verb, deed.name) == ("set", "lock_timeout"):
        return not _ENDLESS.match(deed.text)
    return deed.verb == "select" and bool(_CONFIGURED.search(deed.text))


def called(table: str, constraint: Constraint) -> str:
    """The name of a constraint: where it is given none, PostgreSQL's own, unless that is another's already."""
    if constraint.name or constraint.kind not in _ENDINGS:
        return constraint.name
    columns = constraint.columns
    if constraint.kind == "check" and (names := present(constraint)):
        columns = tuple(names) if len(names) == 1 else ()
    return made_name(table, joined(columns), _ENDINGS[constraint.kind])
