"""Four scenes a check: the clean one and the near miss pass, the violation fails with evidence, the repair mends it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from judged import Bench

from conformance.model.outcome import Outcome
from conformance.registry import checks

FOLDER = Path(__file__).parents[2] / "fixtures" / "defects"
SCENES = ("clean", "near_miss", "violation", "repair")
SERVERS = ("server", "older_server")


@dataclass(frozen=True)
class Scene:
    """One file."""

    requirement: str
    says: str
    sql: str


def scene(kind: str, name: str) -> Scene:
    sql = (FOLDER / kind.replace("-", "_") / f"{name}.sql").read_text(encoding="utf-8")
    head = dict(re.findall(r"^-- (requirement|scene|says): (.*)$", sql, re.MULTILINE))
    assert list(head)[:2] == ["requirement", "scene"]
    return Scene(requirement=head["requirement"], says=head.get("says", ""), sql=sql)


def play(bench: Bench, kind: str, *names: str) -> tuple[Scene, Outcome]:
    """The outcome once these scenes have run, one after the other."""
    scenes = [scene(kind, name) for name in names]
    assert len({s.requirement for s in scenes}) == 1
    return scenes[-1], bench.outcome(";\n".join(s.sql for s in scenes), scenes[0].requirement)


@pytest.fixture(params=SERVERS)
def stage(request: pytest.FixtureRequest, benches: Callable[..., Bench]) -> Bench:
    """A conforming database on each of the two majors."""
    return benches(server=request.param)


def test_every_check_has_its_four_scenes() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {kind.replace("-", "_") for kind in checks()}
    for folder in FOLDER.iterdir():
        if folder.is_dir():
            assert {path.stem for path in folder.iterdir()} == set(SCENES), folder


def test_each_is_about_a_requirement_of_its_kind(bench: Bench) -> None:
    kinds = {r.id: r.kind for r in bench.over.requirements}
    for kind in checks():
        assert {kinds[scene(kind, name).requirement] for name in SCENES} == {kind}


@pytest.mark.parametrize("kind", checks())
def test_clean_passes_without_a_word(stage: Bench, kind: str) -> None:
    _, outcome = play(stage, kind, "clean")
    assert (outcome.verdict, outcome.note, outcome.findings, outcome.repair) == ("pass", "", (), None)
    assert outcome.evidence["examined"] > 0
    assert outcome.observed


@pytest.mark.parametrize("kind", checks())
def test_near_miss_passes(stage: Bench, kind: str) -> None:
    told, outcome = play(stage, kind, "near_miss")
    assert (outcome.verdict, outcome.findings) == ("pass", ())
    assert told.says in f"{outcome.observed}; {outcome.note}"


@pytest.mark.parametrize("kind", checks())
def test_violation_fails_with_evidence(stage: Bench, kind: str) -> None:
    told, outcome = play(stage, kind, "violation")
    assert (outcome.verdict, outcome.because) == ("fail", None)
    assert outcome.expected == checks()[kind].expected(outcome.requirement)
    assert outcome.expected != outcome.observed != ""
    (finding,) = outcome.findings
    assert told.says
    assert told.says in f"{outcome.observed}; {outcome.note}"
    assert outcome.requirement.subject in finding.message
    assert outcome.observed in finding.message
    assert outcome.note in finding.message
    assert re.fullmatch("[0-9a-f]{16}", finding.fingerprint)
    assert finding.location.endswith(outcome.requirement.subject)
    assert outcome.repair
    assert outcome.evidence["examined"] > 0


@pytest.mark.parametrize("kind", checks())
def test_the_fingerprint_survives_a_second_run(stage: Bench, kind: str) -> None:
    first, second = (play(stage, kind, "violation")[1] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", checks())
def test_repair_mends_it(stage: Bench, kind: str) -> None:
    _, outcome = play(stage, kind, "violation", "repair")
    assert (outcome.verdict, outcome.findings, outcome.repair) == ("pass", (), None)
