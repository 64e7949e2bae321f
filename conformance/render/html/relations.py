"""The contract's tables and how they refer to each other, with what became of each: the diagram's content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from conformance.model.outcome import Outcome
from conformance.model.record import Record

State = Literal["there", "missing", "wrong", "undecided", "waived"]

STATES: tuple[State, ...] = ("there", "missing", "wrong", "undecided", "waived")

_REFERENCE = re.compile(r"(?:references|only keys of) ([^.]+)\.(\S+)")
_IN_VAIN = ("no relation ", "no table ", "no column ", "no foreign key ")
_RANK = ("fail", "indeterminate", "waived", "pass")
_WORDS: dict[str, State] = {"fail": "wrong", "indeterminate": "undecided", "waived": "waived", "pass": "there"}


class Table(Record):
    """A table of the contract; `counts` are of all that is asked of it and of its columns."""

    name: str
    state: State
    counts: Counter[str]


class Relation(Record):
    """`table.columns` holds keys of `parent`."""

    table: str
    columns: str
    parent: str
    state: State
    outcome: Outcome


def tables(outcomes: Sequence[Outcome]) -> list[Table]:
    """The tables that the schema has at this level, by name. What is only `may` makes none of them wrong."""
    by_table: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.requirement.table and outcome.verdict != "not-applicable":
            by_table.setdefault(outcome.requirement.table, []).append(outcome)
    return [
        Table(name=name, state=_state_of_table(found), counts=Counter(outcome.verdict for outcome in found))
        for name, found in sorted(by_table.items())
    ]


def relations(outcomes: Sequence[Outcome]) -> list[Relation]:
    """The foreign keys that the contract asks for, each once; not those that may be missing, and are."""
    found: dict[tuple[str, str, str], Relation] = {}
    for outcome in outcomes:
        requirement = outcome.requirement
        matched = _REFERENCE.match(outcome.expected)
        idle = outcome.verdict == "not-applicable" or (requirement.level == "may" and outcome.verdict != "pass")
        if requirement.claim != "foreign-key" or matched is None or idle:
            continue
        columns = requirement.subject.partition(".")[2]
        relation = Relation(
            table=requirement.table, columns=columns, parent=matched[1], state=_state(outcome), outcome=outcome
        )
        key = (relation.table, relation.columns, relation.parent)
        if key not in found or _rank(outcome) < _rank(found[key].outcome):
            found[key] = relation
    return [found[key] for key in sorted(found)]


def _state_of_table(outcomes: Iterable[Outcome]) -> State:
    asked = [outcome for outcome in outcomes if outcome.requirement.level != "may"]
    if any(outcome.requirement.claim == "table" and _state(outcome) == "missing" for outcome in asked):
        return "missing"
    return _WORDS[min((outcome.verdict for outcome in asked), key=_RANK.index, default="pass")]


def _state(outcome: Outcome) -> State:
    """Missing is what was looked for in vain; what is there and does not hold is wrong."""
    if outcome.verdict == "fail" and outcome.observed.startswith(_IN_VAIN):
        return "missing"
    return _WORDS[outcome.verdict]


def _rank(outcome: Outcome) -> int:
    return _RANK.index(outcome.verdict)
