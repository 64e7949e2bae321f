"""The invariants are looked at after each call, and only those whose rows have changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
from implementations import REFERENCE, Bench

from conformance.driving import Claims
from conformance.model.contract import Level
from conformance.model.outcome import Outcome
from conformance.registry import conduct_laws
from conformance.sources.stand import Stand

ODD = Path(__file__).parent / "odd.py"
_broken = Claims.broken


def told(stand: Bench, adapter: str, area: str, examples: int) -> Outcome:
    law = f"{area}/invariants"
    (found,) = stand.outcomes(adapter, {law: conduct_laws()[law]}, examples)
    return found


def test_what_is_broken_for_the_length_of_a_call_is_found(stand: Bench) -> None:
    found = told(stand, f"{ODD}:BreaksAndMends", "agents", 3)
    assert found.verdict == "fail"
    assert "0027/agents.trust_score/in-range" in found.observed
    history = found.findings[0].witnesses
    assert history[-1].startswith("rename_agent"), "the history ends where the invariant stops to hold"
    assert len(history) == 3, history


@pytest.mark.parametrize("adapter", [REFERENCE, f"{ODD}:BreaksAndMends"])
@pytest.mark.parametrize("area", ["agents", "goals"])
def test_what_has_not_changed_need_not_be_looked_at(
    stand: Bench, monkeypatch: pytest.MonkeyPatch, adapter: str, area: str
) -> None:
    looks: list[tuple[int, int]] = []

    def broken(
        self: Claims, where: Stand, names: Mapping[str, str], of: Collection[str]
    ) -> list[tuple[str, Level, str]]:
        some: Any = _broken(self, where, names, of)
        assert some == _broken(self, where, names, self.tables), "what was left out says what it said"
        looks.append((len(of), len(self.tables)))
        return some  # type: ignore[no-any-return]

    monkeypatch.setattr(Claims, "broken", broken)
    told(stand, adapter, area, 2)
    assert any(some < every for some, every in looks), "something was left out"
