"""Agents: names, quotas, revisions, documents."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable

from conformance.violations.look import Look, instant, invariant, key

_BLANK_LETTERS = {chr(n) for n in (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)} | {
    chr(n) for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for n in range(first, last + 1)
}


def fold(name: str) -> str:
    """What is left of a name without its case, width, spacing, Unicode form, and letters that nobody sees."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf" and letter not in _BLANK_LETTERS)
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


@invariant("0015/agents.name/no-near-duplicates", "agents.id agents.name")
def _no_near_duplicates(look: Look) -> Iterable[Hashable]:
    folded = defaultdict(list)
    for row in look.rows("agents"):
        if row.get("name") is not None:
            folded[fold(row["name"])].append(row)
    for rows in folded.values():
        if len({row["name"] for row in rows}) > 1:
            yield frozenset(row.get("id") for row in rows)


@invariant("0024/agents.max_concurrent_goals/not-negative", "agents.id agents.max_concurrent_goals")
def _goals_not_negative(look: Look) -> Iterable[Hashable]:
    return [key("agents", row) for row in look.rows("agents") if (row.get("max_concurrent_goals") or 0) < 0]


@invariant("0024/agents.daily_token_budget/not-negative", "agents.id agents.daily_token_budget")
def _tokens_not_negative(look: Look) -> Iterable[Hashable]:
    return [key("agents", row) for row in look.rows("agents") if (row.get("daily_token_budget") or 0) < 0]


@invariant("0027/agents.trust_score/in-range", "agents.id agents.trust_score")
def _trust_in_range(look: Look) -> Iterable[Hashable]:
    trusted = [row for row in look.rows("agents") if row.get("trust_score") is not None]
    return [key("agents", row) for row in trusted if not 0 <= float(row["trust_score"]) <= 1]


@invariant("0027/agents.tags/no-repetition", "agents.id agents.tags")
def _tags_once(look: Look) -> Iterable[Hashable]:
    for row in look.rows("agents"):
        tags = row.get("tags") or []
        if None in tags or len(set(tags)) < len(tags):
            yield key("agents", row)


@invariant("0024/agents.allowed_tools/in-catalogue", "agents.id agents.allowed_tools tool_definitions.name")
def _tools_in_catalogue(look: Look) -> Iterable[Hashable]:
    names = {row["name"] for row in look.rows("tool_definitions") if row.get("name") is not None}
    for row in look.rows("agents"):
        tools = row.get("allowed_tools")
        if tools is not None and not (
            isinstance(tools, list) and all(isinstance(tool, str) and tool in names for tool in tools)
        ):
            yield key("agents", row)


_REVISIONS = "agent_config_revisions.agent_id agent_config_revisions.revision"


@invariant("0024/agent_config_revisions.revision/rising", f"{_REVISIONS} agent_config_revisions.created_at")
def _rising(look: Look) -> Iterable[Hashable]:
    of_agent = defaultdict(list)
    for row in look.rows("agent_config_revisions"):
        at = instant(row.get("created_at"))
        if row.get("agent_id") is not None and row.get("revision") is not None and at is not None:
            of_agent[row["agent_id"]].append((at, row))
    for rows in of_agent.values():
        for later, row in rows:
            if any(earlier < later and other["revision"] >= row["revision"] for earlier, other in rows):
                yield key("agent_config_revisions", row)


@invariant("0024/agent_config_revisions.revision/without-gaps", _REVISIONS)
def _without_gaps(look: Look) -> Iterable[Hashable]:
    revisions = defaultdict(set)
    for row in look.rows("agent_config_revisions"):
        if row.get("agent_id") is not None and row.get("revision") is not None:
            revisions[row["agent_id"]].add(row["revision"])
    return [(agent,) for agent, some in revisions.items() if len(some) != max(some) - min(some) + 1]


@invariant("0013/agent_documents.content+uri/content-or-uri", "agent_documents.content agent_documents.uri")
def _content_or_uri(look: Look) -> Iterable[Hashable]:
    rows = look.rows("agent_documents")
    return [key("agent_documents", row) for row in rows if row.get("content") is None and row.get("uri") is None]


@invariant(
    "0013/agent_documents.goal_id/goals-agent", "agent_documents.goal_id agent_documents.agent_id goals.agent_id"
)
def _goals_agent(look: Look) -> Iterable[Hashable]:
    for row in look.rows("agent_documents"):
        for goal in look.rows_of("goals", row.get("goal_id")):
            agents = row.get("agent_id"), goal.get("agent_id")
            if None not in agents and agents[0] != agents[1]:
                yield key("agent_documents", row)
