"""The JUnit report: valid, readable by another parser, and red exactly when the exit code is not 0."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from sample import HOSTILE, SAMPLES, full, hostile, outcome, report, rows

from conformance.model.report import Report
from conformance.render import junit
from conformance.render.junit import render
from conformance.render.layout import inert

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "junit.xsd"))


def parsed(of: Report) -> etree._Element:
    root = etree.fromstring(render(of).encode())
    SCHEMA.assertValid(root)
    return root


def red(root: etree._Element) -> bool:
    return bool(root.xpath("//failure | //error"))


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_valid_and_red_when_the_exit_code_is_not_0(name: str) -> None:
    of = SAMPLES[name]()
    assert red(parsed(of)) == (of.exit_code != 0)


def test_the_schema_refuses_what_is_no_junit() -> None:
    assert not SCHEMA.validate(etree.fromstring(render(full()).replace("classname=", "class=").encode()))


def test_a_run_that_examined_nothing_is_an_error() -> None:
    (error,) = parsed(report()).xpath("//testcase/error")
    assert error.get("message") == "nothing was examined"
    idle = report(outcome("0013/t/table", "must", "not-applicable", note="not there before 0013"))
    assert red(parsed(idle))


def test_results_are_those_of_the_verdicts() -> None:
    root = parsed(full())
    found = {case.get("name"): case[0].tag if len(case) else "" for case in root.iter("testcase")}
    assert found["0001/agents/table"] == ""
    assert found["0013/agent_documents/table"] == "failure"
    assert found["0016/chat_sessions.updated_at/trigger"] == "error"
    assert found["0024/agents.owner/column"] == "skipped"
    assert found["0027/agents.tags/column"] == "skipped"
    assert len(found) == len(full().outcomes)


def test_below_the_threshold_it_is_skipped_and_says_so() -> None:
    should = outcome("0013/t.a/column", "should", "fail", observed="nothing")
    (skipped,) = parsed(report(should)).xpath("//skipped")
    assert skipped.get("message").startswith("fail, but only should: ")
    assert parsed(report(should, threshold="should")).xpath("//failure")


def test_suites_count_their_cases() -> None:
    for suite in parsed(full()).iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))


def test_what_follows_names_its_cause() -> None:
    (follower,) = parsed(full()).xpath("//testcase[@name='0013/agent_documents.doc_type/column']/failure")
    assert follower.get("message") == "because of 0013/agent_documents/table"


def test_rows_that_depart_stand_in_the_body() -> None:
    root = parsed(rows())
    (failure,) = root.xpath("//testcase[@name='0001/tasks.goal_id/no-orphan']/failure")
    assert sum(line.startswith("witness: ") for line in failure.text.splitlines()) == 10
    assert "witnesses: and 983 more" in failure.text.splitlines()
    (cycle,) = root.xpath("//testcase[@name='0002/task_dependencies/acyclic']/failure")
    assert sum(line.startswith("witness") for line in cycle.text.splitlines()) == 1
    (error,) = root.xpath("//testcase[@name='0014/approval_requests.approvals/well-formed']/error")
    assert "GRANT SELECT" in error.get("message")


def test_reasons_stand_in_every_suite() -> None:
    for said in parsed(full()).iter("system-out"):
        assert "exit 1: 5 `must` requirements departed from" in said.text.splitlines()


def test_another_parser_reads_hostile_names_back() -> None:
    root = parsed(report(hostile()))
    (case,) = root.iter("testcase")
    assert case.get("classname") == inert(HOSTILE)
    (failure,) = case
    assert inert(HOSTILE) in failure.text
    assert not root.xpath("//script")
    texts = [*root.itertext(), *(value for element in root.iter() for value in element.attrib.values())]
    assert all(line.isprintable() for text in texts for line in text.split("\n"))


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x202E])
def test_no_character_of_a_name_makes_it_unreadable(code: int) -> None:
    of = outcome(f"0013/t{chr(code)}/table", "must", "fail", table=f"t{chr(code)}", note=chr(code))
    (case,) = parsed(report(of)).iter("testcase")
    assert case.get("classname") == f"t{inert(chr(code))}"


def test_names_stay_apart_when_their_escapes_meet() -> None:
    twins = report(outcome("0013/t\x07/table", "must", "pass"), outcome(r"0013/t\x07/table", "must", "pass"))
    assert len({case.get("name") for case in parsed(twins).iter("testcase")}) == 2


@pytest.mark.parametrize(
    ("most", "cut", "left"), [(60_000, "1,000", False), (14_000, "100", False), (7_000, "100", True)]
)
def test_a_file_is_no_larger_than_hosts_take_and_says_what_was_cut(
    most: int, cut: str, left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(junit, "MOST", most)
    failing = [outcome(f"0015/a{n}/table", "must", "fail", observed="ö" * 5_000) for n in range(8)]
    passing = [outcome(f"0015/b{n}/table", "must", "pass") for n in range(60)]
    of = report(*failing, *passing)
    assert len(render(of).encode()) <= most
    suite = parsed(of)[0]
    cases = suite.findall("testcase")
    assert len(cases) == (8 if left else 68)
    assert int(suite.get("tests", "")) == len(cases)
    assert len(suite.findall("testcase/failure")) == 8
    said = suite.findtext("system-out", "")
    assert f"cut behind {cut} characters: hosts drop a file" in said
    assert ("60 that pass are left out" in said) == left
