"""The orchestrator of `repair`: a database or a snapshot is looked at, read-only, and a script is written that mends
it. Nothing is ever run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from conformance import __version__, excuses
from conformance.model.record import Record, replace
from conformance.options import Options, judge_through, selected

if TYPE_CHECKING:
    from conformance.drafting import Draft
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.look import Seen
    from conformance.model.looking import Asked
    from conformance.model.outcome import Outcome
    from conformance.model.target import Target
    from conformance.planning import Plan

_NO_ROWS = "a snapshot does not say, the database itself does"
_UNREADABLE = "columns of these types are not read"


class Repair(Record):
    """A script, and what it is about: `unlooked` are the `must` that could not be looked at."""

    script: str
    plan: Plan
    unlooked: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 where nothing is left to do behind the script, 1 where something is left out, 3 where a `must`, or what
        could stop the script, could not be looked at."""
        return 1 if self.plan.left else 3 if self.unlooked or self.plan.blind else 0


def repair(source: str | None = None, options: Options | None = None, **chosen: object) -> Repair:
    """A script that mends the structure of the database at a URL, or of the one whose snapshot is in the file.

    Without a source as `check`; `chosen` are fields of `Options`. Raises `ConformanceError`."""
    from datetime import UTC, datetime

    from conformance.repair_script import script
    from conformance.run import source as opened
    from conformance.stamp import stamped

    options = replace(options or Options(), **chosen)
    judge_through(options.through)
    with opened(source, options) as (address, origin, throwaway):
        contract, outcomes, plan, target = _planned(address, origin, options)
    if throwaway:
        target = target.thrown_away()
    taken, _ = stamped(datetime.now(UTC))
    text = script(plan, target, f"conformance {__version__}", contract.profile, options.through, taken)
    unlooked = tuple(
        o.requirement.id
        for o in outcomes
        if (o.verdict, o.requirement.level) == ("indeterminate", "must") and selected(o.requirement.id, options)
    )
    return Repair(script=text, plan=plan, unlooked=unlooked)


def _planned(address: str, origin: str, options: Options) -> tuple[Contract, tuple[Outcome, ...], Plan, Target]:
    from conformance.judge import judge
    from conformance.model.looking import Looking
    from conformance.planning import settled
    from conformance.renaming import renamed
    from conformance.run import load_contract
    from conformance.sight import seen

    contract = load_contract(options)
    with seen(address, origin, options, contract) as (catalog, target, session):
        outcomes = judge(contract.requirements, catalog, options.through)

        def look(asked: Sequence[Asked]) -> Mapping[str, Seen]:
            if session is None:
                return {}
            return session.rows(asked, Looking(), lambda table, rows: None, time.monotonic())

        draft, rows = renamed(_drafts(contract, catalog, outcomes, options, target), look)
    return contract, outcomes, settled(draft, rows, _NO_ROWS if session is None else _UNREADABLE), target


def _drafts(
    contract: Contract, catalog: Catalog, outcomes: tuple[Outcome, ...], options: Options, target: Target
) -> Callable[[frozenset[str]], Draft]:
    """What could mend the outcomes that are selected and not waived, for each set of names that are taken."""
    from datetime import UTC, datetime

    from conformance.drafting import draft

    excused = excuses.waived(outcomes, excuses.load(options.waivers), datetime.now(UTC), lambda: ())
    waived = {outcome.requirement.id for outcome in excused if outcome.verdict == "waived"}

    def chosen(outcome: Outcome) -> bool:
        return outcome.requirement.id not in waived and selected(outcome.requirement.id, options)

    return lambda taken: draft(contract, catalog, outcomes, options.through, target.major, chosen, taken)
