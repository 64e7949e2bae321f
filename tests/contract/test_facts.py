"""The profile `reference` asks for exactly what the facts say, as of each migration: folded, object by object."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from judged import contract

from conformance.model.contract import Requirement

Claim: TypeAlias = tuple[str, ...]

FACTS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "reference-facts.json").read_text(encoding="utf-8")
)
STEPS = [f"{number:04}" for number in range(12, 29)]
KINDS = ("tables", "columns", "constraints", "indexes", "triggers")

COLUMN = re.compile(r"(?P<type>.*?)(?P<not_null> not null)?(?: default (?P<default>.*))?\Z")
KEY = re.compile(r"(?P<word>PRIMARY KEY|UNIQUE) \((?P<columns>[^)]*)\)\Z")
FOREIGN = re.compile(r"FOREIGN KEY \((\w+)\) REFERENCES (\w+)\((\w+)\)(?: ON DELETE (SET NULL|CASCADE|RESTRICT))?\Z")
ONE_OF = re.compile(r"CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)\Z")
INDEX = re.compile(r"(?P<method>\w+) \((?P<keys>[^)]*)\)(?: WITH \(.*?\))?(?: WHERE \((?P<where>.*)\))?\Z")
TRIGGER = re.compile(r"BEFORE UPDATE ON (\w+) FOR EACH ROW EXECUTE FUNCTION \w*updated_at\w*\(\)\Z")


def folded(through: str) -> dict[str, dict[str, str]]:
    """Everything that is there once a migration has run, by kind and name."""
    there: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for number, step in FACTS.items():
        if number > through:
            break
        there["tables"] |= dict.fromkeys(step["tables"]["added"], "")
        for kind in KINDS[1:]:
            there[kind] |= {f"{table}.{name}": definition for table, name, definition in step[kind]["added"]}
            there[kind] |= {name: after for name, _, after in step[kind]["changed"]}
        for kind in KINDS:
            for name in step[kind]["removed"]:
                del there[kind][name]
    return there


def claims_of_facts(through: str) -> Iterator[Claim]:
    """Each fact as the claims that a contract makes of it."""
    there = folded(through)
    for table in there["tables"]:
        yield table, "table"
    for name, definition in there["columns"].items():
        yield from _column(name, definition)
    for name, definition in there["constraints"].items():
        yield from _constraint(name.partition(".")[0], definition)
    for name, definition in there["indexes"].items():
        yield _index(name.partition(".")[0], definition)
    for name, definition in there["triggers"].items():
        match = TRIGGER.match(definition)
        assert match is not None, definition
        assert match[1] == name.partition(".")[0]
        yield f"{match[1]}.updated_at", "trigger", "update", "now()"


def _column(name: str, definition: str) -> Iterator[Claim]:
    match = COLUMN.match(definition)
    assert match is not None, definition
    yield name, "column"
    yield name, "type", match["type"]
    yield name, "not-null" if match["not_null"] else "nullable"
    if default := match["default"]:
        value = re.match(r"'(.*)'::(?:text|jsonb|text\[\])\Z", default) or re.match(r"([0-9.]+|true|false)\Z", default)
        call = "nextval()" if default.startswith("nextval(") else default
        yield (name, "default", "value", value[1]) if value else (name, "default", "call", call)


def _constraint(table: str, definition: str) -> Iterator[Claim]:
    if match := KEY.match(definition):
        yield (
            f"{table}.{match['columns'].replace(', ', '+')}",
            {"UNIQUE": "unique"}.get(match["word"], "primary-key"),
        )
    elif match := FOREIGN.match(definition):
        yield f"{table}.{match[1]}", "foreign-key", f"{match[2]}.{match[3]}"
        yield f"{table}.{match[1]}", "on-delete", (match[4] or "no action").lower()
    elif match := ONE_OF.match(definition):
        values = re.findall(r"'([^']*)'::text", match[2])
        yield f"{table}.{match[1]}", "accepts", *values
        yield f"{table}.{match[1]}", "one-of", *values
    else:
        assert (table, definition) == ("agent_documents", "CHECK (((content IS NOT NULL) OR (uri IS NOT NULL)))")
        yield "agent_documents.content+uri", "check"


def _index(table: str, definition: str) -> Claim:
    match = INDEX.match(definition)
    assert match is not None, definition
    keys = [key.split(" ") for key in match["keys"].split(", ")]
    opclass = [word for key in keys for word in key[1:] if word.endswith("_ops")]
    descending = [key[0] for key in keys if "DESC" in key]
    return (
        f"{table}.{'+'.join(key[0] for key in keys)}",
        "index",
        match["method"],
        *(f"desc {name}" for name in descending),
        *opclass,
        match["where"] or "",
    )


def claim_of(r: Requirement) -> Claim:
    """A requirement in the same words."""
    spec = r.spec
    if r.claim == "index":
        descending = (f"desc {name}" for name in spec.get("descending", ()))
        opclass = (spec["opclass"],) if "opclass" in spec else ()
        return r.subject, "index", spec["method"], *descending, *opclass, spec.get("where", "")
    if r.claim == "default":
        return r.subject, "default", *next(iter(spec.items()))
    if r.claim in ("accepts", "one-of"):
        return r.subject, r.claim, *spec["values"]
    if r.claim in ("table", "column", "check"):
        return r.subject, r.claim
    told = {"type": ("is",), "foreign-key": ("references",), "on-delete": ("is",), "trigger": ("before", "sets")}
    return r.subject, r.claim, *(spec[key] for key in told.get(r.claim, ()))


@cache
def reference() -> tuple[Requirement, ...]:
    return tuple(r for r in contract("reference").requirements if r.level == "must")


@pytest.mark.parametrize("through", STEPS)
def test_folding_the_facts_gives_the_living_requirements(through: str) -> None:
    facts = sorted(claims_of_facts(through))
    asked = sorted(claim_of(r) for r in reference() if r.alive(through))
    assert [claim for claim in facts if claim not in asked] == []
    assert [claim for claim in asked if claim not in facts] == []
    assert len(asked) == len(set(asked)) == len(set(facts))


def test_a_check_that_is_not_a_set_of_values_is_asked_by_its_rows() -> None:
    (check,) = (r for r in reference() if r.claim == "check")
    assert check.spec == {
        "accepts": [{"content": "x"}, {"uri": "x"}, {"content": "x", "uri": "x"}],
        "refuses": [{}],
    }


def test_lifetimes_are_those_of_the_facts() -> None:
    """What a migration adds is asked for since then, what it removes until then."""
    before: set[Claim] = set()
    begun: dict[Claim, str] = {}
    ended: dict[tuple[Claim, str], str] = {}
    for number in FACTS:
        now = set(claims_of_facts(number))
        begun |= dict.fromkeys(now - before, number)
        ended |= {(claim, begun[claim]): number for claim in before - now}
        before = now
    for r in reference():
        claim = claim_of(r)
        assert (r.id, r.since) == (r.id, begun[claim])
        assert (r.id, r.until) == (r.id, ended.get((claim, r.since)))


def test_the_contract_covers_what_0013_to_0028_add() -> None:
    """17 tables, 157 columns, 76 constraints and one that is changed, 42 indexes, 6 triggers."""
    late = [step for number, step in FACTS.items() if number >= "0013"]
    added = {kind: sum(len(step[kind]["added"]) for step in late) for kind in KINDS}
    assert added == {"tables": 17, "columns": 157, "constraints": 76, "indexes": 42, "triggers": 6}
    assert [name for step in late for name, _, _ in step["constraints"]["changed"]] == ["tasks.tasks_valid_status"]
    asked = [r for r in reference() if r.since >= "0013"]
    counts = {kind: sum(r.claim == kind for r in asked) for kind in ("table", "column", "type", "index", "trigger")}
    assert counts == {"table": 17, "column": 157, "type": 157, "index": 42, "trigger": 6}
    constraints = [r for r in asked if r.claim in ("primary-key", "unique", "foreign-key", "check", "one-of")]
    assert [r.id for r in constraints if r.subject == "tasks.status"] == ["0025/tasks.status/one-of"]
    assert len(constraints) == 76 + 1


def test_what_the_facts_do_not_have_is_only_may() -> None:
    others = [r for r in contract("reference").requirements if r.level != "must"]
    assert {r.level for r in others} == {"may"}
    assert sorted(r.id for r in others) == [
        "0001/goals.status/accepts",
        "0003/memories.memory_type/accepts",
        "0016/chat_messages.metadata/column",
    ]


def test_documented_has_every_fact_that_it_does_not_contradict() -> None:
    """Each requirement of `reference` is one of `documented` too, under the same id."""
    documented = {r.id: r for r in contract("documented").requirements}
    assert [r.id for r in contract("reference").requirements if r.id not in documented] == []
    for r in reference():
        other = documented[r.id]
        assert other.level in ("must", "should", "may")
        assert (other.since, other.table, other.columns, other.kind) == (r.since, r.table, r.columns, r.kind)
