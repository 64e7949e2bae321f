"""each migration, run in every way that it may be run."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.suite.judging import judge, pytest_generate_tests, seen
from conformance.suite.look import Seen

__all__ = ["pytest_generate_tests", "seen", "test_history"]


def test_history(history: Requirement, seen: Seen) -> None:
    judge(history, seen)


test_history.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
