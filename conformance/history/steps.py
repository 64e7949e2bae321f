"""Each step brings what the contract says of it, no more and no less.

Why: a history that ends well may still pass through schemas that nobody documented. Who stops at 0016 runs on what 0016
left, and a platform of that version has to find there what the documentation promises of it.

How: the catalog is read before and after each migration, on a database that the ones before it built. What the
contract asks for as of this migration is judged as `conformance check --through` judges it: what departs now and did
not before is this step's. Then the two catalogs are compared: a table or column that is new belongs to this step or
an earlier one; what the contract takes away by now is gone; a new index, constraint or trigger is one that the
contract knows on these columns.

Example: `history/0016/steps`.

Fails: a column that is missing, of another type, or brought by a later step than the documentation says (must where the
contract says must); a table, column, index, constraint or trigger that the contract does not know (should).

Repair: put the object into the migration that the contract names; `conformance explain` of the requirement has the SQL.

Limits: the number of a file is taken as the contract's number of the step. Names of constraints and indexes do not
count, only what they are on.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.catalog import Catalog, Table
from conformance.model.contract import LAST_MIGRATION, LEVELS, Level
from conformance.model.history import Seen, Statement, Step, Told, idle, kept, unseen
from conformance.model.history_compare import some
from conformance.model.outcome import Outcome

LAW = "steps"
LEVEL: Level = "must"
EXPECTED = "what the contract says of this migration, no more and no less"
ASKS = frozenset({"steps"})


def judge(seen: Seen) -> Told:
    """What the catalog departs in now and did not before, and what is new in it though the contract does not know
    it."""
    key = seen.migration.key
    if seen.first is not None and (broken := seen.first.broken) is not None:
        if broken.lacking:
            return unseen(f"the throw-away server lacks the extension {broken.lacking}: {broken.message}")
        return Told(
            verdict="fail",
            observed=f"the server refuses it: {broken.message}",
            statement=seen.migration.up.statements[broken.statement],
            steps=("run what comes before it", f"run {seen.migration.file}"),
        )
    if len(key) > len(LAST_MIGRATION):
        return unseen(
            f"{key} is no number of the contract's, which end with {LAST_MIGRATION}: number the files as it does"
        )
    if key > LAST_MIGRATION:
        return idle(f"the contract ends with {LAST_MIGRATION}")
    if (step := seen.step) is None:
        return unseen(seen.unseen or "the catalog was not read")
    wrong = [*_less(step), *_more(step, seen)]
    asked = [o for o in step.judged_after if o.requirement.alive(key)]
    if wrong:
        level = min((level for level, *_ in wrong), key=LEVELS.index)
        words = tuple(words for _, words, _ in wrong)
        return Told(
            verdict="fail",
            level=level,
            observed=some(words),
            note=_why(len(wrong)),
            object=wrong[0][2],
            statement=_blamed(seen, wrong[0][2]),
            steps=(f"run everything up to {seen.migration.file}, and then: conformance check --through {key}",),
            examined=len(asked),
            evidence={"departures": list(words)},
        )
    if vague := [o for o in asked if o.verdict == "indeterminate" and o.requirement.level == "must"]:
        return unseen(f"{vague[0].requirement.id} could not be decided: {vague[0].note}")
    new = sum(o.requirement.since == key for o in asked)
    return kept(f"{new} requirements come with it, and the {len(asked)} of now hold", examined=len(asked))


def _why(count: int) -> str:
    return "" if count == 1 else f"{count} departures begin with this step"


def _less(step: Step) -> Iterator[tuple[Level, str, str]]:
    """What departs from the contract since this step."""
    known = {o.requirement.id for o in step.judged_before if o.verdict == "fail"}
    for outcome in step.judged_after:
        requirement = outcome.requirement
        departs = outcome.verdict == "fail" and requirement.level != "may" and outcome.because is None
        if departs and requirement.id not in known:
            yield requirement.level, _departure(outcome), requirement.subject


def _departure(outcome: Outcome) -> str:
    return f"{outcome.requirement.id}: expected {outcome.expected}, found {outcome.observed}"


def _more(step: Step, seen: Seen) -> Iterator[tuple[Level, str, str]]:
    """What is there and should not be."""
    key = seen.migration.key
    at_home: dict[str, Level] = {}
    early: dict[str, tuple[str, Level]] = {}
    gone: dict[str, tuple[str, Level]] = {}
    for r in seen.words.requirements:
        if r.claim not in ("table", "column"):
            continue
        if r.alive(key):
            at_home[r.subject] = r.level
        elif r.since > key:
            early.setdefault(r.subject, (r.since, r.level))
        elif r.until is not None:
            gone.setdefault(r.subject, (r.until, r.level))
    for subject in _subjects(step.after):
        new = subject not in _subjects(step.before)
        if subject in at_home:
            continue
        if subject in gone and gone[subject][0] == key:
            yield _weak(gone[subject][1]), f"{subject} is still there, and {key} should take it away", subject
        elif new and subject in early:
            since, level = early[subject]
            yield _weak(level), f"{subject} comes with {since}, and not yet", subject
        elif new and subject not in gone:
            yield "should", f"{subject} is in no migration of the contract", subject
        elif new:
            yield _weak(gone[subject][1]), f"{subject} is back, which {gone[subject][0]} took away", subject
    yield from _beside(step, seen)


def _weak(level: Level) -> Level:
    return "should" if level == "may" else level


def _subjects(catalog: Catalog) -> dict[str, None]:
    found: dict[str, None] = {}
    for name, table in catalog.tables.items():
        found[name] = None
        found.update((f"{name}.{column}", None) for column in table.columns)
    return found


def _beside(step: Step, seen: Seen) -> Iterator[tuple[Level, str, str]]:
    """New indexes, constraints and triggers on columns of which the contract does not know any such thing."""
    key = seen.migration.key
    known = {(r.table, frozenset(r.columns), r.kind) for r in seen.words.requirements if r.since <= key}
    for name, table in step.after.tables.items():
        if name not in {r.table for r in seen.words.requirements}:
            continue  # the table itself is too much, which was said
        before = step.before.tables.get(name)
        old = {(kind, called) for kind, called, *_ in _objects(before)} if before else set()
        for kind, called, columns, alike in _objects(table):
            if (kind, called) in old:
                continue
            if not any((name, columns, one) in known for one in alike):
                said = f"{kind} {called} on {name} ({', '.join(sorted(columns))})"
                yield "should", f"{said} is in no migration of the contract", called


def _objects(table: Table) -> Iterator[tuple[str, str, frozenset[str], tuple[str, ...]]]:
    """Each object of a table: its kind, its name, the columns that it is on, and the kinds of claims that know it."""
    for index in table.indexes:
        columns = frozenset(key.column for key in index.keys if key.column is not None)
        kinds = ("unique", "primary-key", "index") if index.unique or index.primary else ("index",)
        yield "index", index.name, columns, (*kinds, "unique", "primary-key")
    for check in table.checks:
        yield "check", check.name, frozenset(check.columns), ("check", "one-of")
    for key in table.foreign_keys:
        yield "foreign key", key.name, frozenset(key.columns), ("foreign-key",)
    for trigger in table.triggers:
        yield "trigger", trigger.name, frozenset({"updated_at"} & set(table.columns)), ("trigger",)


def _blamed(seen: Seen, object_: str) -> Statement | None:
    """The first statement that names the object, if any does."""
    name = object_.rpartition(".")[2]
    for word in (name, object_.partition(".")[0]):
        for statement in seen.migration.up.statements:
            if word in statement.text:
                return statement
    return None
