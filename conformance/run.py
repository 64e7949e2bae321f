"""The one orchestrator: a source and a contract in, a report out. The command line, the pytest face and the Python API
all come through here.

A gate is judged by how long it takes, and a server needs as long for the catalog as Python does for reading the
contract and importing the checks: so these run beside each other, and what judges is imported where it is used.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from conformance import __version__
from conformance.errors import CannotEvaluate, ConformanceError, UsageError
from conformance.model.contract import LAST_MIGRATION, OLDEST_THROUGH, Contract, Level
from conformance.sources import contract as contract_source

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.model.catalog import Catalog
    from conformance.model.looking import Looking
    from conformance.model.outcome import Outcome
    from conformance.model.report import Report
    from conformance.model.target import Target
    from conformance.model.waiver import Waiver
    from conformance.sandbox import SandboxKind
    from conformance.sources.rows import Tell

VARIABLES = ("CONFORMANCE_DATABASE_URL", "DATABASE_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a user may choose about a run; the same names on the command line, in the configuration and in pytest."""

    profile: str = "documented"
    through: str = LAST_MIGRATION
    strict: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    schema: str | None = None
    contract: tuple[Path, ...] = ()
    waivers: Path | None = None
    sandbox: SandboxKind | None = None

    def __post_init__(self) -> None:
        """One pattern or one file may be given as it is, without a tuple around it."""
        for name in ("select", "ignore", "contract"):
            value: str | Path | Iterable[str | Path] = getattr(self, name)
            items = (value,) if isinstance(value, str | Path) else tuple(value)
            object.__setattr__(self, name, tuple(Path(item) for item in items) if name == "contract" else items)


def load_contract(options: Options) -> Contract:
    """The contract of the chosen profile, with the user's own files. Raises `UsageError`, `ContractError`."""
    _judge_through(options.through)
    contract = contract_source.load(options.profile, _claims, options.contract)
    _judge_selection([r.id for r in contract.requirements], options)
    return contract


def check(url: str | None = None, options: Options | None = None, **chosen: object) -> Report:
    """Judge the structure of a live database.

    Without a URL: `$CONFORMANCE_DATABASE_URL`, then `$DATABASE_URL`, then an embedded server with our own migrations
    (that one at once if `sandbox` says which kind).
    `chosen` are fields of `Options`. Raises `ConformanceError` where no verdict can be reached.
    """
    options = replace(options or Options(), **chosen)  # type: ignore[arg-type]
    began = time.perf_counter()
    _judge_through(options.through)
    excuses = _waivers(options)
    with source(url, options) as (address, origin, throwaway):
        contract, catalog, target = look(address, origin, options)
    if throwaway:
        target = _thrown_away(target)
    from conformance.judge import judge

    outcomes = judge(contract.requirements, catalog, options.through)
    return _report(contract, catalog, target, outcomes, options, excuses, began)


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

    options = replace(options or Options(), **chosen)  # type: ignore[arg-type]
    began = time.perf_counter()
    _judge_through(options.through)
    excuses = _waivers(options)
    with source(url, options) as (address, origin, throwaway):
        audited = _audited(address, origin, options, looking or Looking(), tell or _silently)
    contract, catalog, target, outcomes = audited
    if throwaway:
        target = _thrown_away(target)
    return _report(contract, catalog, target, outcomes, options, excuses, began)


def _silently(table: str, rows: int) -> None:
    """What is told where nobody listens."""


