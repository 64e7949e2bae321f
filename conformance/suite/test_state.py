"""The state plane: each documented invariant, judged by the rows."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.suite.judging import judge, pytest_generate_tests, seen
from conformance.suite.look import Seen

__all__ = ["pytest_generate_tests", "seen", "test_invariant"]


def test_invariant(invariant: Requirement, seen: Seen) -> None:
    judge(invariant, seen)


test_invariant.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
