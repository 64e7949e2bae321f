"""Each wrong implementation is found by its law, with a small history; the reference is found by none."""

from __future__ import annotations

import json
import time

import implementations
import pytest
from implementations import REFERENCE, REPORTS, ROOT, WRONG, Bench, Mistake, mistakes, record

from conformance.model.conduct import Law
from conformance.registry import conduct_laws

LONGEST = {"race": 7, "crash": 7}
MOST_SECONDS = 60
ANEW = "python tests/reports/implementations.py writes it anew"


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.name)
def test_a_mistake_is_found_by_its_law(mistake: Mistake, stand: Bench) -> None:
    law = conduct_laws()[mistake.law]
    began = time.monotonic()
    (found,) = stand.outcomes(f"{ROOT / WRONG}:{mistake.name}", {law.id: law}, 10)
    assert time.monotonic() - began < MOST_SECONDS
    assert found.verdict == "fail", (found.observed, found.note)
    published = {
        row["implementation"]: row for row in json.loads((REPORTS / "implementations.json").read_text("utf-8"))
    }
    assert {**record(mistake, [found]), "also": published[mistake.name]["also"]} == published[mistake.name], ANEW
    (finding,) = found.findings
    assert finding.witnesses[0].startswith("given: ")
    assert len(finding.witnesses) <= LONGEST.get(law.way, 6), finding.witnesses
    if law.way == "race":
        assert finding.script
        assert finding.script.startswith("-- A ")
        assert "|" in finding.script


def test_there_are_a_dozen_and_more() -> None:
    assert len(mistakes()) >= 12
    assert {mistake.law for mistake in mistakes()} <= set(conduct_laws())
    assert {conduct_laws()[mistake.law].way for mistake in mistakes()} == {"history", "invariants", "race", "crash"}


@pytest.mark.parametrize("area", sorted({law.area for law in conduct_laws().values()}))
def test_the_reference_departs_from_no_law(area: str, stand: Bench) -> None:
    laws: dict[str, Law] = {id_: law for id_, law in conduct_laws().items() if law.area == area}
    found = stand.outcomes(str(ROOT / REFERENCE), laws, 2)
    assert {o.requirement.id for o in found} == {f"adapter/{id_}" for id_ in laws}
    for outcome in found:
        assert outcome.verdict == "pass", (outcome.requirement.id, outcome.note, outcome.observed, outcome.findings)


def test_the_same_seed_gives_the_same_history(stand: Bench) -> None:
    law = conduct_laws()["approvals/one-vote-a-user"]
    one, other = (stand.outcomes(f"{ROOT / WRONG}:VotesNotVoters", {law.id: law}, 10) for _ in range(2))
    assert one == other


def test_what_is_published_is_about_them() -> None:
    published = json.loads((REPORTS / "implementations.json").read_text(encoding="utf-8"))
    assert [(row["implementation"], row["law"]) for row in published] == [
        (mistake.name, f"adapter/{mistake.law}") for mistake in mistakes()
    ], ANEW
    told = (REPORTS / "implementations.md").read_text(encoding="utf-8")
    for row in published:
        also = ", ".join(f"`{id_.removeprefix('adapter/')}`" for id_ in row["also"])
        assert f"| {row['implementation']} | {row['mistake']} | `{row['law']}` | {also} |\n" in told, ANEW
        assert "\n```text\n" + "\n".join(row["history"]) + "\n```\n" in told, ANEW
        assert row["script"] is None or f"\n```sql\n{row['script']}\n```\n" in told, ANEW
    assert {row["verdict"] for row in published} == {"fail"}
    text = (REPORTS / "implementations.md").read_text(encoding="utf-8")
    count = len(mistakes())
    laws = len(implementations.conduct_laws())
    assert f"{count} of {count} caught by their law; the reference passes {laws} of {laws} laws." in text
