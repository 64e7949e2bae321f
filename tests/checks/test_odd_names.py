"""Names that need quotes, are reserved, hold capitals, or are as long as a name may be; and names that clash."""

from pathlib import Path

import pytest
from judged import Bench, contract

from conformance.model.outcome import Outcome

FOLDER = Path(__file__).parents[2] / "fixtures" / "contracts"
ODD = contract("documented", FOLDER / "odd_names.toml")
PAIR = contract("documented", FOLDER / "composite.toml")
THEIRS = [r.id for r in ODD.requirements if r.id.startswith("odd/")]

LONG, LONGER = "x" * 60 + "abc", "é" * 31 + "z"
SCHEMA = f"""
CREATE TABLE "user" ("order" int PRIMARY KEY);
CREATE TABLE "Weird Table" (
    "Select" text NOT NULL DEFAULT 'it''s' UNIQUE CHECK ("Select" IN ('it''s', 'B"b', 'c\\d', '%s')),
    "UpdatedAt" timestamptz,
    updatedat timestamptz,
    "group" int REFERENCES "user" ON DELETE SET NULL,
    UNIQUE ("group", "Select"),
    CHECK ("Select" IS NOT NULL OR "group" IS NOT NULL)
);
CREATE TABLE {LONG} ({LONGER} int NOT NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW."UpdatedAt" := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON "Weird Table" FOR EACH ROW EXECUTE FUNCTION touch();
"""


def test_names_that_hurt(bench: Bench) -> None:
    outcomes = bench.outcomes(SCHEMA, ODD)
    assert {id_: (outcomes[id_].verdict, outcomes[id_].note) for id_ in THEIRS if outcomes[id_].verdict != "pass"} == {}


def test_names_that_hurt_and_are_not_there(bench: Bench) -> None:
    outcomes = bench.outcomes("", ODD)
    assert {outcomes[id_].verdict for id_ in THEIRS} == {"fail"}
    assert [id_ for id_ in THEIRS if outcomes[id_].because is None] == [
        "odd/0028/Weird Table/table",
        "odd/0028/user/table",
        f"odd/0028/{LONG}/table",
    ]


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (('"Select" IN', '"Select" IN (\'x\') OR "Select" IN'), "Weird Table.Select/one-of"),
        (("'c\\d', ", ""), "Weird Table.Select/accepts"),
        (("DEFAULT 'it''s'", "DEFAULT 'its'"), "Weird Table.Select/default"),
        (("ON DELETE SET NULL", "ON DELETE CASCADE"), "Weird Table.group/on-delete"),
        (('REFERENCES "user"', 'REFERENCES "USER"'), "Weird Table.group/foreign-key"),
        (('"order" int', '"Order" int'), "user.order/column"),
        ((f"{LONGER} int", f"{LONGER[:-1]} int"), f"{LONG}.{LONGER}/column"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_departure_under_such_names_is_found(bench: Bench, change: tuple[str, str], failing: str) -> None:
    script = 'CREATE TABLE "USER" ("order" int PRIMARY KEY);' + SCHEMA.replace(*change, 1)
    outcome = bench.outcomes(script, ODD)[f"odd/0028/{failing}"]
    assert (outcome.verdict, len(outcome.findings)) == ("fail", 1)


@pytest.mark.parametrize(
    ("field", "verdict"),
    [('"UpdatedAt"', "pass"), ('"updatedat"', "indeterminate"), ("UpdatedAt", "indeterminate")],
)
def test_plpgsql_folds_a_name_without_quotes(bench: Bench, field: str, verdict: str) -> None:
    script = SCHEMA.replace('NEW."UpdatedAt"', f"NEW.{field}")
    assert bench.outcomes(script, ODD)["odd/0028/Weird Table.UpdatedAt/trigger"].verdict == verdict


def test_a_repair_quotes_what_must_be_quoted(bench: Bench) -> None:
    def repaired(outcomes: dict[str, Outcome], id_: str) -> str:
        repair = outcomes[id_].repair
        assert repair is not None
        return repair.replace("CONCURRENTLY ", "")

    broken = SCHEMA.replace(" UNIQUE CHECK", " CHECK").replace(" DEFAULT 'it''s'", "")
    broken = broken.replace(' REFERENCES "user" ON DELETE SET NULL', "").replace(' UNIQUE ("group", "Select"),', "")
    outcomes = dict(bench.outcomes(broken, ODD))
    ids = [id_ for id_ in THEIRS if outcomes[id_].verdict == "fail" and outcomes[id_].because is None]
    assert len(ids) == 5
    for id_ in ids:
        mended = bench.outcomes(broken + repaired(outcomes, id_), ODD)
        assert (id_, mended[id_].verdict) == (id_, "pass")


def test_one_name_on_two_tables(bench: Bench) -> None:
    """Constraints, triggers and domains' checks may share a name; each table is judged by its own."""
    document, request = "0013/agent_documents.doc_type/one-of", "0014/approval_requests.request_type/one-of"
    script = """
        ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_valid_doc_type;
        ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;
        ALTER TABLE agent_documents
            ADD CONSTRAINT valid CHECK (doc_type IN ('rule', 'skill', 'context_doc', 'reference'));
        ALTER TABLE approval_requests ADD CONSTRAINT valid CHECK (request_type IN ('plan', 'risky_task', 'surplus'));
        CREATE DOMAIN valid AS text CONSTRAINT valid CHECK (VALUE <> '');
        CREATE SCHEMA old; CREATE TABLE old.agent_documents (doc_type text CONSTRAINT valid CHECK (false));
    """
    outcomes = bench.outcomes(script)
    assert (outcomes[document].verdict, outcomes[request].verdict) == ("pass", "fail")
    assert "valid: " in outcomes[document].observed


@pytest.mark.parametrize(
    ("key", "references", "verdict"),
    [
        ("a, b", "x, y", "pass"),
        ("b, a", "y, x", "pass"),
        ("a, b", "y, x", "fail"),
        ("b, a", "x, y", "fail"),
    ],
)
def test_columns_of_a_composite_key_in_any_order(bench: Bench, key: str, references: str, verdict: str) -> None:
    script = f"""
        CREATE TABLE "right" (x int, y int, UNIQUE (x, y), UNIQUE (y, x));
        CREATE TABLE "left" (a int, b int,
            FOREIGN KEY ({key}) REFERENCES "right" ({references}) ON DELETE CASCADE);
    """
    assert bench.outcomes(script, PAIR)["pair/0028/left.a+b/foreign-key"].verdict == verdict


def test_a_key_over_one_of_two_columns_is_another_claim(bench: Bench) -> None:
    script = """
        CREATE TABLE "right" (x int UNIQUE, y int UNIQUE);
        CREATE TABLE "left" (a int REFERENCES "right" (x) ON DELETE CASCADE, b int REFERENCES "right" (y));
    """
    outcome = bench.outcomes(script, PAIR)["pair/0028/left.a+b/foreign-key"]
    assert (outcome.verdict, outcome.note) == ("fail", "it references right by x")
