"""A database of ours broken by a mutant, repaired by the script, and judged again: what the tests of repair share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from judged import Bench

from conformance.defects import Mutant
from conformance.drafting import draft
from conformance.judge import judge, questions_for
from conformance.model.catalog import Catalog
from conformance.model.contract import Contract, Requirement
from conformance.model.looking import Looking
from conformance.model.outcome import Outcome
from conformance.model.record import replace
from conformance.planning import Plan, settled
from conformance.renaming import renamed
from conformance.selftest.matrix import defect_modules
from conformance.sources.workbench import Look, Refused

Rows = Mapping[str, Sequence[Mapping[str, str | None]]]

_NOTHING = Plan(doing=(), left=())
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY ")


@dataclass(frozen=True)
class Mended:
    """A mutant, the plan that mends it, and what departs behind it that was not left out."""

    requirement: str
    kind: str
    mutant: str
    plan: Plan
    departs: tuple[str, ...]

    @property
    def why(self) -> str:
        """Why something is left out: the first reason that is none of those that follow; "" where nothing is."""
        reasons = [one.why for one in self.plan.left]
        return next((why for why in reasons if why != "waits"), *reasons[:1]) if reasons else ""


def mutants(bench: Bench, through: str) -> Iterator[tuple[Requirement, Mutant]]:
    """Every way in which the self-test breaks the requirements that end with this migration."""
    with bench.workbench.changed("", bench.over.tables()) as look:
        assert not isinstance(look, Refused)
        clean = look.catalog
    for requirement in bench.over.requirements:
        table = clean.tables.get(requirement.table)
        if requirement.last != through or not requirement.alive(through) or requirement.level == "may":
            continue
        if table is None or any(name not in table.columns for name in requirement.columns):
            continue
        for mutant in defect_modules()[requirement.kind].defects(requirement, table):
            if mutant.oldest <= bench.major:
                yield requirement, mutant


def mended(
    bench: Bench, through: str, requirement: Requirement, mutant: Mutant, *, rows: bool = False
) -> Mended | None:
    """The mutant repaired in a transaction, twice; None where the server refuses the mutant, or it breaks nothing.
    Where `rows` are looked at, those that are not as before depart too."""
    over, names = around(bench.over, requirement.table, through)
    with bench.workbench.changed(mutant.sql, names) as look:
        if isinstance(look, Refused):
            return None
        catalog = look.answered(questions_for(over.requirements, look.catalog, through))
        before = judge(over.requirements, catalog, through)
        if not departing(before):
            return None
        plan = _planned(over, catalog, before, through, bench.major, look)
        before_it = _rows(look) if rows else {}
    script = runnable(plan)
    with bench.workbench.changed(f"{mutant.sql};\n{script};\n{script}", names) as look:
        if isinstance(look, Refused):
            told = [f"refused: {look.reason}"]
        else:
            catalog = look.answered(questions_for(over.requirements, look.catalog, through))
            after = judge(over.requirements, catalog, through)
            told = [f"{o.requirement.id}: {o.verdict}: {o.observed} ({o.note})" for o in departing(after, plan)]
            told += _changed(before_it, _rows(look)) if rows else ()
    return Mended(requirement.id, requirement.kind, mutant.name, plan, tuple(told))


def _planned(
    over: Contract, catalog: Catalog, before: tuple[Outcome, ...], through: str, major: int, look: Look
) -> Plan:
    drafted, seen = renamed(
        lambda taken: draft(over, catalog, before, through, major, taken=taken),
        lambda asked: look.rows(asked, Looking()),
    )
    return settled(drafted, seen, "it cannot be asked of these types")


def _rows(look: Look) -> Rows:
    return {name: look.texts(table) for name, table in look.catalog.tables.items() if table.is_table}


def _changed(before: Rows, after: Rows) -> Iterator[str]:
    """The tables whose rows are not as they were, in the columns that they had."""
    for name, rows in before.items():
        columns = set(rows[0]) if rows else set()
        if _sorted(rows) != _sorted([{k: v for k, v in row.items() if k in columns} for row in after[name]]):
            yield f"the rows of {name} are others"


def _sorted(rows: Sequence[Mapping[str, str | None]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((name, repr(value)) for name, value in row.items()) for row in rows)


def around(over: Contract, table: str, through: str) -> tuple[Contract, tuple[str, ...]]:
    """What is asked of the table, and of the columns of others that lead to it, for a mutant reaches no further; and the
    tables that have to be seen for it."""
    living = [r for r in over.requirements if r.alive(through)]
    leads = {
        (r.table, r.columns): str(r.spec["references"]).partition(".")[0] for r in living if "references" in r.spec
    }
    own = [r for r in living if r.table == table or leads.get((r.table, r.columns)) == table]
    hosts = {r.table for r in own}
    own += [r for r in living if r.table in hosts - {table} and r.kind in ("table", "column")]
    seen = hosts | {target for (of, _), target in leads.items() if of == table}
    return replace(over, requirements=tuple(own)), tuple(sorted(seen))


def runnable(plan: Plan) -> str:
    """The statements as they run within one transaction."""
    return "\n".join(_CONCURRENTLY.sub("", doing.step.sql) for doing in plan.doing)


def departing(outcomes: tuple[Outcome, ...], plan: Plan = _NOTHING) -> list[Outcome]:
    """What is asked for, does not pass, and is not left out by the plan; nor lies behind what is left out."""
    left = {id_ for one in plan.left for id_ in one.leaves}
    hidden = {id_.split("/")[1].partition(".")[0] for id_ in left if id_.endswith(("/table", "/column", "/type"))}
    return [
        o
        for o in outcomes
        if o.requirement.level != "may"
        and o.requirement.id not in left
        and (o.verdict == "fail" or (o.verdict == "indeterminate" and o.requirement.table not in hidden))
    ]
