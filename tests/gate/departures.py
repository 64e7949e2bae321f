"""Reports for the gate: made of a few outcomes, and drawn by Hypothesis."""

from __future__ import annotations

from typing import Any

import reported
from hypothesis import strategies as st
from reported import report

from conformance.model.contract import Level
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.report import Report


def outcome(id_: str, verdict: Verdict, observed: str = "", level: Level = "must", **more: Any) -> Outcome:
    """An outcome of the requirement; what fails has a finding."""
    own: dict[str, Any] = {
        "kind": "type",
        "source": "the page, line 1",
        "since": "0013",
        "file": "0013.toml",
        "line": 1,
    }
    if verdict in ("fail", "waived"):
        own["findings"] = (Finding(fingerprint="0" * 16, message=f"{id_}: {observed}", location="public.t"),)
    return reported.outcome(id_, level, verdict, observed=observed, **{"expected": "integer", **own, **more})


def rows(id_: str, witnesses: tuple[str, ...], total: int, level: Level = "must", **more: Any) -> Outcome:
    """An invariant that rows depart from."""
    finding = Finding(
        fingerprint="1" * 16,
        message="rows",
        location="public.t",
        witness=witnesses[0],
        witnesses=witnesses,
        total=total,
    )
    observed = more.pop("observed", f"{total:,} departures in 120,000 rows; enforced by nothing in the catalog")
    return outcome(
        id_,
        "fail",
        observed,
        level,
        plane="state",
        kind="invariant",
        findings=(finding,),
        evidence={"examined": 120_000, "violations": total, "enforced_by": "nothing in the catalog"},
        **more,
    )


def places(code: str, *fingerprints: str, level: Level = "must") -> Outcome:
    """A lint with a place for each fingerprint."""
    found = tuple(
        Finding(fingerprint=one, message="locked", location=f"a.sql:{n}:1", file="a.sql", line=n, column=1, frame="1 |")
        for n, one in enumerate(fingerprints, 1)
    )
    return outcome(
        code, "fail" if found else "pass", f"{len(found)} places", level, plane="lint", kind="lint", findings=found
    )


IDS = ("0013/t.a/type", "0013/t.b/type", "0014/u.c/type", "0014/u/no-orphan", "A001")
_LEVELS = st.sampled_from(("must", "must", "should", "may"))
_NAMES = st.lists(st.sampled_from("abcdefghijklmn"), min_size=1, max_size=14, unique=True)


@st.composite
def _plain(draw: st.DrawFn, id_: str) -> Outcome:
    verdict = draw(st.sampled_from(("pass", "fail", "fail", "waived", "not-applicable", "indeterminate")))
    observed = draw(st.sampled_from(("smallint", "text", "no relation t on the search path (a, b)")))
    return outcome(id_, verdict, observed, draw(_LEVELS), note=draw(st.sampled_from(("", "too narrow"))))


@st.composite
def _of_rows(draw: st.DrawFn, id_: str) -> Outcome:
    if draw(st.booleans()):
        return outcome(id_, "pass", "none in 3 rows", draw(_LEVELS), plane="state", kind="invariant",
                       evidence={"examined": 3, "violations": 0, "enforced_by": "nothing in the catalog"})  # fmt: skip
    names = sorted(draw(_NAMES))
    return rows(id_, tuple(names[:10]), len(names), draw(_LEVELS))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report on some of a handful of requirements."""
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True))
    found = []
    for id_ in chosen:
        if id_ == "A001":
            prints = draw(st.lists(st.sampled_from([c * 16 for c in "abcd"]), unique=True))
            found.append(places(id_, *prints, level=draw(_LEVELS)))
        else:
            found.append(draw(_of_rows(id_) if id_.endswith("no-orphan") else _plain(id_)))
    return report(*found, threshold=draw(st.sampled_from(("must", "should"))))
