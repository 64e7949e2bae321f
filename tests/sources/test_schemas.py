"""Names resolve as the platform's do: the first schema of the path that has one; copies elsewhere are said."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from judged import named

from conformance.errors import UsageError
from conformance.fixtures_of import migrations
from conformance.model.report import Report
from conformance.run import check
from conformance.sandbox import Server
from conformance.sources.database import split_path


@contextmanager
def schemas(server: Server, name: str, **profiles: str) -> Iterator[str]:
    """A database with our migrations in these schemas, each of the profile given; the extension is in public."""
    url = server.create_database(name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE EXTENSION vector")
        for schema, profile in profiles.items():
            owner.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'.encode())
            owner.execute(f'SET search_path = "{schema}", public'.encode())
            for script in migrations(profile, "0028"):
                owner.execute(script.read_bytes())
    yield url
    server.drop_database(name)


def path(url: str, *names: str) -> str:
    """The URL of a session with this search_path."""
    listed = ",".join(names).replace('"', "%22").replace(" ", "%20").replace("$", "%24")
    return f"{url}&options=-csearch_path%3D{listed}"


def seen(report: Report, id_: str) -> tuple[str, str]:
    outcome = next(o for o in report.outcomes if o.requirement.id == id_)
    return outcome.verdict, outcome.observed


TABLE = "0001/agents/table"


@pytest.fixture(scope="module")
def twins(server: Server) -> Iterator[str]:
    with schemas(server, "twins", astra="documented", legacy="reference") as url:
        yield url


def test_the_first_of_the_path_counts(twins: str) -> None:
    report = check(path(twins, "astra", "legacy", "public"))
    assert (report.verdict, seen(report, TABLE)) == ("pass", ("pass", "table astra.agents"))
    assert "agents was looked at in astra; there is also one in legacy, which was not" in report.remarks
    other = check(path(twins, "legacy", "astra", "public"), profile="reference")
    assert (other.verdict, seen(other, TABLE)) == ("pass", ("pass", "table legacy.agents"))


def test_what_the_first_lacks_comes_from_the_second_and_is_said(twins: str) -> None:
    """The reference has no organizations any more; they are found in the schema behind it."""
    report = check(path(twins, "legacy", "astra", "public"))
    assert seen(report, "0018/organizations/table") == ("pass", "table astra.organizations")
    assert any("the tables resolve into several schemas: astra, legacy" in remark for remark in report.remarks)


def test_a_key_to_the_copy_that_does_not_count_fails(twins: str) -> None:
    report = check(path(twins, "legacy", "astra", "public"))
    outcome = next(o for o in report.outcomes if o.requirement.id == "0018/teams.org_id/foreign-key")
    assert outcome.verdict == "pass"
    outcome = next(o for o in report.outcomes if o.requirement.id == "0018/agent_admins.agent_id/foreign-key")
    assert (outcome.verdict, outcome.note) == (
        "fail", "it references astra.agents, but the platform's agents is in legacy",
    )  # fmt: skip


def test_a_schema_that_is_asked_for_counts_alone(twins: str) -> None:
    assert check(twins, schema="astra").verdict == "pass"
    assert check(twins, schema="legacy", profile="reference").verdict == "pass"
    report = check(twins, schema="legacy")
    assert seen(report, "0018/organizations/table")[0] == "fail"


def test_what_is_only_off_the_path_is_no_table_of_ours(twins: str) -> None:
    report = check(twins)
    verdict, observed = seen(report, TABLE)
    assert verdict == "fail"
    assert "one is in astra, legacy, which is off it: --schema astra would look there" in observed
    roots = [o for o in report.outcomes if o.findings]
    assert {o.requirement.claim for o in roots} == {"table"}, "one finding a table, not one a column"


@pytest.mark.parametrize("schema", ["Order", "a b", 'qu"ote', "public.x", "éé", "$user"])
def test_schemas_of_odd_names(server: Server, schema: str) -> None:
    name = f"odd_{abs(hash(schema))}"
    url = server.create_database(name)
    quoted = '"' + schema.replace('"', '""') + '"'
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE EXTENSION vector")
        owner.execute(f"CREATE SCHEMA {quoted}".encode())
        owner.execute(f"SET search_path = {quoted if schema != '$user' else 'public'}, public".encode())
        for script in migrations("documented", "0028"):
            owner.execute(script.read_bytes())
        if schema == "$user":  # a name that a path reads as the user's: only --schema leads there
            for (table,) in owner.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ).fetchall():
                owner.execute(f'ALTER TABLE public."{table}" SET SCHEMA {quoted}'.encode())
        else:
            owner.execute(f"ALTER DATABASE {name} SET search_path = {quoted}, public".encode())
            assert check(url).verdict == "pass"
    report = check(url, schema=schema)
    assert (report.verdict, seen(report, TABLE)[1]) == ("pass", f"table {schema}.agents")
    server.drop_database(name)


def test_the_users_own_schema(server: Server) -> None:
    with schemas(server, "users_own", postgres="documented") as url:
        assert seen(check(url), TABLE) == ("pass", "table postgres.agents")


def test_temporary_tables_do_not_count(server: Server, database: str) -> None:
    """Nor do another session's get in the way."""
    with psycopg.connect(named(server, database), autocommit=True) as other:
        other.execute("CREATE TEMP TABLE agents (id int)")
        report = check(named(server, database))
    assert (report.verdict, seen(report, TABLE)) == ("pass", ("pass", "table public.agents"))


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ('"$user", public', ("me", "public")),
        ("$user,public", ("me", "public")),
        ("Public, PG_CATALOG", ("public", "pg_catalog")),
        ('"Public", public', ("Public", "public")),
        ('"a""b", "c, d",e', ('a"b', "c, d", "e")),
        ("public, public", ("public",)),
        ("", ()),
        ('""', ()),
        ("  public  ", ("public",)),
    ],
)
def test_a_path_is_read_as_postgresql_reads_it(setting: str, expected: tuple[str, ...]) -> None:
    assert split_path(setting, current_user="me") == expected


@pytest.mark.parametrize("schema", ["nosuch", "Astra", "astra "])
def test_a_schema_that_is_asked_for_must_be_there(twins: str, schema: str) -> None:
    with pytest.raises(UsageError, match=f"--schema {schema}: the database twins has no schema of this name"):
        check(twins, schema=schema)
