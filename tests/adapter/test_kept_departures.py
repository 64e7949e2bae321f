"""What departed of an implementation is kept, tried first in the next run, and forgotten when it was mended three times."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from implementations import ROOT, WRONG, Bench

from conformance.machines import Histories
from conformance.meetings import Tried
from conformance.model.outcome import Outcome
from conformance.registry import conduct_laws


def written(folder: Path, mistake: str) -> str:
    """An implementation of ours, and how it is called."""
    mine = folder / "mine.py"
    mine.write_text(
        f"import sys\nsys.path.insert(0, {str((ROOT / WRONG).parent)!r})\n"
        f"from wrong import {mistake} as Mine\nfrom reference import Reference\n",
        encoding="utf-8",
    )
    return f"{mine}:Mine"


def told(stand: Bench, folder: Path, mistake: str, law: str) -> Outcome:
    """What becomes of a law, with what was kept of it in this folder."""
    adapter, laws = written(folder, mistake), {law: conduct_laws()[law]}
    return stand.outcomes(adapter, laws, examples=1, memory=folder / "examples")[0]


def kept(folder: Path, law: str) -> Path:
    return folder / "regressions" / f"adapter_{law.replace('/', '_')}_of_mine.py_Mine.sql"


@pytest.mark.parametrize(
    ("mistake", "law", "says"),
    [
        ("TakesWithoutLock", "tasks/taken-once", "-- at once, B: take(worker=w2): gives t1"),
        ("VoteAndDecisionApart", "approvals/killed", "-- here the session was ended"),
        ("TeamsOfStrangers", "tenants/members", "-- given: organization o1"),
    ],
)
def test_what_departed_is_tried_first(
    stand: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str, law: str, says: str
) -> None:
    found = told(stand, tmp_path, mistake, law)
    assert found.verdict == "fail"
    text = kept(tmp_path, law).read_text(encoding="utf-8")
    assert says in text
    assert f"-- departs: {found.observed}" in text
    with psycopg.connect(stand.url) as connection:
        connection.execute(text.encode())  # it can be pasted into psql, where comments do nothing
    nothing = Histories(departure=None, again=True, histories=0, calls=0)
    monkeypatch.setattr("conformance.proof.walks", lambda *_: ())
    monkeypatch.setattr("conformance.proof.histories", lambda *_, **__: nothing)
    monkeypatch.setattr("conformance.playing.Stage._played", lambda *_: Tried())
    again = told(stand, tmp_path, mistake, law)
    assert again.findings == found.findings, "without any other history"


def test_it_is_forgotten_when_it_was_mended_three_times(
    stand: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = "tenants/members"
    assert told(stand, tmp_path, "TeamsOfStrangers", law).verdict == "fail"
    with monkeypatch.context() as nowhere:
        nowhere.setattr("conformance.proof.walks", lambda *_: ())
        nowhere.setattr(
            "conformance.proof.histories", lambda *_, **__: Histories(departure=None, again=True, histories=0, calls=0)
        )
        nowhere.setattr("conformance.proof.recalled", lambda *_: None)
        for _ in range(3):
            assert told(stand, tmp_path, "Reference", law).verdict == "indeterminate"
    assert kept(tmp_path, law).exists(), "what could not be looked at is no pass"
    for left in (True, True, False):
        assert told(stand, tmp_path, "Reference", law).verdict == "pass"
        assert kept(tmp_path, law).exists() == left


@pytest.mark.parametrize(
    ("law", "choices"),
    [
        ("tasks/taken-once", "[-1, 7]"),
        ("tasks/taken-once", "[99, 1]"),
        ("tasks/taken-once", '[0, 1, "x", true, 5]'),
        ("approvals/killed", "[0]"),
        ("approvals/killed", "[0, 4711]"),
        ("tenants/members", '[["put", 7], {"x": []}]'),
    ],
)
def test_a_file_of_somebody_else_does_no_harm(stand: Bench, tmp_path: Path, law: str, choices: str) -> None:
    file = kept(tmp_path, law)
    file.parent.mkdir()
    head = f'{{"claim": "adapter/{law} of mine.py:Mine", "passes": 0, "choices": {choices}}}'
    file.write_text(f"-- conformance prove: {head}\n--\nCOMMIT; DROP TABLE tasks;\n", encoding="utf-8")
    assert told(stand, tmp_path, "Reference", law).verdict == "pass"
    assert '"passes": 1' in file.read_text(encoding="utf-8")
