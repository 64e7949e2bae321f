"""What the catalog is said to enforce, and rows that get in nevertheless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.enforcement import IN_PART, NOTHING, TRIED
from conformance.model.breach import Breach
from conformance.model.outcome import Finding, Outcome
from conformance.provocation import PLANE, fingerprint


def contradictions(breaches: Sequence[Breach]) -> Iterator[Outcome]:
    """The invariants that the catalog is said to enforce, and rows that break them get in nevertheless."""
    for breach in breaches:
        kept = breach.enforced_by
        if breach.entry != "gets in" or kept.startswith((NOTHING, IN_PART, TRIED)):
            continue
        observed = f"rows that break it get in, past {kept}"
        finding = Finding(
            fingerprint=fingerprint(breach.requirement, breach.expected, observed),
            message=f"{breach.requirement.subject}: asked for {breach.expected}, found {observed}",
            location=breach.requirement.subject,
            script=breach.script,
        )
        yield Outcome(
            requirement=breach.requirement,
            plane=PLANE,
            verdict="fail",
            expected=breach.expected,
            observed=observed,
            evidence={"examined": 1},
            findings=(finding,),
        )
