"""The hazards of many files are the same, whether another process finds them or this one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conformance import beside
from conformance.lint_scope import scope
from conformance.model.ignoring import Ignoring
from conformance.model.lint import Documented
from conformance.sources.migrations import Text

FILES = tuple(
    Text(name=f"{number}_x.sql", text=f"CREATE INDEX i{number} ON tasks (id);\nDROP TABLE t{number};\n", number=number)
    for number in range(1, 30)
)
SEARCH = beside.Search(
    scope=scope(FILES, [], None, {}, [Ignoring(glob="3_*", codes=("A001",), folder=None)]),
    documented=Documented(values={("tasks", "status"): frozenset({"pending"})}),
    assume_transaction=True,
    major=16,
    rows={"tasks": 50_000},
)


def _found(worth: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str, str | None]]:
    monkeypatch.setattr(beside, "WORTH", worth)
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    with beside.begun(SEARCH, FILES) as wait:
        return [(one.code, one.place, one.hit.message, one.excused) for one in wait()]


def test_both_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = _found(10**9, monkeypatch)
    assert len(here) > len(FILES)
    assert [place for code, place, _, excused in here if excused] == [place for _, place, *_ in here if "3_x" in place][
        :1
    ]
    assert _found(0, monkeypatch) == here


def test_what_the_other_cannot_do_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_SERVE", "raise SystemExit(1) # {path}")
    assert _found(0, monkeypatch) == _found(10**9, monkeypatch)


def test_nothing_is_left_of_it_when_this_one_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    serve = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(60) # {{path}}"
    monkeypatch.setattr(beside, "_SERVE", serve)
    monkeypatch.setattr(beside, "WORTH", 0)
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    with pytest.raises(KeyboardInterrupt):
        _interrupted(file)
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def _interrupted(file: Path) -> None:
    with beside.begun(SEARCH, FILES):
        while not (file.exists() and file.read_text()):
            pass
        raise KeyboardInterrupt
