"""The terminal report: what a person must see, and what must not reach a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sample import HOSTILE, SAMPLES, TARGET, finding, full, green, hostile, outcome, report, rows

from conformance.render.layout import Look, cells, inert, muted, wrapped
from conformance.render.text import render, summary

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def test_forty_that_follow_are_one_finding() -> None:
    table = outcome("0013/t/table", "must", "fail", findings=finding("t: …", "t"))
    columns = [outcome(f"0013/t.c{n}/column", "must", "fail", because="0013/t/table") for n in range(40)]
    text = render(report(table, *columns))
    assert text.count("FAIL") == 1
    assert "and 40 that follow from it (40 must)" in text


def test_of_many_notes_the_first_are_shown_and_the_rest_is_counted() -> None:
    many = report(remarks=tuple(f"remark {n}." for n in range(1, 1_103)))
    text = render(many)
    assert "  note      remark 100.\n  note      and 1,002 more, which the JSON report has\n" in text
    assert "remark 101." not in text
    few = report(remarks=tuple(f"remark {n}." for n in range(1, 101)))
    assert "more, which" not in render(few)
    assert "remark 100." in render(few)


def test_a_departure_is_not_hidden_under_what_is_waived() -> None:
    text = render(full())
    assert "FAIL should  0024/agents.owner/not-null" in text
    assert "because   of 0024/agents.owner/column (waived, must)" in text


def test_causes_that_run_in_a_circle_end() -> None:
    one = outcome("0013/t.a/column", "must", "fail", because="0013/t.b/column")
    other = outcome("0013/t.b/column", "must", "fail", because="0013/t.a/column")
    assert "exit 1: 2 `must` requirements departed from" in render(report(one, other))


def test_failures_come_before_what_was_not_looked_at_and_must_before_should() -> None:
    order = [
        outcome("0013/t.d/column", "must", "waived"),
        outcome("0013/t.c/column", "must", "indeterminate"),
        outcome("0013/t.b/column", "should", "fail"),
        outcome("0013/t.a/column", "must", "fail"),
        outcome("0012/t.e/column", "must", "waived"),
    ]
    ids = re.findall(r"\S+/column", render(report(*order), Look(quiet=True)))
    assert ids == [f"{since}/t.{c}/column" for since, c in (("0012", "e"), *(("0013", c) for c in "abcd"))]


def test_what_may_be_departed_from_is_counted_and_named_at_the_end() -> None:
    text = render(report(outcome("0013/t.a/column", "may", "fail"), outcome("0013/t/table", "must", "pass")))
    assert text.count("t.a") == 1
    assert "FAIL" not in text
    assert "1 fail (1 may)" in text
    assert text.endswith("\nmay, departed from: 0013/t.a/column\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_colour_changes_nothing_else(name: str) -> None:
    assert _COLOUR.sub("", render(SAMPLES[name](), Look(colour=True))) == render(SAMPLES[name]())


def test_a_finding_in_colour_is_red() -> None:
    assert "\x1b[1;31mFAIL must\x1b[0m" in render(full(), Look(colour=True))


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_lines_keep_to_the_width_where_words_do(width: int) -> None:
    long = outcome("0013/t/table", "must", "fail", observed="word " * 60, note="what is wide 語語 " * 20)
    text = render(report(long, remarks=("a remark " * 30,)), Look(width=width))
    assert max(cells(line) for line in text.splitlines() if "reader" not in line) <= max(width, 52)


def test_every_field_that_a_stranger_chooses_is_inert() -> None:
    target = replace(TARGET, **dict.fromkeys(("address", "origin", "database", "server_version"), HOSTILE))
    target = replace(target, session_user=HOSTILE, current_user=HOSTILE, schemas=(HOSTILE,))
    poisoned = report(
        hostile(),
        outcome(f"0013/{HOSTILE}/table", "must", "not-applicable", note=HOSTILE),
        outcome(f"0013/{HOSTILE}.c/column", "must", "indeterminate", because=HOSTILE, observed=HOSTILE),
        target=target,
        profile=HOSTILE,
        profile_title=HOSTILE,
        remarks=(HOSTILE,),
    )
    assert all(line.isprintable() for line in render(poisoned).split("\n"))
    assert all(line.isprintable() for line in summary(poisoned).split("\n"))


def shown(id_: str, text: str) -> list[str]:
    """The lines of one finding."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.endswith(f"  {id_}"))
    return lines[start : next(n for n in range(start, len(lines)) if not lines[n])]


def test_rows_that_depart_stand_each_on_a_line_with_what_enforces_the_claim() -> None:
    text = render(rows())
    lines = shown("0001/tasks.goal_id/no-orphan", text)
    assert "    observed  993 departures in 120,000 rows; enforced by foreign key k (NOT" in lines
    assert sum("-0000-4000-8000-" in line for line in lines) == 10
    assert "              and 983 more" in lines
    assert "    witnesses 00000000-0000-4000-8000-000000000000" in lines
    assert max(len(line) for line in text.splitlines() if "script" not in line) <= 80


def test_a_cycle_is_a_path_and_stands_for_all_its_rows() -> None:
    lines = shown("0002/task_dependencies/acyclic", render(rows(), Look(width=200)))
    (path,) = [line for line in lines if "witness " in line and "→" in line]
    assert path.count(" → ") == 3
    assert "more" not in " ".join(lines)


def test_what_could_not_be_read_says_what_would_let_it() -> None:
    lines = shown("0014/approval_requests.approvals/well-formed", render(rows(), Look(width=200)))
    assert "GRANT SELECT ON" in " ".join(lines)


def test_an_invariant_follows_from_the_column_that_is_missing() -> None:
    text = render(rows())
    assert "no-dangling" not in text
    assert "    and 1 that follows from it (1 should)" in shown("0026/goals.depends_on_goal_ids/column", text)


def test_a_green_run_is_short() -> None:
    assert len(render(green()).splitlines()) == 8
    assert len(render(green(), Look(quiet=True)).splitlines()) == 1


def test_what_runs_strict_says_so() -> None:
    assert "should counts too" in render(
        report(outcome("0013/t/table", "must", "pass"), threshold="should"), Look(width=120)
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ünïcode 語", "plain ünïcode 語"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("\ufffe\ud800\u200b\u2028", r"\ufffe\ud800\u200b\u2028"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("no\u00a0break", r"no\xa0break"),
    ],
)
def test_inert(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("a\n \t::error::x\nb ::c", "a\n \t\\x3a:error::x\nb ::c"),
        ("''::text ##[error]x", r"''::text \x23#[error]x"),
    ],
)
def test_muted(text: str, shown: str) -> None:
    assert muted(text) == shown


def test_wrapped_loses_nothing() -> None:
    text = "one  two   three " * 9
    assert " ".join(wrapped(text, 20)).split() == text.split()
    assert wrapped("", 20) == [""]
    assert wrapped("x" * 50, 20) == ["x" * 50]
