"""Generated worlds are what they say they are, and a database takes them, whatever they hold."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds.bench import WorldBench, read
from worlds.living import columns
from worlds.plants import plants
from worlds.strategies import clean_worlds, nearly_clean_worlds, planted_worlds, small_world, worlds

from conformance.sandbox import Server
from conformance.violations import single_ids, violations

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HISTORIES = [("documented", "0028"), ("reference", "0028"), ("reference", "0022")]
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[*HealthCheck], derandomize=True)


@pytest.fixture(scope="module", params=[(*h, keys) for h in HISTORIES[:2] for keys in (False, True)], ids=str)
def open_bench(request: pytest.FixtureRequest, server: Server) -> Iterator[tuple[WorldBench, bool]]:
    profile, through, keys = request.param
    with WorldBench(server, profile, through, keys=keys) as bench:
        yield bench, keys


def violated(world: Any, profile: str, through: str) -> set[str]:
    judged = violations(world, profile, through, NOW, columns(profile, through))
    return {id_ for id_, witnesses in judged.items() if witnesses}


@pytest.mark.parametrize(("profile", "through"), HISTORIES)
def test_clean_worlds_are_clean(profile: str, through: str) -> None:
    @given(clean_worlds(profile, through))
    @MANY
    def check(world: Any) -> None:
        assert violated(world, profile, through) == set()

    check()


@pytest.mark.parametrize(("profile", "through"), HISTORIES)
def test_every_invariant_that_is_judged_can_be_planted(profile: str, through: str) -> None:
    judged = violations({}, profile, through, NOW, columns(profile, through))
    assert set(plants(profile, through)) == set(judged)


@pytest.mark.parametrize(("profile", "through"), HISTORIES)
def test_a_plant_is_the_defect_that_it_says(profile: str, through: str) -> None:
    """Families overlap (an orphan is a stranger somewhere); the others bring one more claim with them at most."""
    families = ("no-orphan", "in-values", "no-duplicates", "same-org", "one-org")
    for id_, plant in plants(profile, through).items():
        world = deepcopy(small_world(profile, through))
        plant(world)
        found = violated(world, profile, through)
        assert id_ in found
        assert id_.endswith(families) or len(found) <= 2, found


def test_any_world_is_taken_and_leaves_nothing(open_bench: tuple[WorldBench, bool]) -> None:
    bench, keys = open_bench

    @given(worlds(bench.profile, bench.through, keys=keys))
    @MANY
    def check(world: Any) -> None:
        with bench.holding(world) as connection:
            for table, rows in world.items():
                assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (len(rows),)

    check()
    for table in bench.types:
        assert bench.connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)


@pytest.mark.parametrize(("profile", "through"), HISTORIES)
def test_every_plant_is_taken(server: Server, profile: str, through: str) -> None:
    alive = columns(profile, through)
    with WorldBench(server, profile, through) as bench:
        for plant in plants(profile, through).values():
            world = deepcopy(small_world(profile, through))
            plant(world)
            with bench.holding(world) as connection:
                there = read(connection, bench.types)
            assert violations(there, profile, through, NOW, alive) == violations(world, profile, through, NOW, alive)


def test_a_database_says_what_the_world_said(open_bench: tuple[WorldBench, bool]) -> None:
    """The server may write a value otherwise, but the oracle judges what is there as it judged what was sent."""
    bench, keys = open_bench
    alive = columns(bench.profile, bench.through)
    kinds = worlds(bench.profile, bench.through, keys=keys)
    if not keys:  # a changed row may share its key
        planted = planted_worlds(bench.profile, bench.through).map(lambda pair: pair[1])
        kinds = st.one_of(kinds, nearly_clean_worlds(bench.profile, bench.through), planted)

    @given(kinds)
    @MANY
    def check(world: Any) -> None:
        sent = violations(world, bench.profile, bench.through, NOW, alive)
        with bench.holding(world) as connection:
            there = read(connection, bench.types)
        assert violations(there, bench.profile, bench.through, NOW, alive) == sent

    check()


def test_worlds_reach_every_invariant() -> None:
    """A generator that never breaks a claim proves nothing of it; one that always does, as little."""
    broken: dict[str, int] = {}

    @given(st.data())
    @settings(max_examples=1600, deadline=None, suppress_health_check=[*HealthCheck], derandomize=True, database=None)
    def check(data: Any) -> None:
        world = data.draw(worlds())
        for id_ in violated(world, "documented", "0028"):
            broken[id_] = broken.get(id_, 0) + 1

    check()
    judged = set(violations({}, "documented", "0028", NOW, columns("documented", "0028")))
    assert single_ids() - set(broken) == set()
    assert len(set(broken)) > 0.9 * len(judged), judged - set(broken)
    assert max(broken.values()) < 1600
