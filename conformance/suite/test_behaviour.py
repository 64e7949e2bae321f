"""each law, put to a schema in a sandbox."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.suite.judging import judge, pytest_generate_tests, seen
from conformance.suite.look import Seen

__all__ = ["pytest_generate_tests", "seen", "test_behaviour"]


def test_behaviour(behaviour: Requirement, seen: Seen) -> None:
    judge(behaviour, seen)


test_behaviour.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
