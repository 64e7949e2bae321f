"""What tables and views of somebody else's rest on: PostgreSQL refuses to drop it, so it is left out and named."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

import conformance
from conformance.sandbox import Server
from conformance.taken import take

KEY, NAME = "0011/prompts.id/primary-key", "0011/prompts.name+version/unique"
WIDER = "ALTER TABLE prompts DROP CONSTRAINT prompts_pkey CASCADE; ALTER TABLE prompts ADD PRIMARY KEY (id, name);"
SURPLUS = "ALTER TABLE prompts ADD CONSTRAINT surplus UNIQUE (name);"
RESTING = {
    "a foreign key on the primary key": (
        KEY,
        WIDER + "CREATE TABLE beside (a uuid, b text, FOREIGN KEY (a, b) REFERENCES prompts (id, name))",
    ),
    "a view on the primary key": (KEY, WIDER + "CREATE VIEW beside AS SELECT version FROM prompts GROUP BY id, name"),
    "a foreign key on a constraint": (NAME, SURPLUS + "CREATE TABLE beside (a text REFERENCES prompts (name))"),
    "a foreign key on an index": (
        NAME,
        "CREATE UNIQUE INDEX surplus ON prompts (name); CREATE TABLE beside (a text REFERENCES prompts (name))",
    ),
}


@pytest.fixture
def url(server: Server, database: str) -> str:
    return server.url.replace("/postgres?", f"/{database}?")


@pytest.mark.parametrize("case", RESTING)
def test_what_rests_on_it_is_named(url: str, case: str) -> None:
    id_, script = RESTING[case]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())
    found = conformance.repair(url)
    assert [(one.leaves, one.why) for one in found.plan.left] == [((id_,), "decision")]
    assert "beside" in found.plan.left[0].reason
    assert (found.plan.doing, found.exit_code) == ((), 1)


@pytest.mark.parametrize(("id_", "script"), [(KEY, WIDER), (NAME, SURPLUS)])
def test_where_nothing_does_it_is_mended_and_a_snapshot_does_not_know(
    url: str, tmp_path: Path, id_: str, script: str
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())
    file = tmp_path / "astra.json"
    file.write_text(take(url))
    unseen, seen = conformance.repair(str(file)), conformance.repair(url)
    assert (seen.exit_code, seen.plan.mends) == (0, (id_,))
    assert (unseen.exit_code, unseen.plan.mends) == (3, (id_,))
    assert "rests on what is changed" in unseen.plan.blind[-1].stops


@pytest.mark.parametrize(
    ("id_", "script", "stays"),
    [
        (
            "0003/memories.memory_type/accepts",
            "ALTER TABLE memories ADD CONSTRAINT departs CHECK (memory_type <> 'semantic'),"
            " ADD CONSTRAINT stays CHECK (length(memory_type) < 300)",
            "which of departs, stays refuses a documented value is not known here",
        ),
        (
            "0013/agent_documents.content+uri/check",
            "ALTER TABLE agent_documents DROP CONSTRAINT agent_documents_content_or_uri,"
            " ADD CONSTRAINT stays CHECK (content <> uri)",
            "stays has a say in these columns too",
        ),
    ],
)
def test_a_check_that_departs_from_nothing_is_not_taken_away(url: str, id_: str, script: str, stays: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(script.encode())
    found = conformance.repair(url)
    assert [(one.leaves[0], one.why) for one in found.plan.left] == [(id_, "decision")]
    assert stays in found.plan.left[0].reason
    assert "DROP CONSTRAINT" not in found.script
