"""The page, line by line: each is asked of a catalog or says why it is not, and all that it names is asked for."""

import re

import pytest
from judged import contract

from conformance.model.contract import PageLine, Requirement
from conformance.sources.contract import FOLDER
from conformance.sources.page import page

LINES = {line.number: line for line in page(FOLDER)}
DOCUMENTED = {r.id: r for r in contract("documented").requirements}
CITED = re.compile(r"the page, lines? ([\d, ]+)")

HEADINGS = {22: "0013", 24: "0014", 26: "0015", 28: "0016", 30: "0018", 34: "0024", 37: "0026", 39: "0027", 41: "0028"}

# What the page names, by the line that names it: `table`, or `table.column`.
IDENTIFIERS = {
    5: "organizations agents",
    6: "organizations org_memberships",
    7: "agents goals",
    8: "agents agent_documents",
    9: "agents memories",
    10: "goals tasks",
    11: "tasks task_dependencies",
    12: "approval_requests goals",
    13: "chat_sessions chat_messages",
    15: "agents goals tasks",
    16: "tasks task_dependencies",
    17: "events",
    18: "memories",
    19: "chat_sessions chat_messages",
    20: "approval_requests",
    23: "agents.system_prompt agent_documents agent_documents.id agent_documents.agent_id agent_documents.goal_id"
    " agent_documents.doc_type agent_documents.name agent_documents.content agent_documents.uri"
    " agent_documents.metadata agent_documents.priority",
    25: "approval_requests approval_requests.request_type approval_requests.goal_id approval_requests.graph_id"
    " approval_requests.plan_payload",
    27: "agents agents.name",
    29: "chat_sessions chat_sessions.id chat_sessions.agent_id chat_sessions.user_id chat_sessions.org_id"
    " chat_sessions.title chat_sessions.retention_days chat_sessions.created_at chat_messages chat_messages.id"
    " chat_messages.session_id chat_messages.role chat_messages.content chat_messages.metadata"
    " chat_messages.created_at agents.chat_capable",
    31: "users organizations org_memberships teams team_memberships agent_collaborators agent_admins",
    32: "agents.org_id goals.org_id tasks.org_id workers.org_id events.org_id memories.org_id llm_usage.org_id"
    " approval_requests.org_id chat_sessions.org_id workers events llm_usage",
    33: "agents.visibility",
    35: "agent_config_revisions tool_definitions",
    36: "agents.drain_mode agents.max_concurrent_goals agents.daily_token_budget agents.priority agents.allowed_tools"
    " chat_sessions.retention_days memories.expires_at",
    38: "goals.cascade_id goals.depends_on_goal_ids goals.completed_at goals.source_agent_id",
    40: "agents.trust_score agents.tags agents.metadata",
    42: "approval_requests.required_approvals approval_requests.approvals",
}
NAMED = [(line, name) for line, names in IDENTIFIERS.items() for name in names.split()]

# Where the page disagrees with itself on when a column comes, the later line counts: conflicts C05 and C06.
COMES_LATER = {(29, "chat_sessions.org_id"): "0018", (29, "chat_sessions.retention_days"): "0024"}

TYPES = {
    "agents.system_prompt": "text",
    "approval_requests.plan_payload": "jsonb",
    "agents.chat_capable": "boolean",
    "agents.drain_mode": "boolean",
    "agents.max_concurrent_goals": "integer",
    "agents.daily_token_budget": "bigint",
    "agents.priority": "integer",
    "agents.allowed_tools": "text[]",
    "chat_sessions.retention_days": "integer",
    "memories.expires_at": "timestamp with time zone",
    "goals.cascade_id": "uuid",
    "goals.depends_on_goal_ids": "uuid[]",
    "goals.completed_at": "timestamp with time zone",
    "goals.source_agent_id": "uuid",
    "agents.trust_score": "double precision",
    "agents.tags": "text[]",
    "agents.metadata": "jsonb",
    "approval_requests.required_approvals": "integer",
    "approval_requests.approvals": "jsonb",
}
VALUES = {
    "agent_documents.doc_type": ["rule", "skill", "context_doc", "reference"],
    "approval_requests.request_type": ["plan", "risky_task"],
    "agents.visibility": ["private", "org", "public"],
    "memories.memory_type": ["episodic", "semantic"],
}
# Who points at whom, by the line that says so.
RELATIONSHIPS = {
    5: [("agents", "organizations")],
    6: [("org_memberships", "organizations")],
    7: [("goals", "agents")],
    8: [("agent_documents", "agents")],
    9: [("memories", "agents")],
    10: [("tasks", "goals")],
    11: [("task_dependencies", "tasks")],
    12: [("approval_requests", "goals")],
    13: [("chat_messages", "chat_sessions")],
    15: [("agents", "organizations"), ("tasks", "goals")],
    16: [("task_dependencies", "tasks")],
    19: [("chat_sessions", "agents")],
    20: [("approval_requests", "goals")],
}


def cited(requirement: Requirement) -> set[int]:
    """The lines of the page that a requirement comes from."""
    return {int(number) for match in CITED.findall(requirement.source) for number in match.split(",")}


