"""The SARIF log: valid, read by another parser, and what code scanning asks for beyond the schema."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from sample import MARK, SAMPLES, TARGET, WILES, finding, full, outcome, report, rows, wily
from sarif_pydantic import Sarif

from conformance import rendering
from conformance.model.report import Report
from conformance.render.layout import inert
from conformance.render.results import results
from conformance.render.sarif import MOST, automation_id, message, render

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)
GALLERY = Path(__file__).parents[2] / "reports" / "gallery"
CASES = sorted(path.stem for path in GALLERY.glob("*.sarif"))


def run(of: Report) -> dict[str, Any]:
    """The one run of the log, which is valid."""
    log = json.loads(render(of))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    (found,) = log["runs"]
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_valid_and_another_parser_reads_it_back(name: str) -> None:
    of = SAMPLES[name]()
    run(of)
    read = Sarif.model_validate_json(render(of)).runs[0]
    found = read.results or []
    assert [r.message.text for r in found] == [message(r.message) for r in results(of)]
    rules = read.tool.driver.rules or []
    assert all(rules[r.rule_index].id == r.rule_id for r in found)


@pytest.mark.parametrize("case", CASES)
def test_the_gallery_is_valid(case: str) -> None:
    log = json.loads((GALLERY / f"{case}.sarif").read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert Sarif.model_validate(log).runs[0].results is not None


def test_the_schema_refuses_what_is_no_log() -> None:
    log = json.loads(render(full()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(log)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_result_lies_in_a_file_and_has_a_fingerprint_of_its_own(name: str) -> None:
    found = run(SAMPLES[name]())["results"]
    for result in found:
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in found]
    assert len(set(hashes)) == len(hashes)
    assert all(re.fullmatch(r"[0-9a-f]{16}:\d+", one) for one in hashes)


def test_levels_are_those_of_the_requirements() -> None:
    found = {r["properties"]["requirement"]: r for r in run(full())["results"]}
    assert found["0013/agent_documents/table"]["level"] == "error"
    assert found["0014/approval_requests.request_type/one-of"]["level"] == "warning"
    assert found["0016/chat_messages.meta/check"]["level"] == "note"


def test_what_could_not_be_evaluated_is_a_result_that_is_shown() -> None:
    found = {r["properties"]["requirement"]: r for r in run(full())["results"]}
    undecided = found["0016/chat_sessions.updated_at/trigger"]
    assert undecided["level"] == "error"
    assert undecided.get("kind", "fail") == "fail"
    assert undecided["message"]["text"].startswith("could not be evaluated: ")


def test_what_is_waived_is_suppressed_with_its_reason() -> None:
    found = {r["properties"]["requirement"]: r for r in run(full())["results"]}
    (suppression,) = found["0024/agents.owner/column"]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"].startswith("waived until 2027-01-31 by dba@example.org")
    assert all("suppressions" not in r for r in found.values() if r["properties"]["verdict"] != "waived")


def test_rules_say_what_explain_says() -> None:
    of = report(
        outcome("0015/agents.name/unique", "must", "fail", findings=finding("…", "agents.name")),
        *rows().outcomes,
        outcome("history/0015/resumes", "must", "indeterminate", kind="history", plane="history"),
    )
    places = {"0001/tasks.goal_id/no-orphan": "conformance/invariants/no_orphan.py"}
    of = replace(
        of,
        outcomes=tuple(
            replace(
                o,
                requirement=replace(
                    o.requirement,
                    file=places.get(o.requirement.id, o.requirement.file),
                    kind="invariant" if o.plane == "state" else o.requirement.kind,
                ),
            )
            for o in of.outcomes
        ),
    )
    rules = {rule["id"]: rule for rule in run(of)["tool"]["driver"]["rules"]}
    unique = rules["unique"]
    assert unique["shortDescription"]["text"] == "No two rows agree on all of these columns."
    assert "\n\n**Why:** agent names are how people" in unique["help"]["markdown"]
    assert "\n\nWhy: agent names are how people" in unique["help"]["text"]
    assert "**Repair:** " in rules["invariant/no-orphan"]["help"]["markdown"]
    assert "**Why:** " in rules["history/resumes"]["help"]["markdown"]
    assert (
        rules["invariant/acyclic"]["help"]["text"]
        == "`conformance explain 0002/task_dependencies/acyclic` tells all about it."
    )


def test_a_run_has_one_name_a_database_whoever_looks() -> None:
    one = report(target=replace(TARGET, address="reader@db.example:5432/astra"))
    other = report(target=replace(TARGET, address="dba@db.example:5432/astra"), started="2027-01-01T00:00:00Z")
    third = report(target=replace(TARGET, address="reader@db.example:5432/stage ä"))
    assert run(one)["automationDetails"]["id"] == "conformance/db.example:5432/astra/"
    assert automation_id(one) == automation_id(other)
    assert automation_id(third) == "conformance/db.example:5432/stage%20%C3%A4/"


def test_five_thousand_are_kept_the_worst_and_the_rest_is_counted() -> None:
    weak = [outcome(f"0013/w{n}/table", "should", "fail", findings=finding("w", "t")) for n in range(5_000)]
    strong = [outcome(f"0013/s{n}/table", "must", "fail", findings=finding("s", "t")) for n in range(600)]
    found = run(report(*weak, *strong))
    assert len(found["results"]) == MOST
    assert [r["level"] for r in found["results"][:601]] == ["error"] * 600 + ["warning"]
    (note,) = found["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert note["message"]["text"].startswith("600 results were left out: hosts show 5,000")


def test_a_file_is_no_larger_than_hosts_take() -> None:
    texts = {"observed": "\x80" * 4_000, "note": "\x80" * 4_000}
    of = report(*(outcome(f"0013/t{n}/table", "must", "fail", **texts) for n in range(6_000)))
    found = json.loads(text := render(of))["runs"][0]
    assert len(text) < 10_200_000
    assert {result["message"]["text"][-5:] for result in found["results"]} == {"(cut)"}
    (told,) = found["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith(f"{6_000 - len(found['results']):,} results were left out")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_exit_code_is_told(name: str) -> None:
    of = SAMPLES[name]()
    (invocation,) = run(of)["invocations"]
    assert invocation["exitCode"] == of.exit_code
    assert invocation["executionSuccessful"] == (of.exit_code != 3)


def test_text_of_strangers_is_inert() -> None:
    text = render(wily())
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))
    for result in json.loads(text)["runs"][0]["results"]:
        said = result["message"]["text"]
        assert said.isprintable()
        assert "](" not in said
        assert re.search(r"(?<!\{)\{\d+\}(?!\})", said) is None
        assert MARK in said
        assert re.fullmatch(
            r"[A-Za-z0-9._/%~-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        )


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("acme/a b#?%.toml", "acme/a%20b%23%3F%25.toml"),
        ("/srv/acme.toml", "file:///srv/acme.toml"),
        ("C:\\acme.toml", "file:///C:/acme.toml"),
        (WILES[5], None),
    ],
)
def test_files_are_uris(file: str, uri: str | None) -> None:
    one = outcome("0013/t/table", "must", "fail", findings=finding("…", "t"))
    (result,) = run(report(replace(one, requirement=replace(one.requirement, file=file))))["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri in (None, found)
    assert found.isascii()
    assert inert(found) == found


def test_the_gallery_has_its_cases() -> None:
    assert {path.stem for path in GALLERY.glob("*.txt") if path.suffixes == [".txt"]} == set(CASES)
    assert rendering.report(GALLERY / f"{CASES[0]}.json").outcomes
