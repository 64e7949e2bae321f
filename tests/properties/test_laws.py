"""Each law put to schemas that break it, that nearly break it, and that keep it in another way.

What a mutant's finding shows is run by hand: on a fresh copy of the mutant, where it has to happen again, and on a
conforming database, where it must not.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from judged import contract
from properties_cases import EQUIVALENTS, MUTANTS, UNDECIDED
from sandboxes import changed, proved, shown

from conformance.registry import laws
from conformance.sandbox import Server

CONTRACTS = Path(__file__).parents[2] / "fixtures" / "contracts"


def case_id(case: tuple[str, str, str]) -> str:
    return f"{case[0].rpartition('/')[2]}: {case[1]}"


@pytest.mark.parametrize("case", MUTANTS, ids=case_id)
def test_a_mutant_is_caught_with_a_script_that_shows_it(server: Server, case: tuple[str, str, str]) -> None:
    id_, _, sql = case
    with changed(server, sql) as url:
        (outcome,) = proved(url, [id_])
    assert (outcome.requirement.id, outcome.verdict, outcome.plane) == (id_, "fail", "behaviour")
    script = outcome.findings[0].script
    assert script is not None
    with changed(server, sql) as url:
        on_the_mutant = shown(url, script)
    with changed(server, "") as url:
        on_ours = shown(url, script)
    assert on_the_mutant != on_ours
    assert (on_the_mutant == "refused") == outcome.observed.startswith("refused")


@pytest.mark.parametrize("case", EQUIVALENTS, ids=case_id)
def test_what_keeps_it_in_another_way_passes(server: Server, case: tuple[str, str, str]) -> None:
    id_, _, sql = case
    with changed(server, sql) as url:
        (outcome,) = proved(url, [id_])
    assert outcome.verdict == "pass", (outcome.observed, outcome.note, outcome.findings)


@pytest.mark.parametrize("case", UNDECIDED, ids=case_id)
def test_what_examples_cannot_show_is_no_pass(server: Server, case: tuple[str, str, str]) -> None:
    id_, _, sql = case
    with changed(server, sql) as url:
        (outcome,) = proved(url, [id_])
    assert outcome.verdict == "indeterminate"
    assert outcome.note


def test_every_law_has_mutants() -> None:
    assert {id_.rpartition("/")[2] for id_, _, _ in MUTANTS if id_.count("/") == 2} == set(laws())


def test_a_mutant_on_the_older_server_is_caught_too(older_server: Server) -> None:
    with changed(older_server, "ALTER TABLE agents DROP CONSTRAINT agents_name_key") as url:
        (outcome,) = proved(url, ["0015/agents.name/unique"])
    assert outcome.verdict == "fail"


def test_what_hangs_on_a_missing_column_follows_from_it(server: Server) -> None:
    ids = ["0024/agents.priority/column", "0024/agents.priority/type", "0024/agents.priority/default"]
    with changed(server, "ALTER TABLE agents DROP COLUMN priority") as url:
        outcomes = {o.requirement.id: o for o in proved(url, ids)}
    assert {o.verdict for o in outcomes.values()} == {"fail"}
    assert [outcomes[id_].because for id_ in ids] == [None, ids[0], ids[0]]
    assert outcomes[ids[0]].observed == "no column priority"


def test_where_no_documented_row_goes_in_the_other_claims_of_the_table_are_undecided(server: Server) -> None:
    """Their examples tell nothing: what they are compared with is refused as well. That is never a pass."""
    sql = "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$no$$; END';"
    sql += "CREATE TRIGGER no BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION no()"
    with changed(server, sql) as url:
        outcomes = proved(
            url, ["0001/agents/table", "0001/agents.name/not-null", "0008/agents.status/one-of"], examples=3
        )
    assert [o.verdict for o in outcomes] == ["fail", "indeterminate", "indeterminate"]
    assert "no" in outcomes[1].note


def test_what_a_law_cannot_judge_it_leaves_alone(server: Server) -> None:
    """Keys of several columns, and values of a column that holds no text, in the contract of somebody else."""
    over = contract("documented", CONTRACTS / "composite.toml", CONTRACTS / "numbers.toml")
    sql = """
        CREATE TABLE "right" (x integer, y integer, PRIMARY KEY (x, y));
        CREATE TABLE "left" (a integer, b integer, FOREIGN KEY (a, b) REFERENCES "right" (x, y) ON DELETE CASCADE);
        ALTER TABLE goals ADD CHECK (priority IN (1, 2, 3)), ALTER COLUMN priority SET DEFAULT 1;
    """
    with changed(server, sql) as url:
        found = {
            o.requirement.id: o for o in proved(url, None, over=over, examples=1) if o.requirement.id.count("/") == 3
        }
    assert {id_ for id_, outcome in found.items() if outcome.verdict == "fail"} == set()
    verdicts = {id_.partition("/")[2]: outcome.verdict for id_, outcome in found.items()}
    assert verdicts["0028/left.a+b/foreign-key"] == "not-applicable"
    assert verdicts["0028/left/table"] == "pass"
    assert verdicts["0028/goals.priority/accepts"] == "pass"
    assert verdicts["0028/goals.priority/one-of"] == "not-applicable"


def test_two_sessions_are_told_apart_from_one(server: Server) -> None:
    """A trigger that looks for the name first holds against one session, and not against two."""
    sql = """
        ALTER TABLE agents DROP CONSTRAINT agents_name_key;
        CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
            IF EXISTS (SELECT FROM agents WHERE name = NEW.name) THEN RAISE EXCEPTION 'taken'; END IF; RETURN NEW; END$$;
        CREATE TRIGGER taken BEFORE INSERT ON agents FOR EACH ROW EXECUTE FUNCTION taken()"""
    with changed(server, sql) as url:
        (outcome,) = proved(url, ["0015/agents.name/unique"])
    assert (outcome.verdict, outcome.observed) == ("fail", "both sessions get through")
    assert "-- session 2, documented: refused" in (outcome.findings[0].script or "")
