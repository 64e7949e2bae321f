"""What is unusual is neither a departure nor a hang; what is no answer is told as such."""

from __future__ import annotations

from pathlib import Path

import implementations
import psycopg
import pytest
from implementations import ROOT, WRONG, Bench

from conformance import driving
from conformance.errors import CannotEvaluate, UsageError
from conformance.model.outcome import Outcome
from conformance.registry import conduct_laws
from conformance.sandbox import Server
from conformance.sandbox.interrupts import Terminated
from conformance.sources.adapters import load

ODD = Path(__file__).parent / "odd.py"


def told(stand: Bench, name: str, *laws: str, examples: int = 6) -> dict[str, Outcome]:
    found = stand.outcomes(f"{ODD}:{name}", {id_: conduct_laws()[id_] for id_ in laws}, examples)
    return {outcome.requirement.id.removeprefix("adapter/"): outcome for outcome in found}


def test_what_is_not_offered_is_not_applicable(stand: Bench) -> None:
    laws = [id_ for id_, law in conduct_laws().items() if law.area in ("approvals", "chat")]
    found = told(stand, "VotesOnly", *laws)
    assert {outcome.verdict for outcome in found.values()} == {"not-applicable"}
    assert found["approvals/votes-counted"].note == "not offered: request_approval"
    assert found["chat/messages"].note == "not offered: open_session, send_message"


def test_an_implementation_that_offers_nothing_is_an_error(stand: Bench) -> None:
    with pytest.raises(CannotEvaluate, match="offers none of the operations"):
        told(stand, "Nothing", "chat/own-org")


def test_an_answer_that_is_no_id_is_a_departure(stand: Bench) -> None:
    found = told(stand, "Silent", "approvals/accepts")["approvals/accepts"]
    assert found.verdict == "fail"
    assert "it gives None, which is no id" in found.observed


@pytest.mark.parametrize(
    ("name", "law", "words"),
    [
        ("Exits", "approvals/accepts", "ends in an error (SystemExit: 0)"),
        ("Cancelled", "approvals/accepts", "ends in an error (CancelledError: )"),
        ("ListsNothing", "tenants/no-leak", "it gives None, and not the ids of agents"),
        ("Blank", "approvals/accepts", "it gives '', which is no id"),
    ],
)
def test_what_is_no_answer_is_a_departure(stand: Bench, name: str, law: str, words: str) -> None:
    laws = (law, f"{law.partition('/')[0]}/accepts")
    (failing, *_) = (o for o in told(stand, name, *laws).values() if o.verdict == "fail")
    assert words in failing.observed


def test_a_law_to_which_no_call_comes_is_no_pass(stand: Bench) -> None:
    """That requests are accepted says nothing of votes, of which each ends in an error."""
    found = told(stand, "Exits", "approvals/votes-counted")["approvals/votes-counted"]
    assert found.verdict == "indeterminate"
    assert found.note == "called, and never accepted: vote"


def test_who_is_asked_to_end_does(stand: Bench) -> None:
    """It is no answer of the implementation."""
    with pytest.raises(Terminated):
        told(stand, "AskedToEnd", "approvals/accepts")


def test_what_is_not_waited_for_is_told(stand: Bench) -> None:
    with pytest.raises(CannotEvaluate, match="vote is asynchronous"):
        told(stand, "Asynchronous", "approvals/votes-counted")


def test_who_locks_himself_out_is_ended(stand: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "_PATIENCE_S", 0.5)
    found = told(stand, "LocksItselfOut", "approvals/accepts", examples=1)["approvals/accepts"]
    assert found.verdict == "fail"
    assert "its sessions were ended when it had not answered" in found.observed


@pytest.mark.parametrize("law", ["approvals/accepts", "approvals/votes-at-once", "approvals/killed"])
def test_a_machine_that_stands_still_for_a_while_is_no_departure(
    stand: Bench, monkeypatch: pytest.MonkeyPatch, law: str
) -> None:
    monkeypatch.setattr(driving, "_PATIENCE_S", 0.5)
    found = told(stand, "StandsStillOnce", law, examples=1)[law]
    assert found.verdict == "pass", (found.observed, found.note, found.findings)


