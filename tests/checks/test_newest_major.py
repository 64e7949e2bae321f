"""What only the newest major has: keys of periods, which keep apart and refer otherwise than ordinary ones, and NOT NULL
as a constraint. The server is one with btree_gist, which a key of a period takes beside a column that is no range."""

from collections.abc import Callable, Iterator

import pytest
from judged import Bench, conforming, contract

from conformance.sandbox import Server

NEWEST = 18
DOCUMENT = "0013/agent_documents"
DATED = "ALTER TABLE agents ADD valid tstzrange;"
# A key that other keys refer to, dropped along with them.
NO_KEY = "ALTER TABLE agents DROP CONSTRAINT agents_pkey CASCADE;"

pytestmark = pytest.mark.majors


@pytest.fixture(scope="module")
def newest(of_major: Callable[[int], Server]) -> Iterator[Bench]:
    """A conforming database on the newest major, with what keys of periods take."""
    server = of_major(NEWEST)
    bench = Bench(server.create_database("bench_newest", template=conforming(server)), contract())
    bench.workbench.connection.execute("CREATE EXTENSION btree_gist")
    yield bench
    bench.stack.close()


@pytest.mark.parametrize(
    ("id_", "script", "verdict", "says"),
    [
        (
            "0015/agents.name/unique",
            f"{DATED} ALTER TABLE agents DROP CONSTRAINT agents_name_key, ADD UNIQUE (name, valid WITHOUT OVERLAPS)",
            "fail",
            "it is on more columns (name, valid)",
        ),
        (
            "0015/agents.name/unique",
            f"{DATED} ALTER TABLE agents ADD UNIQUE (name, valid WITHOUT OVERLAPS)",
            "pass",
            "agents_name_key: unique btree (name)",
        ),
        (
            "0018/teams.org_id+slug/unique",
            "ALTER TABLE teams DROP CONSTRAINT teams_org_id_slug_key, ALTER slug DROP DEFAULT,"
            " ALTER slug TYPE int4range USING NULL, ADD UNIQUE (org_id, slug WITHOUT OVERLAPS)",
            "fail",
            "it is temporal: it compares periods, not keys alone, and cannot arbitrate an ON CONFLICT",
        ),
        (
            "0001/agents.id/primary-key",
            f"{NO_KEY} {DATED} ALTER TABLE agents ADD PRIMARY KEY (id, valid WITHOUT OVERLAPS)",
            "fail",
            "it is on more columns (id, valid)",
        ),
        (
            "0002/task_dependencies.task_id+depends_on/primary-key",
            "ALTER TABLE task_dependencies DROP CONSTRAINT task_dependencies_pkey;"
            " ALTER TABLE task_dependencies DROP depends_on; ALTER TABLE task_dependencies ADD depends_on int4range,"
            " ADD PRIMARY KEY (task_id, depends_on WITHOUT OVERLAPS)",
            "fail",
            "it is temporal",
        ),
        (
            f"{DOCUMENT}.agent_id/foreign-key",
            f"{DATED} ALTER TABLE agents ADD UNIQUE (id, valid WITHOUT OVERLAPS);"
            " ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_agent_id_fkey, ADD valid tstzrange,"
            " ADD FOREIGN KEY (agent_id, PERIOD valid) REFERENCES agents (id, PERIOD valid)",
            "fail",
            "agent_documents_agent_id_valid_fkey: (agent_id, valid) references public.agents (id, valid)",
        ),
        (
            f"{DOCUMENT}.agent_id/foreign-key",
            f"{DATED} ALTER TABLE agents ADD UNIQUE (id, valid WITHOUT OVERLAPS);"
            " ALTER TABLE agent_documents ADD valid tstzrange,"
            " ADD FOREIGN KEY (agent_id, PERIOD valid) REFERENCES agents (id, PERIOD valid)",
            "pass",
            "agent_documents_agent_id_fkey: (agent_id) references public.agents (id)",
        ),
        (
            "0001/agents.name/not-null",
            "ALTER TABLE agents ALTER name DROP NOT NULL, ADD CONSTRAINT named NOT NULL name NO INHERIT;"
            " CREATE TABLE bots () INHERITS (agents)",
            "fail",
            "not null, but nullable in bots",
        ),
        (
            "0001/agents.name/not-null",
            "ALTER TABLE agents ALTER name DROP NOT NULL, ADD CONSTRAINT named NOT NULL name NOT VALID",
            "fail",
            "not valid",
        ),
        (
            "0001/agents.name/not-null",
            "ALTER TABLE agents ALTER name DROP NOT NULL, ADD CONSTRAINT named NOT NULL name NOT VALID;"
            " ALTER TABLE agents VALIDATE CONSTRAINT named",
            "pass",
            "not null",
        ),
    ],
)
def test_what_only_the_newest_has(newest: Bench, id_: str, script: str, verdict: str, says: str) -> None:
    outcome = newest.outcome(script, id_)
    seen = f"{outcome.observed}; {outcome.note}"
    assert (outcome.verdict, says.lower() in seen.lower()) == (verdict, True), seen
