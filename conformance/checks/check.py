"""The table lets in the rows that the contract shows, and refuses the others.

Why: some promises are about several columns at once: a document has its content, or a URI that leads to it.

Example: `0013/agent_documents.content+uri/check` accepts a row with `content`, with `uri`, or with both, and refuses
one with neither.

How: by meaning. Every CHECK that touches the columns is evaluated on the server, read-only, over the contract's rows;
columns that a row does not give are NULL.

Passes: any expression that accepts and refuses these rows.

Fails: no CHECK that refuses what must be refused, one that refuses what must be accepted, NOT VALID, NOT ENFORCED.

Repair: `ALTER TABLE … ADD CONSTRAINT … CHECK (…) NOT VALID`, then `VALIDATE CONSTRAINT`.

Limits: as for value sets: a stranger's function is never run, and the contract's rows stand for all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.admission import Admission
from conformance.model.catalog import Check, Table
from conformance.model.contract import Requirement, Shapes, about_columns
from conformance.model.guards import guards, why_unproven
from conformance.model.mending import comment, constraint_names, dropped, free, relation, script, validated
from conformance.model.outcome import Judgement, about, failed, passed, undecided
from conformance.model.question import Question, Row
from conformance.model.scene import Scene
from conformance.model.sql import identifier

KIND = "check"
CLAIMS: Shapes = {"check": {"accepts": (list,), "refuses": (list,)}}


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_columns(columns)
    for claim in ("accepts", "refuses"):
        for row in spec[claim]:
            if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
                yield f'{claim} must hold rows, such as {{ content = "x" }}, not {row!r}'
            elif odd := row.keys() - set(columns):
                yield f"{claim} gives {', '.join(sorted(odd))}, which is not among the columns"


def expected(requirement: Requirement) -> str:
    accepts = " or ".join(_shown(row) for row in requirement.spec["accepts"])
    refuses = " or ".join(_shown(row) for row in requirement.spec["refuses"])
    return f"accepts {accepts}; refuses {refuses}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    for claim in ("accepts", "refuses"):
        yield from _admission(requirement, table, claim).questions()


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    return about(_judged(requirement, table, scene), (name for name, _ in _seen(table, requirement.columns)))


def _judged(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    asked, seen = expected(requirement), _observed(table, requirement.columns)
    examined = len(requirement.spec["accepts"]) + len(requirement.spec["refuses"])
    doubts = []
    for claim, wrong in (("accepts", "refused"), ("refuses", "accepted")):
        fates = _admission(requirement, table, claim).fates(scene.catalog)
        for row, (fate, why) in zip(requirement.spec[claim], fates, strict=True):
            if fate == wrong:
                by = f" by {why}" if why else _why_open(table, requirement.columns)
                note = f"a row with {_shown(row)} is {wrong}{by}"
                return failed(asked, seen, note, examined=examined, witness=_shown(row))
            if fate == "unknown":
                doubts.append(why)
    if doubts:
        return undecided(asked, seen, doubts[0])
    return passed(asked, seen, examined=examined)


def condition(requirement: Requirement) -> str:
    """The SQL of a CHECK that keeps the claim."""
    return " OR ".join(
        "(" + " AND ".join(f"{identifier(name)} IS NOT NULL" for name in row) + ")"
        for row in requirement.spec["accepts"]
        if len(row) == 1
    )


def repair(requirement: Requirement, table: Table | None) -> str:
    text = condition(requirement)
    if not text:
        return comment(f"what keeps it has to be written by hand: {expected(requirement)}")
    clauses: list[str] = []
    gone: list[Check] = []
    remarks: list[str] = []
    optional = [n for n in requirement.columns if any(n not in row for row in requirement.spec["accepts"])]
    for check in table.checks if table is not None else ():
        own, plain = set(check.columns), {f"({identifier(name)} IS NOT NULL)" for name in optional}
        if own == set(requirement.columns) or check.expression.text in plain:
            gone.append(check)
        elif own & set(requirement.columns):
            remarks.append(comment(f"{check.name} stays: see that it refuses no row that is let in here"))
    clauses += dropped(gone)
    if table is not None:
        required = {name for name in optional if name in table.columns and table.columns[name].not_null}
        clauses += [f"ALTER COLUMN {identifier(name)} DROP NOT NULL" for name in optional if name in required]
    taken = constraint_names(table) - {check.name for check in gone}
    name = free(f"{requirement.table}_{'_or_'.join(requirement.columns)}", taken)
    return script(*remarks, validated(relation(requirement, table), clauses, name, text))


def _shown(row: Mapping[str, Any]) -> str:
    return " and ".join(row) if row else "none of them"


def _seen(table: Table, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys((guard.name, guard.expression.text) for guard in guards(table, columns))


def _observed(table: Table, columns: tuple[str, ...]) -> str:
    found = "; ".join(f"{name}: {text}" for name, text in _seen(table, columns))
    return found or f"no check on {', '.join(columns)}"


def _admission(requirement: Requirement, table: Table, claim: str) -> Admission:
    rows: tuple[Row, ...] = tuple(
        tuple(row.get(name) for name in requirement.columns) for row in requirement.spec[claim]
    )
    refuses = claim == "refuses"
    return Admission(table=table, columns=requirement.columns, rows=rows, proven_only=refuses, anywhere=not refuses)


def _why_open(table: Table, columns: tuple[str, ...]) -> str:
    for check in table.checks:
        if set(check.columns) & set(columns) and (why := why_unproven(table, check)):
            return f": {check.name} is {why}"
    return ""
