"""What the test modules share: a test for each claim of their plane, and what became of it."""

from __future__ import annotations

import pytest

from conformance.model.contract import Requirement
from conformance.suite.face import PARAMETERS, claim_of, face_of, plane_of
from conformance.suite.look import Seen


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    face = face_of(metafunc.config)
    for name in PARAMETERS:
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, face.parameters(name))


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """What became of the test's claim; an error where that could not be decided."""
    face = face_of(request.config)
    claim = claim_of(request.node)
    if claim is None:
        pytest.fail(f"{request.node.name} is no test of a requirement or an invariant", pytrace=False)
    found = face.seen_of(claim, plane_of(request.node))
    if face.records:
        request.node.user_properties += [
            *((name, getattr(claim, name)) for name in ("id", "level", "kind", "since", "source")),
            *((name, getattr(found, name)) for name in ("verdict", "expected", "observed")),
        ]
    if found.verdict == "indeterminate":
        pytest.fail(found.text, pytrace=False)
    return found


def judge(claim: Requirement, seen: Seen) -> None:
    """Ends the test as the verdict says."""
    if seen.verdict == "not-applicable":
        pytest.skip(seen.text)
    if seen.verdict == "waived":
        pytest.xfail(seen.text)
    if seen.verdict == "fail" and (seen.level or claim.level) == "may":
        pytest.xfail(seen.text)
    if seen.verdict != "pass":
        pytest.fail(seen.text, pytrace=False)
