"""Histories drawn from a grammar of DDL: what is folded from their text is what a server makes of them."""

import os
from collections.abc import Iterator

import pytest
from beside import beside
from grammar import NAMES, PREAMBLE, histories
from hypothesis import HealthCheck, Phase, given, seed, settings

from conformance.sandbox import Server

EXAMPLES = int(os.environ.get("CONFORMANCE_FOLD_EXAMPLES", "200"))


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    yield server.create_database("folded")
    server.drop_database("folded")


@seed(0)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(history=histories())
def test_folded_is_what_the_server_makes(url: str, history: list[str]) -> None:
    with beside(url) as bench:
        for statement in (*PREAMBLE, *history):
            bench.take(statement)
        bench.judge(NAMES)
