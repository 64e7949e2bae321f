"""Every defect of the self-test, mended by the script of `repair` and judged again; a part of them here, all of them
where $CONFORMANCE_REPAIR_EVERY is 1. $CONFORMANCE_REPAIR_REPORT names a file for the figures."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from judged import Bench, conforming, contract
from mending import Mended, mended, mutants

from conformance.defects import Mutant
from conformance.fixtures_of import fill
from conformance.model.contract import Requirement
from conformance.model.repair import REASONS
from conformance.registry import repairs
from conformance.sandbox import Server

EVERY = int(os.environ.get("CONFORMANCE_REPAIR_EVERY", "311"))
STAGES = [(profile, through) for profile in ("documented", "reference") for through in ("0028", "0022", "0024")]
"""Every migration with which a requirement ends."""


@pytest.mark.parametrize(("profile", "through"), STAGES)
def test_every_defect_is_mended_or_left_out_with_a_reason(server: Server, profile: str, through: str) -> None:
    url = server.create_database(f"repair_{profile}_{through}", template=conforming(server, profile, through))
    bench = Bench(url, contract(profile))
    found = _tried(bench, through, len(profile) + int(through))
    bench.stack.close()
    assert [(one.requirement, one.mutant, one.departs) for one in found if one.departs] == []
    _told(profile, through, found)
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in {one.kind for one in found}}
    for kind, own in by_kind.items():
        assert len(own) < 4 or any(not one.why for one in own), kind


def test_rows_stay_as_they_are(server: Server) -> None:
    """With rows: whatever the script does, each row that was there is there, and each of its values."""
    url = server.create_database("repair_rows", template=conforming(server))
    fill(url, "0028")
    bench = Bench(url, contract())
    found = _tried(bench, "0028", 3, every=EVERY * 2, rows=True)
    bench.stack.close()
    assert [(one.requirement, one.mutant, one.departs) for one in found if one.departs] == []
    assert any(not one.why for one in found)


def test_each_kind_of_repair_keeps_the_rows(server: Server) -> None:
    """For each kind the first defect that is mended beside rows in every table: after it each row is as it was."""
    url = server.create_database("repair_kinds", template=conforming(server))
    fill(url, "0028")
    bench = Bench(url, contract())
    kinds = set(repairs())
    for requirement, mutant in chain(_shorter(bench), mutants(bench, "0028")):
        if requirement.kind in kinds:
            found = mended(bench, "0028", requirement, mutant, rows=True)
            assert found is None or not found.departs, found
            kinds -= {requirement.kind} if found is not None and not found.why else set()
        if not kinds:
            break
    bench.stack.close()
    assert kinds == set()


def _shorter(bench: Bench) -> Iterator[tuple[Requirement, Mutant]]:
    """Types that hold less, where the rows that are there fit."""
    asked = {requirement.id: requirement for requirement in bench.over.requirements}
    for id_, type_ in (("0001/agents.name/type", "varchar(300)"), ("0001/agents.created_at/type", "timestamptz(0)")):
        requirement = asked[id_]
        sql = f"ALTER TABLE {requirement.table} ALTER {requirement.columns[0]} TYPE {type_}"
        yield requirement, Mutant(name=type_, sql=sql)


def _tried(bench: Bench, through: str, offset: int, *, every: int = EVERY, rows: bool = False) -> list[Mended]:
    chosen = list(mutants(bench, through))[offset % every :: every]
    found = (mended(bench, through, requirement, mutant, rows=rows) for requirement, mutant in chosen)
    return [one for one in found if one is not None]


def _told(profile: str, through: str, found: list[Mended]) -> None:
    """The figures, where somebody wants them."""
    if (file := os.environ.get("CONFORMANCE_REPAIR_REPORT")) is None:
        return
    counts = Counter(one.why or "mended" for one in found)
    assert counts.keys() <= {*REASONS, "mended"}
    line = {"profile": profile, "through": through, "every": EVERY, **dict(sorted(counts.items()))}
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
