"""The code quality report, by GitLab's own schema and rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sample import MARK, SAMPLES, full, outcome, report, wily

from conformance.model.record import replace
from conformance.model.report import Report
from conformance.render.gitlab import render

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "codeclimate.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
GALLERY = Path(__file__).parents[2] / "reports" / "gallery"


def entries(of: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(of))
    return found


def judge(found: list[dict[str, Any]]) -> None:
    """What GitLab asks for, by its schema and its documentation."""
    for entry in found:
        VALIDATOR.validate(entry)
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not entry["location"]["path"].startswith(("/", "./"))
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in found}) == len(found)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_as_gitlab_wants_it(name: str) -> None:
    judge(entries(SAMPLES[name]()))


def test_the_gallery_is_as_gitlab_wants_it() -> None:
    files = list(GALLERY.glob("*.gitlab.json"))
    assert files
    for file in files:
        judge(json.loads(file.read_text(encoding="utf-8")))


def test_severities_are_those_of_the_levels() -> None:
    found = {entry["description"].partition(":")[0]: entry["severity"] for entry in entries(full())}
    assert found["agent_documents"] == "critical"
    assert found["approval_requests.request_type"] == "major"
    assert found["waived"] == "info"
    assert sorted({entry["severity"] for entry in entries(full())}) == ["critical", "info", "major", "minor"]


def test_a_file_at_the_root_of_a_disk_has_a_relative_path() -> None:
    one = outcome("0013/t/table", "must", "indeterminate", note="…")
    of = report(replace(one, requirement=replace(one.requirement, file="/srv/acme.toml")))
    assert entries(of)[0]["location"]["path"] == "srv/acme.toml"


def test_text_of_strangers_is_inert() -> None:
    text = render(wily())
    assert text.isascii()
    for entry in json.loads(text):
        assert entry["description"].isprintable()
        assert MARK in entry["description"]


def long(count: int) -> Report:
    """More than a host takes, in texts as long as a report holds them."""
    texts = {"observed": "\x80" * 4_000, "note": "\x80" * 4_000}
    return report(*(outcome(f"0013/t{n}/table", "must" if n % 2 else "should", "fail", **texts) for n in range(count)))


def test_of_what_is_too_long_texts_are_cut() -> None:
    found = json.loads(text := render(long(2_000)))
    judge(found)
    assert len(text) < 10_100_000
    assert len(found) == 2_000
    assert all(entry["description"].endswith("… (cut)") for entry in found)


def test_of_what_is_too_much_the_worst_is_kept_and_the_rest_counted() -> None:
    found = json.loads(text := render(long(20_000)))
    judge(found)
    assert len(text) < 10_100_000
    *kept, last = found
    assert f"{20_000 - len(kept):,} more are left out here" in last["description"]
    assert {entry["severity"] for entry in kept[:10_000]} == {"critical"}


def test_what_was_selected_is_told_where_nothing_else_is() -> None:
    of = replace(report(outcome("0013/t/table", "must", "pass")), select=("0013/*", "\x1b[2J"), ignore=("0013/t/*",))
    found = entries(of)
    judge(found)
    assert [entry["severity"] for entry in found] == ["info", "info"]
    assert [entry["description"] for entry in found] == [
        "selected: 0013/*, \\x1b[2J; what that leaves out was not examined",
        "ignored: 0013/t/*; what that leaves out was not examined",
    ]


def test_a_long_selection_is_cut() -> None:
    (told,) = entries(replace(report(), select=("0013/*",) * 1_000))
    assert len(told["description"]) < 1_100
    assert "(cut)" in told["description"]
