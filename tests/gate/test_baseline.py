"""A run beside a baseline: a baseline of itself passes, and none turns a new departure green."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from departures import IDS, outcome, places, reports, rows
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from reported import report

from conformance import baseline, rendering
from conformance.errors import UsageError
from conformance.model.contract import LEVELS
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.model.target import Target
from conformance.options import Options
from conformance.render import json as json_format
from conformance.render import renderers

SCHEMA = json.loads((Path(__file__).parents[2] / "reports" / "report.schema.json").read_text(encoding="utf-8"))
ID = IDS[0]
OPTIONS = Options(baseline=Path("base.json"))


def compared(now: Report, base: Report) -> Report:
    return baseline.compared(now, base, OPTIONS)


def only(now: Outcome, base: Outcome) -> Report:
    return compared(report(now), report(base))


@given(of=reports())
@settings(max_examples=150, deadline=None)
def test_a_baseline_of_itself_passes(of: Report) -> None:
    """But where nothing was examined, which is never a pass."""
    found = compared(of, of)
    examined = any(o.verdict in ("pass", "fail", "waived") for o in of.outcomes)
    assert found.exit_code == (0 if examined else 3)
    assert found.baseline is not None
    assert (found.baseline.mended, found.baseline.unseen) == ((), ())
    assert found.counts() == of.counts()


def known(now: Outcome, base: Report) -> bool:
    """Whether the baseline has this departure: another reading of the rule, by what is told of each."""
    then = next((o for o in base.outcomes if o.requirement.id == now.requirement.id), None)
    if then is None or then.verdict != "fail":
        return False
    if now.plane == "lint":
        return {f.fingerprint for f in now.findings} <= {f.fingerprint for f in then.findings}
    if now.plane == "state":
        one, other = now.findings[0], then.findings[0]
        if one.total == other.total:
            return one.witnesses == other.witnesses
        return bool(one.total < other.total) and (other.total > 10 or set(one.witnesses) <= set(other.witnesses))
    return (now.observed.partition(" on the")[0], now.note) == (then.observed.partition(" on the")[0], then.note)


@given(now=reports(), base=reports())
@settings(max_examples=250, deadline=None)
def test_a_baseline_turns_no_new_departure_green(now: Report, base: Report) -> None:
    counted = LEVELS[: LEVELS.index(now.threshold) + 1]
    new = [o for o in now.outcomes if o.verdict == "fail" and not known(o, base)]
    found = compared(now, base)
    assert [o.requirement.id for o in found.outcomes if (o.verdict, o.tolerated) == ("fail", "")] == [
        o.requirement.id for o in new
    ]
    assert (found.exit_code == 1) == any(o.requirement.level in counted for o in new)
    for before, after in zip(now.outcomes, found.outcomes, strict=True):
        assert (before.verdict, before.observed, before.note) == (after.verdict, after.observed, after.note)


@given(now=reports(), base=reports())
@settings(max_examples=60, deadline=None)
def test_it_is_the_same_from_a_file_and_keeps_to_the_schema(now: Report, base: Report) -> None:
    found = compared(now, base)
    record = json.loads(json_format.render(found))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(record)] == []
    assert record["verdict"] == found.verdict


def test_what_is_worse() -> None:
    small, text = outcome(ID, "fail", "smallint"), outcome(ID, "fail", "text")
    assert only(small, small).exit_code == 0
    assert only(text, small).exit_code == 1
    for verdict in ("pass", "waived", "not-applicable", "indeterminate"):
        assert only(small, outcome(ID, verdict, "smallint")).exit_code == 1, verdict  # type: ignore[arg-type]
    assert compared(report(small), report()).exit_code == 1


def test_what_could_not_be_looked_at_is_no_excuse_and_no_pass() -> None:
    undecided = outcome(ID, "indeterminate", "trigger", note="none in a sample of 1,204 rows")
    holds = outcome(IDS[1], "pass")
    for verdict in ("pass", "fail", "not-applicable"):
        assert compared(report(undecided, holds), report(outcome(ID, verdict), holds)).exit_code == 3  # type: ignore[arg-type]
    later = replace(undecided, note="none in a sample of 999 rows")
    assert compared(report(later, holds), report(undecided, holds)).exit_code == 0
    assert compared(report(replace(undecided, note="denied"), holds), report(undecided, holds)).exit_code == 3
    assert compared(report(undecided), report(undecided)).reasons == ("nothing was examined",)


@pytest.mark.parametrize(
    ("now", "then", "code"),
    [
        (("a", "b"), ("a", "b"), 0),
        (("a",), ("a", "b"), 0),
        (("a", "b", "c"), ("a", "b"), 1),
        (("a", "c"), ("a", "b"), 1),
        (("c",), ("a", "b"), 1),
    ],
)
def test_more_rows_or_others_are_worse(now: tuple[str, ...], then: tuple[str, ...], code: int) -> None:
    id_ = "0001/tasks.goal_id/no-orphan"
    assert only(rows(id_, now, len(now)), rows(id_, then, len(then))).exit_code == code


def test_a_cycle_that_replaces_another_is_new() -> None:
    id_ = "0002/task_dependencies/acyclic"
    one, other = rows(id_, ("a → b → a",), 2), rows(id_, ("c → d → c",), 2)
    assert (only(one, one).exit_code, only(other, one).exit_code) == (0, 1)


def test_of_a_lint_each_place_counts() -> None:
    a, b = "a" * 16, "b" * 16
    found = only(places("A001", a, b), places("A001", a))
    assert found.exit_code == 1
    assert [finding.tolerated for finding in found.outcomes[0].findings] == [True, False]
    assert ": 0 tolerated and 1 place of what has more now, " in found.remarks[0]
    gone = only(places("A001", a), places("A001", a, b))
    assert gone.exit_code == 0
    assert gone.baseline is not None
    assert gone.baseline.mended == ("A001 at a.sql:2:1",)


def test_of_a_lint_that_is_unsure_each_place_counts_too() -> None:
    """Whatever else of it there is in either run."""
    a, b = "a" * 16, "b" * 16
    unsure = [replace(places("A006", *which), verdict="indeterminate") for which in ((a,), (b,))]
    passed = outcome(ID, "pass")
    base = report(unsure[0], passed)
    assert [compared(report(now, passed), base).exit_code for now in unsure] == [0, 3]
    both = places("A006", a, b)
    assert compared(report(unsure[1], passed), report(both, passed)).exit_code == 0
    found = only(both, unsure[1])
    assert found.exit_code == 1
    assert [finding.tolerated for finding in found.outcomes[0].findings] == [False, True]


def test_what_was_mended_and_what_was_not_looked_at_are_told_apart() -> None:
    base = report(outcome(ID, "fail"), outcome(IDS[1], "fail"), outcome(IDS[2], "indeterminate"), select=("0013/*",))
    found = compared(report(outcome(ID, "pass"), outcome(IDS[2], "pass")), base)
    assert found.baseline is not None
    assert (found.baseline.mended, found.baseline.unseen) == ((ID, IDS[2]), (IDS[1],))
    said = "\n".join(found.remarks)
    assert f"write it anew without {ID}, {IDS[2]}" in said
    assert f"not looked at now: {IDS[1]}" in said
    assert "the baseline was taken with --select 0013/*: what that left out is new" in said


def written(of: Report, folder: Path) -> Path:
    file = folder / "base.json"
    file.write_text(json_format.render(of), encoding="utf-8")
    return file


FILES = Target(**{**{name: getattr(report().target, name) for name in Target.__slots__}, "session_user": ""})


@pytest.mark.parametrize(
    ("base", "files", "said"),
    [
        (report(profile="reference"), False, "is of --profile 'reference', this run of 'documented'"),
        (report(through="0018"), False, "is of --through '0018', this run of '0028'"),
        (report(), True, "this run needs a report of `conformance lint`"),
        (report(target=FILES), False, "needs a report of `conformance check` or `conformance audit`"),
        (report(outcome("history/0013/steps", "pass", plane="history", kind="history")), False, "of another command"),
    ],
)
def test_a_baseline_of_something_else_is_refused(tmp_path: Path, base: Report, files: bool, said: str) -> None:
    with pytest.raises(UsageError, match="is of") as caught:
        baseline.load(Options(baseline=written(base, tmp_path)), files=files)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda r: r.update(version=1),
        lambda r: r.update(surprise=1),
        lambda r: r["outcomes"][0].update(shape=["0" * 16]),
        lambda r: r["outcomes"][0].update(tolerated="by me"),
        lambda r: r.update(exit_code=0, verdict="pass", reasons=[]),
    ],
)
def test_a_baseline_that_was_changed_is_refused(tmp_path: Path, damage: object) -> None:
    file = written(report(outcome(ID, "fail")), tmp_path)
    record = json.loads(file.read_text())
    damage(record)  # type: ignore[operator]
    file.write_text(json.dumps(record))
    with pytest.raises(UsageError):
        baseline.load(Options(baseline=file), files=False)


def test_every_format_shows_what_is_tolerated_and_is_the_same_from_json(tmp_path: Path) -> None:
    base = report(outcome(ID, "fail", "smallint"), outcome(IDS[1], "fail", "text"))
    now = report(
        outcome(ID, "fail", "smallint"), outcome(IDS[1], "pass"), outcome(IDS[2], "fail", "text"), ignore=("x",)
    )
    for found in (compared(now, base), compared(replace(now, outcomes=now.outcomes[:2]), base)):
        again = rendering.report(written(found, tmp_path))
        for name, renderer in renderers().items():
            text = renderer.render(found)
            assert renderer.render(again) == text, name
            if name not in ("badge", "badge-svg") or found.exit_code == 0:
                assert "tolerated" in text, name
    assert "conforms" not in renderers()["text"].render(found)


def test_hosts_are_told_what_is_new() -> None:
    found = compared(report(outcome(ID, "fail"), outcome(IDS[1], "fail")), report(outcome(ID, "fail")))
    results = json.loads(renderers()["sarif"].render(found))["runs"][0]["results"]
    states = {one["properties"]["requirement"]: one["baselineState"] for one in results}
    assert states == {ID: "unchanged", IDS[1]: "new"}
    severities = [one["severity"] for one in json.loads(renderers()["gitlab"].render(found))]
    assert severities == ["critical", "info"]
    github = renderers()["github"].render(found)
    assert f"::error title={IDS[1]}" in github
    assert f"::notice title={ID}" in github
    junit = renderers()["junit"].render(found)
    assert 'failures="1" errors="0" skipped="1"' in junit
