"""Outcomes and reports made by hand: what the tests of reports, of the gate and of the command line build on."""

from __future__ import annotations

from typing import Any

from conformance.model.contract import Level, Requirement
from conformance.model.outcome import Outcome, Verdict
from conformance.model.report import Report
from conformance.model.target import Target

TARGET = Target(
    address="reader@db.example:5432/astra",
    origin="the URL given",
    database="astra",
    server_version="18.4",
    session_user="reader",
    current_user="reader",
    schemas=("public",),
    in_recovery=False,
    superuser=False,
)
_ASKED = frozenset({"kind", "source", "since", "until", "table", "file", "line"})


def outcome(id_: str, level: Level, verdict: Verdict, **more: Any) -> Outcome:
    """An outcome of the requirement `id_`, such as `0013/agents.name/unique`; `more` are fields of either."""
    head, _, claim = id_.rpartition("/")
    before, _, subject = head.rpartition("/")
    table, _, columns = subject.partition(".")
    since = before.rpartition("/")[2]
    asked = {
        "kind": claim,
        "source": f"the page, line 21; reference {since}",
        "since": since,
        "until": None,
        "table": table,
        "file": f"{since}.toml",
        "line": 7,
        **{name: more.pop(name) for name in _ASKED & more.keys()},
    }
    requirement = Requirement(
        id=id_, claim=claim, level=level, columns=tuple(columns.split("+")) if columns else (), **asked
    )
    details = {"plane": "structure", "expected": "what is asked for", "observed": "", "evidence": {"examined": 1}}
    return Outcome(requirement=requirement, verdict=verdict, **{**details, **more})


def report(*outcomes: Outcome, **more: Any) -> Report:
    """A report on these outcomes."""
    own = {
        "tool": "conformance 0.1.0",
        "target": TARGET,
        "profile": "documented",
        "profile_title": "what the documentation states",
        "through": "0028",
        "threshold": "must",
        "started": "2026-01-31T12:00:00Z",
        "seconds": 0.1234,
    }
    return Report(outcomes=outcomes, **{**own, **more})
