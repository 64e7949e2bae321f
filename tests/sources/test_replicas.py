"""Sessions that begin as replicas: of all, which no key holds back, or of one role, which is said and no departure."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from judged import named

from conformance.model.report import Report
from conformance.options import Options
from conformance.run import check
from conformance.sandbox import Server
from conformance.taken import statement

KEY = "0001/goals.agent_id/foreign-key"
ALL = "sessions here begin as replicas, in which nothing enforces it"
SAID = "begin with session_replication_role = replica: no foreign key and no trigger holds back what they write"


@pytest.fixture
def roles(server: Server) -> Iterator[Server]:
    """Two roles, of which `auditor` looks."""
    with psycopg.connect(server.url, autocommit=True) as admin:
        for role in ("auditor", "copier"):
            admin.execute(f"CREATE ROLE {role} LOGIN".encode())
        yield server
        for role in ("auditor", "copier"):
            admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def found(report: Report) -> tuple[str, str, list[str]]:
    (key,) = (outcome for outcome in report.outcomes if outcome.requirement.id == KEY)
    return key.verdict, key.note, [line for line in report.remarks if SAID in line]


@pytest.mark.parametrize(
    ("settings", "verdict", "note", "said"),
    [
        ([], "pass", "", []),
        (["DATABASE {} SET {} = replica"], "fail", ALL, []),
        (["DATABASE {} SET {} = 'REPLICA'", "ROLE auditor SET {1} = origin"], "fail", ALL, []),
        (["ROLE copier IN DATABASE {} SET {} = replica"], "pass", "", [f"sessions of copier {SAID}"]),
        (["ROLE auditor SET {1} = replica"], "pass", "", [f"sessions of auditor {SAID}"]),
        (["ROLE auditor SET {1} = replica", "ROLE copier IN DATABASE {} SET {} = 'Replica'"], "pass", "",
         [f"sessions of auditor, copier {SAID}"]),
        (["ROLE copier SET {1} = replica", "ROLE copier IN DATABASE {} SET {} = origin"], "pass", "", []),
        (["ROLE copier SET {1} = local"], "pass", "", []),
    ],
)  # fmt: skip
def test_who_begins_as_a_replica(
    roles: Server, database: str, tmp_path: Path, settings: list[str], verdict: str, note: str, said: list[str]
) -> None:
    with psycopg.connect(roles.url, autocommit=True) as admin:
        for setting in settings:
            admin.execute(f"ALTER {setting.format(database, 'session_replication_role')}".encode())
    url = named(roles, database).replace("//postgres@", "//auditor@")
    file = tmp_path / "pasted.json"
    with psycopg.connect(url) as looking:
        row = looking.execute(statement(Options()).encode()).fetchone()
    assert row is not None
    file.write_text(json.dumps(row[0]))
    assert found(check(url)) == found(check(str(file))) == (verdict, note, said)
