"""A history is judged alike wherever it is replayed: on the embedded server, and in a container."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from conformance import replay
from conformance.model.outcome import Outcome
from conformance.sandbox import SandboxKind

THROUGH = "0015"
"""Behind the migration that moves rows: later ones take longer, and nothing of another sort comes with them."""


def replayed(kind: SandboxKind) -> Mapping[str, Outcome]:
    report = replay(through=THROUGH, sandbox=kind)
    assert f"on {kind} PostgreSQL" in f"on {report.target.origin} {report.target.address}", "it ran where it should"
    return {outcome.requirement.id: outcome for outcome in report.outcomes}


@pytest.mark.parametrize("kind", ["docker"], indirect=True)
def test_every_law_of_a_history_has_one_verdict_in_both(kind: SandboxKind) -> None:
    there, here = replayed(kind), replayed("embedded")
    assert there.keys() == here.keys()
    assert {outcome.verdict for outcome in here.values()} == {"pass", "not-applicable"}
    for id_, outcome in here.items():
        other = there[id_]
        assert (other.verdict, other.observed, other.note) == (outcome.verdict, outcome.observed, outcome.note), id_
