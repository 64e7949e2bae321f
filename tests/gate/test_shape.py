"""The shape of a departure: what changes it, and what must not."""

from __future__ import annotations

import pytest
from departures import outcome, places, rows
from judged import Bench

from conformance.model.record import replace
from conformance.model.shape import SHAPE, excused, shape_of, shapes
from conformance.model.waiver import Waiver

ID = "0024/agents.priority/type"
SMALL = outcome(ID, "fail", "smallint", note="it is too narrow")


def test_another_departure_is_of_another_shape() -> None:
    others = [
        outcome(ID, "fail", "text", note="it is too narrow"),
        outcome(ID, "fail", "smallint", note="it is unsigned"),
        outcome("0024/agents.rank/type", "fail", "smallint", note="it is too narrow"),
        replace(SMALL, expected="bigint"),
    ]
    found = {shapes(one) for one in (SMALL, *others)}
    assert len(found) == 5
    assert not any(excused(other, shapes(SMALL)) for other in others)
    assert excused(SMALL, shapes(SMALL))


def test_who_looks_and_what_an_object_is_called_changes_nothing() -> None:
    index = outcome(ID, "fail", "a_key: unique btree (lower(name))", object="a_key")
    assert shapes(index) == shapes(replace(index, object="b", observed="b: unique btree (lower(name))"))
    gone = outcome(ID, "fail", "no relation agents on the search path (ann, public)")
    for path in ("public", '"$user", public', "nothing"):
        other = f"no relation agents on the search path ({path})"
        assert shapes(replace(gone, observed=other)) == shapes(gone)
        away = f"{other}; one is in attic, which is off it: --schema attic would look there"
        assert shapes(replace(gone, observed=away)) == shapes(gone)
    taken = "no table agents: on the search path ({}) the name means the sequence public.agents"
    assert shapes(replace(gone, observed=taken.format("a"))) == shapes(replace(gone, observed=taken.format("b")))
    assert shapes(replace(gone, observed=taken.format("a"))) != shapes(gone)


def test_a_default_that_is_a_moment_is_another_in_each_database() -> None:
    one = outcome(ID, "fail", "'2026-11-30 12:28:41.474986+00'::timestamp with time zone")
    later = replace(one, observed="'2026-12-01 07:00:00+00'::timestamp with time zone")
    assert shapes(one) == shapes(later)
    assert shapes(one) != shapes(replace(one, observed="'2026-12-01'::date"))
    checked = replace(one, observed="c: (at > '2026-11-30 12:28:41+00'::timestamp with time zone)")
    assert shapes(checked) != shapes(replace(checked, observed=checked.observed.replace("2026", "2020")))


def test_what_is_too_long_to_be_shown_tells_one_departure_from_another(bench: Bench) -> None:
    """Two CHECKs that agree in all that a report shows of them, and in length."""
    many = ", ".join(f"'surplus {number}'" for number in range(400))
    script = f"""
        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
        ALTER TABLE approval_requests ADD CONSTRAINT much
            CHECK (request_type IN ('plan', 'risky_task', {many}, 'surplus beyond it %s'));
    """
    one, other = (bench.outcome(script % tail, "0014/approval_requests.request_type/one-of") for tail in "ab")
    assert (one.verdict, other.verdict) == ("fail", "fail")
    assert len(one.observed) < 4500
    assert not excused(other, shapes(one))
    assert excused(one, shapes(one))


def test_what_is_too_long_to_be_shown_is_the_same_whatever_it_is_called(bench: Bench) -> None:
    many = ", ".join(f"'surplus {number}'" for number in range(400))
    script = f"""
        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
        ALTER TABLE approval_requests ADD CONSTRAINT %s CHECK (request_type IN ('plan', 'risky_task', {many}));
    """
    id_ = "0014/approval_requests.request_type/one-of"
    one, other = (bench.outcome(script % name, id_) for name in ("much", "too_much"))
    assert one.observed != other.observed
    assert shapes(one) == shapes(other)


def test_what_could_not_be_looked_at_is_known_again_by_what_is_there() -> None:
    blind = outcome(ID, "indeterminate", "c: (f1(priority))", note="it calls f: seen after 3 s")
    assert shape_of(blind) == shape_of(replace(blind, note="it calls f: seen after 4 s"))
    assert shape_of(blind) != shape_of(replace(blind, observed="c: (f2(priority))"))
    of_rows = replace(blind, plane="state", observed="12 rows")
    assert shape_of(of_rows) == shape_of(replace(of_rows, observed="13 rows"))


def test_columns_are_no_names_of_objects() -> None:
    """`a: unique (a)` and `b: unique (b)` are on two columns."""
    one = outcome(ID, "fail", "a: unique (a)", object="a")
    assert shapes(one) != shapes(replace(one, observed="b: unique (b)", object="b"))


def test_what_is_waived_has_the_shape_of_what_it_was() -> None:
    waiver = Waiver(requirement=ID, reason="r", owner="o", expires="2027-01-31", ticket="#1")
    for note in ("", "it is too narrow"):
        was = replace(SMALL, note=note)
        told = "; ".join(filter(None, (note, waiver.words)))
        assert shapes(replace(was, verdict="waived", note=told, waiver=waiver)) == shapes(was)


def test_rows_are_bound_by_their_number_and_not_by_the_day() -> None:
    two = rows("0001/tasks.goal_id/no-orphan", ("a", "b"), 2)
    (shape,) = shapes(two)
    assert shape.endswith(" at most 2")
    assert excused(rows("0001/tasks.goal_id/no-orphan", ("c",), 1, observed="1 departure in 7 rows"), [shape])
    assert not excused(rows("0001/tasks.goal_id/no-orphan", ("a", "b", "c"), 3), [shape])
    assert not excused(two, [shape.removesuffix(" at most 2")])
    sampled = rows("0001/tasks.goal_id/no-orphan", ("a",), 1, observed="1 departure in a sample of 7 rows")
    assert not excused(sampled, [shape])


def test_a_lint_is_bound_to_each_of_its_places() -> None:
    assert shapes(places("A001", "a" * 16, "b" * 16)) == ("a" * 16, "b" * 16)
    assert excused(places("A001", "a" * 16), ["a" * 16, "b" * 16])
    assert not excused(places("A001", "a" * 16, "c" * 16), ["a" * 16, "b" * 16])


@pytest.mark.parametrize(
    "held", [(), ("",), ("*",), ("0" * 16,), (shapes(SMALL)[0].upper(),), (shapes(SMALL)[0] + " ",)]
)
def test_nothing_else_excuses(held: tuple[str, ...]) -> None:
    assert not excused(SMALL, held)


def test_a_shape_is_what_a_waiver_may_hold() -> None:
    for one in (SMALL, rows("0001/t/x", ("a",), 1_000_000), places("A001", "a" * 16)):
        assert all(SHAPE.match(shape) for shape in shapes(one))
