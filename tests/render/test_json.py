"""The JSON report keeps to its schema and holds everything that the report holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sample import HOSTILE, SAMPLES, full, hostile, report, rows

from conformance.render.json import render

SCHEMA = json.loads((Path(__file__).parents[2] / "reports" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_keeps_to_the_schema(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(render(SAMPLES[name]())))] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.pop("target"),
        lambda r: r.update(surprise=1),
        lambda r: r["outcomes"][0].update(verdict="ok"),
        lambda r: r["outcomes"][2].update(findings=[]),
        lambda r: r["outcomes"][2]["findings"][0].pop("fingerprint"),
        lambda r: r.update(exit_code=0),
        lambda r: r.update(reasons=[]),
        lambda r: r["summary"]["must"].pop("fail"),
        lambda r: r["target"].update({"password": "x"}),
    ],
)
def test_the_schema_refuses_what_is_no_report(damage: object) -> None:
    record = json.loads(render(full()))
    damage(record)  # type: ignore[operator]
    assert not VALIDATOR.is_valid(record)


@pytest.mark.parametrize(
    "damage",
    [
        lambda o: o.update(kind="unique"),
        lambda o: o.update(plane="structure"),
        lambda o: o.update(plane="rows"),
        lambda o: o["evidence"].pop("violations"),
        lambda o: o["evidence"].pop("enforced_by"),
        lambda o: o["evidence"].update(enforced_by=""),
        lambda o: o["findings"][0].update(total=None),
        lambda o: o["findings"][0].update(total=0),
        lambda o: o["findings"][0].pop("witnesses"),
        lambda o: o["findings"][0]["witnesses"].append("an eleventh"),
    ],
)
def test_the_schema_refuses_what_is_no_outcome_of_rows(damage: object) -> None:
    record = json.loads(render(rows()))
    assert VALIDATOR.is_valid(record)
    damage(next(o for o in record["outcomes"] if o["id"] == "0001/tasks.goal_id/no-orphan"))  # type: ignore[operator]
    assert not VALIDATOR.is_valid(record)


def test_rows_that_depart_are_counted_and_the_first_are_named() -> None:
    found = {o["id"]: o for o in json.loads(render(rows()))["outcomes"]}
    (many,) = found["0001/tasks.goal_id/no-orphan"]["findings"]
    assert (many["total"], len(many["witnesses"]), many["witness"]) == (993, 10, many["witnesses"][0])
    assert found["0001/tasks.goal_id/no-orphan"]["column"] == "goal_id"
    assert found["0002/task_dependencies/acyclic"]["column"] is None
    (other,) = found["0026/goals.depends_on_goal_ids/column"]["findings"]
    assert (other["witnesses"], other["total"]) == ([], None)


def test_the_keys_of_the_interface() -> None:
    record = json.loads(render(full()))
    promised = "format version tool target profile through verdict exit_code summary outcomes".split()
    assert set(promised) <= set(record)
    of_outcome = (
        "id plane kind level since until source table column object verdict expected observed because note evidence"
        " findings"
    )
    assert set(of_outcome.split()) <= set(record["outcomes"][0])
    assert set(record["outcomes"][2]["findings"][0]) == {
        "fingerprint",
        "message",
        "location",
        "witness",
        "witnesses",
        "total",
    }
    assert record["outcomes"][2]["findings"][0]["location"]["file"] == "0013.toml"


def test_the_summary_counts_the_outcomes() -> None:
    record = json.loads(render(full()))
    for verdict, count in Counter(o["verdict"] for o in record["outcomes"]).items():
        assert record["summary"][verdict] == count
    for (level, verdict), count in Counter((o["level"], o["verdict"]) for o in record["outcomes"]).items():
        assert record["summary"][level][verdict] == count


def test_hostile_names_are_ascii_and_read_back() -> None:
    text = render(report(hostile()))
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))
    assert json.loads(text)["outcomes"][0]["table"] == HOSTILE.replace("\udc80", "\\udc80")


def test_another_parser_reads_it_back() -> None:
    """A lone surrogate would be refused by parsers that are stricter than Python's."""
    text = render(report(hostile()))
    json.loads(text)["outcomes"][0]["table"].encode("utf-8")
    tool = subprocess.run([sys.executable, "-m", "json.tool"], input=text, capture_output=True, text=True, check=False)
    assert tool.returncode == 0


def test_it_ends_with_one_line_feed() -> None:
    assert render(full()).endswith("}\n")
