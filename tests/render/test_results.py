"""What hosts of code list: nothing that does not pass is missing, the worst first, each with a name of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sample import SAMPLES, finding, full, outcome, report, rows

from conformance.render import renderers
from conformance.render.layout import Look
from conformance.render.results import Result, place_of, results, rule_of


@pytest.mark.parametrize("name", SAMPLES)
def test_all_that_does_not_pass_is_listed_or_counted(name: str) -> None:
    of = SAMPLES[name]()
    found = results(of)
    listed = {result.outcome.requirement.id for result in found}
    counted = sum(result.followers for result in found)
    bad = [o for o in of.outcomes if o.verdict in ("fail", "indeterminate", "waived")]
    assert len(listed) + counted == len(bad)
    assert len({result.fingerprint for result in found}) == len(found)
    assert all(result.message.isprintable() for result in found)


def test_the_worst_come_first() -> None:
    found = [(r.outcome.verdict, r.outcome.requirement.level) for r in results(full())]
    order = [
        ("fail", "must"),
        ("indeterminate", "must"),
        ("fail", "should"),
        ("indeterminate", "should"),
        ("fail", "may"),
        ("indeterminate", "may"),
        ("waived", "must"),
    ]
    assert found == sorted(found, key=order.index)
    assert {"must", "should", "may"} <= {level for _, level in found}


def test_forty_that_follow_are_one_result() -> None:
    table = outcome("0013/t/table", "must", "fail", findings=finding("t: …", "t"))
    columns = [outcome(f"0013/t.c{n}/column", "must", "fail", because="0013/t/table") for n in range(40)]
    (only,) = results(report(table, *columns))
    assert only.followers == 40
    assert "and 40 that follow from it" in only.message


def test_what_follows_from_what_is_not_there_is_a_result() -> None:
    orphan = outcome("0013/t.c/column", "must", "fail", because="0013/t/table", observed="no relation t")
    for beside in ((), (outcome("0013/t/table", "must", "waived", findings=finding("t: …", "t")),)):
        found = [r for r in results(report(orphan, *beside)) if r.outcome.verdict == "fail"]
        assert [r.message for r in found] == [
            "t.c: asked for what is asked for, found no relation t; because of 0013/t/table"
        ]


def test_a_must_is_not_hidden_under_a_should() -> None:
    cause = outcome("0013/t/table", "should", "fail", findings=finding("t: …", "t"))
    strong = outcome("0013/t.c/column", "must", "fail", because="0013/t/table")
    assert len(results(report(cause, strong))) == 2


def test_fingerprints_are_those_of_the_findings_wherever_the_line_moves() -> None:
    of = rows()
    moved = replace(
        of, outcomes=tuple(replace(o, requirement=replace(o.requirement, line=99)) for o in reversed(of.outcomes))
    )
    one = {r.outcome.requirement.id: r.fingerprint for r in results(of) if r.finding is None}
    other = {r.outcome.requirement.id: r.fingerprint for r in results(moved) if r.finding is None}
    assert one
    assert one == other
    assert {r.fingerprint.partition(":")[0] for r in results(of) if r.finding} == {
        f.fingerprint for o in of.outcomes for f in o.findings
    }


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        ("0015.toml", 5, ("conformance/contract/0015.toml", 5)),
        ("baseline.toml", 1, ("conformance/contract/baseline.toml", 1)),
        ("acme.toml", 3, ("acme.toml", 3)),
        ("./db/acme.toml", 3, ("db/acme.toml", 3)),
        ("db\\acme.toml", 3, ("db/acme.toml", 3)),
        ("conformance/invariants/no_orphan.py", 1, ("conformance/invariants/no_orphan.py", 1)),
        ("0015_names.sql", 4, ("0015_names.sql", 4)),
        ("a\x1bb.toml", 3, (r"a\x1bb.toml", 3)),
        ("", 0, ("contract", 1)),
    ],
)
def test_each_lies_in_a_file(file: str, line: int, place: tuple[str, int]) -> None:
    of = outcome("0013/t/table", "must", "fail")
    of = replace(of, requirement=replace(of.requirement, file=file, line=line))
    result = Result(outcome=of, finding=None, fingerprint="0" * 16)
    assert place_of(result) == place
    of_a_lint = replace(finding("m", "here")[0], file="db/0029_x.sql", line=7, column=3)
    assert place_of(replace(result, finding=of_a_lint)) == ("db/0029_x.sql", 7)


def test_rules_are_what_judges() -> None:
    unique = outcome("0015/agents.name/unique", "must", "fail")
    orphan = outcome("0001/tasks.goal_id/no-orphan", "must", "fail", kind="invariant", plane="state")
    law = outcome("history/0015/resumes", "must", "fail", kind="history", plane="history")
    adapter = outcome("adapter/tasks/waits", "must", "fail", kind="adapter", plane="adapter")
    assert [rule_of(o) for o in (unique, replace(unique, plane="behaviour"), orphan, law, adapter)] == [
        "unique",
        "property/unique",
        "invariant/no-orphan",
        "history/resumes",
        "adapter/tasks/waits",
    ]


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "sarif", "github", "badge", "badge-svg"])
def test_a_run_of_a_selection_is_never_green_without_a_word_of_it(form: str) -> None:
    """A configuration may ignore what departs: whoever reads the report alone has to see that it did."""
    of = report(outcome("0013/t/table", "must", "pass"), ignore=("0015/*",))
    assert of.exit_code == 0
    said = renderers()[form].render(of, Look(quiet=True))
    assert re.search("not examined|not selected|as selected", said)
    assert not re.search("not selected|as selected|leaves out", renderers()[form].render(report(*of.outcomes), Look()))
