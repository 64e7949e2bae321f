"""The kill matrix as text, Markdown and JSON: the same score, and everything that was not killed by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.selftest.trial import Trial

_COLUMNS = ("profile", "kind", "requirements", "mutants", "killed", "equivalents", "false alarms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The matrix in numbers. `untried` names the requirements that have no mutant and are no `may`."""

    mutants: int
    killed: int
    equivalents: int
    alarms: int
    refused: int
    untried: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Every mutant is killed, no equivalent alarms, none was refused by the server, none is missing."""
        return self.mutants == self.killed and not (self.alarms or self.refused or self.untried) and self.mutants > 0


def score(trials: Sequence[Trial]) -> Score:
    """Count the fates."""
    fates = Counter((trial.equivalent, trial.fate) for trial in trials)
    tried = {
        (t.profile, t.requirement) for t in trials if not t.equivalent and t.fate in ("killed", "survived", "undecided")
    }
    spelled = {(t.profile, t.requirement) for t in trials if t.equivalent}
    every = {(t.profile, t.requirement) for t in trials if t.fate != "not tried"}
    return Score(
        mutants=sum(count for (equivalent, fate), count in fates.items() if not equivalent and fate != "not tried"),
        killed=fates[False, "killed"],
        equivalents=sum(count for (equivalent, _), count in fates.items() if equivalent),
        alarms=fates[True, "alarmed"],
        refused=fates[False, "refused"] + fates[True, "refused"],
        untried=tuple(f"{profile}: {id_}" for profile, id_ in sorted(every - (tried & spelled))),
    )


def text(trials: Sequence[Trial], found: Score) -> str:
    """The score for a terminal, and every trial that went wrong."""
    lines = [_sentence(found)]
    lines += [f"  {_described(trial)}" for trial in _wrong(trials)]
    lines += [f"  no mutant or no equivalent: {id_}" for id_ in found.untried]
    return "\n".join(lines)


def markdown(trials: Sequence[Trial], found: Score) -> str:
    """The published matrix: the score, a row a profile and kind, the mutants of each kind, what was not tried."""
    lines = ["# Self-test: the kill matrix", "", _sentence(found), ""]
    lines += ["Written by `conformance selftest -o reports`. A mutant is one requirement broken in one way on a real"]
    lines += [
        "server; it is killed only if that requirement fails. An equivalent is another spelling that must pass.",
        "",
    ]
    lines += [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * 2}{' ---: |' * 5}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in _rows(trials)]
    lines += ["", "## What was done to each kind", ""]
    for kind in sorted({trial.kind for trial in trials}):
        broken = sorted({t.mutant for t in trials if t.kind == kind and not t.equivalent and t.fate != "not tried"})
        spelled = sorted({t.mutant for t in trials if t.kind == kind and t.equivalent})
        lines += [f"**{kind}**, broken: {_listed(broken)}.", "", f"Spelled otherwise: {_listed(spelled)}.", ""]
    lines += ["## What went wrong", ""]
    lines += [f"- {_described(trial)}" for trial in _wrong(trials)] or ["Nothing."]
    lines += ["", "## What was not tried", ""]
    lines += [f"- {t.profile}: `{t.requirement}`: {t.detail}" for t in trials if t.fate == "not tried"] or ["Nothing."]
    return "\n".join(lines) + "\n"


def as_json(trials: Sequence[Trial], found: Score) -> str:
    """The matrix a requirement, a line each."""
    requirements: dict[tuple[str, str], dict[str, Any]] = {}
    for trial in trials:
        row = requirements.setdefault(
            (trial.profile, trial.requirement),
            {
                "profile": trial.profile,
                "id": trial.requirement,
                "kind": trial.kind,
                "level": trial.level,
                "mutants": 0,
                "killed": 0,
                "equivalents": 0,
                "false_alarms": 0,
            },
        )
        if trial.equivalent:
            row["equivalents"] += 1
            row["false_alarms"] += trial.fate == "alarmed"
        elif trial.fate != "not tried":
            row["mutants"] += 1
            row["killed"] += trial.fate == "killed"
    summary = {
        "mutants": found.mutants,
        "killed": found.killed,
        "equivalents": found.equivalents,
        "false_alarms": found.alarms,
        "refused": found.refused,
        "untried": list(found.untried),
    }
    rows = ",\n    ".join(json.dumps(requirements[key]) for key in sorted(requirements))
    wrong = json.dumps([_described(trial) for trial in _wrong(trials)])
    return f'{{\n  "summary": {json.dumps(summary)},\n  "wrong": {wrong},\n  "requirements": [\n    {rows}\n  ]\n}}\n'


def _sentence(found: Score) -> str:
    share = 100 * found.killed / found.mutants if found.mutants else 0
    return (
        f"{found.killed} of {found.mutants} mutants killed ({share:.4g} %), "
        f"{found.alarms} false alarms in {found.equivalents} equivalent spellings"
    )


def _rows(trials: Sequence[Trial]) -> Iterable[tuple[str | int, ...]]:
    for profile, kind in sorted({(trial.profile, trial.kind) for trial in trials}):
        own = [t for t in trials if (t.profile, t.kind) == (profile, kind) and t.fate != "not tried"]
        defects = [t for t in own if not t.equivalent]
        yield (
            profile,
            kind,
            len({t.requirement for t in own}),
            len(defects),
            sum(t.fate == "killed" for t in defects),
            len(own) - len(defects),
            sum(t.fate == "alarmed" for t in own),
        )


def _wrong(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.fate not in ("killed", "passed", "not tried")]


def _described(trial: Trial) -> str:
    what = "equivalent" if trial.equivalent else "mutant"
    return f"{trial.profile}: {trial.requirement}: {what} {trial.mutant!r} {trial.fate}: {trial.detail}"


def _listed(names: Sequence[str]) -> str:
    return "; ".join(f"`{name}`" if "`" not in name else name for name in names) or "nothing"
