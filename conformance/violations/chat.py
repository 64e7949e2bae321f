"""Chat sessions and memories, and how long they last."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from conformance.violations.look import Look, instant, invariant, key


@invariant("0024/chat_sessions.retention_days/positive", "chat_sessions.id chat_sessions.retention_days")
def _retention_positive(look: Look) -> Iterable[Hashable]:
    rows = look.rows("chat_sessions")
    return [key("chat_sessions", r) for r in rows if r.get("retention_days") is not None and r["retention_days"] < 1]


@invariant(
    "0024/chat_sessions.retention_days/not-outlived",
    "chat_sessions.id chat_sessions.retention_days chat_sessions.created_at"
    " chat_messages.session_id chat_messages.created_at",
)
def _not_outlived(look: Look) -> Iterable[Hashable]:
    for row in look.rows("chat_sessions"):
        mine = [m for m in look.rows("chat_messages") if row.get("id") is not None and m.get("session_id") == row["id"]]
        times = [at for r in (row, *mine) if (at := instant(r.get("created_at"))) is not None]
        days = row.get("retention_days")
        if days is not None and days >= 1 and times and max(times) + days * 86400 < look.now:
            yield key("chat_sessions", row)


@invariant("0024/memories.expires_at/after-creation", "memories.id memories.expires_at memories.created_at")
def _expires_after_creation(look: Look) -> Iterable[Hashable]:
    for row in look.rows("memories"):
        expires, created = instant(row.get("expires_at")), instant(row.get("created_at"))
        if expires is not None and created is not None and expires <= created:
            yield key("memories", row)
