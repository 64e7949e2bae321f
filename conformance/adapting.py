"""The orchestrator of the laws of an implementation: an adapter in, a report out.

The implementation stands on a database of its own in a sandbox. An area at a time, it is put to drawn histories, to
calls that meet, and to sessions that end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import __version__, baseline, excuses, remarks
from conformance.adapter_outcomes import PLANE, outcome_of
from conformance.errors import CannotEvaluate, UsageError
from conformance.model.conduct import Law
from conformance.model.contract import LAST_MIGRATION
from conformance.model.record import replace
from conformance.options import Options, judge_through, threshold
from conformance.registry import areas, conduct_laws

if TYPE_CHECKING:
    from conformance.driving import Claims
    from conformance.model.catalog import Catalog
    from conformance.model.conduct import Area, Told
    from conformance.model.contract import Contract
    from conformance.model.report import Report
    from conformance.model.target import Target
    from conformance.model.waiver import Waiver
    from conformance.proof import Proof
    from conformance.state import Claim


def prove_adapter(
    adapter: str,
    options: Options | None = None,
    migrations: Path | str | None = None,
    *,
    examples: int = 25,
    seed: int = 0,
    memory: Path | None = None,
    server: str | None = None,
    **chosen: object,
) -> Report:
    """Put an implementation to its laws, on a sandbox with our migrations or those of a folder.

    `adapter` is `module:attribute`, `path/to/file.py:attribute`, or a JSON file that describes requests over HTTP; its
    code is run. `examples` is a measure: four times as many histories an area, twice as many schedules a meeting.
    What departs is kept beside the folder `memory`, if there is one, and tried first in the next run.
    `chosen` are fields of `Options`. Raises `ConformanceError` where no verdict can be reached.
    """
    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    judge_options(options)
    asked = selected_laws(options)
    baseline.refuse(options)
    excused = excuses.load(options.waivers)
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        remedy = "pip install 'astra-conformance[prove]'"
        raise CannotEvaluate(f"proving draws its examples with Hypothesis, which is not installed ({remedy})") from None
    from conformance.proof import Proof
    from conformance.run import load_claims
    from conformance.sources.adapters import load
    from conformance.testbed import schema_of, testbed

    made = load(adapter)
    contract, claims = load_claims(replace(options, select=(), ignore=()))
    folder = None if migrations is None else Path(migrations)
    with testbed(options, schema_of(options, folder), server) as bed, ExitStack() as stack:
        catalog, target = _looked(bed.examples, bed.words, contract)
        made = stack.enter_context(made.standing(bed.examples))
        proof = Proof(made=made, url=bed.examples, examples=examples, seed=seed, memory=memory)
        told = tuple(_told(proof, asked, contract, catalog, claims))
        beside = tuple(remarks.stand_ins(bed.stand_ins))
    target = replace(
        target,
        throwaway=True,
        address=f"{target.current_user}@throw-away/{target.database}" if not bed.lent else target.address,
        origin=f"{adapter} on {target.origin}",
    )
    return _report(contract, target, told, options, excused, began, (*proof.remarks(), *beside))


def selected_laws(options: Options) -> Mapping[str, Law]:
    """The laws that `select` and `ignore` leave in, by their ids. Raises `UsageError` where one matches
    none."""
    laws = conduct_laws()
    for option, patterns in (("select", options.select), ("ignore", options.ignore)):
        for pattern in patterns:
            if not any(_matches(pattern, law) for law in laws):
                raise UsageError(
                    f"{option}: {pattern} matches no law of an implementation; `explain adapter` lists them"
                )
    return {
        id_: law
        for id_, law in laws.items()
        if (not options.select or any(_matches(one, id_) for one in options.select))
        and not any(_matches(one, id_) for one in options.ignore)
    }


def _matches(pattern: str, id_: str) -> bool:
    """A pattern is an id, an area, or a glob of one."""
    names = (f"{PLANE}/{id_}", id_, id_.partition("/")[0])
    return any(fnmatchcase(name, pattern) for name in names)


def judge_options(options: Options) -> None:
    """Raises `UsageError` for what does not go with an implementation."""
    judge_through(options.through)
    if options.profile != "documented":
        raise UsageError("the laws of an implementation are those of the documented profile: leave --profile out")
    if options.through != LAST_MIGRATION:
        raise UsageError(f"an implementation is put to the schema as of {LAST_MIGRATION}: leave --through out")


def _looked(url: str, words: str, contract: Contract) -> tuple[Catalog, Target]:
    from conformance.sources.database import Session
    from conformance.sources.url import parse

    with Session(parse(url), origin=words) as session:
        return session.catalog(contract.tables()), session.target()


def _told(
    proof: Proof, asked: Mapping[str, Law], contract: Contract, catalog: Catalog, claims: Sequence[Claim]
) -> Iterator[Told]:
    for area in areas().values():
        own = {id_: law for id_, law in asked.items() if law.area == area.AREA}
        if own:
            yield from proof.area(area, own, claims_of(area, contract, catalog, claims))


def claims_of(area: Area, contract: Contract, catalog: Catalog, claims: Sequence[Claim]) -> Claims:
    """The invariants that are about the tables of an area, and no `may`."""
    from conformance import state
    from conformance.driving import LOOKING, Claims
    from conformance.judge import judge
    from conformance.model.look import Unseen
    from conformance.model.reading import Reading

    chosen = tuple(c for c in claims if area.TABLES & set(c.invariant.needs) and c.requirement.level != "may")
    hosts = dict.fromkeys(host for claim in chosen for host in claim.hosts)
    structure = {o.requirement.id: o for o in judge(tuple(hosts), catalog, LAST_MIGRATION)}
    reading = Reading(catalog=catalog)
    planned = state.plan(chosen, reading, structure, LOOKING, LAST_MIGRATION)
    seen = {one.id for one in planned.asked}
    unseen = {
        id_: getattr(one, "reason", "") or getattr(one, "observed", "")
        for id_, one in planned.decided.items()
        if isinstance(one, Unseen) or getattr(one, "verdict", "") == "fail"
    }
    return Claims(
        chosen=tuple(claim for claim in chosen if claim.requirement.id in seen),
        planned=planned,
        reading=reading,
        unseen=tuple(f"{id_} ({why})" for id_, why in unseen.items()),
    )


def _report(
    contract: Contract,
    target: Target,
    told: Sequence[Told],
    options: Options,
    excused: Sequence[Waiver],
    began: float,
    remarks: Sequence[str],
) -> Report:
    from datetime import UTC, datetime

    from conformance.model.report import Report
    from conformance.stamp import stamped

    now = datetime.now(UTC)
    from conformance.waiver_faults import faults

    outcomes = [outcome_of(one) for one in told]
    failing = [outcome.requirement.id for outcome in outcomes if outcome.verdict == "fail"]
    used = [waiver for waiver in excused if any(fnmatchcase(id_, waiver.requirement) for id_ in failing)]
    wrong = faults(used, outcomes, now, lambda: (), lambda: (), lambda _: True, final=False)
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
        outcomes=(*excuses.waived(outcomes, used, now, lambda: ()), *wrong.values()),
        remarks=tuple(remarks),
        select=options.select,
        ignore=options.ignore,
    )
