"""The behaviour plane: laws put to a sandbox, requirement by requirement, and the outcomes that come of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from zlib import crc32

from conformance.model.catalog import Catalog, Table
from conformance.model.contract import LEVELS, Requirement
from conformance.model.experiment import Choice, Plainly, Result, script_of, script_of_race
from conformance.model.outcome import Finding, Outcome
from conformance.model.record import Record, replace
from conformance.model.specimen import Scribe, Specimens, specimens
from conformance.model.stage import Proving, Stage
from conformance.model.told_apart import Aside, asides
from conformance.properties.drawing import smallest
from conformance.registry import Law, checks, doubt_of, laws, race_of, remark_of, unraced_of
from conformance.regressions import Again, Kept, Recorded
from conformance.sandbox.interrupts import interrupts_deferred

PLANE = "behaviour"


class Departure(Record):
    """An example that departs, as a script, and what was observed."""

    observed: str
    script: str
    expects: str
    choices: tuple[int | str, ...] = ()
    """What was chosen where the example was drawn."""


def covered(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Those of the requirements that a law applies to."""
    return tuple(r for r in requirements if r.claim in laws())


def prove(
    requirements: Sequence[Requirement],
    chosen: Sequence[Requirement],
    stage: Stage,
    proving: Proving,
    through: str,
    tell: Callable[[str, int], None],
) -> tuple[Outcome, ...]:
    """One outcome for each of the chosen requirements that a law applies to."""
    living = [r for r in requirements if r.alive(through)]
    return tuple(_Prover(living, stage, proving, through, tell).outcomes(covered(chosen)))


class _Prover:
    def __init__(
        self,
        living: Sequence[Requirement],
        stage: Stage,
        proving: Proving,
        through: str,
        tell: Callable[[str, int], None],
    ) -> None:
        self.stage = stage
        self.proving = proving
        self.through = through
        self.tell = tell
        self.specimens: Specimens = specimens(living, stage.catalog)
        self.hosts: dict[tuple[str, tuple[str, ...]], Requirement] = {}
        for r in sorted(living, key=lambda r: LEVELS.index(r.level)):
            if r.claim in ("table", "column"):
                self.hosts.setdefault((r.table, r.columns), r)
        self.deferrable = any(
            key.deferrable for table in stage.catalog.tables.values() for key in table.foreign_keys
        ) or any(
            not index.immediate for table in stage.catalog.tables.values() for index in table.indexes if index.unique
        )

    def outcomes(self, asked: Sequence[Requirement]) -> list[Outcome]:
        found = []
        for number, requirement in enumerate(asked):
            self.tell(requirement.id, len(asked) - number)
            found.append(self._outcome(requirement))
        return found

    def _outcome(self, requirement: Requirement) -> Outcome:
        law = laws()[requirement.claim]
        outcome = Outcome(
            requirement=requirement,
            plane=PLANE,
            verdict="not-applicable",
            expected=law.expected(requirement),
            observed="",
            evidence={"examined": 0},
        )
        if not requirement.alive(self.through):
            return replace(outcome, note=requirement.why_not_alive(self.through))
        if why := self.stage.unexamined(requirement):
            return replace(outcome, verdict="indeterminate", note=why)
        if (missing := self._missing(requirement, outcome)) is not None:
            return missing
        if why := self._out_of_reach(requirement):
            return replace(outcome, verdict="indeterminate", note=why)
        trial = _Trial(requirement, law, self)
        return trial.outcome(outcome)

    def _missing(self, requirement: Requirement, outcome: Outcome) -> Outcome | None:
        """The outcome where what the claim is about is not there: as the structure plane has it."""
        table = self.stage.catalog.tables.get(requirement.table)
        if table is None:
            return self._hanging(requirement, outcome, (requirement.table, ()), f"no relation {requirement.table}")
        for name in requirement.columns:
            if name not in table.columns:
                return self._hanging(requirement, outcome, (requirement.table, (name,)), f"no column {name}")
        return None

    def _hanging(
        self, requirement: Requirement, outcome: Outcome, subject: tuple[str, tuple[str, ...]], observed: str
    ) -> Outcome:
        if subject[1] and (host := self.hosts.get((requirement.table, ()))) is not None:
            root = self.hosts.get(subject, host)
        else:
            root = self.hosts.get(subject, requirement)
        outcome = replace(outcome, observed=observed)
        if root.id == requirement.id:
            finding = _finding(requirement, outcome.expected, observed, None, self.stage.catalog)
            return replace(outcome, verdict="fail", findings=(finding,))
        if LEVELS.index(root.level) > LEVELS.index(requirement.level):
            note = f"{root.id}, which it hangs on, is only {root.level}"
            return replace(outcome, note=note, because=root.id)
        return replace(outcome, verdict="fail", because=root.id)

    def _out_of_reach(self, requirement: Requirement) -> str:
        table = self.stage.catalog.tables[requirement.table]
        target = str(requirement.spec.get("references", "")).partition(".")
        if not table.is_table:
            return f"it is a {table.described}, and what is behind it was not provoked"
        there = self.stage.catalog.tables.get(target[0])
        if target[0] and (there is None or not set(target[2].split("+")) <= set(there.columns)):
            return f"there is no {target[0]}.{target[2]} that a row could refer to"
        return ""


