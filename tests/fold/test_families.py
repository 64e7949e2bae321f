"""Histories of partitions and heirs: what is folded from their text is what a server makes of them."""

import os
from collections.abc import Iterator

import pytest
from beside import beside
from families import NAMES, PREAMBLE, histories
from hypothesis import HealthCheck, Phase, given, seed, settings

from conformance.sandbox import Server

EXAMPLES = int(os.environ.get("CONFORMANCE_FOLD_EXAMPLES", "60"))


@pytest.fixture(scope="module", params=["server", "older_server"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    server: Server = request.getfixturevalue(request.param)
    yield server.create_database("families")
    server.drop_database("families")


@seed(0)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(history=histories())
def test_families_are_what_the_server_makes(url: str, history: list[str]) -> None:
    with beside(url) as bench:
        for statement in (*PREAMBLE, *history):
            bench.take(statement)
        for name in {name for _, name in bench.schema.relations} & {*NAMES}:
            bench.judge([name])
        if not any("REFERENCES" in statement for statement in history):  # told twice of a partition that is asked for
            bench.judge(NAMES)
