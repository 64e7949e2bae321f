"""A run that needs no database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import reported

from conformance import run
from conformance.model.contract import Level
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.run import Options

Conformance = Callable[..., "subprocess.CompletedProcess[str]"]


def outcome(verdict: Verdict, level: Level = "must", id_: str = "0013/agents.name/unique") -> Outcome:
    """One outcome; what fails has a finding."""
    finding = Finding(fingerprint="0" * 16, message="departs", location="public.agents.name")
    own: dict[str, Any] = {"source": "the page, line 27", "expected": "unique (name)", "observed": "none"}
    return reported.outcome(id_, level, verdict, findings=(finding,) if verdict == "fail" else (), **own)


class Looked:
    """Stands in for `conformance.run.check`: remembers what it was asked, and gives the outcomes it was told to."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.options = Options()
        self.outcomes: tuple[Outcome, ...] = (outcome("pass"),)
        self.error: BaseException | None = None
        self.count = 0

    def __call__(self, url: str | None, options: Options) -> Report:
        self.url, self.options = url, options
        self.count += 1
        if self.error is not None:
            raise self.error
        return Report(
            tool="conformance 0",
            target=replace(reported.TARGET, address="reader@db/astra"),
            profile=options.profile,
            profile_title="a title",
            through=options.through,
            threshold=run.threshold(options),
            started="2026-01-31T12:00:00Z",
            seconds=0.1,
            outcomes=self.outcomes,
        )
