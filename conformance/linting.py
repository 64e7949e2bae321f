"""The orchestrator of `lint`: migrations read as text, folded into a catalog, and judged as a database is; and every
statement put to the lints, which say what it would do to live data."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import baseline, excuses
from conformance.elsewhere import left_to_others
from conformance.errors import UsageError
from conformance.model.catalog import UNREAD
from conformance.model.lint import NEWEST
from conformance.model.record import replace
from conformance.options import Options, judge_through, selected

if TYPE_CHECKING:
    from conformance.fold.folding import Doubt, Folded
    from conformance.fold.schema import Schema
    from conformance.hazards import Found
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract, Requirement
    from conformance.model.ignoring import Ignoring
    from conformance.model.outcome import Outcome
    from conformance.model.report import Report
    from conformance.model.target import Target
    from conformance.model.written import Written
    from conformance.sources.migrations import Reading, Text

OLDEST = 12
_SHOWN = 200
_MOST = 12
"""How many tables are named that a statement could touch."""


def lint(
    paths: Sequence[Path | str],
    options: Options | None = None,
    *,
    postgres: int = NEWEST,
    assume_transaction: bool = False,
    fix: bool = False,
    since: str | None = None,
    unsaved: Mapping[Path, str] | None = None,
    ignoring: Sequence[Ignoring] = (),
    rows: Mapping[str, int] | None = None,
    **chosen: object,
) -> Report:
    """Judge what the migrations at these paths build, without a database, as a server of major `postgres` would, and
    what their statements would do to live data.

    `assume_transaction` says that each file is run in one transaction; `fix` has what is mechanical in their hazards
    done to the files before they are judged. The hazards are those of the files that have changed `since` a commit, a
    branch or a tag, and of the `unsaved` ones, whose texts stand in place of what is on disk; `ignoring` says which not
    to look for in which files, `rows` how many a table has. `chosen` are fields of `Options`. Raises
    `ConformanceError`.
    """
    from conformance import beside, hazards
    from conformance.documented import documented
    from conformance.fold.catalog import catalog
    from conformance.fold.evaluate import answers
    from conformance.fold.folding import fold
    from conformance.judge import judge, questions_for
    from conformance.lint_scope import scope
    from conformance.placing import housed
    from conformance.progress import by_part
    from conformance.run import invariant_ids, report_of
    from conformance.sources.migrations import read

    options = replace(options or Options(), **chosen)
    began = time.perf_counter()
    judge_through(options.through)
    if not OLDEST <= postgres <= NEWEST:
        raise UsageError(f"--postgres takes a major from {OLDEST} to {NEWEST}")
    excused, base = excuses.load(options.waivers), baseline.load(options, files=True)
    contract = _contract(options)

    edited = dict(unsaved or {})
    places = [Path(path) for path in paths]
    reading = read(places, options.through, edited)
    chosen_files = scope(reading.files, places, since, edited, ignoring)
    search = beside.Search(
        scope=chosen_files,
        documented=documented(contract, options.through),
        assume_transaction=assume_transaction,
        major=postgres,
        rows=dict(rows or {}),
    )

    if fix:
        from conformance.fixing import mended, untolerated

        def to_fix(files: Sequence[Text]) -> list[Found]:
            return untolerated([one for one in search.hazards_of(files) if selected(one.code, options)], base)

        files, told = mended(reading.files, to_fix)
        reading = replace(reading, files=tuple(files), passed_over=(*told, *reading.passed_over))
    looking = beside.begun(search, reading.files)
    with looking as hazards_found, by_part("files", len(reading.files)) as tell:
        folded = fold(_written(reading.files, tell), contract.tables(), _start(options.schema, postgres))
        found = hazards_found()
    if not folded.understood + folded.irrelevant + len(folded.doubts):
        raise UsageError(f"there is no statement in {', '.join(map(str, paths))}")
    built = catalog(folded.schema, contract.tables())
    asked = questions_for(contract.requirements, built, options.through)
    built = replace(built, answers=answers(folded.schema, asked))
    outcomes = (
        *doubted(judge(contract.requirements, built, options.through), folded, built),
        *housed(hazards.outcomes(found, sum(chosen_files.covers(file.name) for file in reading.files))),
    )
    about = (
        *_remarks(reading, folded, built),
        *chosen_files.remarks(reading.files),
        *_unknown(rows or {}, folded, contract),
        *left_to_others(_ids(contract), contract, options),
    )
    target = _target(reading, paths, folded, postgres)
    report = report_of(
        contract, built, target, outcomes, options, excused, began, lambda _: about, lambda: invariant_ids(contract)
    )
    return baseline.compared(report, base, options, chosen_files.looked_at(reading.files, places))


def _written(files: Sequence[Text], tell: Callable[[int], None]) -> Iterator[Written]:
    """The statements of the files, one file after the other."""
    from conformance.sources.migrations import statements

    for count, file in enumerate(files):
        tell(count)
        yield from statements(file)


def _contract(options: Options) -> Contract:
    from conformance.registry import claims
    from conformance.sources import contract as source

    contract = source.load(options.profile, claims, options.contract)
    left_to_others(_ids(contract), contract, options)
    return contract


def _ids(contract: Contract) -> list[str]:
    from conformance.registry import lints

    return [*(requirement.id for requirement in contract.requirements), *lints()]


def _start(schema: str | None, major: int) -> Schema:
    from conformance.fold.schema import Schema

    if schema in (None, "public"):
        return Schema(major=major)
    own = frozenset({schema})  # somebody else may have made it, or these files do
    return Schema(path=(schema,), home=(schema,), namespaces=own | {"public"}, given=own, major=major)


def doubted(outcomes: Iterable[Outcome], folded: Folded, built: Catalog) -> Iterator[Outcome]:
    """The outcomes, of which those are indeterminate that a statement could touch which is not understood. The first of
    them stands for those behind it."""
    heads: dict[str, str] = {}
    heard = _heard(folded)
    views = {name: table for name, table in built.tables.items() if not table.is_table}
    for outcome in outcomes:
        about = _tables(outcome.requirement)
        why = min((heard[name] for name in (None, *about) if name in heard), default=(0, ""))[1]
        if not why and (seen := about & views.keys()):
            why = f"which columns {views[min(seen)].described} has is known to a server only"
        if not why or outcome.verdict not in ("pass", "fail", "indeterminate"):
            yield outcome
            continue
        head = heads.setdefault(why, outcome.requirement.id)
        because = None if head == outcome.requirement.id else head
        yield replace(
            outcome,
            verdict="indeterminate",
            note=why,
            because=because,
            evidence={"examined": 0},
            findings=(),
            repair=None,
        )


def _tables(requirement: Requirement) -> set[str]:
    """The tables that a requirement is about."""
    target = str(requirement.spec.get("references", "")).partition(".")[0]
    return {requirement.table, *([target] if target else [])}


def _heard(folded: Folded) -> Mapping[str | None, tuple[int, str]]:
    """The first doubt about each table, and at None about any: its place among the doubts, and its words."""
    found: dict[str | None, tuple[int, str]] = {}
    seen: set[frozenset[str] | None] = set()
    for place, (doubt, names) in enumerate(_named(folded)):
        if names in seen:
            continue
        seen.add(names)
        for name in (None,) if names is None else names:
            found.setdefault(name, (place, _words(doubt)))
    return found


def _named(folded: Folded) -> Iterator[tuple[Doubt, frozenset[str] | None]]:
    """The doubts, each with the names of the tables that it is about, as they are called in the end; None for any."""
    now = {relation.number: relation.name for relation in folded.schema.relations.values()} if folded.doubts else {}
    known: dict[frozenset[str | int], frozenset[str]] = {}
    for doubt in folded.doubts:
        if doubt.touches is not None and doubt.touches not in known:
            known[doubt.touches] = frozenset(o if isinstance(o, str) else now.get(o, "") for o in doubt.touches)
        yield doubt, None if doubt.touches is None else known[doubt.touches]


def _told(names: Collection[str]) -> str:
    """The first of the names, and how many more there are."""
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return ", ".join(nsmallest(_MOST, names)) + more


def _words(doubt: Doubt) -> str:
    return f"{doubt.statement.place} is not understood: {doubt.why}"[:_SHOWN]


def _remarks(reading: Reading, folded: Folded, built: Catalog) -> Iterator[str]:
    yield from reading.passed_over
    told: dict[frozenset[str] | None, str] = {None: "any table"}
    for doubt, names in _named(folded):
        if names not in told and names is not None:
            told[names] = _told(names) or "no table of the contract"
        yield f"{_words(doubt)}; it could touch {told[names]}"
    yield from _unread(built)


def _unknown(rows: Mapping[str, int], folded: Folded, contract: Contract) -> Iterator[str]:
    """The tables that are said to have rows, and are nowhere."""
    known = {relation.name for relation in folded.schema.relations.values()} | set(contract.tables())
    yield from (f"rows: no file that was read makes a table {table}" for table in rows if table not in known)


def _unread(built: Catalog) -> Iterator[str]:
    """The expressions that are not understood, each with what it belongs to."""
    for name, table in built.tables.items():
        found = [(f"the CHECK {check.name}", check.expression) for check in table.checks]
        found += [(f"the default of {c.name}", c.default) for c in table.columns.values() if c.default is not None]
        found += [(f"the index {i.name}", i.computing) for i in table.indexes if i.computing is not None]
        for what, expression in found:
            if UNREAD in (expression.nodes or ()):
                yield f"{what} of {name} is {UNREAD}{f': {expression.text}' if expression.text else ''}"[:_SHOWN]


def _target(reading: Reading, paths: Sequence[Path | str], folded: Folded, postgres: int) -> Target:
    from conformance.model.target import Target

    count = folded.understood + folded.irrelevant + len(folded.doubts)
    parts = [f"{folded.understood} understood", f"{folded.irrelevant} irrelevant"]
    if folded.doubts:
        parts.append(f"{len(folded.doubts)} not understood")
    files = f"{len(reading.files)} file{'s' * (len(reading.files) != 1)}"
    return Target(
        address=", ".join(map(str, paths)),
        origin=f"{files}, {count} statements: {', '.join(parts)}",
        database="",
        server_version=str(postgres),
        session_user="",
        current_user="",
        schemas=folded.schema.home,
        in_recovery=False,
        superuser=False,
    )
