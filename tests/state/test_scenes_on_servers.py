"""Every claim on rows in its scenes, on both majors: clean, a near miss, each violation, the violation repaired."""

import pytest
from filled import filled
from judged import contract

from conformance.sandbox import Server
from conformance.selftest.planted import Planter, stages
from conformance.sources.workbench import Workbench


@pytest.mark.parametrize("profile", ["documented", "reference"])
@pytest.mark.parametrize("fixture", ["server", "older_server"])
def test_every_claim_tells_its_scenes_apart(request: pytest.FixtureRequest, fixture: str, profile: str) -> None:
    running: Server = request.getfixturevalue(fixture)
    wrong = []
    for stage, claims in stages(contract(profile)).items():
        url = running.create_database(f"scenes_{profile}_{stage}", template=filled(running, profile, stage))
        with Workbench(url) as bench:
            planter = Planter(bench, contract(profile), stage)
            for claim in claims:
                trials = list(planter.trials(claim))  # raises where a claim has no scenes
                assert {trial.equivalent for trial in trials} == {True, False}, claim.requirement.id
                wrong += [
                    f"{t.requirement}, {t.mutant}: {t.fate}: {t.detail}"
                    for t in trials
                    if t.fate != ("passed" if t.equivalent else "killed")
                ]
    assert wrong == []
