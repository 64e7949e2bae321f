"""A database in which nearly everything departs, and a tool that is less patient than it is."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "state"))

from filled import own_world, run

from conformance.sandbox import Server
from conformance.sources import opening
from conformance.sources.connection import Connection


@pytest.fixture(scope="module")
def ruined(server: Server) -> Iterator[str]:
    """The URL."""
    with own_world(server) as url:
        run(url, Path(__file__).with_name("ruined.sql").read_text(encoding="utf-8"))
        yield url


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is taken for an end after a second or two."""
    monkeypatch.setattr(opening, "SILENCE_S", 1.0)
    monkeypatch.setattr(opening, "GRACE_S", 0.5)
    monkeypatch.setattr(opening, "CONNECTING", {**opening.CONNECTING, "connect_timeout": 2})
    monkeypatch.setattr(Connection, "silence_s", 1.0)
