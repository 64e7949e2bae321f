"""The structure plane: each requirement of the contract, judged by the system catalogs."""

from __future__ import annotations

from conformance.model.contract import Requirement
from conformance.suite.judging import judge, pytest_generate_tests, seen
from conformance.suite.look import Seen

__all__ = ["pytest_generate_tests", "seen", "test_requirement"]


def test_requirement(requirement: Requirement, seen: Seen) -> None:
    judge(requirement, seen)


test_requirement.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