def asked(subject: str, claim: str) -> list[Requirement]:
    return [r for r in DOCUMENTED.values() if r.subject == subject and r.claim == claim]


def test_the_page_is_carried_whole() -> None:
    assert list(LINES) == list(range(1, 43))
    assert all(line.text.strip() == line.text != "" for line in LINES.values())


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_a_line_is_cited_or_says_why_not(line: PageLine) -> None:
    citing = [r.id for r in DOCUMENTED.values() if line.number in cited(r)]
    assert bool(citing) != bool(line.no_claim), citing
    assert line.no_claim is None or len(line.no_claim.split()) > 1
    assert line.rest is None or line.no_claim is None


def test_the_page_is_where_must_comes_from_and_nothing_else() -> None:
    assert [r.id for r in DOCUMENTED.values() if r.level == "must" and not cited(r)] == []
    weaker = [r.id for r in DOCUMENTED.values() if r.level != "must" and cited(r)]
    assert weaker == [
        "0013/agent_documents.doc_type/one-of",
        "0014/approval_requests.request_type/one-of",
        "0018/agents.visibility/one-of",
    ]


@pytest.mark.parametrize(("line", "name"), NAMED, ids=[f"{line}-{name}" for line, name in NAMED])
def test_whatever_the_page_names_must_exist(line: int, name: str) -> None:
    table, _, column = name.partition(".")
    assert (column or table) in LINES[line].text.replace("Approval requests", "approval_requests") or line in (
        15, 16, 17, 18, 19, 20,
    )  # fmt: skip  # prose
    found = asked(name, "column" if column else "table")
    naming = {number for number, other in NAMED if other == name}
    assert [(r.level, bool(cited(r) & naming)) for r in found] == [("must", True)]
    assert found[0].until is None
    heading = max((number for number in HEADINGS if number < line), default=0)
    if column and line > 22 and name != "agents.name":  # which was there before it became unique
        assert found[0].since == COMES_LATER.get((line, name), HEADINGS[heading])


def test_nothing_that_the_page_names_is_left_out() -> None:
    """Every word in the history that looks like a name is one of those above."""
    words = {word for names in IDENTIFIERS.values() for name in names.split() for word in name.split(".")}
    prose = {"user_id", "decision", "decided_at"}  # keys of an object in approvals, see the line's rest
    values = {value for listed in VALUES.values() for value in listed}
    for line in LINES.values():
        if line.number not in HEADINGS:
            for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", line.text.replace("onagents", "on agents")):
                named = re.sub("table$", "", word)
                assert named in words | values | prose | {"plans_to"}, (line.number, word)


@pytest.mark.parametrize(("name", "type_"), TYPES.items(), ids=TYPES.keys())
def test_a_type_that_the_page_gives_is_asked_for(name: str, type_: str) -> None:
    assert [(r.level, r.spec["is"]) for r in asked(name, "type")] == [("must", type_)]


def test_a_type_that_the_page_does_not_give_is_the_references_and_only_should() -> None:
    others = [r for r in DOCUMENTED.values() if r.claim == "type" and r.subject not in TYPES]
    assert {r.level for r in others} == {"should"}
    assert {r.source.split()[0] for r in others} == {"reference"}


@pytest.mark.parametrize(("name", "values"), VALUES.items(), ids=VALUES.keys())
def test_values_that_the_page_lists_must_be_accepted_and_others_should_be_refused(name: str, values: list[str]) -> None:
    assert [(r.level, r.spec["values"]) for r in asked(name, "accepts")] == [("must", values)]
    if name == "memories.memory_type":  # prose that names no column: conflict C14
        assert asked(name, "one-of") == []
    else:
        assert [(r.level, r.spec["values"]) for r in asked(name, "one-of")] == [("should", values)]


def test_the_default_and_the_unique_constraint_that_the_page_states() -> None:
    defaults = [(r.subject, r.spec) for r in DOCUMENTED.values() if r.claim == "default" and r.level == "must"]
    assert defaults == [("approval_requests.required_approvals", {"value": "1"})]
    assert [r.id for r in DOCUMENTED.values() if r.claim == "unique" and r.level == "must"] == [
        "0015/agents.name/unique"
    ]


@pytest.mark.parametrize("line", RELATIONSHIPS)
def test_a_relationship_is_a_foreign_key(line: int) -> None:
    keys = [r for r in DOCUMENTED.values() if r.claim == "foreign-key" and line in cited(r)]
    assert {r.level for r in keys} == {"must"}
    assert {(r.table, r.spec["references"].partition(".")[0]) for r in keys} == set(RELATIONSHIPS[line])


def test_no_other_foreign_key_is_a_must() -> None:
    drawn = {pair for pairs in RELATIONSHIPS.values() for pair in pairs}
    keys = [r for r in DOCUMENTED.values() if r.claim == "foreign-key" and r.level == "must"]
    assert {(r.table, r.spec["references"].partition(".")[0]) for r in keys} == drawn
