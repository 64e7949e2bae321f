"""What the tests of the command line share: a run that needs no database, and one that has one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from looking import Conformance, Looked

from conformance import run
from conformance.fixtures_of import migrations
from conformance.sandbox import Server
from conformance.sources.throwaway import apply


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration of whoever runs the tests; the current folder is empty."""
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


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Looked]:
    """A run without a database."""
    found = Looked()
    monkeypatch.setattr(run, "check", found)
    return found