def test_who_goes_on_by_himself_has_finished(stand: Bench) -> None:
    found = told(stand, "ConnectsAnew", "approvals/killed")["approvals/killed"]
    assert found.verdict == "pass", (found.observed, found.findings)


def test_a_transaction_that_is_left_open_is_seen_and_ended(stand: Bench) -> None:
    found = told(stand, "LeavesItOpen", "approvals/votes-counted")["approvals/votes-counted"]
    assert found.verdict == "fail"
    assert "votes of request r1 is []" in found.observed


@pytest.mark.parametrize("name", ["OneAtATime", "Impatient", "WaitsForNoLock"])
def test_waiting_and_declining_for_now_are_no_departures(name: str, stand: Bench) -> None:
    found = told(stand, name, "approvals/votes-at-once", examples=2)["approvals/votes-at-once"]
    assert found.verdict == "pass", (found.observed, found.findings)


def test_where_statements_are_not_held_it_is_said(stand: Bench) -> None:
    found = told(stand, "ByAnotherWay", "chat/killed", "tenants/at-once")
    assert found["chat/killed"].verdict == "indeterminate"
    assert "go neither over the URL that it was given nor" in found["chat/killed"].note
    assert found["tenants/at-once"].verdict == "pass"
    assert "no schedule was chosen" in found["tenants/at-once"].note


def test_what_goes_over_the_url_is_held(stand: Bench) -> None:
    found = told(stand, "ByUrl", "chat/killed", "tenants/at-once")
    assert {outcome.verdict for outcome in found.values()} == {"pass"}
    assert not any(outcome.note for outcome in found.values())
    found = told(stand, "ByUrlUnlocked", "approvals/votes-at-once")
    (finding,) = found["approvals/votes-at-once"].findings
    assert finding.script
    assert "| SELECT status" in finding.script


def test_an_invariant_that_cannot_be_looked_at_is_no_pass(server: Server) -> None:
    with implementations.bench(server, "adapter_unreadable") as stand:
        with psycopg.connect(stand.url, autocommit=True) as connection:
            connection.execute("ALTER TABLE approval_requests ALTER COLUMN requested_at TYPE text")
        stand = Bench(stand.url)
        laws = {"approvals/invariants": conduct_laws()["approvals/invariants"]}
        (found,) = stand.outcomes(f"{ODD.parent.parent.parent}/{implementations.REFERENCE}", laws, 1)
    assert found.verdict == "indeterminate"
    assert "0028/approval_requests.approvals/votes-in-time" in found.note


def test_one_that_ends_the_process_is_told(stand: Bench, tmp_path: Path) -> None:
    with pytest.raises(CannotEvaluate, match="could not be opened: SystemExit: 0"):
        told(stand, "leaves", "chat/own-org")
    (tmp_path / "leaves.py").write_text("import sys\nsys.exit(0)\n", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be imported: SystemExit: 0"):
        load(f"{tmp_path / 'leaves.py'}:It")


def test_what_lies_beside_a_file_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "beside_it.py").write_text("from conformance.properties.adapter import Adapter\n", encoding="utf-8")
    (tmp_path / "one_of_two.py").write_text("from beside_it import Adapter\n", encoding="utf-8")
    assert load(f"{tmp_path / 'one_of_two.py'}:Adapter").words.endswith(":Adapter")


def test_one_that_cannot_be_opened_is_told_in_one_line(stand: Bench) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        told(stand, "unopenable", "chat/own-org")
    assert str(caught.value).endswith("could not be opened: RuntimeError: no configuration")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nowhere", "names no implementation"),
        ("nowhere.py:It", "nowhere.py is not there"),
        (f"{ODD}:Missing", "has nothing to call named Missing; it has"),
        (f"{ODD}:value", "has no class and no function named value"),
        ("no.such.module:It", "cannot be imported: ModuleNotFoundError"),
        (f"{ROOT / WRONG}:not a name", "names no implementation"),
    ],
)
def test_what_names_no_implementation_is_an_error_of_the_call(spec: str, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", "\\(")):
        load(spec)
