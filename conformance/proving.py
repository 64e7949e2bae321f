"""The orchestrator of the behaviour plane: a schema in a sandbox and a contract in, a report out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import baseline, excuses, remarks
from conformance.effort import examples_of
from conformance.elsewhere import left_to_others
from conformance.errors import CannotEvaluate, UsageError
from conformance.model.record import replace
from conformance.options import Options, judge_through, selected
from conformance.rebuilding import rebuilding_of
from conformance.run import load_claims, report_of

if TYPE_CHECKING:
    from conformance.model.breach import Breach
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract, Requirement
    from conformance.model.outcome import Outcome
    from conformance.model.report import Report
    from conformance.model.stage import Proving, Stage
    from conformance.model.target import Target
    from conformance.state import Claim
    from conformance.testbed import Testbed

Tell = Callable[[str, int], None]


def prove(
    migrations: Path | str | None = None,
    options: Options | None = None,
    *,
    source: str | None = None,
    in_place: str | None = None,
    examples: int | None = None,
    effort: str | None = None,
    seed: int = 0,
    memory: Path | None = None,
    server: str | None = None,
    tell: Tell | None = None,
    **chosen: object,
) -> Report:
    """Provoke a schema in a sandbox: what the documentation allows has to go in, what it forbids has to be refused.

    The schema is that of the migrations in a folder, which are run; or that of the database whose URL or snapshot is
    the `source`, rebuilt from its catalog, so that it is not touched; or our own. With `in_place`, which has to be its
    name, the database of the `source` itself is provoked, and every example rolled back. `server` is the URL of one on
    which databases of our own may be made; without it the server is a throw-away one. `chosen` are fields of
    `Options`. `effort` is ci, thorough or nightly, where no number of `examples` is given; what departs is kept in the
    folder `memory`, if there is one, and tried first in the next run.
    Raises `ConformanceError` where no verdict can be reached.
    """
    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    judge_through(options.through)
    baseline.refuse(options)
    if (source is not None and migrations is not None) or (in_place is not None and (source is None or server)):
        raise UsageError(
            "a source and migrations exclude each other, and so do in_place, which needs one, and a server"
        )
    count = examples_of(effort, examples)
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        remedy = "pip install 'astra-conformance[prove]'"
        raise CannotEvaluate(f"proving draws its examples with Hypothesis, which is not installed ({remedy})") from None
    from conformance.driven import requirements as machines
    from conformance.model.stage import Proving
    from conformance.provocation import covered
    from conformance.registry import laws

    contract, claims = load_claims(options, beside=[r.id for r in machines()])
    excused = excuses.load(options.waivers)
    asked = [r for r in contract.requirements if selected(r.id, options)]
    driven = [r for r in machines() if selected(r.id, options)]
    if not covered(asked) and (in_place is not None or not driven):
        raise UsageError(f"nothing that a law applies to is selected; there are laws of {', '.join(laws())}")
    told = [claim for claim in claims if selected(claim.requirement.id, options)]
    put = Put(
        contract, asked, told, driven, options, Proving(examples=count, seed=seed, memory=memory), tell or _silently
    )
    if in_place is not None:
        from conformance.proving_in_place import prove_in_place

        seen = prove_in_place(source or "", in_place, put)
    else:
        seen = _in_a_sandbox(put, None if migrations is None else Path(migrations), source, server)
    living = [r for r in asked if r.alive(options.through)]
    beside = [f"at most {count} examples a requirement beside its small domains, seed {seed}"]
    if lawless := len(living) - len(covered(living)):
        beside.append(f"{lawless} requirements have no law and are left out; `conformance check` judges them")
    beside += seen.beside
    known = [r.id for r in (*contract.requirements, *machines(), *(claim.requirement for claim in claims))]
    beside += left_to_others(known, contract, options)
    report = report_of(
        contract, seen.catalog, seen.target, seen.outcomes, options, excused, began, lambda _: beside, lambda: known
    )
    return replace(report, breaches=seen.breaches)


@dataclass(frozen=True)
class Put:
    """What laws are put to: requirements, invariants that may not be enforced, and areas that are driven step by step;
    and how much is tried."""

    contract: Contract
    asked: Sequence[Requirement]
    told: Sequence[Claim]
    driven: Sequence[Requirement]
    options: Options
    proving: Proving
    tell: Tell


@dataclass(frozen=True)
class Provoked:
    """What came of it: `beside` are remarks on the run."""

    catalog: Catalog
    target: Target
    outcomes: Sequence[Outcome]
    beside: Sequence[str]
    breaches: tuple[Breach, ...] = ()


def _in_a_sandbox(put: Put, folder: Path | None, source: str | None, server: str | None) -> Provoked:
    from conformance import state
    from conformance.contradicting import contradictions
    from conformance.model.reading import Reading
    from conformance.model.stage import Stage
    from conformance.provocation import prove as provoke
    from conformance.sources.database import Session
    from conformance.sources.migration_files import passed_over
    from conformance.sources.particulars import particulars
    from conformance.sources.proving import Rig, raced
    from conformance.sources.url import parse
    from conformance.testbed import schema_of, testbed

    contract, options = put.contract, put.options
    rebuilding = None if source is None else rebuilding_of(source, options, contract)
    schema = schema_of(options, folder) if rebuilding is None else rebuilding.schema
    with testbed(options, schema, server) as bed, ExitStack() as stack:
        with Session(parse(bed.examples), origin=bed.words) as session:
            catalog = session.catalog(contract.tables())
            left = () if rebuilding is None else rebuilding.left_of(particulars(session, catalog))
            questions = state.questions(put.told, Reading(catalog=catalog), options.through)
            catalog = replace(catalog, answers=session.answers(tuple(dict.fromkeys(questions))))
            target = session.target()
        rig = stack.enter_context(Rig(bed.examples))
        path = () if options.schema is None else catalog.path
        stage = Stage(catalog=catalog, tried=rig.tried, raced=lambda race: raced(bed.races, race), left=left, path=path)
        outcomes = provoke(contract.requirements, put.asked, stage, put.proving, options.through, put.tell)
        breaches = _breaches(bed, contract, stage, put.told, options.through)
        outcomes += tuple(_driven(bed, put, stage, outcomes))
    beside = [f"whether invariants are enforced was not tried: {bed.no_world}"] if bed.no_world else []
    beside += remarks.stand_ins(bed.stand_ins)
    if folder is not None and (over := passed_over(folder)):
        beside.append(f"not run, since no number is in the name: {', '.join(over)}")
    if guarded := sorted(name for name, table in stage.catalog.tables.items() if table.row_security):
        beside.append(f"policies of {', '.join(guarded)} were not provoked: they bind no owner of a table")
    target = _named(target, bed)
    if rebuilding is not None:
        beside += rebuilding.remarks(left)
        target, catalog = rebuilding.target(bed.words), rebuilding.catalog
    found = (*outcomes, *contradictions(breaches))
    return Provoked(catalog=catalog, target=target, outcomes=found, beside=beside, breaches=breaches)


def _breaches(
    bed: Testbed, contract: Contract, stage: Stage, claims: Sequence[Claim], through: str
) -> tuple[Breach, ...]:
    from conformance.breaching import Breacher, untold
    from conformance.fixtures_of import small_world
    from conformance.sources.workbench import Workbench
    from conformance.world import load

    if bed.no_world:
        return ()
    order = [table for file in small_world(through) for table in load(file)]
    with Workbench(bed.world, bed.path) as world, Workbench(bed.examples, bed.path) as empty:
        breacher = Breacher(world, empty, contract, stage.catalog, through, list(dict.fromkeys(order)), stage.path)
        alive = [claim for claim in claims if claim.requirement.alive(through)]
        return tuple(untold(claim, stage.left) or breacher.breach(claim) for claim in alive)


def _driven(bed: Testbed, put: Put, stage: Stage, before: Sequence[Outcome]) -> Iterator[Outcome]:
    """Each area, driven step by step: beside the laws of single statements, which were told `before`."""
    from conformance import machines_of_schema, state
    from conformance.model.specimen import specimens
    from conformance.sources.steps import Steps
    from conformance.stepping import ground_of

    if not put.driven:
        return
    contract, through = put.contract, put.options.through
    living = [r for r in contract.requirements if r.alive(through)]
    made = specimens(living, stage.catalog)
    ground = ground_of(living, state.claims(contract), stage.catalog, made, contract.profile, through, stage.path)
    with Steps(bed.examples, stage.catalog, bed.path) as server:
        yield from machines_of_schema.prove(put.driven, ground, server, stage.left, before, put.proving, put.tell)


def _silently(id_: str, left: int) -> None:
    """What is told where nobody listens."""


def _named(target: Target, bed: Testbed) -> Target:
    """The target, in words that two runs share."""
    if not bed.lent:
        return target.thrown_away()
    address = target.address.rpartition("/")[0]
    return replace(target, throwaway=True, address=f"{address}/conformance_prove", database="conformance_prove")
