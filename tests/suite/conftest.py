"""What the tests of the pytest face share: databases to judge, and pytest runs in somebody else's empty repository."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

import psycopg
import pytest

from conformance.fixtures_of import fill, migrations
from conformance.sandbox import Server
from conformance.sources.throwaway import apply

VERDICT_OF = {
    None: "pass",
    "failure": "fail",
    "error": "indeterminate",
    "pytest.xfail": "waived",
    "pytest.skip": "not-applicable",
}

# One deviation of every sort: fails, what follows from them, what cannot be decided, names that hurt.
DEVIATIONS = """
DROP TABLE slack_sessions CASCADE;
ALTER TABLE agents DROP CONSTRAINT agents_name_key;
CREATE UNIQUE INDEX agents_lower ON agents (lower(name));
ALTER TABLE approval_requests ALTER COLUMN required_approvals TYPE smallint;
ALTER TABLE approval_requests ALTER COLUMN required_approvals SET DEFAULT 2;
ALTER TABLE agents RENAME COLUMN system_prompt TO "systemPrompt";
ALTER TABLE agent_documents DISABLE TRIGGER ALL;
ALTER TABLE agent_documents DROP CONSTRAINT {doc_type};
ALTER TABLE agent_documents ADD CONSTRAINT "]]><b a='&\u0001'>" CHECK (doc_type <> 'rule');
CREATE FUNCTION allowed(text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
ALTER TABLE approval_requests DROP CONSTRAINT {request_type};
ALTER TABLE approval_requests ADD CHECK (allowed(request_type));
"""

# What is done to the structure of the database whose rows depart: so that an invariant follows from a column that is
# missing, and another cannot be read.
BESIDE_ROWS = """
DROP TABLE slack_sessions CASCADE;
ALTER TABLE agents DROP COLUMN trust_score;
ALTER TABLE chat_sessions ALTER COLUMN retention_days DROP DEFAULT, ALTER COLUMN retention_days TYPE text;
"""

CHECKS_ON = """
SELECT a.attname, pg_catalog.quote_ident(c.conname) FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.contype = 'c' AND c.conrelid IN ('agent_documents'::regclass, 'approval_requests'::regclass)
  AND pg_catalog.cardinality(c.conkey) = 1
"""

ROWS = Path(__file__).parent.parent / "planted.sql"

Runs: TypeAlias = Callable[..., "Run"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A pytest run that has ended."""

    code: int
    text: str
    junit: Path

    @property
    def cases(self) -> dict[str, ET.Element]:
        """The test cases of the JUnit file, by the id of their requirement."""
        cases = ET.parse(self.junit).iter("testcase")  # noqa: S314
        return {case.attrib["name"].partition("[")[2][:-1]: case for case in cases}

    @property
    def verdicts(self) -> dict[str, str]:
        """What the JUnit file says of each requirement, in our words."""
        return {id_: VERDICT_OF[_kind(case)] for id_, case in self.cases.items()}

    def reason(self, id_: str) -> str:
        """What is said of a requirement that did not pass."""
        element = next(iter(e for e in self.cases[id_] if e.tag in ("failure", "error", "skipped")))
        return "\n".join([element.attrib["message"], element.text or ""])


@pytest.fixture(scope="session")
def conforming(server: Server) -> str:
    """The URL of a database with our documented migrations."""
    url = server.create_database("suite_conforming")
    apply(url, migrations("documented", "0028"))
    return url


@pytest.fixture(scope="session")
def deviating(server: Server, conforming: str) -> str:
    """The URL of a database that departs from the contract in many ways."""
    url = server.create_database("suite_deviating", template="suite_conforming")
    with psycopg.connect(url) as connection:
        names: dict[str, str] = dict(connection.execute(CHECKS_ON).fetchall())
        connection.execute(DEVIATIONS.format(**names).encode())
    return url


@pytest.fixture(scope="session")
def departing(server: Server, conforming: str) -> str:
    """The URL of a database with the small world, in which rows and some of the structure depart."""
    url = server.create_database("suite_departing", template="suite_conforming")
    fill(url, "0028")
    apply(url, [ROWS])
    with psycopg.connect(url) as connection:
        connection.execute(BESIDE_ROWS.encode())
    return url


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Runs `pytest --pyargs conformance.suite` with the arguments given, in an empty folder."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "somebody-elses"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(
        *args: str, what: tuple[str, ...] = ("--pyargs", "conformance.suite"), env: dict[str, str] | None = None
    ) -> Run:
        junit = folder / "junit.xml"
        junit.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *what, f"--junitxml={junit}", *args]
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Run(code=done.returncode, text=done.stdout, junit=junit)

    return run


def _kind(case: ET.Element) -> str | None:
    for element in case:
        if element.tag == "skipped":
            return element.attrib["type"]
        if element.tag in ("failure", "error"):
            return element.tag
    return None
