"""Two reports compared requirement by requirement, and told in both formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from departures import IDS, outcome, places, reports, rows
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from reported import report

from conformance.model.difference import Comparison, compare
from conformance.model.report import Report
from conformance.render import difference

SCHEMA = json.loads((Path(__file__).parents[2] / "reports" / "diff.schema.json").read_text(encoding="utf-8"))
ID = IDS[0]
HOLDS, SMALL, TEXT = outcome(ID, "pass", "integer"), outcome(ID, "fail", "smallint"), outcome(ID, "fail", "text")
WIDER, BLIND = outcome(ID, "pass", "bigint", note="wider"), outcome(ID, "indeterminate", note="denied")
GONE = outcome(ID, "not-applicable")


@pytest.mark.parametrize(
    ("a", "b", "kind", "code"),
    [
        (HOLDS, HOLDS, None, 0),
        (SMALL, SMALL, None, 0),
        (HOLDS, SMALL, "only a", 1),
        (SMALL, HOLDS, "only b", 1),
        (SMALL, TEXT, "both depart", 1),
        (HOLDS, WIDER, "both hold", 1),
        (HOLDS, BLIND, "undecided", 3),
        (BLIND, BLIND, "undecided", 3),
        (HOLDS, GONE, "only a", 1),
        (SMALL, GONE, "both depart", 1),
        (GONE, GONE, None, 3),
        (rows("0014/u/no-orphan", ("a",), 1), rows("0014/u/no-orphan", ("a", "b"), 2), "both depart", 1),
    ],
)
def test_how_two_differ(a: object, b: object, kind: str | None, code: int) -> None:
    found = compare(report(a), report(b))  # type: ignore[arg-type]
    assert [one.kind for one in found.differences] == ([kind] if kind else [])
    assert found.exit_code == code
    assert f"exit {code}: " in difference.text(found)


@given(a=reports(), b=reports())
@settings(max_examples=100, deadline=None)
def test_it_keeps_to_its_schema_and_does_not_depend_on_the_side(a: Report, b: Report) -> None:
    one, other = compare(a, b), compare(b, a)
    record = json.loads(difference.json(one))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(record)] == []
    assert (one.exit_code, one.same) == (other.exit_code, other.same)
    swapped = {"only a": "only b", "only b": "only a"}
    assert {d.told.requirement.id: swapped.get(d.kind, d.kind) for d in one.differences} == {
        d.told.requirement.id: d.kind for d in other.differences
    }


@given(of=reports())
@settings(max_examples=60, deadline=None)
def test_nothing_differs_from_itself(of: Report) -> None:
    assert {one.kind for one in compare(of, of).differences} <= {"undecided"}


def test_only_the_planes_that_both_were_looked_at_in_are_compared() -> None:
    found = compare(report(HOLDS, rows("0014/u/no-orphan", ("a",), 1)), report(HOLDS, places("A001", "a" * 16)))
    assert (found.differences, found.apart, found.exit_code) == ((), ("state",), 0)
    assert "only one side was looked at in: state" in difference.text(found)


def test_what_follows_is_counted_under_its_root() -> None:
    table = outcome("0013/t/table", "fail", "no relation t", kind="table")
    columns = [outcome(f"0013/t.{n}/column", "fail", "no relation t", because="0013/t/table") for n in "abc"]
    there = [outcome(o.requirement.id, "pass", "there") for o in (table, *columns)]
    found = compare(report(*there), report(table, *columns))
    text = difference.text(found)
    assert text.count("  must  ") == 1
    assert "and 3 that follow from it" in text
    assert len(json.loads(difference.json(found))["differences"]) == 4


def test_names_of_strangers_are_inert() -> None:
    wile = "x\x1b[31m\n::error::y ##[error]"
    found: Comparison = compare(report(outcome(ID, "fail", wile)), report(HOLDS))
    for text in (difference.text(found), difference.json(found)):
        assert "\x1b" not in text
        assert "\n::error" not in text
        assert "##[" not in text
