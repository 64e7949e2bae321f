"""The diagram of real databases: what is not there is drawn as missing, and what is there and does not hold as wrong."""

from __future__ import annotations

import psycopg
import pytest
from judged import named

from conformance.render.html.relations import relations, tables
from conformance.run import check
from conformance.sandbox import Server

CHANGES = {
    "DROP TABLE agent_documents": ({"agent_documents": "missing"}, {"agent_documents.agent_id": "missing"}),
    "ALTER TABLE chat_messages DROP CONSTRAINT chat_messages_session_id_fkey": (
        {"chat_messages": "wrong"},
        {"chat_messages.session_id": "missing"},
    ),
    "ALTER TABLE chat_messages DROP CONSTRAINT chat_messages_session_id_fkey,"
    " ADD FOREIGN KEY (session_id) REFERENCES chat_sessions ON DELETE CASCADE NOT VALID": (
        {"chat_messages": "wrong"},
        {"chat_messages.session_id": "wrong"},
    ),
    "ALTER TABLE chat_messages RENAME COLUMN session_id TO session": (
        {"chat_messages": "wrong"},
        {"chat_messages.session_id": "missing"},
    ),
    "DROP TABLE prompts; CREATE MATERIALIZED VIEW prompts AS SELECT 1 AS id": ({"prompts": "wrong"}, {}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_state_of_tables_and_relations(change: str, server: Server, database: str) -> None:
    url = named(server, database)
    before = check(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change.encode())
    after = check(url)
    assert {table.state for table in tables(before.outcomes)} == {"there"}
    assert {relation.state for relation in relations(before.outcomes)} == {"there"}
    wrong_tables, wrong_relations = CHANGES[change]
    found = {table.name: table.state for table in tables(after.outcomes) if table.state != "there"}
    lines = {f"{r.table}.{r.columns}": r.state for r in relations(after.outcomes) if r.state != "there"}
    assert wrong_tables.items() <= found.items()
    assert wrong_relations.items() <= lines.items()
