"""One database full of traps for all tests."""

from collections.abc import Iterator

import pytest
from minefield import Minefield, laid


@pytest.fixture(scope="session")
def minefield() -> Iterator[Minefield]:
    with laid() as found:
        yield found
