"""The areas of the documentation driven on a schema: histories drawn and made small, and the outcomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from zlib import crc32

from conformance.course import STRAY
from conformance.driven import KIND, PLANE, laws_of, requirement_of
from conformance.machines import histories
from conformance.model.conduct import Area, Call, Departure, Law
from conformance.model.contract import LEVELS, Requirement
from conformance.model.leftover import Leftover
from conformance.model.outcome import Finding, Outcome
from conformance.model.record import replace
from conformance.model.stage import Proving
from conformance.reducing import Reducer, encoded, offered, recalled
from conformance.registry import areas
from conformance.regressions import Kept
from conformance.sandbox.interrupts import interrupts_deferred
from conformance.sources.steps import Steps
from conformance.stepping import Drive, Ground
from conformance.walks import walks


def prove(
    chosen: Sequence[Requirement],
    ground: Ground,
    server: Steps,
    left: Sequence[Leftover],
    before: Sequence[Outcome],
    proving: Proving,
    tell: Callable[[str, int], None],
) -> Iterator[Outcome]:
    """One outcome for each of the chosen ones; `before` are those of single statements, from which they may follow."""
    ids = {r.id for r in chosen}
    for area in areas().values():
        asked = [law for law in laws_of(area) if requirement_of(law).id in ids]
        if asked:
            tell(requirement_of(asked[0]).id, 1)
            yield from _Proof(area, asked, ground, server, before, proving).outcomes(left)


class _Proof:
    """One area, put to its laws."""

    def __init__(
        self,
        area: Area,
        asked: Sequence[Law],
        ground: Ground,
        server: Steps,
        before: Sequence[Outcome],
        proving: Proving,
    ) -> None:
        self.area, self.asked, self.before, self.proving = area, asked, before, proving
        self.ground, self.server = ground, server
        self.operations = [*area.OPERATIONS, STRAY]
        self.found: dict[str, Departure] = {}
        self.made: dict[str, Sequence[Call]] = {}
        self.histories = 0

    def outcomes(self, left: Sequence[Leftover]) -> Iterator[Outcome]:
        """One a law."""
        if why := self._absent():
            yield from (self._untold(law, "not-applicable", why) for law in self.asked)
            return
        parts = [part for part in left if part.table in self.area.TABLES and "index" not in part.claims]
        there = {name for name, table in self.ground.catalog.tables.items() if table.is_table}
        missing = sorted(self.area.TABLES - there)
        why = f"no table {missing[0]}" if missing else f"not provoked: {parts[0].said}" if parts else ""
        if why:
            yield from (self._untold(law, "indeterminate", why) for law in self.asked)
            return
        drive = Drive(self.area, laws_of(self.area), self.ground, self.server)
        if drive.refused:
            why = f"the rows with which histories begin are refused: {drive.refused}"
            yield from (self._untold(law, "indeterminate", why) for law in self.asked)
            return
        kept = {law.id: Kept(self.proving.memory, requirement_of(law).id) for law in self.asked}
        for one in kept.values():
            self._again(drive, one.choices)
        self._walked(drive)
        self._drawn(drive)
        for law in self.asked:
            if (found := self.found.get(law.id)) is not None:
                kept[law.id].departed(found.script or "", list(map(encoded, self.made[law.id])))
            else:
                kept[law.id].passed()
            yield self._outcome(law, drive)

    def _absent(self) -> str:
        """Why nothing of the area can be driven, where the contract has no such table now."""
        gone = sorted(self.area.TABLES - self.ground.documented)
        return f"{self.ground.through} has no {', '.join(gone)}" if gone else ""

    def _untold(self, law: Law, verdict: str, why: str) -> Outcome:
        return Outcome(
            requirement=requirement_of(law),
            plane=PLANE,
            verdict="not-applicable" if verdict == "not-applicable" else "indeterminate",
            expected=law.expected,
            observed="",
            note=why,
            evidence={"examined": 0},
        )

    # --- histories

    def _walked(self, drive: Drive) -> None:
        """The shortest histories to everything that may be expected; behind the longest, each careless statement."""
        paths = walks(self.area.model, tuple(self.area.OPERATIONS), self.area.STEPS)
        for place, path in enumerate(paths):
            drive.begin()
            self.histories += 1
            made: list[Call] = []
            for call in path:
                if (own := offered(drive.model, call)) is None:
                    break
                made.append(own)
                if (found := drive.step(None, own)) is not None:
                    self._keep(drive, found, made)
                    break
            else:
                if place == len(paths) - 1:
                    self._strayed(drive, made)

    def _strayed(self, drive: Drive, made: Sequence[Call]) -> None:
        for call in list(drive.model.offers(STRAY)):
            if (found := drive.step(None, call, back=True)) is not None:
                self._keep(drive, found, [*made, call])
                return

    def _again(self, drive: Drive, choices: Sequence[object]) -> None:
        """The calls that departed in an earlier run, as far as they are offered now."""
        drive.begin()
        made: list[Call] = []
        for one in choices:
            if (own := recalled(drive.model, self.operations, one)) is None:
                return
            made.append(own)
            if (found := drive.step(None, own)) is not None:
                self._keep(drive, found, made)
                return

    def _keep(self, drive: Drive, found: Departure, made: Sequence[Call]) -> None:
        if found.law.id not in self.found:
            reducer = Reducer(drive, lambda: None, found, made)
            smallest = reducer.smallest()
            self.found[found.law.id], self.made[found.law.id] = (
                self._bare(drive, smallest, reducer.calls),
                reducer.calls,
            )
            drive.audited = drive.INVARIANTS.id not in self.found

    def _bare(self, drive: Drive, found: Departure, made: Sequence[Call]) -> Departure:
        """The same departure without those rows of the beginning that it does not need."""
        for place in reversed(range(drive.begun)):
            drive.left_out.add(place)
            again = self._repeated(drive, made)
            if again is None or (again.law.id, again.observed) != (found.law.id, found.observed):
                drive.left_out.discard(place)
            else:
                found = again
        drive.left_out.clear()
        return found

    def _repeated(self, drive: Drive, made: Sequence[Call]) -> Departure | None:
        drive.begin()
        for call in made:
            own = None if drive.refused else offered(drive.model, call)
            if own is None:
                return None
            if (found := drive.step(None, own)) is not None:
                return found
        return None

    def _drawn(self, drive: Drive) -> None:
        number = crc32(f"{self.proving.seed} {KIND}/{self.area.AREA}".encode())
        while len(self.found) < len(laws_of(self.area)):
            with interrupts_deferred() as come:
                run = histories(
                    drive,
                    lambda: None,
                    self.operations,
                    examples=self.proving.examples,
                    number=number,
                    muted=frozenset(self.found),
                    stop=lambda: bool(come),
                )
            self.histories += run.histories
            if run.departure is None:
                return
            id_ = run.departure.law.id
            self.found[id_], self.made[id_] = self._bare(drive, run.departure, run.path), run.path

    # --- outcomes

    def _outcome(self, law: Law, drive: Drive) -> Outcome:
        evidence = {"examined": drive.steps, "histories": self.histories, "seed": self.proving.seed}
        if law.id == drive.INVARIANTS.id:
            evidence |= {"examined": drive.looks, "broken": len(drive.broken)}
        found = self.found.get(law.id)
        outcome = Outcome(
            requirement=requirement_of(law, found.level if found else None),
            plane=PLANE,
            verdict="pass",
            expected=law.expected,
            observed=f"so in {drive.steps:,} steps of {self.histories:,} histories",
            evidence=evidence,
        )
        if law.id == drive.INVARIANTS.id:
            said = f"{outcome.observed}, in {drive.looks:,} looks; {len(drive.broken)} were seen broken too"
            outcome = replace(outcome, observed=said)
            why = "; ".join(f"{id_}: {reason}" for id_, (_, reason) in sorted(drive.unread.items()))
            if why and found is None:
                level = min((level for level, _ in drive.unread.values()), key=LEVELS.index)
                outcome = replace(outcome, requirement=requirement_of(law, level))
            if found is not None:
                script = " ".join((found.script or "").split())
                why = f"{found.observed}: what the audit says of it cannot be relied on here; {script}"
            return replace(outcome, verdict="indeterminate", note=why) if why else outcome
        if found is None and not drive.accepted:
            return replace(outcome, verdict="indeterminate", observed="", note="no valid step could be made")
        return outcome if found is None else _failed(outcome, found, self._because(found))

    def _because(self, found: Departure) -> str | None:
        """The requirement that departs by itself, and from which this follows: the one that should have refused, or
        one of the same tables."""
        failing = [o.requirement for o in self.before if o.verdict == "fail" and o.because is None]
        own = [r for r in failing if r.id == found.note]
        near = sorted((r for r in failing if r.table in self.area.TABLES), key=lambda r: LEVELS.index(r.level))
        return next((r.id for r in own or ([] if found.note else near)), None)


def _failed(outcome: Outcome, found: Departure, because: str | None) -> Outcome:
    shape = f"{outcome.requirement.id}\n{found.observed}"
    finding = Finding(
        fingerprint=sha256(shape.encode("utf-8", "backslashreplace")).hexdigest()[:16],
        message=f"{outcome.requirement.id}: asked for {outcome.expected}, found {found.observed}",
        location=outcome.requirement.id,
        script=found.script,
    )
    return replace(outcome, verdict="fail", observed=found.observed, because=because, findings=(finding,))
