"""The network fails at any message of a run, the server ends the session or cancels what it runs: the faults are
generated over all messages that go by, one way and the other."""

from __future__ import annotations

import pytest
from faulty import EVERY, Look, all_of, endings, judge, none_left, some, verdicts

from conformance import run
from conformance.model.looking import Looking
from conformance.model.report import Report
from conformance.run import audit, check

LOUD = ("lost", "delayed", "truncated", "reset", "killed", "cancelled")
ROWS = ("0002/*", "0015/agents*", "0028/*")


def checked(url: str) -> Report:
    return check(url, schema="public")


def audited(url: str) -> Report:
    return audit(url, schema="public", select=ROWS, looking=Looking(statement_timeout=2.0))


def test_nearly_everything_departs(ruined: str) -> None:
    """Else what was not seen would have been a pass by right."""
    for look in (checked, audited):
        found = list(verdicts(look(ruined)).values())
        assert found.count("fail") > found.count("pass") * 0.7


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("look", "count"), [(checked, 60), (audited, 24)])
def test_whatever_happens_to_a_message(ruined: str, look: Look, count: int) -> None:
    true = verdicts(look(ruined))
    faults = some(all_of(ruined, look, LOUD), count)
    found = list(endings(ruined, look, faults, at_once=2))
    assert {ending.fault.kind for ending in found} == set(LOUD)
    for ending in found:
        judge(ending, true)
        assert ending.seconds < 30, str(ending.fault)
    assert sum(ending.struck for ending in found) > 0.9 * len(found)
    late = [ending for ending in found if ending.fault.kind == "delayed"]
    assert all(ending.report and verdicts(ending.report) == true for ending in late), "late is not lost"
    assert none_left(ruined)


@pytest.mark.usefixtures("hurried")
def test_a_lost_message_is_no_error_of_python(ruined: str) -> None:
    """The driver counts on what a server always sends. Most of what it counts on is asked before the first row."""
    true = verdicts(audited(ruined))
    faults = [fault for fault in all_of(ruined, audited, ["lost"]) if fault.way == "server"]
    found = list(endings(ruined, audited, faults if EVERY else faults[40:72] + faults[72::15], at_once=2))
    for ending in found:
        judge(ending, true)
    assert {0, 1, 3} >= {ending.code for ending in found} >= {1, 3}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("look", "count", "longest"), [(checked, 10, 30), (audited, 14, 30)])
def test_the_network_falls_silent(ruined: str, look: Look, count: int, longest: float) -> None:
    """Nothing ends by itself then: it is we who have to give up."""
    true = verdicts(look(ruined))
    found = list(endings(ruined, look, some(all_of(ruined, look, ["silent"]), count), at_once=4))
    for ending in found:
        judge(ending, true)
        assert ending.seconds < longest, str(ending.fault)
    assert sum(ending.struck for ending in found) > 0.9 * len(found)
    assert none_left(ruined)


@pytest.mark.usefixtures("hurried")
def test_max_duration_holds_whatever_happens(ruined: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing else would end it: a statement may take ten minutes here."""
    monkeypatch.setattr(run, "STRUCTURE_S", 2.0)

    def brief(url: str) -> Report:
        return audit(url, schema="public", select=ROWS, looking=Looking(max_duration=2.0))

    true = verdicts(audited(ruined))
    found = list(endings(ruined, brief, some(all_of(ruined, audited, ["silent", "lost"]), 14), at_once=4))
    for ending in found:
        judge(ending, true)
        assert ending.seconds < 30, str(ending.fault)
    assert any(ending.report is not None for ending in found)
    assert none_left(ruined)
