"""The markers by which tests are chosen: level, migration, kind of claim, table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from conformance.model.contract import Requirement

ALL = "conformance"


def of(requirement: Requirement) -> tuple[str, ...]:
    """The names of a requirement's markers."""
    return (ALL, *_meanings(requirement))


def known(requirements: Iterable[Requirement]) -> Mapping[str, str]:
    """What each marker that requirements give rise to stands for."""
    found = {ALL: "a requirement of the database's contract"}
    for requirement in requirements:
        found.update(_meanings(requirement))
    return dict(sorted(found.items()))


def _meanings(requirement: Requirement) -> Mapping[str, str]:
    found = {
        requirement.level: f"what the profile asks for as a {requirement.level}",
        f"migration_{requirement.since}": f"what came with migration {requirement.since}",
        _word(requirement.kind): f"requirements of the kind {requirement.kind}",
    }
    if requirement.table:
        found[f"table_{_word(requirement.table)}"] = f"what is asked of the table {requirement.table}"
    if requirement.kind == "adapter":
        area = requirement.id.split("/")[1]
        found[_word(area)] = f"the laws of an implementation about {area}"
    if requirement.kind == "history":
        found[_word(requirement.claim)] = f"the law {requirement.claim} of a history"
    return found


def _word(text: str) -> str:
    """`foreign_key` for `foreign-key`: what stands in an expression after -m."""
    return re.sub(r"\W", "_", text)