def _audited(
    address: str, origin: str, options: Options, looking: Looking, tell: Tell
) -> tuple[Contract, Catalog, Target, tuple[Outcome, ...]]:
    from conformance import state
    from conformance.judge import judge, questions_for
    from conformance.model.reading import Reading
    from conformance.sources.database import Session
    from conformance.sources.url import parse

    began = time.monotonic()
    contract = contract_source.load(options.profile, _claims, options.contract)
    claims = state.claims(contract)
    _judge_selection([*(r.id for r in contract.requirements), *(c.requirement.id for c in claims)], options)
    chosen = [claim for claim in claims if selected(claim.requirement.id, options)]
    with Session(parse(address), origin=origin, schema=options.schema) as session:
        catalog = session.catalog(contract.tables())
        bare = Reading(catalog=catalog, distrust_indexes=looking.distrust_indexes)
        asked = {
            **dict.fromkeys(questions_for(contract.requirements, catalog, options.through)),
            **dict.fromkeys(state.questions(chosen, bare, options.through)),
        }
        catalog = replace(catalog, answers=session.answers(tuple(asked)))
        target = session.target()
        structure = judge(contract.requirements, catalog, options.through)
        reading = replace(bare, catalog=catalog)
        by_id = {outcome.requirement.id: outcome for outcome in structure}
        planned = state.plan(chosen, reading, by_id, looking, options.through)
        seen = session.rows(planned.asked, looking, tell, began)
    rows = state.judge(chosen, planned, seen, reading, looking)
    return contract, catalog, target, (*structure, *rows)


def _thrown_away(target: Target) -> Target:
    return replace(target, throwaway=True, address=f"{target.current_user}@throw-away/{target.database}")


def threshold(options: Options) -> Level:
    """The lowest level at which a departure fails the run."""
    return "should" if options.strict else "must"


def look(address: str, origin: str, options: Options) -> tuple[Contract, Catalog, Target]:
    """The contract, and the catalog with the answers to what the contract's checks ask of the server."""
    from conformance.sources.url import parse

    url = parse(address)
    from conformance.sources.database import Session

    preparing = _Preparing(options)
    try:
        with Session(url, origin=origin, schema=options.schema) as session:
            contract = preparing.contract()
            catalog = session.catalog(contract.tables())
            from conformance.judge import questions_for

            answers = session.answers(questions_for(contract.requirements, catalog, options.through))
            return contract, replace(catalog, answers=answers), session.target()
    except CannotEvaluate:
        preparing.contract()  # a contract or a call that is wrong is said first
        raise


def _claims() -> contract_source.Claims:
    from conformance.registry import claims

    return claims()


class _Preparing(Thread):
    """The contract read, and then what judges imported, while the server is busy."""

    def __init__(self, options: Options) -> None:
        super().__init__(daemon=True)
        self._options = options
        self._read = Event()
        self._contract: Contract | None = None
        self._error: ConformanceError | None = None
        self.start()

    def run(self) -> None:
        try:
            self._contract = load_contract(self._options)
        except ConformanceError as error:
            self._error = error
        finally:
            self._read.set()
        import conformance.judge
        import conformance.model.report
        import conformance.sources.decode  # noqa: F401
        from conformance.registry import checks

        checks()

    def contract(self) -> Contract:
        self._read.wait()
        if self._error is not None:
            raise self._error
        if self._contract is None:
            raise CannotEvaluate("the contract could not be read")
        return self._contract


def _report(
    contract: Contract,
    catalog: Catalog,
    target: Target,
    found: Sequence[Outcome],
    options: Options,
    excuses: Sequence[Waiver],
    began: float,
) -> Report:
    from datetime import UTC, datetime

    from conformance.model.report import Report

    now = datetime.now(UTC)
    outcomes = _waived(_chosen(found, options), excuses, now)
    seconds = time.perf_counter() - began
    return Report(
        tool=f"conformance {__version__}",
        target=target,
        profile=contract.profile,
        profile_title=contract.title,
        through=options.through,
        threshold=threshold(options),
        started=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=seconds,
        outcomes=outcomes,
        remarks=(*_copies(catalog), *_about(target), *_idle(excuses, outcomes, now)),
    )


