"""Every major gives the same outcomes of the same schema and of the same rows, to the letter."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alike import departing, differences, filled, planted
from judged import Bench, conforming, contract, named
from majors import JUDGED, RELEASES, TRIED

from conformance import run, taken
from conformance.cli import main
from conformance.options import Options
from conformance.sandbox import Server

STEPS = {"documented": ("0012", "0016", "0023", "0028"), "reference": ("0012", "0022", "0023", "0028")}
# What only the page has, and the profile `reference` calls `may`.
MAY_FAIL = {"0016/chat_messages.metadata/column"}

pytestmark = pytest.mark.majors


@pytest.fixture(params=["older_server", *TRIED], ids=str)
def other(request: pytest.FixtureRequest) -> Server:
    """A server beside the newest: the other one of the wheel, and those of npm's registry."""
    if request.param == "older_server":
        older: Server = request.getfixturevalue("older_server")
        return older
    give: Callable[[int], Server] = request.getfixturevalue("of_major")
    return give(request.param)


def test_it_is_of_the_major_asked_for(of_major: Callable[[int], Server]) -> None:
    assert [of_major(major).version.partition(".")[0] for major in TRIED] == [str(major) for major in TRIED]


@pytest.mark.parametrize(("profile", "through"), [(p, t) for p, steps in STEPS.items() for t in steps])
def test_our_own_schemas(server: Server, other: Server, profile: str, through: str) -> None:
    ours, theirs = (
        run.check(named(one, conforming(one, profile, through)), profile=profile, through=through)
        for one in (server, other)
    )
    assert differences(ours, theirs) == []
    assert {outcome.verdict for outcome in theirs.outcomes} <= {"pass", "not-applicable", "fail"}
    failing = {outcome.requirement.id for outcome in theirs.outcomes if outcome.verdict == "fail"}
    assert failing <= MAY_FAIL
    assert theirs.exit_code == 0


@pytest.mark.parametrize("profile", STEPS)
def test_the_rows_of_the_small_world(server: Server, other: Server, profile: str) -> None:
    ours, theirs = (run.audit(filled(one, profile), profile=profile) for one in (server, other))
    assert differences(ours, theirs) == []
    assert theirs.exit_code == 0


def test_a_database_that_departs_in_many_ways(server: Server, other: Server) -> None:
    ours, theirs = (run.audit(departing(one), schema="public") for one in (server, other))
    assert differences(ours, theirs) == []
    assert theirs.counts()["fail"] > 60
    assert theirs.exit_code == 1


def test_rows_that_depart(server: Server, other: Server) -> None:
    ours, theirs = (run.audit(planted(one)) for one in (server, other))
    assert differences(ours, theirs) == []
    assert {"0002/task_dependencies/acyclic", "0015/agents.name/no-near-duplicates"} <= {
        outcome.requirement.id for outcome in theirs.outcomes if outcome.verdict == "fail"
    }


def test_a_snapshot_is_judged_as_the_database_itself(server: Server, other: Server, tmp_path: Path) -> None:
    file = tmp_path / "there.json"
    file.write_text(taken.take(departing(other), schema="public"), encoding="utf-8")
    there = run.check(str(file))
    assert differences(run.check(departing(other), schema="public"), there) == []
    assert differences(run.check(departing(server), schema="public"), there) == []
    assert there.target.server_version == other.version


IN_PARTS = """
ALTER TABLE chat_messages RENAME TO was;
CREATE TABLE chat_messages (LIKE was INCLUDING DEFAULTS) PARTITION BY HASH (id);
CREATE TABLE part PARTITION OF chat_messages FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE chat_messages ADD FOREIGN KEY (session_id) REFERENCES chat_sessions ON DELETE CASCADE;
"""
TO_PARTS = """
ALTER TABLE agents DROP CONSTRAINT agents_pkey CASCADE;
ALTER TABLE agents RENAME TO was;
CREATE TABLE agents (LIKE was INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE part PARTITION OF agents FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE agent_documents ADD FOREIGN KEY (agent_id) REFERENCES agents ON DELETE CASCADE;
"""
SIMILAR = """
ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_valid_request_type,
    ADD CHECK (request_type SIMILAR TO '(plan|risky\\_task)');
"""
SESSION, AGENT = "0016/chat_messages.session_id/foreign-key", "0013/agent_documents.agent_id/foreign-key"
MUTE = "ALTER TABLE part DISABLE TRIGGER ALL"
BARE = "UPDATE pg_class SET relhastriggers = false WHERE oid = 'part'::regclass"


@pytest.fixture
def bench(other: Server) -> Iterator[Bench]:
    """A conforming database on the other server."""
    url = other.create_database(f"bench_{uuid4().hex}", template=conforming(other))
    found = Bench(url, contract())
    yield found
    found.stack.close()


# What majors write into the catalog, or print, in another way.
@pytest.mark.parametrize(
    ("script", "id_", "verdict", "says"),
    [
        (IN_PARTS, SESSION, "pass", "on delete cascade"),
        (IN_PARTS + MUTE, SESSION, "fail", "are disabled"),
        (IN_PARTS + BARE, SESSION, "fail", "one of its triggers is missing on part"),
        (TO_PARTS, AGENT, "pass", "on delete cascade"),
        (TO_PARTS + MUTE, AGENT, "fail", "are disabled"),
        (TO_PARTS + BARE, AGENT, "fail", "one of its triggers is missing on part"),
        (SIMILAR, "0014/approval_requests.request_type/one-of", "pass", "escape('(plan|risky"),
    ],
)
def test_what_majors_write_otherwise(bench: Bench, script: str, id_: str, verdict: str, says: str) -> None:
    outcome = bench.outcome(script, id_)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, says in seen) == (verdict, True), seen


def test_a_pasted_statement_tells_the_same(server: Server, other: Server, tmp_path: Path) -> None:
    reports = []
    for one in (server, other):
        with psycopg.connect(departing(one)) as connection:
            row = connection.execute(taken.statement(Options(schema="public")).encode()).fetchone()
        assert row is not None
        file = tmp_path / f"{one.version}.json"
        file.write_text(json.dumps(row[0]), encoding="utf-8")
        reports.append(run.check(str(file)))
    assert differences(*reports) == []
    assert reports[1].exit_code == 1


@pytest.mark.parametrize("major", [major for major in RELEASES if major not in JUDGED])
def test_older_ones_are_refused_with_what_is_missing(
    of_major: Callable[[int], Server], major: int, capsys: pytest.CaptureFixture[str]
) -> None:
    server = of_major(major)
    for command in ("check", "audit", "level", "snapshot"):
        code = main([command, server.url, *(["-o", "-"] if command == "snapshot" else [])])
        told = capsys.readouterr()
        assert (command, code) == (command, 3)
        assert f"PostgreSQL {server.version} is older than 12" in told.err
        assert "pg_attribute.attgenerated" in told.err
        assert told.err.count("\n") == 1
