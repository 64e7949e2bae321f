"""Waivers put to outcomes: what they excuse, and what is a finding of theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from departures import IDS, outcome, places, rows

from conformance.excuses import scope, settled
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.model.shape import shapes
from conformance.model.waiver import Waiver
from conformance.options import Options

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
ID = IDS[0]
SMALL = outcome(ID, "fail", "smallint")
OTHER = outcome(IDS[1], "pass")


def waiver(of: Outcome, **more: object) -> Waiver:
    """A waiver that is in order for the outcome."""
    own = {"reason": "later", "owner": "Ann", "expires": "2026-11-30", "shape": shapes(of), "file": "w.toml", "line": 7}
    return Waiver(**{"requirement": of.requirement.id, **own, **more})  # type: ignore[arg-type]


def put(
    *waivers: Waiver, to: tuple[Outcome, ...] = (SMALL, OTHER), **chosen: object
) -> tuple[dict[str, Outcome], tuple[str, ...]]:
    """The outcomes by id, and what is said."""
    outcomes, said = settled(to, waivers, NOW, lambda: (), Options(**chosen))  # type: ignore[arg-type]
    return {one.requirement.id: one for one in outcomes}, said


def test_what_is_in_order_excuses_until_the_day_ends() -> None:
    found, said = put(waiver(SMALL, ticket="#12"))
    assert found[ID].verdict == "waived"
    assert found[ID].note == "waived until 2026-11-30 by Ann: later (#12)"
    assert found[ID].waiver == waiver(SMALL, ticket="#12")
    assert (len(found), said) == (2, ())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": " … "}, "it gives no reason, and excuses nothing"),
        ({"expires": "2026-11-29"}, "it expired on 2026-11-29, and excuses nothing"),
        ({"requirement": "*"}, "it is over-broad, and names more than one table of one migration (0013/t, 0014/u)"),
        ({"requirement": "001[34]/?.*"}, "it is over-broad"),
        ({"shape": ()}, f"it is bound to no shape, and does not excuse it: {ID} has '{shapes(SMALL)[0]}'"),
        ({"shape": ("0" * 16,)}, f"it is bound to other shapes than what is there, and does not excuse it: {ID} has"),
    ],
)
def test_what_is_not_in_order_excuses_nothing_and_is_a_finding(change: dict[str, object], why: str) -> None:
    found, said = put(waiver(SMALL, **change), to=(SMALL, OTHER, outcome(IDS[2], "pass")))
    named = str(change.get("requirement", ID))
    assert found[ID].verdict == "fail"
    fault = found[f"waiver/{named}"]
    assert why in fault.observed
    assert (fault.verdict, fault.plane, fault.requirement.level) == ("fail", "waivers", "must")
    assert (fault.requirement.file, fault.requirement.line, fault.findings[0].location) == ("w.toml", 7, "w.toml:7")
    assert (len(found), said) == (4, ())


def test_a_waived_smallint_that_becomes_text_fails_again() -> None:
    text = outcome(ID, "fail", "text")
    found, _ = put(waiver(SMALL), to=(text,))
    assert found[ID].verdict == "fail"
    assert "other shapes than what is there" in found[f"waiver/{ID}"].observed
    assert put(waiver(text), to=(text,))[0][ID].verdict == "waived"


def test_more_rows_than_are_excused_fail_again() -> None:
    id_ = "0014/u/no-orphan"
    two = waiver(rows(id_, ("a", "b"), 2))
    assert put(two, to=(rows(id_, ("a",), 1),))[0][id_].verdict == "waived"
    found, _ = put(two, to=(rows(id_, ("a", "b", "c"), 3),))
    assert found[id_].verdict == "fail"
    assert "it is bound to fewer rows than depart, and does not excuse it" in found[f"waiver/{id_}"].observed


def test_a_lint_is_excused_where_all_of_its_places_are() -> None:
    known = waiver(places("A001", "a" * 16))
    assert put(known, to=(places("A001", "a" * 16),))[0]["A001"].verdict == "waived"
    assert put(known, to=(places("A001", "a" * 16, "b" * 16),))[0]["A001"].verdict == "fail"


def test_a_glob_excuses_what_it_holds_the_shapes_of_and_no_more() -> None:
    gone = tuple(outcome(f"0013/t.{name}/type", "fail", "no column") for name in "ab")
    glob = waiver(gone[0], requirement="0013/t.*")
    assert {id_: one.verdict for id_, one in put(glob, to=gone)[0].items()} == {
        IDS[0]: "waived",
        IDS[1]: "fail",
        "waiver/0013/t.*": "fail",
    }
    whole = replace(glob, shape=(*shapes(gone[0]), *shapes(gone[1])))
    assert {one.verdict for one in put(whole, to=gone)[0].values()} == {"waived"}


def test_what_names_nothing_is_a_finding_and_what_others_judge_is_not() -> None:
    found, _ = put(waiver(SMALL, requirement="0013/agent_documants/table"))
    fault = found["waiver/0013/agent_documants/table"]
    assert "no requirement, no invariant and no lint of this name" in fault.observed
    assert fault.requirement.since == "0013"
    for known in ("A001", "0001/tasks.goal_id/no-orphan", "history/0002/runs-again", "adapter/tasks/taken-once"):
        assert len(put(waiver(SMALL, requirement=known))[0]) == 2, known


def test_an_unexpected_pass_is_strict_and_what_could_not_be_looked_at_is_none() -> None:
    holds = outcome(ID, "pass", "integer")
    found, _ = put(waiver(SMALL), to=(holds,))
    assert found[ID].verdict == "fail"
    assert "an unexpected pass is strict" in found[ID].note
    found, said = put(waiver(SMALL), to=(outcome(ID, "indeterminate"),))
    assert (found[ID].verdict, len(found)) == ("indeterminate", 1)
    assert "could not be evaluated" in said[0]
    found, said = put(waiver(SMALL), to=(outcome(ID, "not-applicable"),), through="0018")
    assert "what it names does not fail; remove it" in said[0]
    assert len(found) == 1
    found, said = put(waiver(SMALL), to=(outcome(ID, "not-applicable"),))
    assert "does not apply any more" in found[f"waiver/{ID}"].observed
    assert said == ()


def test_a_selection_is_not_troubled_by_waivers_of_others() -> None:
    late = waiver(SMALL, expires="2020-01-01")
    assert f"waiver/{ID}" not in put(late, select=(IDS[1],))[0]
    assert f"waiver/{ID}" in put(late, select=(ID,))[0]


def test_a_finding_of_a_waiver_is_as_strong_as_what_it_names() -> None:
    weak = outcome(ID, "fail", "smallint", "may")
    found, _ = put(waiver(weak, expires="2020-01-01"), to=(weak,))
    assert found[f"waiver/{ID}"].requirement.level == "may"


def test_two_for_one_are_told_apart() -> None:
    found, said = put(waiver(SMALL, shape=()), waiver(SMALL, shape=("0" * 16,)))
    assert {f"waiver/{ID}", f"waiver/{ID}'"} <= found.keys()
    assert f"there are 2 waivers for {ID}" in said[0]


@pytest.mark.parametrize(
    ("id_", "of"),
    [
        ("0015/agents.name/unique", "0015/agents"),
        ("0002/task_dependencies/acyclic", "0002/task_dependencies"),
        ("acme/0028/goals.a+b/unique", "acme/0028/goals"),
        ("history/0002/runs-again", "history/0002"),
        ("A001", "A001"),
    ],
)
def test_what_a_waiver_may_cover_at_most(id_: str, of: str) -> None:
    assert scope(id_) == of
