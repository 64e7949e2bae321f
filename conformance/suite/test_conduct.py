"""each law, put to an implementation in a sandbox."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.suite.judging import judge, pytest_generate_tests, seen
from conformance.suite.look import Seen

__all__ = ["pytest_generate_tests", "seen", "test_conduct"]


def test_conduct(conduct: Requirement, seen: Seen) -> None:
    judge(conduct, seen)


test_conduct.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