@contextmanager
def source(url: str | None, options: Options) -> Iterator[tuple[str, str, bool]]:
    """The database to look at, where its address came from, and whether it is a throw-away server of ours, which lives
    as long as the context."""
    if url is not None:
        yield url, "the URL given", False
        return
    for variable in VARIABLES if options.sandbox is None else ():
        if value := os.environ.get(variable):
            yield value, f"${variable}", False
            return
    from conformance.fixtures_of import migrated

    contract_source.judge_profile(options.profile)  # before a server is started
    with migrated(options.profile, options.through, options.sandbox) as (address, origin):
        yield address, origin, True


def _waivers(options: Options) -> tuple[Waiver, ...]:
    if options.waivers is None:
        return ()
    from conformance.sources.waivers import load

    return load(options.waivers)


def _judge_through(through: str) -> None:
    if not (through.isdigit() and len(through) == 4):
        raise UsageError(f"{through!r} is no migration; write four digits, such as 0018")
    if not OLDEST_THROUGH <= through <= LAST_MIGRATION:
        raise UsageError(f"the contract can be asked for through {OLDEST_THROUGH} to {LAST_MIGRATION}")


def _judge_selection(ids: Sequence[str], options: Options) -> None:
    for option, globs in (("select", options.select), ("ignore", options.ignore)):
        for pattern in globs:
            if not any(fnmatchcase(id_, pattern) for id_ in ids):
                raise UsageError(f"{option}: {pattern} matches no requirement; `conformance list` shows the ids")


def selected(id_: str, options: Options) -> bool:
    """Whether `select` and `ignore` leave this requirement in."""
    chosen = not options.select or any(fnmatchcase(id_, pattern) for pattern in options.select)
    return chosen and not any(fnmatchcase(id_, pattern) for pattern in options.ignore)


def _chosen(outcomes: Sequence[Outcome], options: Options) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in outcomes if selected(outcome.requirement.id, options))


def _current(waiver: Waiver, now: datetime) -> bool:
    return now.date().isoformat() <= waiver.expires


def _waived(outcomes: Sequence[Outcome], excuses: Sequence[Waiver], now: datetime) -> tuple[Outcome, ...]:
    current = [waiver for waiver in excuses if _current(waiver, now)]
    found = []
    for outcome in outcomes:
        for waiver in current:
            if outcome.verdict == "fail" and fnmatchcase(outcome.requirement.id, waiver.requirement):
                note = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
                outcome = replace(outcome, verdict="waived", note="; ".join(filter(None, (outcome.note, note))))
                break
        found.append(outcome)
    return tuple(found)


def _idle(excuses: Sequence[Waiver], outcomes: Sequence[Outcome], now: datetime) -> Iterator[str]:
    for requirement, count in Counter(waiver.requirement for waiver in excuses).items():
        if count > 1:
            yield f"there are {count} waivers for {requirement}: the first of them that has not expired counts"
    for waiver in excuses:
        matched = [o for o in outcomes if fnmatchcase(o.requirement.id, waiver.requirement)]
        if not matched:
            yield f"the waiver for {waiver.requirement} matches no requirement that was judged"
        elif not _current(waiver, now):
            yield f"the waiver for {waiver.requirement} expired on {waiver.expires} and excuses nothing"
        elif not any(o.verdict == "waived" for o in matched):
            yield f"the waiver for {waiver.requirement} excuses nothing: what it names does not fail; remove it"


def _copies(catalog: Catalog) -> Iterator[str]:
    for name, schemas in sorted(catalog.elsewhere.items()):
        if name in catalog.tables:
            used = catalog.tables[name].schema
            yield f"{name} was looked at in {used}; there is also one in {', '.join(schemas)}, which was not"
    used_schemas = sorted({table.schema for table in catalog.tables.values()})
    if len(used_schemas) > 1:
        yield f"the tables resolve into several schemas: {', '.join(used_schemas)}"


def _about(target: Target) -> Iterator[str]:
    if target.session_user != target.current_user:
        yield f"the session of {target.session_user} acts as {target.current_user}"
    if target.superuser and not target.throwaway:
        yield f"{target.current_user} is a superuser; a role that may only connect sees all that was looked at"
