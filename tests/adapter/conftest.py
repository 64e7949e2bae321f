"""One database for all that is proven here: it is emptied before each history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.sandbox import Server

sys.path.insert(0, str(Path(__file__).parent.parent / "reports"))

import implementations


@pytest.fixture(scope="session")
def stand(server: Server) -> Iterator[implementations.Bench]:
    """Where implementations are put to their laws."""
    with implementations.bench(server, "adapter_tests") as found:
        yield found
