"""The mutants of the kill matrix, written as a migration behind ours and judged from their text."""

from collections.abc import Iterator
from dataclasses import dataclass

from folds import statements
from judged import contract

from conformance.fixtures_of import migrations
from conformance.fold.catalog import catalog
from conformance.fold.evaluate import answers
from conformance.fold.folding import Folded, fold
from conformance.fold.schema import Schema
from conformance.judge import judge, questions_for
from conformance.linting import doubted
from conformance.model.contract import Requirement
from conformance.model.record import replace
from conformance.selftest.matrix import defect_modules, stages


@dataclass(frozen=True)
class Tried:
    """What became of a requirement once a mutant was there."""

    requirement: str
    mutant: str
    equivalent: bool
    verdict: str
    note: str
    sql: str


class Bench:
    """Our migrations of a profile up to a stage, folded once."""

    def __init__(self, profile: str, stage: str, major: int = 18) -> None:
        self.contract, self.stage = contract(profile), stage
        self.tables = self.contract.tables()
        files = migrations(profile, stage)
        found = [one for file in files for one in statements(file.read_text(encoding="utf-8"), file.name)]
        self.clean = fold(found, self.tables, Schema(major=major))
        self.catalog = catalog(self.clean.schema, self.tables)

    def tried(self, requirement: Requirement) -> Iterator[Tried]:
        """Every mutant of a requirement."""
        table = self.catalog.tables.get(requirement.table)
        if table is None or not set(requirement.columns) <= table.columns.keys():
            return
        module = defect_modules()[requirement.kind]
        for equivalent, mutants in ((False, module.defects), (True, module.equivalents)):
            for mutant in mutants(requirement, table):
                folded = fold(statements(mutant.sql, "mutant.sql"), self.tables, self.clean.schema)
                verdict, note = self._judged(requirement, folded)
                yield Tried(requirement.id, mutant.name, equivalent, verdict, note, mutant.sql)

    def _judged(self, requirement: Requirement, folded: Folded) -> tuple[str, str]:
        target = str(requirement.spec.get("references", "")).partition(".")[0]
        built = catalog(folded.schema, [name for name in (requirement.table, target) if name])
        wanted = set(requirement.columns)
        group = [
            r
            for r in self.contract.requirements
            if r.table == requirement.table
            and (set(r.columns) <= wanted or set(r.columns) & wanted or (not wanted and r.claim == "column"))
        ]
        asked = questions_for(group, built, self.stage)
        built = replace(built, answers=answers(folded.schema, asked))
        outcomes = doubted(judge(group, built, self.stage), folded, built)
        outcome = next(o for o in outcomes if o.requirement.id == requirement.id)
        return outcome.verdict, f"{outcome.observed}: {outcome.note}"


def all_tried(profile: str, every: int = 1) -> Iterator[Tried]:
    """The mutants of every requirement of a profile, or of each so-manieth one."""
    for stage, group in stages(contract(profile)).items():
        alive = [requirement for requirement in group if requirement.alive(stage)][::every]
        if alive:
            bench = Bench(profile, stage)
            for requirement in alive:
                yield from bench.tried(requirement)
