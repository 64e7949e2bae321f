"""One requirement, one id, one verdict: through the Python API, the command line and pytest."""

import json
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from conformance import audit, check
from conformance.model.report import Report
from conformance.model.shape import shapes
from conformance.options import Options
from conformance.run import load_claims, load_contract

WAIVED = {"0019/slack_sessions*": "Slack is not used here", "0015/agents.name/no-near-duplicates": "renamed next week"}
ALL = {"pass", "fail", "waived", "not-applicable", "indeterminate"}


def by_cli(command: str, url: str, *chosen: str) -> tuple[int, dict[str, str]]:
    """The exit code and the verdicts."""
    whole = [sys.executable, "-m", "conformance", command, url, *chosen, "--format", "json"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    return done.returncode, {outcome["id"]: outcome["verdict"] for outcome in json.loads(done.stdout)["outcomes"]}


def waivers_of(report: Report) -> str:
    """Waivers for what the report says of them; none for what it has nothing about."""
    entries = []
    for pattern, reason in WAIVED.items():
        departing = [o for o in report.outcomes if fnmatchcase(o.requirement.id, pattern) and o.verdict == "fail"]
        held = sorted({shape for outcome in departing for shape in shapes(outcome)})
        if held:
            entries.append(
                f'[[waiver]]\nrequirement = "{pattern}"\nreason = "{reason}"\nowner = "Ann"\n'
                f"expires = 2999-12-31\nshape = {held}\n"
            )
    return "\n".join(entries)


@pytest.mark.parametrize("through", ["0028", "0018"])
@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_every_requirement_has_one_verdict(
    suite: Callable[..., Any], deviating: str, tmp_path: Path, profile: str, through: str
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(waivers_of(check(deviating, Options(profile=profile, through=through))))
    options = Options(profile=profile, through=through, waivers=waivers)

    report = check(deviating, options)
    by_api = {outcome.requirement.id: outcome.verdict for outcome in report.outcomes}
    chosen = ("--profile", profile, "--through", through, "--waivers", str(waivers))
    more = ("--conformance-profile", profile, "--conformance-through", through, "--waivers", str(waivers))
    structure = ("--pyargs", "conformance.suite.test_structure")

    assert list(by_api) == [requirement.id for requirement in load_contract(options).requirements]
    assert by_cli("check", deviating, *chosen) == (report.exit_code, by_api)
    assert suite("--database-url", deviating, *more, what=structure).verdicts == by_api
    if (profile, through) == ("documented", "0028"):
        assert set(by_api.values()) == ALL


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_every_invariant_has_one_verdict_and_the_structure_keeps_its_own(
    suite: Callable[..., Any], departing: str, tmp_path: Path, profile: str
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(waivers_of(audit(departing, Options(profile=profile))))
    options = Options(profile=profile, waivers=waivers)

    report = audit(departing, options)
    by_api = {outcome.requirement.id: outcome.verdict for outcome in report.outcomes}
    of_rows = {o.requirement.id: o.verdict for o in report.outcomes if o.plane == "state"}
    chosen = ("--profile", profile, "--waivers", str(waivers))
    more = ("--conformance-profile", profile, "--waivers", str(waivers))

    contract, claims = load_claims(options)
    assert list(by_api) == [*(r.id for r in contract.requirements), *(claim.requirement.id for claim in claims)]
    assert by_cli("audit", departing, *chosen) == (report.exit_code, by_api)
    assert suite("--database-url", departing, *more).verdicts == by_api
    assert set(of_rows.values()) == ALL
    assert {id_ for id_, verdict in of_rows.items() if verdict in ("fail", "waived")} == {
        "0001/tasks.goal_id/no-orphan",
        "0002/task_dependencies/acyclic",
        "0015/agents.name/no-near-duplicates",
        "0027/agents.trust_score/in-range",
        "0028/approval_requests.approvals/enough-approvers",
        *(id_ for id_ in of_rows if "/slack_sessions" in id_ and of_rows[id_] != "not-applicable"),
    }
    structure = check(departing, options)
    assert {o.requirement.id: o.verdict for o in structure.outcomes} == {
        id_: verdict for id_, verdict in by_api.items() if id_ not in of_rows
    }
