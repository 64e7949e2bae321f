"""`retention_days` is positive where it is set (`positive`), and no session outlives it (`not-outlived`).

Why: retention is a promise to the people who chat: what they said is gone after so many days. 0 or -1 is read as "keep
for ever" by one reader and "delete at once" by the next.

Example: `0024/chat_sessions.retention_days/not-outlived`: retention of 30 days, the last message 45 days old.

Repair: `DELETE FROM chat_sessions …` (its messages follow); a CHECK for the number.

Limits: a session's age counts from its newest message, or from its own creation if that is later: a session in use
doesn't expire. The report's verdict may change as time goes by.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.contract import Contract
from conformance.model.invariant import Invariant
from conformance.model.look import Join, Rows, Shown
from conformance.model.reading import Reading

TABLE, COLUMN = "chat_sessions", "retention_days"


def invariants(contract: Contract) -> Iterator[Invariant]:
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="positive",
        level="should",
        expected="retention_days ≥ 1 where it is set",
        needs={TABLE: (COLUMN,)},
        look=_positive,
        breaking=({COLUMN: "0"}, {COLUMN: "-1"}, {COLUMN: "-365"}),
        repair="UPDATE chat_sessions SET retention_days = NULL WHERE retention_days < 1;  -- where no end is meant\n"
        "ALTER TABLE chat_sessions ADD CHECK (retention_days >= 1) NOT VALID;",
    )
    yield Invariant(
        table=TABLE,
        columns=(COLUMN,),
        name="not-outlived",
        level="should",
        expected="no session is older than its retention",
        needs={TABLE: ("id", COLUMN, "created_at"), "chat_messages": ("session_id", "created_at")},
        look=_outlived,
        repair="-- DELETE FROM chat_sessions for the sessions of the witness; their messages follow",
    )


def _positive(reading: Reading) -> Rows:
    return reading.rows(TABLE, f"{reading.value(TABLE, COLUMN, 'number')} < 1", about=(COLUMN,))


def _outlived(reading: Reading) -> Rows:
    reading.alike((TABLE, "id"), ("chat_messages", "session_id"))
    session = reading.value("chat_messages", "session_id", "key", "m")
    at = f"pg_catalog.max({reading.value('chat_messages', 'created_at', 'time', 'm')})"
    messages = reading.source("chat_messages")
    relation = f"(SELECT {session} AS session_id, {at} AS at FROM {messages} AS m GROUP BY 1)"
    condition = f"newest.session_id = {reading.value(TABLE, 'id', 'key')}"
    join = Join(alias="newest", relation=relation, condition=condition)
    days, made = reading.value(TABLE, COLUMN, "number"), reading.value(TABLE, "created_at", "time")
    kept = f"{days}::pg_catalog.float8 * '1 day'::pg_catalog.interval"
    # ages of thousands of years are left out: adding them to a time would leave the calendar
    violates = f"{days} BETWEEN 1 AND 1000000 AND GREATEST({made}, newest.at) < pg_catalog.now() - {kept}"
    also = (Shown(name="newest message", sql="newest.at"),)
    return reading.rows(TABLE, violates, about=(COLUMN, "created_at"), joins=(join,), also=also)
