"""What each verdict becomes in pytest, and what the reports say."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance.waiving import waive

UNIQUE = "0015/agents.name/unique"
MISSING = "0019/slack_sessions/table"
FOLLOWS = "0019/slack_sessions.id/type"
UNDECIDED = "0014/approval_requests.request_type/one-of"
DEAD = "0008/tasks.status/one-of"
HOSTILE = "0013/agent_documents.doc_type/accepts"

Suite = Callable[..., Any]


def waiver(requirement: str, expires: str = "2999-12-31") -> str:
    return (
        f"[[waiver]]\nrequirement = '{requirement}'\nreason = 'we are on our way'\nowner = 'Ann'\nexpires = {expires}\n"
    )


def test_every_verdict_has_its_outcome(suite: Suite, deviating: str) -> None:
    run = suite("--database-url", deviating)
    assert run.code == 1
    verdicts = run.verdicts
    assert verdicts[UNIQUE] == verdicts[MISSING] == verdicts[FOLLOWS] == verdicts[HOSTILE] == "fail"
    assert verdicts[UNDECIDED] == "indeterminate"
    assert verdicts[DEAD] == "not-applicable"
    assert verdicts["0001/agents/table"] == "pass"
    assert "]]><b a='&\\x01'>" in run.text
    assert "\x01" not in run.text


def test_a_failure_is_the_finding_and_no_traceback_of_ours(suite: Suite, deviating: str) -> None:
    run = suite("--database-url", deviating, "-k", "agents.name/unique or slack_sessions.id/type")
    assert "Traceback" not in run.text
    assert not re.search(r"\.py:\d", run.text)
    for words in (f"{UNIQUE} (must; the page, line 27;", "expected", "lower(name)", "CREATE UNIQUE INDEX CONCURRENTLY"):
        assert words in run.text
        assert words in run.reason(UNIQUE)
    assert f"{MISSING} fails" in run.reason(FOLLOWS)


def test_what_is_not_decided_says_why(suite: Suite, deviating: str) -> None:
    run = suite("--database-url", deviating, "-k", "request_type")
    assert "allowed(" in run.reason(UNDECIDED)
    assert "ERROR" in run.text
    assert "Traceback" not in run.text


def test_reports_name_what_was_looked_at_and_hold_no_password(suite: Suite, conforming: str) -> None:
    run = suite("--database-url", f"{conforming}&password=s3cret")
    assert run.code == 0
    junit = run.junit.read_text()
    for text in (run.text, junit):
        assert "suite_conforming" in text
        assert "profile documented through 0028" in text
        assert "s3cret" not in text


def test_properties_carry_the_evidence_where_the_schema_has_a_place(suite: Suite, conforming: str) -> None:
    one = suite("--database-url", conforming, "-o", "junit_family=xunit1", "-m", "migration_0015")
    found = {p.attrib["name"]: p.attrib["value"] for p in one.cases[UNIQUE].iter("property")}
    assert found["id"] == UNIQUE
    assert (found["level"], found["kind"], found["verdict"]) == ("must", "unique", "pass")
    assert found["expected"] == "unique (name)"
    assert "agents_name_key" in found["observed"]
    two = suite("--database-url", conforming, "-m", "migration_0015")
    assert not list(two.cases[UNIQUE].iter("property"))
    assert "Warning" not in two.text


def test_a_waived_failure_is_an_xfail(suite: Suite, deviating: str, tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    for named in (UNIQUE, "0019/slack_sessions*"):
        how = {"reason": "we are on our way", "owner": "Ann", "expires": "2999-12-31", "file": file}
        file.write_text(waive(deviating, named, **how)[1])
    with file.open("a") as stream:
        stream.write(waiver("0001/none*") + waiver("0013/agent_documents*", "2000-01-01"))
    run = suite("--database-url", deviating, "--waivers", str(file), "-m", "table_slack_sessions or migration_0015")
    assert run.code == 0, run.text
    assert run.verdicts[UNIQUE] == run.verdicts[FOLLOWS] == "waived"
    assert "we are on our way" in run.reason(UNIQUE)
    assert "0001/none* of Ann: there is no requirement" in run.text
    assert "0013/agent_documents* of Ann: it expired on 2000-01-01" in run.text
    forced = suite("--database-url", deviating, "--waivers", str(file), "-m", "migration_0015", "--runxfail")
    assert forced.code == 1


def test_a_waiver_for_what_passes_fails(suite: Suite, conforming: str, tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(waiver("0015/agents.name/*"))
    run = suite("--database-url", conforming, "--conformance-waivers", str(file), "-m", "migration_0015")
    assert run.code == 1
    assert "an unexpected pass is strict" in run.reason(UNIQUE)
    assert "of Ann, until 2999-12-31" in run.reason(UNIQUE)


def test_a_may_that_is_departed_from_is_an_xfail(suite: Suite, conforming: str, tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    levels = {"goals": "may", "tasks": "should"}
    file.write_text(
        "".join(f'["acme/0028/{t}.status"]\nunique = {{ level = "{level}" }}\n' for t, level in levels.items())
    )
    run = suite("--database-url", conforming, "--conformance-contract", str(file), "-k", "acme")
    assert run.code == 1
    assert "1 failed" in run.text
    assert "1 xfailed" in run.text
    assert "acme/0028/goals.status/unique (may; acme)" in run.reason("acme/0028/goals.status/unique")


def test_the_markers_are_listed(suite: Suite) -> None:
    listed = suite("--markers").text
    for name in ("must", "migration_0028", "foreign_key", "table_agents", "conformance"):
        assert f"@pytest.mark.{name}: " in listed
