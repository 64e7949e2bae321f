"""From a contract and a catalog to outcomes: pure, and the same for every source and every face."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from conformance.model.catalog import Catalog, Table
from conformance.model.contract import LEVELS, Requirement
from conformance.model.outcome import Finding, Judgement, Outcome, failed, undecided
from conformance.model.placement import parts_below
from conformance.model.question import Question
from conformance.model.record import replace
from conformance.model.scene import Scene
from conformance.model.sql import identifier
from conformance.registry import Check, after, asks, checks, idle_beside, questions, seen_through_views

_SHOWN = 4000


def asked_of(requirements: Sequence[Requirement], through: str) -> Mapping[str, Sequence[Requirement]]:
    """The living requirements of each table."""
    return _by_table([requirement for requirement in requirements if requirement.alive(through)])


def _by_table(living: Iterable[Requirement]) -> Mapping[str, Sequence[Requirement]]:
    asked: dict[str, list[Requirement]] = {}
    for requirement in living:
        asked.setdefault(requirement.table, []).append(requirement)
    return asked


def questions_for(requirements: Sequence[Requirement], catalog: Catalog, through: str) -> tuple[Question, ...]:
    """Everything that the checks need to ask of the server, each question once."""
    found: dict[Question, None] = {}
    asking = {kind: (check, idle_beside(check)) for kind, check in checks().items() if asks(check)}
    living = [requirement for requirement in requirements if requirement.alive(through)]
    claimed = {(r.table, r.columns, r.claim) for r in living}
    scene = Scene(catalog=catalog, asked=_by_table(living))
    for requirement in living:
        table = catalog.tables.get(requirement.table)
        if requirement.kind not in asking or table is None or not table.is_table:
            continue
        check, idle = asking[requirement.kind]
        if idle and any((requirement.table, requirement.columns, claim) in claimed for claim in idle):
            continue
        if table.columns.keys() >= set(requirement.columns):
            for question in questions(check, requirement, table, scene):
                found.setdefault(question)
    return tuple(found)


def judge(requirements: Sequence[Requirement], catalog: Catalog, through: str) -> tuple[Outcome, ...]:
    """One outcome a requirement, in order."""
    return tuple(_Judging(requirements, catalog, through).outcomes())


class _Judging:
    def __init__(self, requirements: Sequence[Requirement], catalog: Catalog, through: str) -> None:
        self.requirements = requirements
        self.catalog = catalog
        self.through = through
        living = [requirement for requirement in requirements if requirement.alive(through)]
        self.scene = Scene(catalog=catalog, asked=_by_table(living))
        self.living: dict[tuple[str, tuple[str, ...], str], Requirement] = {}
        for r in living:  # where a claim is made twice, what hangs on it hangs on the stronger one
            held = self.living.setdefault((r.table, r.columns, r.claim), r)
            if LEVELS.index(r.level) < LEVELS.index(held.level):
                self.living[r.table, r.columns, r.claim] = r
        self.checks = checks()
        self.stands_on = {c: on for check in self.checks.values() for c in check.CLAIMS if (on := after(check, c))}
        self.done: dict[str, Outcome] = {}

    def outcomes(self) -> Iterator[Outcome]:
        for requirement in self.requirements:
            yield self._outcome(requirement)

    def _outcome(self, requirement: Requirement) -> Outcome:
        found = self.done.get(requirement.id)
        if found is None:
            found = self.done[requirement.id] = self._decide(requirement)
        return found

    def _decide(self, requirement: Requirement) -> Outcome:
        check = self.checks[requirement.kind]
        if not requirement.alive(self.through):
            return _not_alive(requirement, check, self.through)
        table = self.catalog.tables.get(requirement.table)
        if table is None:
            return self._missing(
                requirement, check, (requirement.table, (), "table"), self._no_table(requirement.table)
            )
        for name in requirement.columns:
            if name not in table.columns:
                near = _near_name(name, table)
                return self._missing(
                    requirement, check, (requirement.table, (name,), "column"), f"no column {name}{near}"
                )
        target = str(requirement.spec.get("references", "")).partition(".")[0]
        if target and target not in self.catalog.tables:
            return self._missing(requirement, check, (target, (), "table"), self._no_table(target))
        if not table.is_table and not seen_through_views(check):
            judgement = undecided(
                check.expected(requirement),
                table.described,
                f"what keeps it lies behind the {table.described}",
            )
            return _outcome_of(requirement, check, judgement, table)
        if table.parts and (part := _foreign_part(table)) and not seen_through_views(check):
            judgement = undecided(
                check.expected(requirement), table.described, f"what keeps it in {part} lies behind a foreign table"
            )
            return _outcome_of(requirement, check, judgement, table)
        judgement = check.judge(requirement, table, self.scene)
        outcome = _outcome_of(requirement, check, judgement, table)
        if (cause := self._cause(requirement)) is not None:
            note = outcome.note or f"it stands on {cause.requirement.id}, which fails"
            return replace(outcome, verdict="fail", because=cause.requirement.id, note=note, findings=())
        return outcome

    def _cause(self, requirement: Requirement) -> Outcome | None:
        """The failed claim on the same subject that this one stands on, if there is one."""
        claim = self.stands_on.get(requirement.claim)
        root = self.living.get((requirement.table, requirement.columns, claim)) if claim else None
        if root is None:
            return None
        outcome = self._outcome(root)
        return outcome if outcome.verdict == "fail" else None

    def _missing(
        self, requirement: Requirement, check: Check, subject: tuple[str, tuple[str, ...], str], observed: str
    ) -> Outcome:
        """What hangs on a missing table or column fails because of it, unless it is asked for more than its host is:
        then there is nothing that it could be asked of."""
        root = self.living.get(subject)
        judgement = failed(check.expected(requirement), observed)
        if root is None or root.id == requirement.id:
            return _outcome_of(requirement, check, judgement, None)
        if LEVELS.index(root.level) > LEVELS.index(requirement.level):
            outcome = _outcome_of(requirement, check, replace(judgement, verdict="not-applicable"), None)
            return replace(outcome, note=f"{root.id}, which it hangs on, is only {root.level}", because=root.id)
        outcome = _outcome_of(requirement, check, judgement, None)
        return replace(outcome, because=self._outcome(root).because or root.id, findings=())

    def _no_table(self, name: str) -> str:
        path = ", ".join(map(identifier, self.catalog.path)) or "nothing"
        if taken := self.catalog.taken.get(name):
            return f"no table {name}: on the search path ({path}) the name means the {taken}"
        text = f"no relation {name} on the search path ({path})"
        if schemas := self.catalog.elsewhere.get(name):
            text += f"; one is in {', '.join(schemas)}, which is off it: --schema {schemas[0]} would look there"
        return text


def _foreign_part(table: Table) -> str:
    """The parts whose constraints PostgreSQL takes for granted, or ""."""
    return ", ".join(dict.fromkeys(part.name for part in parts_below(table) if part.kind == "f"))


def _bounded(text: str, object_: str | None = None) -> str:
    """What a report shows of a text, which may be as long as the database's owner likes. It is cut at the same place
    whatever the object is called that it begins with."""
    if object_ and text.startswith(head := f"{object_}: "):
        return head + _bounded(text[len(head) :])
    if len(text) <= _SHOWN:
        return text
    from hashlib import sha256

    rest = text[_SHOWN:]  # what a waiver or a baseline excuses is bound to all of it
    told = sha256(rest.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return f"{text[:_SHOWN]}… (and {len(rest):,} more characters, {told})"


def _near_name(name: str, table: Table) -> str:
    folded = name.replace("_", "").lower()
    for other in table.columns:
        if other.replace("_", "").lower() == folded:
            return f"; there is one called {other!a}"
    return ""


def _not_alive(requirement: Requirement, check: Check, through: str) -> Outcome:
    return Outcome(
        requirement=requirement,
        plane="structure",
        verdict="not-applicable",
        expected=check.expected(requirement),
        observed="",
        note=requirement.why_not_alive(through),
    )


def _outcome_of(requirement: Requirement, check: Check, judgement: Judgement, table: Table | None) -> Outcome:
    failing = judgement.verdict == "fail"
    return Outcome(
        requirement=requirement,
        plane="structure",
        verdict=judgement.verdict,
        expected=judgement.expected,
        observed=_bounded(judgement.observed, judgement.object),
        object=judgement.object,
        note=_bounded(judgement.note),
        evidence={"examined": judgement.examined},
        findings=(_finding(requirement, judgement, table),) if failing else (),
        repair=check.repair(requirement, table) if failing else None,
    )


def _finding(requirement: Requirement, judgement: Judgement, table: Table | None) -> Finding:
    from hashlib import sha256  # most databases conform, and need none

    shape = f"{requirement.id}\n{judgement.expected}\n{judgement.observed}\n{judgement.note}"
    message = (
        f"{requirement.subject}: asked for {judgement.expected}, found {_bounded(judgement.observed, judgement.object)}"
    )
    if judgement.note:
        message += f" ({_bounded(judgement.note)})"
    return Finding(
        fingerprint=sha256(shape.encode("utf-8", "backslashreplace")).hexdigest()[:16],
        message=message,
        location=f"{table.schema}.{requirement.subject}" if table else requirement.subject,
        witness=judgement.witness,
    )
