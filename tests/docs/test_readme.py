"""The README's generated parts are what the tool says now: its conflict table and its score."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from conformance.model.score import FALSE_ALARMS, KILL_RATE
from conformance.sources.contract import FOLDER
from conformance.sources.page import conflicts

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_conflict_stands_in_the_readme_as_the_contract_has_it() -> None:
    for conflict in conflicts(FOLDER):
        row = f"| {conflict.id} | {conflict.about} | {conflict.page} | {conflict.facts} | {conflict.decided} |"
        assert row in README, f"README.md lacks, or has otherwise:\n{row}"


def test_the_readme_lists_no_conflict_that_the_contract_does_not() -> None:
    known = {conflict.id for conflict in conflicts(FOLDER)}
    assert set(re.findall(r"^\| (C\d+) \|", README, re.MULTILINE)) == known


def test_the_score_in_the_readme_is_the_published_one() -> None:
    summary = json.loads((ROOT / "reports" / "selftest.json").read_text(encoding="utf-8"))["summary"]
    assert f"{summary['killed']} of {summary['mutants']} mutants killed" in README
    assert f"{summary['false_alarms']} false alarms in {summary['equivalents']} equivalent spellings" in README


def test_the_score_in_the_reports_is_the_published_one() -> None:
    summary = json.loads((ROOT / "reports" / "selftest.json").read_text(encoding="utf-8"))["summary"]
    assert (summary["killed"] == summary["mutants"]) == (KILL_RATE == "100 %")
    assert (summary["false_alarms"] == 0) == (FALSE_ALARMS == "no false alarm")


def test_the_set_up_commands_are_the_first_lines_of_the_shell_blocks() -> None:
    blocks = re.findall(r"```sh\n(.*?)\n", README)
    assert blocks[0].endswith("conformance check")
    assert "pytest" in blocks[1]


def test_every_command_of_the_help_is_in_the_readme() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "conformance", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for command in re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE):
        assert f"conformance {command}" in README
