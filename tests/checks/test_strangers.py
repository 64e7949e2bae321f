"""What PostgreSQL does not ship is never run: not for the superuser who looks, not through a cast that nobody wrote.

A READ ONLY transaction is no sandbox, so the planted code leaves a file behind, which it may do in one.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from judged import Bench, contract, looked, named

from conformance.sandbox import Server
from conformance.selftest.matrix import defect_modules

REQUEST = "0014/approval_requests.request_type"
COUNT = "0028/approval_requests.required_approvals"

SPY = """
CREATE FUNCTION public.leave_a_trace() RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN COPY (SELECT 1) TO '{file}'; END $$;
CREATE FUNCTION public.spy(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE FUNCTION public.spies(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE FUNCTION public.spied() RETURNS integer IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN 1; END $$;
CREATE TYPE public.kind AS ENUM ('plan', 'risky_task');
CREATE FUNCTION public.told(kind) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN 'plan'; END $$;
CREATE CAST (kind AS text) WITH FUNCTION public.told(kind) AS IMPLICIT;
CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = public.spies);
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.spies);
CREATE FUNCTION public.lower(text) RETURNS text IMMUTABLE LANGUAGE sql AS
    $$ SELECT CASE WHEN public.spy($1) THEN 'plan' END $$;
CREATE FUNCTION pg_catalog.spy(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT public.spy($1) $$;
"""
OPEN = "ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type;"
CHECKED = OPEN + "ALTER TABLE approval_requests ADD CHECK ({});"
RETYPED = "ALTER TABLE approval_requests DROP request_type CASCADE, ADD request_type {};"
OWN_FIRST = "SET LOCAL search_path = public, pg_catalog;"

# Each with the requirements that cannot be decided without running what is planted.
PLANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a function": (CHECKED.format("public.spy(request_type)"), ("accepts", "one-of")),
    "a function in pg_catalog": (CHECKED.format("pg_catalog.spy(request_type)"), ("accepts", "one-of")),
    "a function deep inside": (
        CHECKED.format("CASE WHEN length(request_type) > 3 THEN public.spy(request_type) ELSE false END"),
        ("accepts", "one-of"),
    ),
    "a function beside what is plain": (
        CHECKED.format("request_type IN ('plan', 'risky_task') AND public.spy(request_type)"),
        ("accepts",),
    ),
    "a function that shadows a shipped one": (
        OWN_FIRST + CHECKED.format("lower(request_type) IN ('plan', 'risky_task')"),
        ("accepts", "one-of"),
    ),
    "an operator": (CHECKED.format("request_type OPERATOR(public.===) 'plan'"), ("accepts", "one-of")),
    "an operator that shadows a shipped one": (
        OWN_FIRST + CHECKED.format("request_type = 'plan' OR request_type = 'risky_task'"),
        ("accepts", "one-of"),
    ),
    "an operator in = ANY": (
        OWN_FIRST + CHECKED.format("request_type = ANY (ARRAY['plan', 'risky_task'])"),
        ("accepts", "one-of"),
    ),
    "a cast that is spelled out": (
        RETYPED.format("kind CHECK (request_type::text IN ('plan', 'risky_task'))"),
        ("accepts", "one-of"),
    ),
    "a cast that nobody wrote": (
        RETYPED.format("kind CHECK (pg_catalog.lower(request_type) IN ('plan', 'risky_task'))"),
        ("accepts", "one-of"),
    ),
    "a cast to an enum": (CHECKED.format("request_type::kind OPERATOR(pg_catalog.=) 'plan'"), ("accepts", "one-of")),
    "a domain's check": (
        "CREATE DOMAIN d AS text CHECK (public.spy(VALUE));" + RETYPED.format("d"),
        ("accepts", "one-of"),
    ),
    "a domain over an enum": (
        "CREATE DOMAIN d AS kind CHECK (VALUE::text <> 'x');" + RETYPED.format("d"),
        ("accepts", "one-of"),
    ),
    "a check that may refuse NULL": (
        "ALTER TABLE approval_requests ALTER request_type DROP NOT NULL, ADD CHECK (public.spy(request_type))",
        ("not-null", "accepts"),
    ),
    "a check of another column's": (
        "ALTER TABLE approval_requests ADD CHECK (request_type = 'plan' OR public.spy(tool_name))",
        ("accepts",),
    ),
    "a check of the row as a whole": (
        "CREATE FUNCTION public.whole(approval_requests) RETURNS boolean IMMUTABLE LANGUAGE sql AS"
        " 'SELECT public.spy($1.tool_name)';"
        "ALTER TABLE approval_requests ADD CHECK (public.whole(approval_requests))",
        ("accepts",),
    ),
    "an enum's labels": (RETYPED.format("kind"), ()),
    "an enum's labels through a domain": ("CREATE DOMAIN d AS kind;" + RETYPED.format("d"), ()),
}
OTHERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a default": (
        "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT public.spied()",
        (f"{COUNT}/default",),
    ),
    "a default with a shipped part": (
        "ALTER TABLE approval_requests ALTER required_approvals SET DEFAULT abs(public.spied())",
        (f"{COUNT}/default",),
    ),
    "a domain's default": (
        "CREATE DOMAIN d AS integer DEFAULT public.spied();"
        "ALTER TABLE approval_requests ALTER required_approvals DROP DEFAULT, ALTER required_approvals TYPE d",
        (f"{COUNT}/default",),
    ),
    "a predicate": (
        "DROP INDEX idx_memories_agent; DO $$ DECLARE name text; BEGIN FOR name IN SELECT indexrelid::regclass"
        " FROM pg_index WHERE indrelid = 'memories'::regclass AND indpred IS NOT NULL LOOP EXECUTE 'DROP INDEX ' || name; END LOOP;"
        " END $$; CREATE INDEX ON memories (agent_id) WHERE expires_at IS NOT NULL AND public.spy(content)",
        ("0024/memories.agent_id/index",),
    ),
    "a key of an index": (
        "ALTER TABLE agents DROP CONSTRAINT agents_name_key; CREATE UNIQUE INDEX ON agents (public.lower(name))",
        (),
    ),
    "a trigger of SECURITY DEFINER": (
        "CREATE FUNCTION public.touch() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM public.leave_a_trace(); NEW.updated_at := now(); RETURN NEW; END';"
        "DROP TRIGGER agent_documents_updated_at ON agent_documents;"
        "CREATE TRIGGER touch BEFORE UPDATE ON agent_documents FOR EACH ROW EXECUTE FUNCTION public.touch()",
        ("0013/agent_documents.updated_at/trigger",),
    ),
    "a view": (
        "ALTER TABLE agent_documents RENAME TO d;CREATE VIEW agent_documents AS SELECT * FROM d WHERE public.spy(name)",
        ("0013/agent_documents.doc_type/one-of", "0013/agent_documents.name/not-null"),
    ),
    "a generated column": (
        "ALTER TABLE agent_documents ADD trace boolean GENERATED ALWAYS AS (public.spy(name)) STORED",
        (),
    ),
    "a policy": (
        "CREATE POLICY p ON agent_documents USING (public.spy(name)); ALTER TABLE agent_documents"
        " ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        (),
    ),
    "a rule": (
        "CREATE RULE r AS ON INSERT TO agent_documents DO ALSO SELECT public.spy('x')",
        (),
    ),
    "a check of no column": (
        "ALTER TABLE agent_documents ADD CHECK (public.spied() = 1) NOT VALID",
        ("0013/agent_documents/table",),
    ),
    "a check of a partition's": (
        "ALTER TABLE agent_documents RENAME TO d; CREATE TABLE agent_documents (LIKE d) PARTITION BY HASH (id);"
        "CREATE TABLE part PARTITION OF agent_documents (CHECK (public.spy(doc_type)), CHECK (public.spied() = 1))"
        " FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ("0013/agent_documents.doc_type/accepts",),
    ),
    "an index of a partition's": (
        "ALTER TABLE agent_documents RENAME TO d; CREATE TABLE agent_documents (LIKE d) PARTITION BY HASH (id);"
        "CREATE TABLE part PARTITION OF agent_documents FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
        "CREATE INDEX ON part (public.spy(doc_type))",
        ("0013/agent_documents.doc_type/accepts",),
    ),
    "a column that is computed from a value": (
        "ALTER TABLE agent_documents ADD kind_trace boolean GENERATED ALWAYS AS (public.spy(doc_type)) STORED",
        ("0013/agent_documents.doc_type/accepts",),
    ),
    "a check of a column that is set NULL": (
        "ALTER TABLE agent_documents ADD CHECK (public.spy(goal_id::text))",
        ("0013/agent_documents.goal_id/on-delete",),
    ),
    "statistics": ("CREATE STATISTICS s ON (public.spy(name)), id FROM agent_documents", ()),
}


@pytest.fixture
def trace() -> Iterator[Path]:
    """A file that the server can write, whoever runs it; it is not there yet."""
    with tempfile.TemporaryDirectory(prefix="spy-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder, "trace")


def planted(script: str, trace: Path) -> str:
    return SPY.format(file=trace) + script


def test_the_spy_is_awake(bench: Bench, trace: Path) -> None:
    """A write that the checks guard does run the planted code."""
    with psycopg.connect(bench.url) as connection:
        connection.execute(planted(PLANTS["a function"][0], trace).encode())
        assert not trace.exists()
        connection.execute("SET TRANSACTION READ ONLY")
        connection.execute("SELECT public.spy('x')")
        connection.rollback()
    assert trace.exists()


@pytest.mark.parametrize("plant", PLANTS)
def test_what_a_stranger_wrote_is_never_run(bench: Bench, trace: Path, plant: str) -> None:
    script, undecided = PLANTS[plant]
    for claim in ("accepts", "one-of", "not-null"):
        outcome = bench.outcome(planted(script, trace), f"{REQUEST}/{claim}")
        assert not trace.exists()
        if claim in undecided:
            assert (claim, outcome.verdict) == (claim, "indeterminate")
            assert outcome.note
            assert outcome.findings == ()
        elif not undecided and claim != "not-null":
            assert (claim, outcome.verdict) == (claim, "pass")


@pytest.mark.parametrize("plant", OTHERS)
def test_nor_for_another_kind_of_claim(bench: Bench, trace: Path, plant: str) -> None:
    script, undecided = OTHERS[plant]
    outcomes = bench.outcomes(planted(script, trace))
    assert not trace.exists()
    assert {id_: outcomes[id_].verdict for id_ in undecided} == dict.fromkeys(undecided, "indeterminate")


def test_what_is_not_run_is_shown(bench: Bench, trace: Path) -> None:
    outcome = bench.outcome(planted(PLANTS["a function"][0], trace), f"{REQUEST}/one-of")
    assert "public.spy()" in outcome.note
    assert "never run" in outcome.note
    assert "public.spy(request_type)" in outcome.observed


def test_a_sequence_is_not_advanced(server: Server, database: str) -> None:
    """Neither by the defaults that draw from it nor by a check that does so behind the back."""
    url = named(server, database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            b"""
            CREATE SEQUENCE burnt;
            CREATE FUNCTION draws(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
                $$ BEGIN PERFORM nextval('public.burnt'); RETURN true; END $$;
            ALTER TABLE approval_requests ADD CHECK (draws(request_type));
            """
        )
        positions = "SELECT array_agg((sequencename, last_value) ORDER BY sequencename) FROM pg_sequences"
        before = connection.execute(positions).fetchone()
        looked(url, contract("documented"))
        assert connection.execute(positions).fetchone() == before


def test_a_look_runs_none_of_it(server: Server, database: str, trace: Path) -> None:
    """All that can stand beside each other, looked at as a user would: by a session, as superuser."""
    url = named(server, database)
    checks = "; ".join(
        f"ALTER TABLE approval_requests ADD CHECK ({condition})"
        for condition in (
            "public.spy(request_type)",
            "pg_catalog.spy(status)",
            "request_type OPERATOR(public.===) 'plan'",
            "status OPERATOR(public.=) 'pending'",
            "public.lower(request_type) IS NOT NULL",
        )
    )
    with psycopg.connect(url) as connection:
        connection.execute(planted(checks, trace).encode())
        for script, _ in OTHERS.values():
            if "RENAME TO d" not in script and "CREATE DOMAIN d" not in script:
                connection.execute(script.encode())
    trace.unlink(missing_ok=True)
    outcomes = {o.requirement.id: o for o in looked(url, contract("documented"))}
    assert not trace.exists()
    assert outcomes[f"{REQUEST}/accepts"].verdict == "indeterminate"
    assert outcomes["0012/approval_requests.status/accepts"].verdict == "indeterminate"
    assert outcomes[f"{COUNT}/default"].verdict == "indeterminate"


def test_a_superusers_cast_between_shipped_types_is_not_run(bench: Bench, trace: Path) -> None:
    """Samples are given to other columns as values of their types, and no cast leads there."""
    script = """
        CREATE FUNCTION public.parsed(text) RETURNS jsonb IMMUTABLE LANGUAGE plpgsql AS
            $$ BEGIN PERFORM public.leave_a_trace(); RETURN jsonb_build_object(); END $$;
        CREATE CAST (text AS jsonb) WITH FUNCTION public.parsed(text) AS ASSIGNMENT;
        ALTER TABLE approval_requests ADD CHECK (request_type <> 'plan' OR jsonb_typeof(plan_payload) = 'object');
    """
    outcome = bench.outcome(planted(script, trace), f"{REQUEST}/accepts")
    assert not trace.exists()
    assert outcome.verdict == "pass"


def test_nor_is_one_that_prints(bench: Bench, trace: Path) -> None:
    """A default's value is printed by its type, and not by a cast to text."""
    script = """
        CREATE FUNCTION public.printed(jsonb) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
            $$ BEGIN PERFORM public.leave_a_trace(); RETURN '[]'; END $$;
        CREATE CAST (jsonb AS text) WITH FUNCTION public.printed(jsonb) AS ASSIGNMENT;
        ALTER TABLE approval_requests ALTER approvals SET DEFAULT jsonb_build_array();
    """
    outcome = bench.outcome(planted(script, trace), "0028/approval_requests.approvals/default")
    assert not trace.exists()
    assert outcome.verdict == "pass"


def test_every_kind_of_claim_was_looked_at() -> None:
    """Kinds whose checks evaluate something are those above; a new one has to be planted too."""
    from conformance.registry import checks

    asking = {kind for kind, check in checks().items() if hasattr(check, "questions")}
    assert asking - {"trigger"} <= {  # that one asks for names alone
        "check",
        "default",
        "foreign-key",
        "index",
        "not-null",
        "one-of",
        "primary-key",
        "table",
        "type",
    }
    assert set(checks()) == set(defect_modules())
