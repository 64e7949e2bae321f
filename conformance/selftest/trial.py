"""One mutant of one requirement, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

Fate = str
"""`killed`, `survived` or `undecided` for a defect; `passed` or `alarmed` for an equivalent; `refused` (by the
server) or `not tried` for either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One mutant of one requirement, and what became of it."""

    profile: str
    requirement: str
    kind: str
    level: str
    mutant: str
    equivalent: bool
    fate: Fate
    detail: str
    sql: str
