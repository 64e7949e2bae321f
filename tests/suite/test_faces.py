"""One requirement, one id, one verdict: through the Python API, the command line and pytest."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance import check
from conformance.run import Options, load_contract

WAIVERS = """
[[waiver]]
requirement = "0019/slack_sessions*"
reason = "Slack is not used here"
owner = "Ann"
expires = 2999-12-31
"""


@pytest.mark.parametrize("through", ["0028", "0018"])
@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_every_requirement_has_one_verdict(
    suite: Callable[..., Any], deviating: str, tmp_path: Path, profile: str, through: str
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(WAIVERS)
    options = Options(profile=profile, through=through, waivers=waivers)

    report = check(deviating, options)
    by_api = {outcome.requirement.id: outcome.verdict for outcome in report.outcomes}

    chosen = ("--profile", profile, "--through", through, "--waivers", str(waivers))
    command = [sys.executable, "-m", "conformance", "check", deviating, *chosen, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == report.exit_code, done.stderr
    by_cli = {outcome["id"]: outcome["verdict"] for outcome in json.loads(done.stdout)["outcomes"]}

    more = ("--conformance-profile", profile, "--conformance-through", through, "--waivers", str(waivers))
    by_suite = suite("--database-url", deviating, *more).verdicts

    assert list(by_api) == [requirement.id for requirement in load_contract(options).requirements]
    assert by_cli == by_api
    assert by_suite == by_api
    if (profile, through) == ("documented", "0028"):
        assert set(by_api.values()) == {"pass", "fail", "waived", "not-applicable", "indeterminate"}
