"""The structure plane: each requirement of the contract, judged by the system catalogs."""

from __future__ import annotations

import pytest

from conformance.model.contract import Requirement
from conformance.suite.face import face_of
from conformance.suite.look import Seen


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "requirement" in metafunc.fixturenames:
        metafunc.parametrize("requirement", face_of(metafunc.config).parameters())


@pytest.fixture
def seen(requirement: Requirement, request: pytest.FixtureRequest) -> Seen:
    """What became of the requirement; an error where that could not be decided."""
    face = face_of(request.config)
    found = face.look().seen[requirement.id]
    if face.records:
        request.node.user_properties += [
            *((name, getattr(requirement, name)) for name in ("id", "level", "kind", "since", "source")),
            *((name, getattr(found, name)) for name in ("verdict", "expected", "observed")),
        ]
    if found.verdict == "indeterminate":
        pytest.fail(found.text, pytrace=False)
    return found


def test_requirement(requirement: Requirement, seen: Seen) -> None:
    if seen.verdict == "not-applicable":
        pytest.skip(seen.text)
    if seen.verdict == "waived":
        pytest.xfail(seen.text)
    if seen.verdict == "fail" and requirement.level == "may":
        pytest.xfail(seen.text)
    if seen.verdict != "pass":
        pytest.fail(seen.text, pytrace=False)
    if seen.excused:
        pytest.fail(f"[XPASS(strict)] it holds; remove {seen.excused}", pytrace=False)


test_requirement.__test__ = True  # type: ignore[attr-defined]  # whatever a repository's `python_functions` says
