"""The one orchestrator: a source and a contract in, a report out. The command line, the pytest face and the Python API
all come through here.

A gate is judged by how long it takes: so the server is asked for the catalog while Python still imports what asks and
what judges, and what is not always needed is imported where it is used.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from conformance import __version__, baseline, excuses, remarks
from conformance.elsewhere import left_to_others
from conformance.model.contract import Contract
from conformance.model.record import replace
from conformance.options import Options, judge_through, selected, threshold
from conformance.sources import contract as contract_source

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.looking import Looking
    from conformance.model.outcome import Outcome
    from conformance.model.question import Question
    from conformance.model.report import Report
    from conformance.model.target import Target
    from conformance.model.waiver import Waiver
    from conformance.sources.rows_lanes import Tell
    from conformance.state import Claim

STRUCTURE_S = 5.0
"""So long the structure, without which nothing can be said of rows, may take whatever time there is for the rows."""
VARIABLES = ("CONFORMANCE_DATABASE_URL", "DATABASE_URL")


def load_contract(options: Options) -> Contract:
    """The contract of the chosen profile, with the user's own files. Raises `UsageError`, `ContractError`.

    A pattern that selects only what other commands judge leaves the structure nothing: that is an error. Beside others
    it is said in the report, since one configuration serves them all.
    """
    contract = _contract(options)
    left_to_others(_ids(contract), contract, options)
    return contract


def load_claims(options: Options, beside: Sequence[str] = ()) -> tuple[Contract, tuple[Claim, ...]]:
    """The contract, and what the profile claims of the rows; `beside` are ids that may be selected too. Raises as
    `load_contract`."""
    from conformance.state import claims

    contract = _contract(options)
    found = claims(contract)
    left_to_others([*_ids(contract), *(claim.requirement.id for claim in found), *beside], contract, options)
    return contract, found


def invariant_ids(contract: Contract) -> tuple[str, ...]:
    """The ids of what is claimed of the rows."""
    from conformance.state import claims

    return tuple(claim.requirement.id for claim in claims(contract))


def _ids(contract: Contract) -> list[str]:
    return [requirement.id for requirement in contract.requirements]


def _contract(options: Options) -> Contract:
    judge_through(options.through)
    return contract_source.load(options.profile, _claims, options.contract)


def check(url: str | None = None, options: Options | None = None, **chosen: object) -> Report:
    """Judge the structure of a live database, or of one whose snapshot is in the file `url`.

    Without a URL: `$CONFORMANCE_DATABASE_URL`, then `$DATABASE_URL`, then an embedded server with our own migrations
    (that one at once if `sandbox` says which kind). `chosen` are fields of `Options`. Raises `ConformanceError`.
    """
    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    judge_through(options.through)
    excused, base = excuses.load(options.waivers), baseline.load(options, files=False)
    with source(url, options) as (address, origin, throwaway):
        contract, catalog, target = look(address, origin, options)
    if throwaway:
        target = target.thrown_away()
    from conformance.judge import judge

    outcomes = judge(contract.requirements, catalog, options.through)
    return baseline.compared(_report(contract, catalog, target, outcomes, options, excused, began), base, options)


def audit(
    url: str | None = None,
    options: Options | None = None,
    looking: Looking | None = None,
    tell: Tell | None = None,
    **chosen: object,
) -> Report:
    """Judge the structure of a live database, then the invariants of its rows, in one read-only snapshot.

    As `check`; `looking` says how the rows are looked at, `tell` is called before each table with its name and about
    how many rows it has.
    """
    from conformance.model.looking import Looking

    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    judge_through(options.through)
    excused, base = excuses.load(options.waivers), baseline.load(options, files=False)
    with source(url, options, rows=True) as (address, origin, throwaway):
        audited = _audited(address, origin, options, looking or Looking(), tell or _silently)
    contract, catalog, target, outcomes = audited
    if throwaway:
        target = target.thrown_away()
    report = _report(contract, catalog, target, outcomes, options, excused, began, rows=True)
    return baseline.compared(report, base, options)


def _silently(table: str, rows: int) -> None:
    """What is told where nobody listens."""


def _audited(
    address: str, origin: str, options: Options, looking: Looking, tell: Tell
) -> tuple[Contract, Catalog, Target, tuple[Outcome, ...]]:
    from conformance import state
    from conformance.judge import judge, questions_for
    from conformance.model.reading import Reading
    from conformance.sight import live
    from conformance.sources.url import parse

    began = time.monotonic()
    until = math.inf if looking.max_duration is None else began + max(looking.max_duration, STRUCTURE_S)
    contract, claims = load_claims(options)
    chosen = [claim for claim in claims if selected(claim.requirement.id, options)]

    def reading(catalog: Catalog) -> Reading:
        return Reading(catalog=catalog, distrust_indexes=looking.distrust_indexes)

    def ask(catalog: Catalog) -> Iterator[Question]:
        yield from questions_for(contract.requirements, catalog, options.through)
        yield from state.questions(chosen, reading(catalog), options.through)

    found = live(parse(address), origin, options.schema, contract.tables(), ask, deadline=until)
    with found as (catalog, target, session):
        structure = judge(contract.requirements, catalog, options.through)
        by_id = {outcome.requirement.id: outcome for outcome in structure}
        planned = state.plan(chosen, reading(catalog), by_id, looking, options.through)
        seen = session.rows(planned.asked, looking, tell, began)
    rows = state.judge(chosen, planned, seen, reading(catalog), looking)
    return contract, catalog, target, (*structure, *rows)


def look(address: str, origin: str, options: Options) -> tuple[Contract, Catalog, Target]:
    """The contract, and the catalog with the answers to what the contract's checks ask of the server."""
    from conformance.sources.ahead import Ahead
    from conformance.sources.url import names_file, parse

    if names_file(address):
        from conformance.sight import seen

        contract = load_contract(options)
        with seen(address, origin, options, contract) as (catalog, target, _):
            return contract, catalog, target
    url = parse(address)
    contract = load_contract(options)
    with Ahead(url, contract.tables(), options.schema) as ahead:
        from conformance.judge import questions_for
        from conformance.registry import checks
        from conformance.sight import live

        checks()

        def ask(catalog: Catalog) -> Sequence[Question]:
            return questions_for(contract.requirements, catalog, options.through)

        with live(url, origin, options.schema, contract.tables(), ask, ahead=ahead) as (catalog, target, _):
            return contract, catalog, target


