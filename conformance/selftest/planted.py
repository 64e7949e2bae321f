"""The part of the matrix that is about rows: every invariant broken on the small clean world in each of its ways.

A planted defect is killed only if its invariant fails with a witness; the clean world and a near miss must pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance import state
from conformance.judge import judge
from conformance.model.contract import Contract
from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.model.reading import Reading
from conformance.selftest.scenes import scenes_of
from conformance.selftest.trial import Trial
from conformance.sources.workbench import Look, Refused, Workbench
from conformance.state import Claim

DISTRUSTING = Looking(distrust_indexes=True)
"""How a claim that an index proves is tried a second time, so that its rows are read too."""


def stages(contract: Contract) -> dict[str, list[Claim]]:
    """For each migration at which a database is needed, the claims to try there: each while it is alive."""
    found: dict[str, list[Claim]] = {}
    for claim in state.claims(contract):
        found.setdefault(claim.requirement.last, []).append(claim)
    return dict(sorted(found.items()))


class Planter:
    """Plants defects on one database."""

    def __init__(self, bench: Workbench, contract: Contract, stage: str) -> None:
        self.bench = bench
        self.contract = contract
        self.stage = stage

    def trials(self, claim: Claim) -> Iterator[Trial]:
        """The clean world, the near miss, and every violation with its repair."""
        scenes = scenes_of(claim, self.contract)
        yield self._trial(claim, "the clean world", "", equivalent=True)
        yield self._trial(claim, "a near miss", scenes.near_miss, equivalent=True)
        for number, sql in enumerate(scenes.violations, 1):
            yield self._trial(claim, f"violation {number}", sql, equivalent=False)
        mended = f"{scenes.violations[0]};\n{scenes.repair}"
        yield self._trial(claim, "the violation repaired", mended, equivalent=True)

    def _trial(self, claim: Claim, name: str, sql: str, *, equivalent: bool) -> Trial:
        tables = [table for table in self.contract.tables() if table in claim.invariant.needs]
        with self.bench.changed(sql, tables) as look:
            if isinstance(look, Refused):
                fate, detail = "refused", look.reason
            else:
                outcomes = [self.outcome(claim, look, Looking())]
                if outcomes[0].object is not None:
                    outcomes.append(self.outcome(claim, look, DISTRUSTING))
                fates = [_fate(outcome, equivalent) for outcome in outcomes]
                fate = next((fate for fate in fates if fate not in ("killed", "passed")), fates[0])
                detail = "; ".join(f"{o.observed}: {o.note}" for o in outcomes)
        return Trial(
            profile=self.contract.profile,
            requirement=claim.requirement.id,
            kind=f"{state.KIND} {claim.invariant.name}",
            level=claim.requirement.level,
            mutant=name,
            equivalent=equivalent,
            fate=fate,
            detail=detail,
            sql=sql,
        )

    def outcome(self, claim: Claim, look: Look, looking: Looking) -> Outcome:
        """What becomes of the claim."""
        reading = Reading(catalog=look.catalog, distrust_indexes=looking.distrust_indexes)
        hosts = judge(claim.hosts, look.catalog, self.stage)
        by_id = {outcome.requirement.id: outcome for outcome in hosts}
        planned = state.plan([claim], reading, by_id, looking, self.stage)
        seen = look.rows(planned.asked, looking)
        (outcome,) = state.judge([claim], planned, seen, reading, looking)
        return outcome


def _fate(outcome: Outcome, equivalent: bool) -> str:
    if equivalent:
        return "passed" if outcome.verdict == "pass" else "alarmed"
    if outcome.verdict == "fail":
        return "killed" if outcome.findings and outcome.findings[0].witnesses else "survived"
    return "undecided" if outcome.verdict == "indeterminate" else "survived"


def chosen(contract: Contract, stage: str, ids: Sequence[str]) -> list[Claim]:
    """The claims of these ids that are tried at a stage."""
    return [claim for claim in stages(contract)[stage] if claim.requirement.id in ids]
