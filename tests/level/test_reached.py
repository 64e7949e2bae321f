"""What catalogs of every level, and of messed histories, show of each migration."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from judged import contract

from conformance.fixtures_of import migrations
from conformance.fold.catalog import catalog
from conformance.fold.evaluate import answers
from conformance.fold.folding import fold
from conformance.fold.schema import Schema
from conformance.levelling import compared
from conformance.model.catalog import Catalog
from conformance.model.contract import STEPS
from conformance.model.level import Claim, Ledger, Stage
from conformance.model.record import replace
from conformance.model.written import Written
from conformance.reached import NONE, stages
from conformance.render.level import roots
from conformance.sources.migrations import read, statements
from conformance.taken import questions

REFERENCE = contract("reference")


@cache
def folded(through: str, profile: str) -> Schema:
    """What our migrations up to one of them build, read from their text."""
    path = ("public",)
    files = list(migrations(profile, through)) if through != NONE else []
    if not files:
        return Schema(path=path, home=path, major=18)
    before = NONE if through == STEPS[0] else f"{int(through) - 1:04}"
    new = files if before == NONE else files[-1:]
    written = [statement for file in read(new, through).files for statement in statements(file)]
    return whole(written, folded(before, profile))


def whole(written: list[Written], start: Schema) -> Schema:
    found = fold(written, REFERENCE.tables(), start)
    assert not found.doubts
    return found.schema


@cache
def built(through: str, more: str = "", profile: str = "reference") -> Catalog:
    """The catalog that our migrations up to one of them build, and what a script makes of it."""
    written = [Written(file="more.sql", line=1, text=text) for text in more.split(";") if text.strip()]
    schema = whole(written, folded(through, profile))
    found = catalog(schema, REFERENCE.tables())
    return replace(found, answers=answers(schema, questions([contract(profile)], found)))


def states(found: tuple[Stage, ...]) -> dict[str, str]:
    return {stage.migration: stage.state for stage in found}


@cache
def shown(through: str, more: str = "") -> dict[str, Stage]:
    found = stages(REFERENCE.requirements, built(through, more), "must")
    return {stage.migration: stage for stage in found}


def mixed(found: dict[str, Stage]) -> dict[str, str]:
    return {name: stage.state for name, stage in found.items() if stage.state not in ("reached", "not reached")}


@pytest.mark.parametrize("through", [NONE, *STEPS])
def test_each_level_is_told_from_every_other(through: str) -> None:
    found = stages(REFERENCE.requirements, built(through), "must")
    assert states(found) == {step: "reached" if step <= through else "not reached" for step in STEPS}


@pytest.mark.parametrize("through", ["0012", "0016", "0018", "0023", "0028"])
def test_the_page_is_silent_on_seven_migrations(through: str) -> None:
    found = states(stages(contract("documented").requirements, built(through, profile="documented"), "must"))
    untold = {step for step, state in found.items() if state == "untold"}
    assert untold == {"0017", "0019", "0020", "0021", "0022", "0023", "0025"}
    assert {s for step, s in found.items() if step not in untold and step <= through} == {"reached"}
    assert {s for step, s in found.items() if step not in untold and step > through} <= {"not reached"}


MESSES: dict[str, tuple[str, str, dict[str, str], dict[str, set[str]]]] = {
    "the one object of a migration is gone": (
        "0028",
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key",
        {"0015": "undone"},
        {"missing": {"0015/agents.name/unique"}},
    ),
    "one of its tables is gone": (
        "0028",
        "DROP TABLE chat_messages CASCADE",
        {"0016": "partly undone"},
        {"missing": {"0016/chat_messages/table"}},
    ),
    "a column is gone": (
        "0028",
        "ALTER TABLE agents DROP COLUMN priority",
        {"0024": "partly undone"},
        {"missing": {"0024/agents.priority/column"}},
    ),
    "one column of the next is there": (
        "0027",
        "ALTER TABLE approval_requests ADD COLUMN required_approvals smallint NOT NULL DEFAULT 1",
        {"0028": "half applied"},
        {},
    ),
    "a table of the next, without most of it": (
        "0012",
        "CREATE TABLE agent_documents (id uuid PRIMARY KEY, agent_id uuid)",
        {"0013": "half applied"},
        {"early": {"0013/agent_documents/table"}},
    ),
    "the next has begun to take away": (
        "0022",
        "ALTER TABLE agents DROP COLUMN team_id CASCADE",
        {"0023": "half applied"},
        {"taken away": {"0018/agents.team_id/column"}},
    ),
    "what was taken away is back": (
        "0028",
        "CREATE TABLE organizations (id uuid PRIMARY KEY)",
        {"0023": "partly undone"},
        {"left": {"0018/organizations/table"}},
    ),
}


@pytest.mark.parametrize("words", MESSES)
def test_a_mess_is_told_object_by_object(words: str) -> None:
    through, more, expected, marks = MESSES[words]
    found = shown(through, more)
    assert mixed(found) == expected
    (step,) = expected
    for mark, ids in marks.items():
        assert {t.id for t in roots([t for t in found[step].traces if t.mark == mark])} == ids


def test_an_index_that_speeds_up_is_no_trace() -> None:
    assert mixed(shown("0012", "CREATE INDEX ON memories (agent_id)")) == {}


def test_what_could_not_be_looked_at_is_no_level() -> None:
    blind = replace(built("0028"), answers={})
    found = stages(REFERENCE.requirements, blind, "must")
    assert "unknown" in states(found).values()
    assert not {"half applied", "partly undone", "undone"} & set(states(found).values())


# --- what a ledger records, beside it ---


def said(claim: Claim, found: dict[str, Stage]) -> Iterator[str]:
    yield from compared(Ledger(tool="a tool", table="t", claim=claim), list(found.values())).disagrees


LEDGERS: dict[str, tuple[Claim, str, list[str]]] = {
    "as it is": (Claim(through="0020"), "0020", []),
    "too much": (
        Claim(through="0022"),
        "0020",
        ["0021 to 0022 are recorded, and in the catalog nothing of them is there"],
    ),
    "too little": (Claim(through="0019"), "0020", ["0020 is not recorded, and in the catalog all of it is there"]),
    "a gap": (
        Claim(run=frozenset({"0012", "0013", "0015"})),
        "0015",
        ["0014 is not recorded, and in the catalog all of it is there"],
    ),
    "nothing": (Claim(), "0012", ["0001 to 0012 is not recorded, and in the catalog all of it is there"]),
    "broken off, and whole": (
        Claim(through="0019", failed=("0020",)),
        "0020",
        ["0020 is recorded as broken off, and in the catalog all of it is there"],
    ),
    "broken off before anything": (
        Claim(through="0019", failed=("0020",)),
        "0019",
        ["0020 is recorded as broken off, and in the catalog nothing of it is there"],
    ),
    "what cannot be compared": (Claim(foreign=("20240101120000",)), "0020", []),
    "numbers among others": (Claim(run=frozenset({"0012"}), foreign=("20240101120000",)), "0020", []),
}


@pytest.mark.parametrize("words", LEDGERS)
def test_a_ledger_is_held_against_the_catalog(words: str) -> None:
    claim, through, expected = LEDGERS[words]
    assert list(said(claim, shown(through))) == expected


def test_a_migration_that_broke_off_half_way_agrees_with_its_ledger() -> None:
    _, more, *_ = MESSES["one column of the next is there"]
    assert list(said(Claim(through="0027", failed=("0028",)), shown("0027", more))) == []
    assert list(said(Claim(through="0028"), shown("0027", more))) == [
        "0028 is recorded, and in the catalog it is half applied"
    ]


def test_a_migration_without_those_before_it_is_no_level() -> None:
    found = shown("0012", "ALTER TABLE agents ADD COLUMN actor_type text NOT NULL DEFAULT 'internal'")
    assert {step for step, stage in found.items() if stage.state == "reached"} >= {"0012"}
    assert found["0017"].state in ("reached", "half applied")
    assert found["0013"].state == "not reached"