def _claims() -> contract_source.Claims:
    from conformance.registry import claims

    return claims()


def _report(
    contract: Contract,
    catalog: Catalog,
    target: Target,
    found: Sequence[Outcome],
    options: Options,
    excused: Sequence[Waiver],
    began: float,
    *,
    rows: bool = False,
) -> Report:
    def about(outcomes: Sequence[Outcome]) -> Iterator[str]:
        yield from remarks.about(target, rows=rows)
        judged = [*_ids(contract), *(invariant_ids(contract) if rows else ())]
        yield from left_to_others(judged, contract, options)
        yield from remarks.unenforced(outcomes) if rows else ()

    def elsewhere() -> tuple[str, ...]:
        return () if rows else invariant_ids(contract)

    return report_of(contract, catalog, target, found, options, excused, began, about, elsewhere)


def report_of(
    contract: Contract,
    catalog: Catalog,
    target: Target,
    found: Sequence[Outcome],
    options: Options,
    excused: Sequence[Waiver],
    began: float,
    about: Callable[[Sequence[Outcome]], Iterable[str]],
    elsewhere: Callable[[], Sequence[str]],
) -> Report:
    """The report of a run that began at `began` (of `perf_counter`); `about` says what is to be said of it, `elsewhere`
    gives the ids that another command judges too, so that a waiver of one is not in vain here."""
    from datetime import UTC, datetime

    from conformance.model.report import Report
    from conformance.stamp import stamped

    now = datetime.now(UTC)
    outcomes, idle = excuses.settled(found, excused, now, elsewhere, options)
    started, seconds = stamped(now, time.perf_counter() - began)
    return Report(
        tool=f"conformance {__version__}",
        target=target,
        profile=contract.profile,
        profile_title=contract.title,
        through=options.through,
        threshold=threshold(options),
        started=started,
        seconds=seconds,
        outcomes=outcomes,
        remarks=(*remarks.of_structure(catalog), *about(outcomes), *idle),
        select=options.select,
        ignore=options.ignore,
    )


@contextmanager
def source(url: str | None, options: Options, *, rows: bool = False) -> Iterator[tuple[str, str, bool]]:
    """The database to look at, where its address came from, and whether it is a throw-away server of ours, which lives
    as long as the context and, where `rows` are to be looked at, has some."""
    if url is not None:
        yield url, "the URL given", False
        return
    for variable in VARIABLES if options.sandbox is None else ():
        if value := os.environ.get(variable):
            yield value, f"${variable}", False
            return
    from conformance.fixtures_of import migrated

    contract_source.judge_profile(options.profile)  # before a server is started
    with migrated(options, rows=rows) as (address, origin):
        yield address, origin, True
