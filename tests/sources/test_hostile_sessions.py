"""What the owner of a role or of a database imposes on our session changes no outcome, and runs no code of theirs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from judged import conforming, contract, looked, named, told

from conformance.run import check
from conformance.sandbox import Server

# Objects of public's that have the names of pg_catalog's, each of which would leave a trace if it were used.
SHADOWS = """
CREATE FUNCTION public.leave_a_trace() RETURNS void LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO '{file}'; END $$;
CREATE FUNCTION public.now() RETURNS timestamptz STABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN '2000-01-01'; END $$;
CREATE FUNCTION public.current_setting(text) RETURNS text STABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN ''; END $$;
CREATE FUNCTION public.pg_get_expr(pg_node_tree, oid) RETURNS text STABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN 'true'; END $$;
CREATE FUNCTION public.format_type(oid, integer) RETURNS text STABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN 'text'; END $$;
CREATE FUNCTION public.array_position(text[], text) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN 1; END $$;
CREATE FUNCTION public.same(text, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE FUNCTION public.same(oid, oid) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE FUNCTION public.same(name, text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE FUNCTION public.same("char", "char") RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.leave_a_trace(); RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = public.same);
CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.= (LEFTARG = "char", RIGHTARG = "char", FUNCTION = public.same);
CREATE OPERATOR public.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE OPERATOR public.~ (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same);
CREATE TABLE public.pg_class (oid oid, relname name);
CREATE TABLE public.pg_attribute (attrelid oid);
CREATE TABLE public.pg_constraint (oid oid);
CREATE VIEW public.pg_namespace AS SELECT 1 AS oid, 'public'::name AS nspname;
CREATE DOMAIN public.int4 AS pg_catalog.text;
CREATE DOMAIN public.name AS pg_catalog.text;
CREATE TYPE public.text AS ENUM ('x');
CREATE TYPE public.regclass AS (x pg_catalog.int4);
"""

# What ALTER DATABASE … SET may say; `{}` is the database.
IMPOSED = {
    "a search_path that leads to public first": "SET search_path = public, pg_catalog",
    "no search_path": "SET search_path = public",
    "a statement_timeout": "SET statement_timeout = '20ms'",
    "a lock_timeout": "SET lock_timeout = '1ms'",
    "strings that escape": "SET standard_conforming_strings = off",
    "names in quotes": "SET quote_all_identifiers = on",
    "dates of another style": "SET datestyle = 'German'",
    "intervals of another style": "SET intervalstyle = 'sql_standard'",
    "another zone": "SET timezone = 'Asia/Kathmandu'",
    "bytes of another form": "SET bytea_output = 'escape'",
    "few digits": "SET extra_float_digits = -15",
    "another encoding": "SET client_encoding = 'LATIN1'",
    "row security": "SET row_security = on",
    "serializable": "SET default_transaction_isolation = 'serializable'",
    "read only": "SET default_transaction_read_only = on",
    "deferrable": "SET default_transaction_deferrable = on",
    "no index scans": "SET enable_indexscan = off",
    "NULL by equality": "SET transform_null_equals = on",
    "backslashes": "SET backslash_quote = off",
    "hash only": "SET enable_nestloop = off",
    "jit": "SET jit_above_cost = 0",
    "a generic plan": "SET plan_cache_mode = 'force_generic_plan'",
    "messages of all sorts": "SET client_min_messages = 'debug5'",
    "a small stack": "SET max_stack_depth = '100kB'",
    "little memory": "SET work_mem = '64kB'",
    "another name": "SET application_name = 'innocent'",
    "XML as documents": "SET xmloption = 'document'",
}


@pytest.fixture
def trace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="spy-") as folder:
        Path(folder).chmod(0o777)
        yield Path(folder, "trace")


@pytest.fixture(scope="module")
def undisturbed(server: Server) -> list[tuple[str, ...]]:
    """What is told of the same database when nothing is imposed."""
    server.create_database("undisturbed", template=conforming(server))
    return told(looked(named(server, "undisturbed"), contract()))


@pytest.mark.parametrize("what", IMPOSED)
def test_what_the_owner_imposes_changes_nothing(
    server: Server, what: str, imposed_upon: str, undisturbed: list[tuple[str, ...]]
) -> None:
    url = named(server, imposed_upon)
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {imposed_upon} {IMPOSED[what]}".encode())
        try:
            assert told(looked(url, contract(), schema="public")) == undisturbed
        finally:
            admin.execute(f"ALTER DATABASE {imposed_upon} RESET ALL".encode())


@pytest.fixture(scope="module")
def imposed_upon(server: Server) -> str:
    """One database for all: what is imposed on it is taken back."""
    server.create_database("imposed_upon", template=conforming(server))
    return "imposed_upon"


def test_all_of_it_at_once(server: Server, database: str, undisturbed: list[tuple[str, ...]]) -> None:
    with psycopg.connect(server.url, autocommit=True) as admin:
        for setting in IMPOSED.values():
            admin.execute(f"ALTER DATABASE {database} {setting}".encode())
    assert told(looked(named(server, database), contract())) == undisturbed


def test_shadows_are_not_used(server: Server, database: str, trace: Path, undisturbed: list[tuple[str, ...]]) -> None:
    """Functions, operators, tables and types of pg_catalog's names, in a schema that comes before it. Not by us; but
    the body of a trigger's function looks for its `now()` there."""
    with psycopg.connect(named(server, database), autocommit=True) as owner:
        owner.execute(SHADOWS.format(file=trace).encode())
        owner.execute(f"ALTER DATABASE {database} SET search_path = public, pg_catalog".encode())
    with psycopg.connect(named(server, database)) as session:
        session.execute("SELECT now()")
    assert trace.exists(), "the shadows are awake"
    trace.unlink()
    found = told(looked(named(server, database), contract()))
    assert [one for one in found if not one[0].endswith("/trigger")] == [
        one for one in undisturbed if not one[0].endswith("/trigger")
    ]
    assert {(one[1], one[4]) for one in found if one[0].endswith("/trigger")} == {
        (
            "indeterminate",
            "now() is that of public, which comes before pg_catalog on its search_path; the behaviour plane decides",
        )
    }
    assert not trace.exists()


def test_a_role_that_is_imposed_is_said(server: Server, database: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("CREATE ROLE imposed")
        admin.execute(f"ALTER DATABASE {database} SET role = 'imposed'".encode())
    try:
        report = check(named(server, database))
    finally:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {database} RESET role".encode())
            admin.execute("DROP ROLE imposed")
    assert report.verdict == "pass"
    assert (report.target.session_user, report.target.current_user) == ("postgres", "imposed")
    assert any("acts as imposed" in remark for remark in report.remarks)


def test_a_path_to_nowhere_finds_nothing(server: Server, database: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {database} SET search_path = nowhere".encode())
    report = check(named(server, database))
    assert report.verdict == "fail"
    assert "nowhere" in next(o.observed for o in report.outcomes if o.requirement.id == "0001/agents/table")
    assert check(named(server, database), schema="public").verdict == "pass"
