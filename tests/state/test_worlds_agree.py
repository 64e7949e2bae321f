"""The audit agrees with a slow, obvious oracle on generated worlds: on who violates what, and on real witnesses."""

import os
from collections import Counter
from collections.abc import Iterator, Set
from datetime import UTC, datetime
from typing import Any

import pytest
from audited import Auditor, catalog_of
from hypothesis import HealthCheck, Phase, given, settings
from judged import contract
from worlds.bench import WorldBench
from worlds.living import columns
from worlds.strategies import clean_worlds, nearly_clean_worlds, planted_worlds, without_clashes, worlds

from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.sandbox import Server
from conformance.sources.rows_lane import Lane
from conformance.violations import violations
from conformance.violations.graphs import goal_edges, is_cycle, shortest_cycle_length, task_edges

HISTORIES = [("documented", "0028"), ("reference", "0028"), ("reference", "0022")]
WORLDS = int(os.environ.get("CONFORMANCE_WORLDS", "10"))
"""How many worlds of each kind are tried in each history; thousands were, before a release."""

MANY = settings(
    max_examples=WORLDS,
    deadline=None,
    suppress_health_check=[*HealthCheck],
    database=None,
    derandomize="CONFORMANCE_WORLDS" not in os.environ,
    phases=[Phase.generate],  # a difference names its invariant; making the world smaller takes minutes
)
NOT_ROWS = "0006/events/immutable"
CYCLES = {"0002/task_dependencies/acyclic": task_edges, "0026/goals.depends_on_goal_ids/acyclic": goal_edges}


class Stage:
    """A database that takes any world, and the auditor of its catalog."""

    def __init__(self, bench: WorldBench, looking: Looking, *, keys: bool) -> None:
        self.bench, self.keys = bench, keys
        with bench.connection.transaction(force_rollback=True):
            bench.connection.execute("SET LOCAL search_path = ''")
            catalog = catalog_of(bench.connection, contract(bench.profile))
        self.auditor = Auditor(contract(bench.profile), catalog, bench.through, looking)
        self.verdicts: Counter[str] = Counter()

    def compare(self, world: Any) -> None:
        """Every verdict follows from what the oracle finds, and every cycle is one, and a shortest one."""
        alive = columns(self.bench.profile, self.bench.through)
        wanted = violations(world, self.bench.profile, self.bench.through, datetime.now(UTC), alive)
        with self.bench.holding(world) as connection:
            found = self.auditor.outcomes(connection)
        assert set(wanted) | {NOT_ROWS} == {id_ for id_, o in found.items() if o.verdict != "not-applicable"}
        for id_, outcome in found.items():
            if id_ in wanted:
                self.verdicts[outcome.verdict] += 1
                _agrees(outcome, wanted[id_], id_)
                if outcome.verdict == "fail" and id_ in CYCLES:
                    _is_shortest(outcome, CYCLES[id_](world))


def _agrees(outcome: Outcome, wanted: Set[Any], id_: str) -> None:
    if outcome.verdict == "indeterminate":
        assert "several parents" in outcome.note, (id_, outcome.note)
        return
    assert (outcome.verdict == "fail") == bool(wanted), (id_, outcome, wanted)
    assert outcome.evidence["violations"] == 0 or outcome.findings
    if outcome.verdict == "fail" and all(isinstance(witness, tuple) for witness in wanted):
        shown = {witness.replace(" · ", "\n") for witness in outcome.findings[0].witnesses}
        if outcome.requirement.claim not in ("no-duplicates", "one-source", "without-gaps", "no-near-duplicates"):
            assert shown <= {"\n".join(map(_printed, witness)) for witness in wanted}, id_
            assert (outcome.findings[0].total or 0) >= len(wanted), id_


def _printed(value: Any) -> str:
    return "NULL" if value is None else str(value)


def _is_shortest(outcome: Outcome, edges: Set[tuple[str, str]]) -> None:
    path = outcome.findings[0].witnesses[0].split(" → ")
    assert path[0] == path[-1]
    assert is_cycle(edges, path[:-1])
    assert len(path) - 1 == shortest_cycle_length(edges)


@pytest.fixture(scope="module", params=[(*h, keys) for h in HISTORIES for keys in (False, True)], ids=str)
def stage(request: pytest.FixtureRequest, server: Server) -> Iterator[Stage]:
    profile, through, keys = request.param
    with pytest.MonkeyPatch.context() as patch, WorldBench(server, profile, through, keys=keys) as bench:
        patch.setattr(Lane, "_small", lambda self, table: profile == "reference")
        yield Stage(bench, Looking(distrust_indexes=not keys), keys=keys)


REVISIONS_OF_NOBODY = {
    "agent_config_revisions": [
        {"id": "30000000-0000-4000-8000-00000000abc3", "revision": 9, "created_at": "2025-12-31T10:00:00+00:00"},
        {"id": "20000000-0000-4000-8000-00000000abc2", "revision": 1, "created_at": "2026-01-02T10:00:00+00:00"},
    ]
}


def test_on_a_world_on_which_they_once_did_not_agree(stage: Stage) -> None:
    """Rows without an agent are no history of one."""
    if "agent_config_revisions" in columns(stage.bench.profile, stage.bench.through):
        stage.compare(REVISIONS_OF_NOBODY)


def test_on_any_world(stage: Stage) -> None:
    @given(worlds(stage.bench.profile, stage.bench.through, keys=stage.keys))
    @MANY
    def check(world: Any) -> None:
        stage.compare(world)

    check()
    assert stage.verdicts["fail"] > 0
    assert stage.verdicts["pass"] > 0


def test_on_worlds_with_one_defect_and_near_the_clean_one(stage: Stage) -> None:
    @given(
        planted_worlds(stage.bench.profile, stage.bench.through),
        nearly_clean_worlds(stage.bench.profile, stage.bench.through),
    )
    @MANY
    def check(planted: Any, near: Any) -> None:
        for world in (planted[1], near):
            stage.compare(without_clashes(world) if stage.keys else world)

    check()


def test_a_clean_world_has_no_alarm(stage: Stage) -> None:
    @given(clean_worlds(stage.bench.profile, stage.bench.through))
    @MANY
    def check(world: Any) -> None:
        stage.verdicts.clear()
        stage.compare(world)
        assert stage.verdicts["fail"] == 0

    check()
