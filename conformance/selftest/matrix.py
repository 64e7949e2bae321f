"""The matrix: which mutants there are, on which database each is tried, and what became of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from conformance.defects import Mutant
from conformance.judge import judge, questions_for
from conformance.model.catalog import Catalog, Table
from conformance.model.contract import Contract, Requirement
from conformance.model.outcome import Outcome
from conformance.options import Options
from conformance.run import load_contract
from conformance.selftest import planted
from conformance.selftest.trial import Fate, Trial
from conformance.sources.workbench import Look, Refused, Workbench


class Defects(Protocol):
    """What a module of `conformance.defects` offers."""

    KIND: str

    def defects(self, requirement: Requirement, table: Table) -> Iterator[Mutant]: ...

    def equivalents(self, requirement: Requirement, table: Table) -> Iterator[Mutant]: ...


def defect_modules() -> Mapping[str, Defects]:
    """The modules of defects by kind."""
    package = import_module("conformance.defects")
    found = [import_module(f"conformance.defects.{module.name}") for module in iter_modules(package.__path__)]
    return {module.KIND: cast("Defects", module) for module in found}


def stages(contract: Contract) -> Mapping[str, tuple[Requirement, ...]]:
    """For each migration at which a database is needed, the requirements to try there: each while it is alive."""
    found: dict[str, list[Requirement]] = {}
    for requirement in contract.requirements:
        found.setdefault(requirement.last, []).append(requirement)
    return {stage: tuple(group) for stage, group in sorted(found.items())}


def run(profiles: Sequence[str], *, major: int | None = None) -> tuple[Trial, ...]:
    """The whole matrix of these profiles, on a throw-away server (of the major version given)."""
    from conformance.fixtures_of import build, fill
    from conformance.sandbox import sandbox

    count = min(os.cpu_count() or 1, 8)
    with sandbox(major=major) as server:
        jobs: list[tuple[Callable[[Job], list[Trial]], Job]] = []
        for profile in profiles:
            contract = load_contract(Options(profile=profile))
            for stage, group in stages(contract).items():
                template = f"{profile}_{stage}"
                build(server, template, profile, stage)
                for number, share in enumerate(_shares(_askable(group, stage), count)):
                    url = server.create_database(f"{template}_{number}", template=template)
                    jobs.append((_job, (profile, stage, url, tuple(r.id for r in share))))
            for stage, claims in planted.stages(contract).items():
                template = f"{profile}_{stage}_rows"
                fill(build(server, template, profile, stage), stage)
                for number, share in enumerate(_shares([claim.requirement for claim in claims], count)):
                    url = server.create_database(f"{template}_{number}", template=template)
                    jobs.append((_plants, (profile, stage, url, tuple(r.id for r in share))))
        jobs.sort(key=lambda job: -len(job[1][3]))
        with ProcessPoolExecutor(max_workers=count) as pool:
            done = [pool.submit(work, job) for work, job in jobs]
            trials = [trial for share in done for trial in share.result()]
    return tuple(sorted(trials, key=lambda t: (t.profile, t.requirement)))


def _askable(group: Sequence[Requirement], stage: str) -> list[Requirement]:
    return [r for r in group if r.alive(stage)]


def _shares(group: Sequence[Requirement], count: int) -> Iterator[Sequence[Requirement]]:
    """The group dealt out: mutants lock tables, so each share is tried on a database of its own."""
    for number in range(min(count, len(group))):
        yield group[number::count]


Job = tuple[str, str, str, tuple[str, ...]]
"""A profile, a migration, the URL of a database as of it, and what is to be tried there."""


def _plants(job: Job) -> list[Trial]:
    profile, stage, url, ids = job
    contract = load_contract(Options(profile=profile))
    with Workbench(url) as bench:
        planter = planted.Planter(bench, contract, stage)
        return [trial for claim in planted.chosen(contract, stage, ids) for trial in planter.trials(claim)]


def _job(job: Job) -> list[Trial]:
    profile, stage, url, ids = job
    contract = load_contract(Options(profile=profile))
    wanted = set(ids)
    with Workbench(url) as bench:
        trier = Trier(bench, contract, stage)
        return [trial for r in contract.requirements if r.id in wanted for trial in trier.trials(r)]


class Trier:
    """Tries mutants on one database."""

    def __init__(self, bench: Workbench, contract: Contract, stage: str) -> None:
        self.bench = bench
        self.contract = contract
        self.stage = stage
        self.modules = defect_modules()
        with bench.changed("", contract.tables()) as look:
            if isinstance(look, Refused):
                raise RuntimeError(f"the clean schema cannot be looked at: {look.reason}")
            self.clean = look.catalog

    def trials(self, requirement: Requirement) -> Iterator[Trial]:
        module = self.modules[requirement.kind]
        table = self.clean.tables.get(requirement.table)
        if table is None or any(name not in table.columns for name in requirement.columns):
            if requirement.level == "may":
                yield self._not_tried(requirement)
                return
            raise RuntimeError(f"our own schema lacks {requirement.subject}, so {requirement.id} cannot be tried")
        for equivalent, mutants in ((False, module.defects), (True, module.equivalents)):
            for mutant in mutants(requirement, table):
                if mutant.oldest <= self.bench.major:
                    yield self._trial(requirement, mutant, equivalent)

    def _not_tried(self, requirement: Requirement) -> Trial:
        return Trial(
            profile=self.contract.profile,
            requirement=requirement.id,
            kind=requirement.kind,
            level=requirement.level,
            mutant="",
            equivalent=False,
            fate="not tried",
            detail="a `may` that our own schema does not take up",
            sql="",
        )

    def _trial(self, requirement: Requirement, mutant: Mutant, equivalent: bool) -> Trial:
        with self.bench.changed(mutant.sql, self._names(requirement)) as look:
            if isinstance(look, Refused):
                fate, detail = "refused", look.reason
            else:
                outcome = self._outcome(requirement, look)
                fate, detail = _fate(outcome, equivalent), f"{outcome.observed}: {outcome.note}"
        return Trial(
            profile=self.contract.profile,
            requirement=requirement.id,
            kind=requirement.kind,
            level=requirement.level,
            mutant=mutant.name,
            equivalent=equivalent,
            fate=fate,
            detail=detail,
            sql=mutant.sql,
        )

    def _names(self, requirement: Requirement) -> list[str]:
        target = str(requirement.spec.get("references", "")).partition(".")[0]
        return [name for name in (requirement.table, target) if name]

    def _outcome(self, requirement: Requirement, look: Look) -> Outcome:
        group = [r for r in self.contract.requirements if r.table == requirement.table]
        catalog: Catalog = look.answered(questions_for(_same_subject(group, requirement), look.catalog, self.stage))
        outcomes = judge(_same_subject(group, requirement), catalog, self.stage)
        return next(o for o in outcomes if o.requirement.id == requirement.id)


def _same_subject(group: Sequence[Requirement], requirement: Requirement) -> list[Requirement]:
    """The requirements that the one may follow from, and those that say what else is asked of its columns."""
    wanted = set(requirement.columns)
    whole = not wanted  # of a table it counts which columns are asked for
    return [r for r in group if set(r.columns) <= wanted or set(r.columns) & wanted or (whole and r.claim == "column")]


def _fate(outcome: Outcome, equivalent: bool) -> Fate:
    if equivalent:
        return "passed" if outcome.verdict == "pass" else "alarmed"
    return {"fail": "killed", "indeterminate": "undecided"}.get(outcome.verdict, "survived")
