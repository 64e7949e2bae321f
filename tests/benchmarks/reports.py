"""Measures what each report format costs for 5,000 outcomes, beside `json.dumps` of the same outcomes."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import replace
from pathlib import Path

from measure import alternate

from conformance import rendering
from conformance.model.outcome import Finding, Outcome
from conformance.model.report import Report
from conformance.render import renderers
from conformance.render.json import document

GALLERY = Path(__file__).parents[2] / "reports" / "gallery"


def grown(of: Report, count: int) -> Report:
    """The outcomes over and over, each time under other names, until there are so many."""
    times = range(count // len(of.outcomes) + 1)
    outcomes = [renamed(outcome, time_) for time_ in times for outcome in of.outcomes]
    return replace(of, outcomes=tuple(outcomes[:count]))


def renamed(outcome: Outcome, time_: int) -> Outcome:
    own = replace(outcome.requirement, id=f"v{time_}/{outcome.requirement.id}")
    because = f"v{time_}/{outcome.because}" if outcome.because else None
    return replace(outcome, requirement=own, because=because)


def failing(of: Report) -> Report:
    """The same, every outcome a departure of its own: the most that there can be to show."""
    return replace(of, outcomes=tuple(failed(outcome, number) for number, outcome in enumerate(of.outcomes)))


def failed(outcome: Outcome, number: int) -> Outcome:
    message = f"{outcome.requirement.subject}: asked for {outcome.expected}, found {outcome.observed}"
    finding = Finding(fingerprint=f"{number:016x}", message=message, location=outcome.requirement.subject)
    return replace(outcome, verdict="fail", because=None, findings=(finding,), repair="SELECT 1;\nSELECT 2;")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    seen = grown(rendering.report(GALLERY / "half-migrated.json"), given.outcomes)
    sys.stdout.write(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}\n\n")
    sys.stdout.write("| format | half-migrated | all depart |\n| --- | ---: | ---: |\n")
    columns = []
    for of in (seen, failing(seen)):
        outcomes = document(of)["outcomes"]
        jobs = [lambda outcomes=outcomes: json.dumps(outcomes)]
        jobs += [lambda of=of, one=one: one.render(of) for one in renderers().values()]
        columns.append(alternate(given.runs, *jobs))
    for place, name in enumerate(["json.dumps, the floor", *renderers()]):
        cells = " | ".join(f"{times[place]:.3f} s ({times[place] / times[0]:.1f} ×)" for times in columns)
        sys.stdout.write(f"| {name} | {cells} |\n")


if __name__ == "__main__":
    main()
