"""A history of migrations replayed on a throw-away server, in every way that it may be run, and judged by its laws.

First each migration runs from empty, one behind the other, and leaves a database that is the template of all that
follows. What is looked at is what the chosen laws ask for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import baseline, excuses
from conformance.errors import UsageError
from conformance.model.contract import LAST_MIGRATION, Contract
from conformance.model.history import Migration
from conformance.model.record import Record, replace
from conformance.options import Options, judge_through
from conformance.registry import history_laws
from conformance.rehearsal import Rehearsal, Tell

if TYPE_CHECKING:
    from conformance.model.outcome import Outcome
    from conformance.model.report import Report
    from conformance.model.target import Target
    from conformance.model.waiver import Waiver
    from conformance.sandbox import Server


def replay(
    folder: Path | str | None = None,
    options: Options | None = None,
    *,
    pattern: str | None = None,
    rows: int = 0,
    may_refuse: Sequence[str] = (),
    tell: Tell | None = None,
    **chosen: object,
) -> Report:
    """Replay the migrations of a folder, or our own of the profile, and judge them by the laws of a history.

    `pattern` is a regular expression of the names of the files, with a group `number`; with `rows` it is measured how
    long each migration takes where the tables that it locks, rewrites or scans have so many; `may_refuse`
    are errors, or parts of them, with which a migration may refuse to run again; `chosen` are fields of `Options`.
    `tell` is called with the name of each file before it is run. Raises `ConformanceError` where no
    verdict can be reached.
    """
    from conformance.sandbox import sandbox

    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    plan = plan_of(folder, options, pattern)
    with sandbox(kind=options.sandbox, image=options.image) as server:
        return replay_on(server, plan, options, began, tell, rows, may_refuse)


def replay_on(
    server: Server,
    plan: Plan,
    options: Options,
    began: float,
    tell: Tell | None = None,
    rows: int = 0,
    may_refuse: Sequence[str] = (),
) -> Report:
    """The same on a throw-away server that is there already; it is left with databases named `at_0` and so on."""
    from conformance.history_outcomes import outcome_of

    asked = plan.asked
    replaying = Rehearsal(server, plan.contract, plan.migrations, asked, tell or _silently, rows, tuple(may_refuse))
    seen = replaying.seen()
    target = replaying.target(f"{len(plan.migrations)} migrations of {plan.place}, on {server.describe}")
    broken = next((one for one in seen if one.first is not None and one.first.broken is not None), None)
    outcomes = [
        outcome_of(law, one, broken)
        for one in seen
        for law in history_laws().values()
        if law.LAW in asked[one.migration.key]
    ]
    return _report(plan, target, outcomes, options, began, replaying.stand_ins())


class Plan(Record):
    """What is to be replayed, and what for: everything that can be wrong with a call is found in making it."""

    contract: Contract
    place: str
    passed_over: tuple[str, ...] = ()
    migrations: tuple[Migration, ...]
    asked: Mapping[str, frozenset[str]]
    excused: tuple[Waiver, ...]


def plan_of(folder: Path | str | None, options: Options, pattern: str | None = None) -> Plan:
    """What a call asks for. Raises `UsageError`."""
    judge_through(options.through)
    baseline.refuse(options)
    excused = excuses.load(options.waivers)
    contract = _contract(options)
    place, migrations, passed_over = _history(folder, options, pattern)
    asked = _asked(migrations, options)
    return Plan(
        contract=contract,
        place=place,
        passed_over=passed_over,
        migrations=migrations,
        asked=asked,
        excused=excused,
    )


def _silently(name: str) -> None:
    """What is told where nobody listens."""


def _contract(options: Options) -> Contract:
    from conformance.registry import claims
    from conformance.sources import contract as source

    return source.load(options.profile, claims, options.contract)


def _history(
    folder: Path | str | None, options: Options, pattern: str | None
) -> tuple[str, tuple[Migration, ...], tuple[str, ...]]:
    """Words for where the migrations come from, those up to the one asked for, and files that are none."""
    from conformance.fixtures_of import migrations
    from conformance.sources.migration_files import passed_over, read

    if folder is None:
        place, where = f"our own ({options.profile})", migrations(options.profile, LAST_MIGRATION)[0].parent
    else:
        place, where = str(folder), Path(folder)
    found = read(where, pattern)
    if options.through != LAST_MIGRATION:
        found = tuple(migration for migration in found if migration.key <= options.through)
        if not found:
            raise UsageError(f"{where} has no migration up to {options.through}")
    return place, found, passed_over(where, pattern)


def _asked(migrations: Sequence[Migration], options: Options) -> Mapping[str, frozenset[str]]:
    """For each migration the laws that it is put to. A pattern is an id, a law or a migration, or a glob of one."""
    names = [
        (migration.key, law, f"history/{migration.key}/{law}") for migration in migrations for law in history_laws()
    ]
    for option, patterns in (("select", options.select), ("ignore", options.ignore)):
        for one in patterns:
            if not any(_matches(one, name) for name in names):
                known = ", ".join(history_laws())
                raise UsageError(f"{option}: {one} matches no law and no migration; the laws are {known}")
    found: dict[str, set[str]] = {migration.key: set() for migration in migrations}
    for name in names:
        chosen = not options.select or any(_matches(one, name) for one in options.select)
        if chosen and not any(_matches(one, name) for one in options.ignore):
            found[name[0]].add(name[1])
    return {key: frozenset(of) for key, of in found.items()}


def _matches(pattern: str, names: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names)


def _report(
    plan: Plan,
    target: Target,
    outcomes: Sequence[Outcome],
    options: Options,
    began: float,
    stand_ins: Sequence[str],
) -> Report:
    """What was selected are laws and migrations, and was so before anything was run."""
    from conformance.history_outcomes import remarks
    from conformance.model.catalog import Catalog
    from conformance.remarks import stand_ins as stood_in
    from conformance.run import invariant_ids, report_of

    def elsewhere() -> tuple[str, ...]:
        return (*(requirement.id for requirement in plan.contract.requirements), *invariant_ids(plan.contract))

    def said(outcomes: Sequence[Outcome]) -> Iterator[str]:
        if plan.passed_over:
            yield f"not run, since no number is in the name: {', '.join(plan.passed_over)}"
        yield from stood_in(stand_ins)
        yield from remarks(outcomes)

    nowhere = Catalog(tables={}, path=())
    whole = replace(options, select=(), ignore=())
    report = report_of(plan.contract, nowhere, target, outcomes, whole, plan.excused, began, said, elsewhere)
    return replace(report, select=options.select, ignore=options.ignore)
