"""What the tests of the command line share: a run that needs no database, and one that has one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conformance import run
from conformance.fixtures_of import migrations
from conformance.model.contract import Requirement
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.report import Report
from conformance.model.target import Target
from conformance.run import Options
from conformance.sandbox import Server
from conformance.sources.database import apply

Conformance = Callable[..., "subprocess.CompletedProcess[str]"]

VARIABLES = ("CONFORMANCE_DATABASE_URL", "DATABASE_URL", "NO_COLOR", "FORCE_COLOR", "CI", "CONFORMANCE_DEBUG")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no configuration of whoever runs the tests; the current folder is empty."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def database(server: Server) -> str:
    """The URL of a database that conforms to `documented`."""
    url = server.create_database("command_line")
    apply(url, migrations("documented", "0028"))
    return url


@pytest.fixture
def conformance(tmp_path: Path) -> Conformance:
    """The command as a process of its own, in an empty folder."""

    def run_it(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "conformance", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, **environment},
            timeout=120,
            check=False,
        )

    return run_it


def outcome(verdict: Verdict, level: str = "must", id_: str = "0013/agents.name/unique") -> Outcome:
    """One outcome; what fails has a finding."""
    requirement = Requirement(
        id=id_,
        claim="unique",
        kind="unique",
        level=level,  # type: ignore[arg-type]
        source="the page, line 27",
        since="0013",
        until=None,
        table="agents",
        columns=("name",),
    )
    finding = Finding(fingerprint="0" * 16, message="departs", location="public.agents.name")
    return Outcome(
        requirement=requirement,
        plane="structure",
        verdict=verdict,
        expected="unique (name)",
        observed="none",
        findings=(finding,) if verdict == "fail" else (),
    )


class Looked:
    """Stands in for `conformance.run.check`: remembers what it was asked, and gives the outcomes it was told to."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.options = Options()
        self.outcomes: tuple[Outcome, ...] = (outcome("pass"),)
        self.error: BaseException | None = None
        self.count = 0

    def __call__(self, url: str | None, options: Options) -> Report:
        self.url, self.options = url, options
        self.count += 1
        if self.error is not None:
            raise self.error
        return Report(
            tool="conformance 0",
            target=Target(
                address="reader@db/astra",
                origin="the URL given",
                database="astra",
                server_version="18.4",
                session_user="reader",
                current_user="reader",
                schemas=("public",),
                in_recovery=False,
                superuser=False,
            ),
            profile=options.profile,
            profile_title="a title",
            through=options.through,
            threshold=run.threshold(options),
            started="2026-01-31T12:00:00Z",
            seconds=0.1,
            outcomes=self.outcomes,
        )


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Looked]:
    """A run without a database."""
    found = Looked()
    monkeypatch.setattr(run, "check", found)
    return found
