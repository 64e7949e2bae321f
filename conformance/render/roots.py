"""One root where many follow from it: what a person reads first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conformance.model.contract import LEVELS
from conformance.model.outcome import Outcome
from conformance.model.record import Record, field

_ORDER = ("fail", "indeterminate", "tolerated", "waived")


class Root(Record):
    """`head` stands for itself and for `followers`; `cause` names what it follows from, where that is not shown."""

    head: Outcome
    followers: list[Outcome] = field(default_factory=list)
    cause: str = ""


def roots(outcomes: Iterable[Outcome]) -> list[Root]:
    """What to show of the outcomes that do not pass, by migration, failures first; `may` is not shown."""
    by_id = {outcome.requirement.id: outcome for outcome in outcomes}
    groups: dict[tuple[str, str, bool], list[Outcome]] = {}
    for outcome in by_id.values():
        if _shown(outcome):
            cause = cause_of(outcome, by_id)
            folds = cause in by_id and _stands_for(by_id[cause], outcome)
            groups.setdefault((cause, _state(outcome), folds), []).append(outcome)
    found = [_root(cause, folds, group, by_id) for (cause, _, folds), group in groups.items()]
    return sorted(found, key=_place)


def cause_of(outcome: Outcome, by_id: Mapping[str, Outcome]) -> str:
    """The id at the end of the chain of causes, the outcome's own if it follows from nothing."""
    id_ = outcome.requirement.id
    passed = {id_}
    while (found := by_id.get(id_)) is not None and found.because and found.because not in passed:
        id_ = found.because
        passed.add(id_)
    return id_


def _shown(outcome: Outcome) -> bool:
    return outcome.status in _ORDER and outcome.requirement.level != "may"


def _state(outcome: Outcome) -> str:
    """What is shown apart: the verdict, and whether the baseline has it too."""
    return f"{outcome.status}, tolerated" if outcome.tolerated else outcome.status


def _stands_for(root: Outcome, follower: Outcome) -> bool:
    """Whether nothing is hidden by showing the root alone: it has the same verdict, and is no less asked for."""
    strength = LEVELS.index(root.requirement.level) <= LEVELS.index(follower.requirement.level)
    return _shown(root) and _state(root) == _state(follower) and strength


def _root(cause: str, folds: bool, group: list[Outcome], by_id: Mapping[str, Outcome]) -> Root:
    if folds:
        head = by_id[cause]
        return Root(head=head, followers=[outcome for outcome in group if outcome is not head])
    head = min(group, key=lambda outcome: LEVELS.index(outcome.requirement.level))
    found = by_id.get(cause)
    state = f"{found.status}, {found.requirement.level}" if found else "which was not selected"
    rest = [outcome for outcome in group if outcome is not head]
    return Root(head=head, followers=rest, cause=f"{cause} ({state})")


def _place(root: Root) -> tuple[str, int, int]:
    requirement = root.head.requirement
    return requirement.since, _ORDER.index(root.head.status), LEVELS.index(requirement.level)
