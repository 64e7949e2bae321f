"""The column accepts each documented value (`accepts`), and nothing else (`one-of`).

Why: a value that is documented and refused stops a client; one that is not documented and accepted is a row that no
reader knows what to do with.

Example: `0014/approval_requests.request_type/accepts` asks that `plan` and `risky_task` are let in,
`0014/approval_requests.request_type/one-of` that nothing else is.

How: by meaning. The database's own expressions are evaluated on the server, read-only, over values that must be
accepted and values that must be refused: each documented value, the expression's own literals, the empty string, a
string that is spelled out nowhere. Where all expressions only compare the string with constants, that is a proof;
elsewhere the neighbourhood of the values is tried too (case, blanks, a character more, fewer or other, `_` against `-`,
a line feed), and strings of many lengths. All CHECKs of the table and of the column's domain count together; enum
labels are read from the catalog, never cast; the keys of a lookup table behind a kept foreign key are read as rows.

Passes: IN, `= ANY`, OR chains, a regular expression, a domain, an enum, a lookup table (with a note: tomorrow's row
would widen the set), list partitions of these values without a default one.

Fails: one value more or fewer, NOT VALID or NOT ENFORCED, folded case, the NULL trap (`IN ('plan', NULL)` refuses
nothing), no CHECK at all (`one-of`), a unique index that lets each value in once (`accepts`). The finding names the
smallest value that tells the two apart.

Repair: `ALTER TABLE … ADD CONSTRAINT … CHECK (… IN (…)) NOT VALID`, then `VALIDATE CONSTRAINT`.

Limits: an expression that calls anything which PostgreSQL does not ship, or that is not immutable, is never run: the
claim is then indeterminate, with the expression shown. Where an expression does more with the string than compare it
with constants (a length, a piece of it, a pattern that matches without end), no number of refused strings proves that
all are: if none of them gets in, `one-of` is indeterminate too. A trigger at an INSERT is read, and not run: where its
body may refuse the column's values or change them, `accepts` is indeterminate; what a function that it calls refuses is
left to `conformance prove`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.admission import Admission, exact, stored
from conformance.model.catalog import Table
from conformance.model.contract import Requirement, Shapes, about_one_column
from conformance.model.guards import Guard, guards, lookups, sayers, why_not_evaluable, why_unproven
from conformance.model.mending import column_of, comment, constraint_names, dropped, free, relation, script, validated
from conformance.model.neighbours import neighbourhood, plain, samples, smallest_but
from conformance.model.outcome import Judgement, about, failed, passed, undecided
from conformance.model.placement import only_place
from conformance.model.question import Keys, Question, Text
from conformance.model.references import why_not_kept
from conformance.model.repeated import repeated
from conformance.model.samples import STRINGS, unheard_of
from conformance.model.scene import Scene
from conformance.model.sql import identifier, literal
from conformance.model.strings import MOST, compares_with_null, constants, pads
from conformance.model.surplus import without

KIND = "one-of"
CLAIMS: Shapes = {"accepts": {"values": (list,)}, "one-of": {"values": (list,)}}
AFTER = {"one-of": "accepts"}

_NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?\b")


def objections(columns: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[str]:
    yield from about_one_column(columns)
    if not spec["values"] or not all(isinstance(value, str) for value in spec["values"]):
        yield "values must hold strings, one at least"


def expected(requirement: Requirement) -> str:
    values = ", ".join(requirement.spec["values"])
    return f"{'one of' if requirement.claim == 'one-of' else 'accepts'} {values}"


def questions(requirement: Requirement, table: Table, scene: Scene) -> Iterator[Question]:
    yield from _admission(requirement, table)[1].questions()


def judge(requirement: Requirement, table: Table, scene: Scene) -> Judgement:
    other, admission = _admission(requirement, table)
    fates = admission.fates(scene.catalog)
    if requirement.claim == "accepts":
        found = repeated(_judge_accepts(requirement, table, admission, fates), requirement, table, scene)
    else:
        found = _judge_one_of(requirement, table, admission, fates, other, scene)
    labelled = table.columns[requirement.columns[0]].type.labels is not None  # what an enum is called is its type
    return about(found, () if labelled else (name for name, _ in sayers(table, requirement.columns[0])))


def repair(requirement: Requirement, table: Table | None) -> str:
    column, values = requirement.columns[0], requirement.spec["values"]
    found = column_of(requirement, table)
    if table is None or found is None:
        name, drops = f"{requirement.table}_valid_{column}", list[str]()
        return validated(relation(requirement, table), drops, name, _in(requirement, ""))
    if way := _why_no_strings(table, column) or without(table, relation(requirement, table), [column], ()):
        return way
    type_ = found.type
    if requirement.claim == "accepts" and type_.labels is not None:
        lacking = [value for value in values if value not in type_.labels]
        if lacking and not type_.domains:
            return script(*(f"ALTER TYPE {type_.declared} ADD VALUE {literal(value)};" for value in lacking))
    in_the_way = [check for check in table.checks if set(check.columns) == {column}]
    clauses = dropped(in_the_way)
    narrow = type_.labels is not None or type_.typmod >= 0 or type_.name == "bpchar"
    narrow = narrow or (requirement.claim == "accepts" and any(domain.checks for domain in type_.domains))
    if narrow:
        clauses.append(f"ALTER COLUMN {identifier(column)} TYPE text USING {identifier(column)}::text")
        outer = type_.domains[0] if type_.domains else None
        if outer is not None and outer.default is not None and found.default is None:
            clauses.append(f"ALTER COLUMN {identifier(column)} SET DEFAULT {outer.default.text}")
        if any(domain.not_null for domain in type_.domains):
            clauses.append(f"ALTER COLUMN {identifier(column)} SET NOT NULL")
    taken = constraint_names(table) - {check.name for check in in_the_way}
    name = free(f"{table.name}_valid_{column}", taken)
    return script(
        *_beside(requirement, table, column),
        validated(relation(requirement, table), clauses, name, _in(requirement, "" if found.deterministic else "C")),
    )


def _in(requirement: Requirement, collation: str) -> str:
    collate = f' COLLATE "{collation}"' if collation else ""
    values = ", ".join(literal(value) for value in requirement.spec["values"])
    return f"{identifier(requirement.columns[0])}{collate} IN ({values})"


def _why_no_strings(table: Table, column: str) -> str:
    type_ = table.columns[column].type
    if type_.array or (type_.name not in STRINGS and type_.labels is None):
        return comment(f"{column} is {type_.declared}, which holds no such values: see the repair of its /type")
    if table.columns[column].generated:
        return comment(f"{column} is generated: see the repair of its /column")
    return ""


def _beside(requirement: Requirement, table: Table, column: str) -> Iterator[str]:
    """What the new CHECK does not mend, in comments."""
    for check in table.checks:
        if column in check.columns and len(check.columns) > 1:
            yield comment(f"{check.name} looks at other columns too, and stays: see that it lets each value in")
    for key in lookups(table, column, proven_only=False):
        keys = f"{key.target}.{key.target_columns[0]}, to which {key.name} leads"
        told = "each value has to be among" if requirement.claim == "accepts" else "other keys have to go from"
        yield comment(f"{told} {keys}")


def _admission(requirement: Requirement, table: Table) -> tuple[str, Admission]:
    """A string that is spelled out nowhere, and the rows to try with it among them.

    The rows are the same for both claims, so that the server is asked once; what is NOT VALID counts only for new rows.
    """
    column = requirement.columns[0]
    wanted: list[str] = list(requirement.spec["values"])
    guarding = guards(table, (column,))
    spelled = [constants(guard.expression) for guard in guarding]
    literals = list(dict.fromkeys(text for found in spelled for text in found.strings[:MOST]))
    labels = list(table.columns[column].type.labels or ())
    labels += sorted(value for value in only_place(table, column) or () if value is not None)
    other = unheard_of(
        table.columns[column], {*wanted, *labels, *(text for found in spelled for text in found.strings)}
    )
    probes = dict.fromkeys([*wanted, *literals, *labels, other])
    if _compared_only(table, column, guarding):
        probes |= dict.fromkeys(["", smallest_but([*wanted, *literals])])
    else:
        probes |= dict.fromkeys(neighbourhood([*wanted, *literals[:40]]))
    if not any(found.exhaustive for found in spelled):
        probes |= dict.fromkeys(samples(wanted, literals))
    if table.columns[column].type.name in STRINGS:
        probes = {p: None for p in probes if stored(table.columns[column], p) in (p, None)}
    elif not labels:
        probes |= dict.fromkeys(n for g in guarding for n in _NUMBER.findall(g.expression.text))
        same = {plain(value) for value in wanted}
        probes = {p: None for p in probes if p in wanted or plain(p) not in same}
    if table.columns[column].type.name == "bpchar":
        probes = {p: None for p in probes if p in wanted or p.rstrip(" ") == p}
    rows = tuple((probe,) for probe in probes)
    accepts = requirement.claim == "accepts"
    return other, Admission(table=table, columns=(column,), rows=rows, proven_only=not accepts, anywhere=accepts)


def _compared_only(table: Table, column: str, guarding: list[Guard]) -> bool:
    """Whether the strings next to those spelled out fare as any other string does: where nothing but comparisons with
    constants decides, byte by byte."""
    if not exact(table.columns[column]) or lookups(table, column, proven_only=False):
        return False
    return all(
        guard.columns == (column,)
        and constants(guard.expression).exhaustive
        and not pads(guard.expression)
        and not why_not_evaluable(guard.expression)
        for guard in guarding
    )


def _shown(value: str) -> str:
    return "the empty string" if value == "" else ascii(value)


def _observed(table: Table, column: str) -> str:
    return "; ".join(f"{name}: {text}" for name, text in sayers(table, column)) or f"no check on {column}"


def _judge_accepts(
    requirement: Requirement, table: Table, admission: Admission, fates: tuple[tuple[str, str], ...]
) -> Judgement:
    asked, seen = expected(requirement), _observed(table, requirement.columns[0])
    wanted = set(requirement.spec["values"])
    own = [(row[0] or "", *fate) for row, fate in zip(admission.rows, fates, strict=True) if row[0] in wanted]
    refused = [(value, why) for value, fate, why in own if fate == "refused"]
    if refused:
        value, why = min(refused, key=lambda pair: (len(pair[0]), pair[0]))
        others = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
        return failed(asked, seen, f"{_shown(value)} is refused by {why}{others}", examined=len(own), witness=value)
    unknown = [why for _, fate, why in own if fate == "unknown"]
    return undecided(asked, seen, unknown[0]) if unknown else passed(asked, seen, examined=len(own))


def _judge_one_of(
    requirement: Requirement,
    table: Table,
    admission: Admission,
    fates: tuple[tuple[str, str], ...],
    other: str,
    scene: Scene,
) -> Judgement:
    column = requirement.columns[0]
    asked, seen = expected(requirement), _observed(table, column)
    wanted = set(requirement.spec["values"])
    others = [(row[0] or "", *fate) for row, fate in zip(admission.rows, fates, strict=True) if row[0] not in wanted]
    guarded = bool(guards(table, (column,)))
    doubt = "it is a key of the lookup table, and a CHECK may refuse it"
    others += [
        (key, "unknown", doubt) if guarded else (key, "accepted", "") for key in _strange_keys(admission, scene, wanted)
    ]
    missing = {
        row[0] or "": why
        for row, (fate, why) in zip(admission.rows, fates, strict=True)
        if row[0] in wanted and fate == "refused"
    }
    accepted = [value for value, fate, _ in others if fate == "accepted"]
    if accepted:
        value = min(accepted, key=lambda text: (len(text), text))
        return failed(asked, seen, _why_accepted(table, column, value), examined=len(others), witness=value)
    placed = only_place(table, column)
    if missing:
        value = min(missing, key=lambda text: (len(text), text))
        if placed is not None and value not in placed:  # a partition may be made for it when it comes
            return undecided(asked, seen, missing[value])
        return failed(asked, seen, f"{_shown(value)} is refused", examined=len(fates), witness=value)
    for fate, why in [*fates, *((fate, why) for _, fate, why in others)]:
        if fate == "unknown":
            return undecided(asked, seen, why)
    if not admission.listed(scene.catalog, admission.rows.index((other,))):
        why = f"none of {len(others)} other strings gets in, but which do cannot be listed: it does more than compare"
        return undecided(asked, seen, why)
    note = ""
    if lookups(table, column, proven_only=True):
        note = "the set is a lookup table's rows: tomorrow's row would widen it"
    elif table.columns[column].type.labels is not None:
        note = "the set is an enum's labels"
    elif exact(table.columns[column]) and placed is not None:
        note = "the set is what there are partitions for, of which none is the default one"
    elif not any(guard.columns == (column,) and not guard.domain for guard in guards(table, (column,))):
        note = "the set is held by the column's type"
    return passed(asked, seen, note, examined=len(others))


def _strange_keys(admission: Admission, scene: Scene, wanted: set[str]) -> list[str]:
    """Keys that every lookup table of the column has and nobody asked for."""
    answers = [scene.catalog.answers.get(question) for question in admission.questions() if isinstance(question, Keys)]
    keys = [set(answer.values) for answer in answers if isinstance(answer, Text)]
    common = set.intersection(*keys) - wanted if keys else set()
    return sorted(key for key in common if key is not None)


def _why_accepted(table: Table, column: str, value: str) -> str:
    for check in sorted(table.checks, key=lambda check: check.enforced):
        if column in check.columns and (why := why_unproven(table, check)):
            told = "is accepted" if not check.enforced else "may be in rows that it was not asked of"
            return f"{check.name} is {why}: {_shown(value)} {told}"
    for key in table.foreign_keys:
        if key.columns == (column,) and (why := why_not_kept(key, table)):
            return f"{_shown(value)} is accepted: {key.name} leads to {key.target}, and {why}"
    trap = next((guard.name for guard in guards(table, (column,)) if compares_with_null(guard.expression)), "")
    return f"{_shown(value)} is accepted" + (f": {trap} compares with NULL, which refuses nothing" if trap else "")