class _Trial:
    """One law put to one requirement."""

    def __init__(self, requirement: Requirement, law: Law, prover: _Prover) -> None:
        self.requirement = requirement
        self.law = law
        self.prover = prover
        self.tried = 0
        self.void: list[str] = []
        self.lost: list[str] = []

    def outcome(self, outcome: Outcome) -> Outcome:
        requirement, proving = self.requirement, self.prover.proving
        cases = self.law.cases(requirement, self.prover.specimens)
        if not cases:
            return replace(outcome, note="the law knows no examples of this")
        kept = Kept(proving.memory, requirement.id)
        departure = self._again(cases, kept) or self._first(cases) or self._entangled(cases) or self._race()
        if departure is None:
            number = crc32(f"{proving.seed} {requirement.id}".encode())
            # what an interrupt raises would be lost where Hypothesis is called back, by the collector of garbage say
            with interrupts_deferred() as come:
                departure = smallest(
                    lambda choice: self._drawn(cases, choice),
                    proving.examples,
                    number,
                    lambda: bool(come),
                    None if proving.memory is None else (proving.memory, requirement.id),
                )
        evidence = {"examined": self.tried, "told_nothing": len(self.void), "seed": proving.seed}
        if departure is not None:
            kept.departed(departure.script, departure.choices)
            evidence = {"examined": self.tried, "seed": proving.seed}
            return self._failed(replace(outcome, evidence=evidence), departure)
        if self.lost:
            note = f"{len(self.lost)} of {self.tried} examples were lost to an accident: {self.lost[0]}"
            return replace(outcome, verdict="indeterminate", observed="", note=note, evidence=evidence)
        told = self.tried - len(self.void)
        if not told:
            note = f"no example tells anything of it: {self.void[0]}" if self.void else "the law has no example of this"
            return replace(outcome, verdict="indeterminate", observed="", note=note, evidence=evidence)
        observed = f"as documented in {told} example{'s' * (told != 1)}"
        if why := self._said(doubt_of) or (self._said(unraced_of) if self.prover.stage.raced is None else ""):
            return replace(outcome, verdict="indeterminate", observed=observed, note=why, evidence=evidence)
        said = self._said(remark_of)
        nothing = f"{len(self.void)} more tell nothing: {self.void[0]}" if self.void else ""
        note = "; ".join(filter(None, (said, nothing)))
        kept.passed()
        return replace(outcome, verdict="pass", observed=observed, note=note, evidence=evidence)

    def _said(self, of: Callable[[Law], Callable[[Requirement, Specimens], str] | None]) -> str:
        """What the law says of the claim on this schema, where it says it."""
        told = of(self.law)
        return told(self.requirement, self.prover.specimens) if told is not None else ""

    def _again(self, cases: Sequence[object], kept: Kept) -> Departure | None:
        """What departed in an earlier run."""
        return self._drawn(cases, Again(kept.choices)) if kept.choices else None

    def _drawn(self, cases: Sequence[object], choice: Choice) -> Departure | None:
        """One example of many, and what was chosen for it."""
        recorded = Recorded(choice)
        found = self._look(recorded.pick(list(cases)), recorded)
        return found and replace(found, choices=tuple(recorded.made))

    def _first(self, cases: Sequence[object]) -> Departure | None:
        """The small domain, in the smallest rows."""
        for case in cases:
            if (departure := self._look(case, self.prover.stage.plainly())) is not None:
                return departure
        return None

    def _entangled(self, cases: Sequence[object]) -> Departure | None:
        """The same beside each value of a column that a CHECK or a unique index looks at together with these."""
        for aside in asides(self.prover.specimens, self.requirement):
            for case in cases:
                if (departure := self._look(case, self.prover.stage.plainly(), aside)) is not None:
                    return departure
        return None

    def _look(self, case: object, choice: Choice, aside: Aside | None = None) -> Departure | None:
        beside = (self.requirement.table, aside or {})
        scribe = Scribe(self.prover.specimens, choice, self.prover.stage.start, beside)
        experiment = self.law.experiment(self.requirement, scribe, case)
        if experiment is None or (aside and experiment.expects == "accepted" and not experiment.control):
            return None  # what stands aside may itself be refused
        result = self.prover.stage.tried(experiment)
        if not (aside and result.fate == "void"):
            self._count(result)
        if result.fate != "departs":
            return None
        script = script_of(experiment, result, deferrable=self.prover.deferrable, path=self.prover.stage.path)
        return Departure(observed=result.observed, script=script, expects=experiment.expects)

    def _race(self) -> Departure | None:
        race = race_of(self.law)
        if race is None or self.prover.stage.raced is None:
            return None
        start = crc32(self.requirement.id.encode())  # what a race leaves behind is there for the next one
        found = race(self.requirement, Scribe(self.prover.specimens, Plainly(), start))
        result = self.prover.stage.raced(found)
        self._count(result)
        if result.fate != "departs":
            return None
        script = script_of_race(found, result, path=self.prover.stage.path)
        return Departure(observed=result.observed, script=script, expects="refused")

    def _count(self, result: Result) -> None:
        self.tried += 1
        if result.fate == "void":
            self.void.append(result.observed)
        if result.fate == "lost":
            self.lost.append(result.observed)

    def _failed(self, outcome: Outcome, departure: Departure) -> Outcome:
        requirement, catalog = self.requirement, self.prover.stage.catalog
        finding = _finding(requirement, outcome.expected, departure.observed, departure.script, catalog)
        table = catalog.tables.get(requirement.table)
        return replace(
            outcome,
            verdict="fail",
            observed=departure.observed,
            findings=(finding,),
            repair=_repair(requirement, table),
        )


def _repair(requirement: Requirement, table: Table | None) -> str | None:
    return (
        checks()[requirement.kind].repair(requirement, table) if requirement.claim not in ("table", "column") else None
    )


def _finding(requirement: Requirement, expected: str, observed: str, script: str | None, catalog: Catalog) -> Finding:
    table = catalog.tables.get(requirement.table)
    return Finding(
        fingerprint=fingerprint(requirement, expected, observed),
        message=f"{requirement.subject}: asked for {expected}, found {observed}",
        location=f"{table.schema}.{requirement.subject}" if table else requirement.subject,
        script=script,
    )


def fingerprint(requirement: Requirement, expected: str, observed: str) -> str:
    """What departs, and how."""
    shape = f"{requirement.id}\n{expected}\n{observed}"
    return sha256(shape.encode("utf-8", "backslashreplace")).hexdigest()[:16]
