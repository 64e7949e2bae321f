"""What nobody had in mind when the laws were written: subtly wrong ones are found, unusual right ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from implementations import Bench

from conformance.registry import conduct_laws

STRANGERS = Path(__file__).parent / "strangers.py"


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("DecidesLater", "approvals/votes-at-once"),
        ("DecidesLater", "approvals/killed"),
        ("TriesTheLock", "tasks/edges-at-once"),
        ("CountsRevisions", "agents/revisions-at-once"),
    ],
)
def test_what_is_easily_thought_right_is_found(stand: Bench, name: str, law: str) -> None:
    (found,) = stand.outcomes(f"{STRANGERS}:{name}", {law: conduct_laws()[law]}, 2)
    assert found.verdict == "fail", found.observed
    assert found.findings[0].script


@pytest.mark.parametrize("name", ["ComparesAndSwaps", "Serializable", "OneAtATimeByLock"])
def test_what_is_right_in_an_unusual_way_departs_from_nothing(stand: Bench, name: str) -> None:
    laws = ("approvals/votes-at-once", "approvals/killed", "tasks/taken-once", "tasks/edges-at-once", "tasks/killed")
    for outcome in stand.outcomes(f"{STRANGERS}:{name}", {id_: conduct_laws()[id_] for id_ in laws}, 2):
        assert outcome.verdict == "pass", (outcome.requirement.id, outcome.observed, outcome.findings)
