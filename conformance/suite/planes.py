"""The planes that are looked at in a sandbox, where a run asks for them: their claims, and the one look at each.

They take longer than a look at a database, so that `--pyargs conformance.suite` has them only beside `--migrations`,
and the laws of an implementation beside `--adapter`; `conformance.suite.test_behaviour` and
`conformance.suite.test_history` are asked for by name without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.errors import UsageError
from conformance.model.contract import Requirement
from conformance.model.record import replace
from conformance.model.report import Report
from conformance.options import Options, selected
from conformance.run import load_claims
from conformance.suite.look import Look, Seen, look_of

_MODULE = re.compile(r"(?:.*[/\\])?conformance[./\\]suite(?:[./\\]test_(?P<name>\w+?)(?:\.py)?)?(?:::.*)?\Z", re.DOTALL)
_ENFORCED = Requirement(
    id="behaviour/enforcement",
    claim="enforcement",
    kind="enforcement",
    level="must",
    source="the invariants of the rows",
    since="0001",
    until=None,
    table="",
    columns=(),
)
"""What the catalog is said to enforce is enforced: one test, since only what departs from it has an outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Its claims, and what looks at those of them that have these ids, or at all. It raises `ConformanceError`."""

    claims: Sequence[Requirement]
    look: Callable[[Collection[str] | None], Look]


def modules(args: Sequence[str]) -> frozenset[str]:
    """The modules of the suite that a command line names, `structure` and so on; "" stands for the whole suite."""
    found = [_MODULE.match(arg) for arg in args]
    return frozenset((match["name"] or "") if match else "" for match in found) or frozenset({""})


def planes(config: pytest.Config, options: Options) -> Mapping[str, Plane]:
    """The planes that this run asks for. Raises `UsageError`."""
    named, folder = modules(config.args), config.getoption("conformance_migrations")
    here = config.invocation_params.dir
    where = None if folder is None else here / folder
    found: dict[str, Plane] = {}
    for name, make in (("behaviour", _behaviour), ("history", _history)):
        if name in named or (folder is not None and "" in named):
            found[name] = make(config, options, where)
    adapter = config.getoption("conformance_adapter")
    if adapter is None and "conduct" in named:
        raise UsageError("conformance.suite.test_conduct judges an implementation: name it with --adapter")
    if adapter is not None and named & {"", "conduct"}:
        found["conduct"] = _conduct(config, options, where, adapter)
    return found


def _behaviour(config: pytest.Config, options: Options, folder: Path | None) -> Plane:
    from conformance.driven import requirements
    from conformance.effort import memory
    from conformance.registry import laws

    contract, invariants = load_claims(options, beside=[r.id for r in requirements()])
    claims = [r for r in contract.requirements if r.claim in laws() and selected(r.id, options)]
    claims += [r for r in requirements() if selected(r.id, options)]
    rows = tuple(claim.requirement.id for claim in invariants if selected(claim.requirement.id, options))
    count = _examples(config)
    url = config.getoption("conformance_database_url") if folder is None else None
    seed = _number(config, "seed")

    def look(ids: Collection[str] | None) -> Look:
        from conformance.proving import prove

        chosen = options
        if ids is not None:
            wanted = [id_ for id_ in ids if id_ != _ENFORCED.id] + list(rows if _ENFORCED.id in ids else ())
            chosen = replace(options, select=tuple(wanted), ignore=()) if set(ids) != {_ENFORCED.id} else options
        found = _drawn(
            config,
            lambda tell: prove(folder, chosen, source=url, examples=count, seed=seed or 0, memory=memory(), tell=tell),
        )
        known = {claim.id for claim in claims}
        apart = {id_: seen for id_, seen in found.seen.items() if id_ not in known}
        return replace(found, seen={**found.seen, _ENFORCED.id: _enforced(apart)})

    return Plane(claims=(*claims, *([_ENFORCED] if rows else [])), look=look)


def _enforced(apart: Mapping[str, Seen]) -> Seen:
    """What was found of all invariants, as one."""
    failing = {id_: seen for id_, seen in apart.items() if seen.verdict == "fail"}
    waived = {id_: seen for id_, seen in apart.items() if seen.verdict == "waived"}
    told = failing or waived
    return Seen(
        verdict="fail" if failing else "waived" if waived else "pass",
        expected="what the catalog is said to enforce is enforced",
        observed=", ".join(told),
        text="\n".join(seen.text for seen in told.values()),
    )


def _history(config: pytest.Config, options: Options, folder: Path | None) -> Plane:
    from conformance.replaying import plan_of

    chosen = replace(options, select=(), ignore=(), schema=None)  # a configuration selects requirements, and no laws
    plan, rows = plan_of(folder, chosen), _number(config, "rows") or 0
    may_refuse = config.getoption("conformance_may_refuse") or ()
    claims = tuple(_of_history(plan.migrations, plan.asked))

    def look(ids: Collection[str] | None) -> Look:
        from conformance.replaying import replay

        asked = chosen if ids is None else replace(chosen, select=tuple(ids))
        return look_of(replay(folder, asked, rows=rows, may_refuse=may_refuse))

    return Plane(claims=claims, look=look)


def _of_history(migrations: Sequence[Any], asked: Mapping[str, frozenset[str]]) -> Iterator[Requirement]:
    from conformance.history_outcomes import PLANE, id_of
    from conformance.registry import history_laws

    for migration in migrations:
        for law in history_laws().values():
            if law.LAW in asked[migration.key]:
                yield Requirement(
                    id=id_of(migration.key, law.LAW),
                    claim=law.LAW,
                    kind=PLANE,
                    level=law.LEVEL,
                    source=migration.file,
                    since=migration.key,
                    until=None,
                    table="",
                    columns=(),
                )


def _conduct(config: pytest.Config, options: Options, folder: Path | None, adapter: str) -> Plane:
    from conformance.adapter_outcomes import requirement_of
    from conformance.adapting import judge_options, prove_adapter, selected_laws
    from conformance.effort import memory

    chosen = replace(options, select=(), ignore=(), schema=None)  # a configuration selects requirements, and no laws
    judge_options(chosen)
    count = _examples(config)
    seed = _number(config, "seed")

    def look(ids: Collection[str] | None) -> Look:
        asked = chosen if ids is None else replace(chosen, select=tuple(ids))
        return _drawn(
            config, lambda _: prove_adapter(adapter, asked, folder, examples=count, seed=seed or 0, memory=memory())
        )

    return Plane(claims=tuple(map(requirement_of, selected_laws(chosen).values())), look=look)


def _examples(config: pytest.Config) -> int:
    """How many examples are asked for: by our own options, or else by a profile of Hypothesis' that was chosen."""
    from conformance.effort import examples_of

    effort, examples = config.getoption("conformance_effort"), _number(config, "examples")
    profile = config.getoption("hypothesis_profile", None)
    if effort is None and examples is None and profile:
        from conformance.properties.drawing import examples_of_profile

        return examples_of_profile(profile)
    return examples_of(effort, examples)


def _drawn(config: pytest.Config, prove: Callable[[Callable[[str, int], None]], Report]) -> Look:
    """What became of examples that are drawn, with Hypothesis' statistics of them where they are wanted."""
    about, lines = ["histories"], list[str]()

    def tell(id_: str, left: int) -> None:
        about[0] = id_

    if not config.getoption("hypothesis_show_statistics", False):
        return look_of(prove(tell))
    from conformance.properties.drawing import statistics

    with statistics(lambda text: lines.append(f"{about[0]}:\n{text}")):
        found = look_of(prove(tell))
    return replace(found, remarks=(*found.remarks, *lines))


def _number(config: pytest.Config, name: str) -> int | None:
    """An option that is a number; for a seed, Hypothesis' own counts where ours is not given. Raises `UsageError`."""
    text = config.getoption(f"conformance_{name}")
    if text is None and name == "seed":
        text = config.getoption("hypothesis_seed", None)
        return int(text) if str(text).lstrip("-").isdigit() else None
    if text is None:
        return None
    positive = name != "seed"
    if not text.lstrip("-").isdigit() or (positive and int(text) < 1):
        raise UsageError(f"--conformance-{name} takes a number{' from 1 on' * positive}, not {text!r}")
    return int(text)
