"""What the kill matrix cannot see is broken on purpose too: each time a test of ours must go red.

A sabotage replaces one small thing; the test that it is paired with is called as pytest would call it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from judged import conforming, contract, looked, named

from conformance import judge as judging
from conformance.model import admission, guards
from conformance.model.catalog import Table
from conformance.model.contract import Requirement
from conformance.model.outcome import Outcome
from conformance.sandbox import Server
from conformance.sources import database, faults
from conformance.sources.url import DatabaseUrl

sys.path.append(str(Path(__file__).parents[1] / "judge"))
judge_tests: Any = import_module("test_judge")

Patch = Callable[[pytest.MonkeyPatch], None]


def put(target: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def after(target: Any, name: str, change: Callable[[Any], Any]) -> Patch:
    """What a function gives, changed."""
    real = getattr(target, name)
    return put(target, name, lambda *given, **named: change(real(*given, **named)))


def causes() -> None:
    judge_tests.test_a_missing_table_is_one_finding()


def lifetimes() -> None:
    judge_tests.test_a_requirement_is_judged_while_it_lives("0013", "0023", "0023", "taken away by 0023")


def levels() -> None:
    judge_tests.test_what_hangs_on_something_that_is_asked_for_less("column", "should", "must", "not-applicable")


def views() -> None:
    judge_tests.test_what_lies_behind_a_view_is_not_decided("v")


def evidence() -> None:
    judge_tests.test_a_pass_has_evidence()


def unanswered() -> None:
    judge_tests.test_a_question_that_was_not_answered_is_no_verdict()


def prints() -> None:
    judge_tests.test_a_fingerprint_tells_departures_apart_and_survives()


def grounds() -> None:
    judge_tests.test_what_holds_although_its_ground_fails_is_no_pass()


def twice() -> None:
    judge_tests.test_where_a_table_is_asked_for_twice_the_stronger_claim_is_the_root()


def secrets() -> None:
    url = DatabaseUrl(text="postgresql://u:c4n4ry@db/astra")
    error = faults.connection_fault(psycopg.OperationalError("FATAL:  no c4n4ry here"), url, "db/astra")
    assert "c4n4ry" not in str(error)


def turned(outcome: Outcome) -> Outcome:
    return replace(outcome, verdict="fail" if outcome.verdict == "pass" else "pass")


SABOTAGES: dict[str, tuple[Callable[[], None], Patch]] = {
    "causes are lost": (causes, after(judging._Judging, "_missing", lambda o: replace(o, because=None))),
    "every consequence is a finding": (
        causes,
        after(judging._Judging, "_missing", lambda o: replace(o, findings=o.findings or ("one",))),
    ),
    "all verdicts are turned round": (causes, after(judging, "_outcome_of", turned)),
    "nothing ever dies": (lifetimes, put(Requirement, "alive", lambda *_: True)),
    "nothing is ever born": (lifetimes, put(judging, "_not_alive", lambda r, *_: None)),
    "levels count backwards": (levels, put(judging, "LEVELS", ("may", "should", "must"))),
    "all levels are one": (levels, put(judging, "LEVELS", type("Same", (tuple,), {"index": lambda *_: 0})(("must",)))),
    "a view is taken for a table": (views, put(Table, "is_table", True)),
    "nothing is seen through a view": (views, put(judging, "seen_through_views", lambda _: False)),
    "a pass is told without evidence": (
        evidence,
        after(judging, "_outcome_of", lambda o: replace(o, evidence={"examined": 0})),
    ),
    "what was not answered is accepted": (
        unanswered,
        put(admission.Admission, "_by_guard", lambda self, *_: [("accepted", "")] * len(self.rows)),
    ),
    "what was not answered is refused": (
        unanswered,
        put(admission.Admission, "_by_guard", lambda self, *_: [("refused", "")] * len(self.rows)),
    ),
    "a stranger's function may be run": (unanswered, put(admission, "why_not_evaluable", lambda _: "")),
    "all fingerprints are one": (
        prints,
        after(judging, "_finding", lambda finding: replace(finding, fingerprint="0" * 16)),
    ),
    "a claim is judged without its ground": (grounds, put(judging._Judging, "_cause", lambda *_: None)),
    "passwords are not known": (secrets, put(faults, "_secrets", lambda _: set())),
}


@pytest.mark.parametrize(
    "probe", [causes, lifetimes, levels, views, evidence, unanswered, prints, grounds, twice, secrets]
)
def test_whole_it_is_green(probe: Callable[[], None]) -> None:
    probe()


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_sabotaged_it_is_red(sabotage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probe, patch = SABOTAGES[sabotage]
    patch(monkeypatch)
    with pytest.raises((AssertionError, AttributeError)):
        probe()


# --- of the look at a database ---


@pytest.fixture(scope="module")
def two_copies(server: Server) -> str:
    """A database whose path leads to an empty table of a name of ours before it leads to ours."""
    name = "sabotaged_path"
    url = server.create_database(name, template=conforming(server))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA attic")
        owner.execute("CREATE TABLE attic.agents (id int)")
        owner.execute(f"ALTER DATABASE {name} SET search_path = public, attic".encode())
    return name


def agents(url: str) -> str:
    outcomes = looked(url, contract())
    return next(o.observed for o in outcomes if o.requirement.id == "0001/agents/table")


def test_a_path_that_is_read_backwards_is_noticed(
    server: Server, two_copies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert agents(named(server, two_copies)) == "table public.agents"
    real = database.split_path
    monkeypatch.setattr(database, "split_path", lambda *given, **rest: real(*given, **rest)[::-1])
    assert agents(named(server, two_copies)) == "table attic.agents"


@pytest.mark.parametrize("setting", ["search_path", "standard_conforming_strings", "row_security", "timezone"])
def test_a_session_that_is_not_set_back_is_noticed(
    server: Server, database: str, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """Each line of what opens a session does something."""
    from conformance.sources import opening
    from conformance.sources.database import Session

    with psycopg.connect(server.url, autocommit=True) as admin:
        for value in ("search_path = public", "standard_conforming_strings = off", "timezone = 'Asia/Kathmandu'"):
            admin.execute(f"ALTER DATABASE {database} SET {value}".encode())
    kept = [line for line in opening.OPEN.split(";\n") if not line.startswith(f"SET LOCAL {setting} ")]
    assert len(kept) == opening.OPEN.count(";\n")
    monkeypatch.setattr(opening, "OPEN", ";\n".join(kept))
    with Session(DatabaseUrl(text=named(server, database)), origin="a test") as session:
        try:
            session.catalog(contract().tables())
            row = session.connection.execute("SELECT pg_catalog.current_setting(%s)", (setting,)).fetchone()
        except Exception:  # noqa: BLE001  that it cannot be read at all is noticed, too
            return
    assert row is not None
    assert (
        row[0]
        != {"search_path": '""', "standard_conforming_strings": "on", "row_security": "off", "timezone": "UTC"}[setting]
    )


def test_guards_alone_decide_what_is_run() -> None:
    """The name that the sabotage above replaces is the one that is asked."""
    assert vars(admission)["why_not_evaluable"] is guards.why_not_evaluable
