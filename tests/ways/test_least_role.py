"""The SQL of the documents makes roles that see all there is to see, and none of it could be left out; whoever looks, the
structure is the same."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from judged import contract, looked, told
from running import conformance, told_of

ROOT = Path(__file__).parent.parent.parent
SQL = re.compile(r"^```sql\n(CREATE ROLE (\w+) LOGIN;.+?)^```$", re.MULTILINE | re.DOTALL)
OF_DOCUMENTS = {"check": "SECURITY.md", "audit": "README.md"}


def documented(command: str) -> tuple[list[str], str]:
    """The statements of the document that says what the command needs, and the role that they make."""
    [(block, role)] = SQL.findall((ROOT / OF_DOCUMENTS[command]).read_text(encoding="utf-8"))
    return block.splitlines(), role


@pytest.fixture
def closed(astra: str) -> Iterator[str]:
    """The filled database, where PUBLIC may do nothing."""
    with psycopg.connect(astra, autocommit=True) as admin:
        admin.execute("REVOKE ALL ON DATABASE astra FROM PUBLIC")
        admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        yield astra
        admin.execute("GRANT CONNECT, TEMPORARY ON DATABASE astra TO PUBLIC")
        admin.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


@contextmanager
def made(url: str, statements: Sequence[str], role: str) -> Iterator[str]:
    """The database for a role that the statements make and that is gone afterwards."""
    with psycopg.connect(url, autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement.encode())
        try:
            yield url.replace("//postgres@", f"//{role}@")
        finally:
            admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


@pytest.mark.parametrize("command", OF_DOCUMENTS)
def test_it_is_enough(closed: str, command: str) -> None:
    with made(closed, *documented(command)) as url:
        by_role, by_superuser = (conformance(command, one, "--format", "json") for one in (url, closed))
    assert (by_role.returncode, by_role.stderr) == (0, "")
    assert told_of(by_role) == told_of(by_superuser)


@pytest.mark.parametrize("command", OF_DOCUMENTS)
def test_none_of_it_could_be_left_out(closed: str, command: str) -> None:
    (role_itself, *granted), role = documented(command)
    for left_out in granted:
        rest = [role_itself, *(statement for statement in granted if statement != left_out)]
        with made(closed, rest, role) as url:
            ran = conformance(command, url, "--format", "json")
        assert ran.returncode == 3, left_out
        if "CONNECT" in left_out:
            assert "the role may not connect to this database; it needs CONNECT on it" in ran.stderr
        else:
            assert {verdict for _, verdict, *_ in told_of(ran)} == {"pass", "indeterminate", "not-applicable"}


ROLES = {
    "may only connect": "",
    "may use no schema": "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
    "may read some tables": "GRANT SELECT ON agents, tasks TO {role}",
    "is kept from rows": "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"
    " ALTER TABLE goals ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON goals USING (false)",
    "owns the tables": "ALTER TABLE goals OWNER TO {role}; ALTER TABLE agents OWNER TO {role}",
    "may read everything": "GRANT pg_read_all_data TO {role}",
    "is a superuser": "ALTER ROLE {role} SUPERUSER",
}
DEPARTING = "ALTER TABLE agents DROP CONSTRAINT agents_name_key; ALTER TABLE goals ALTER goal_text DROP NOT NULL"


@pytest.mark.parametrize("who", ROLES)
def test_whoever_looks_the_structure_is_the_same(astra: str, who: str) -> None:
    """Of a database that departs, in both profiles."""
    role = "way_looker"
    name = f"looked_at_{list(ROLES).index(who)}"
    with psycopg.connect(astra.replace("/astra?", "/postgres?"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE astra".encode())
        admin.execute(f"CREATE ROLE {role} LOGIN".encode())
        url = astra.replace("/astra?", f"/{name}?")
        try:
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute(DEPARTING)
                owner.execute(ROLES[who].format(role=role).encode())
            for profile in ("documented", "reference"):
                by_superuser = told(looked(url, contract(profile), schema="public"))
                by_role = told(looked(url.replace("//postgres@", f"//{role}@"), contract(profile), schema="public"))
                assert by_role == by_superuser
                assert {"pass", "fail"} <= {verdict for _, verdict, *_ in by_role}
        finally:
            admin.execute(f"DROP DATABASE {name}".encode())
            admin.execute(f"DROP ROLE {role}".encode())
