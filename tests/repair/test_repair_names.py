"""Names that a stranger chose: quoted where they are run, inert where they are told."""

from pathlib import Path

import pytest
from judged import LAST, Bench, contract
from mending import departing, runnable

from conformance.drafting import draft
from conformance.judge import judge, questions_for
from conformance.linting import lint
from conformance.model.contract import Contract
from conformance.model.looking import Looking
from conformance.model.target import Target
from conformance.planning import Plan, settled
from conformance.repair_script import script
from conformance.sources.workbench import Refused

FOLDER = Path(__file__).parents[2] / "fixtures" / "contracts"
ODD = contract("documented", FOLDER / "odd_names.toml")
TARGET = Target(
    address="\x1b[31mme@host", origin="the URL given", database="x", server_version="18.4", session_user="me",
    current_user="me", schemas=("public",), in_recovery=False, superuser=False,
)  # fmt: skip

WILES = [
    "x\n; DROP TABLE agents; --",
    "conformance: ignore-file A003 it is fine",
    "$repair$ ; DROP TABLE agents; $repair$",
    "a\"b'c\\d",
    "\x1b[2J\u202e",
    "\U0001f600" * 15,
]


def planned(bench: Bench, sql: str, over: Contract = ODD) -> tuple[Plan, tuple[str, ...]]:
    """The plan for a database so changed, and what departs behind it."""
    names = over.tables()
    with bench.workbench.changed(sql, names) as look:
        assert not isinstance(look, Refused), look.reason
        catalog = look.answered(questions_for(over.requirements, look.catalog, LAST))
        drafted = draft(over, catalog, judge(over.requirements, catalog, LAST), LAST, bench.major)
        plan = settled(drafted, look.rows(drafted.asked, Looking()), "")
    with bench.workbench.changed(f"{sql};{runnable(plan)};{runnable(plan)}", names) as look:
        assert not isinstance(look, Refused), look.reason
        catalog = look.answered(questions_for(over.requirements, look.catalog, LAST))
    return plan, tuple(o.requirement.id for o in departing(judge(over.requirements, catalog, LAST), plan))


def test_tables_and_columns_of_odd_names_are_made(bench: Bench) -> None:
    plan, departs = planned(bench, "")
    assert (plan.left, departs) == ((), ())
    assert 'CREATE TABLE IF NOT EXISTS public."Weird Table"' in runnable(plan)


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_a_whole_schema_is_made_from_nothing(bench: Bench, profile: str) -> None:
    plan, departs = planned(bench, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", contract(profile))
    assert (plan.left, departs) == ((), ())
    assert len(plan.mends) > 800


@pytest.mark.parametrize("name", WILES)
def test_what_departs_may_have_any_name(bench: Bench, name: str, tmp_path: Path) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    plan, departs = planned(
        bench,
        f"""
        ALTER TABLE agents DROP CONSTRAINT agents_name_key CASCADE;
        CREATE UNIQUE INDEX {quoted} ON agents (lower(name));
        ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type,
            ADD CONSTRAINT {quoted} CHECK (doc_type <> '');
        ALTER TABLE agent_documents RENAME CONSTRAINT agent_documents_agent_id_fkey TO {quoted[:-1]}2";
        ALTER TABLE agent_documents DISABLE TRIGGER ALL;
        """,
    )
    odd = [id_ for id_ in departs if not id_.startswith("odd/")]
    assert odd == []
    text = script(plan, TARGET, "conformance 0", "documented", LAST, "today")
    told = [line for line in text.splitlines() if line.startswith("--")]
    assert all(line.isprintable() for line in told)
    assert not [line for line in told if "conformance:" in line.partition("conformance: repair")[0]]
    (tmp_path / "repair.sql").write_text(text, encoding="utf-8")
    found = lint([tmp_path / "repair.sql"], select="A*")
    assert {o.requirement.id for o in found.outcomes if o.verdict in ("fail", "waived")} <= {"A404"}
