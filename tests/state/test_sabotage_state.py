"""The looks broken on purpose, one small thing at a time: each time a scene must go wrong.

A sabotage replaces a piece of the SQL of a claim's look, or a function; then the claim's scenes are played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from filled import filled, looked, rows_of, run
from judged import contract, named

from conformance import state
from conformance.model import goal_dependencies
from conformance.model.cycle import Acyclicity
from conformance.model.look import Graph, Groups, Look, Names, Privileges, Proof, Rows, Sieve, Tally
from conformance.model.looking import Looking
from conformance.model.reading import Reading
from conformance.registry import invariant_modules
from conformance.sandbox import Server
from conformance.selftest.planted import Planter, stages
from conformance.sources import edges, rows_guard, rows_lane, rows_looks, rows_sql
from conformance.sources.rows_lane import Lane
from conformance.sources.rows_statements import Statements
from conformance.sources.workbench import Workbench
from conformance.state import Claim

Patch = Callable[[pytest.MonkeyPatch], None]

RETRIES, SPENT = "0001/tasks.retries+max_retries/within", "0025/tasks.status/dead-letter-spent"
EXPIRY, RETENTION = "0024/memories.expires_at/after-creation", "0024/chat_sessions.retention_days/positive"
OUTLIVED, TRUST = "0024/chat_sessions.retention_days/not-outlived", "0027/agents.trust_score/in-range"
VOTES = "0028/approval_requests.approvals"
ORPHAN, NAMES = "0001/goals.agent_id/no-orphan", "0015/agents.name/no-near-duplicates"
BLOCKED, DANGLING = (f"0026/goals.depends_on_goal_ids/{name}" for name in ("blocked-iff-incomplete", "no-dangling"))
COMPLETED = "0002/task_dependencies/dependencies-completed"
TWICE, IMMUTABLE = "0015/agents.name/no-duplicates", "0006/events/immutable"
RISING, GAPS = (f"0024/agent_config_revisions.revision/{name}" for name in ("rising", "without-gaps"))

# In the SQL of a claim's look: what stands there, and what stands there instead.
SQL: dict[str, tuple[str, str, str]] = {
    "as many retries as there are may be too many": (RETRIES, "t.retries > t.max", "t.retries >= t.max"),
    "retries below none are let be": (RETRIES, "t.retries < 0 OR", "t.retries < -9 OR"),
    "no retries are too few": (RETRIES, "t.retries < 0 OR", "t.retries <= 0 OR"),
    "a dead letter with all retries spent departs": (SPENT, "t.retries < t.max", "t.retries <= t.max"),
    "any dead letter is let be": (SPENT, "t.retries < t.max", "t.retries > t.max"),
    "what expires when it is made is let be": (EXPIRY, "t.expires_at <= ", "t.expires_at < "),
    "no days are days": (RETENTION, "< 1", "< 0"),
    "one day is none": (RETENTION, "< 1", "<= 1"),
    "messages do not count": (OUTLIVED, "GREATEST(t.created_at, newest.at)", "t.created_at"),
    "the session's own age does not count": (OUTLIVED, "GREATEST(t.created_at, newest.at)", "newest.at"),
    "a label may be there twice": ("0027/agents.tags/no-repetition", "cardinality(t.tags) <> ", "cardinality(t.tags) < "),
    "labels that fold alike are one": ("0027/agents.tags/no-repetition", "DISTINCT e.tag", "DISTINCT pg_catalog.lower(e.tag)"),
    "no label is a label": ("0027/agents.tags/no-repetition", "(t.tags)[1] IS NULL", "(t.tags)[1] = ''"),
    "full trust is too much": (TRUST, "<= 1", "< 1"),
    "no trust is too little": (TRUST, ">= 0", "> 0"),
    "no budget is a debt": ("0024/agents.daily_token_budget/not-negative", "< 0", "<= 0"),
    "two votes of a user are two": (f"{VOTES}/enough-approvers", "count(DISTINCT v.voter) FILTER", "count(v.voter) FILTER"),
    "rows of before 0028 depart": (f"{VOTES}/enough-approvers", "ballot.entries = 0 AND", "false AND"),
    "rows of before 0028 are let be whatever they ask": (f"{VOTES}/enough-approvers", ", 1) = 1", ", 1) > 0"),
    "enough approvals are a denial": (f"{VOTES}/denied-by-denial", "AND NOT (", "AND ("),
    "a denial after enough approvals decides": (f"{VOTES}/denied-by-denial", "THEN (SELECT", "THEN 0 * (SELECT"),
    "votes and a decider are a row of before 0028": (f"{VOTES}/denied-by-denial", "COALESCE(t.approvals = '[]', true) AND", ""),
    "whoever decided may be nobody": (f"{VOTES}/enough-approvers", "<> '')", "IS NOT NULL)"),
    "UUIDs are told apart by their spelling": (f"{VOTES}/one-vote-a-user", "BETWEEN 32 AND 50", "BETWEEN 1 AND 0"),
    "blanks tell users apart": (f"{VOTES}/one-vote-a-user", "E' \\t\\n\\r\\f\\x0b\\x1c\\x1d\\x1e\\x1f'", "''"),
    "two votes are one": (f"{VOTES}/one-vote-a-user", "ballot.repeated > 0", "ballot.repeated > 1"),
    "any word is a decision": (f"{VOTES}/well-formed", "v.decision IN ('approved', 'denied')", "v.decision IS NOT NULL"),
    "nobody may vote": (f"{VOTES}/well-formed", "v.voter IS NOT NULL AND", ""),
    "votes need no time": (f"{VOTES}/well-formed", "v.at IS NOT NULL AND", ""),
    "an object is an array": (f"{VOTES}/well-formed", "<> 'array'", "NOT IN ('array', 'object')"),
    "a denial decides nothing": (f"{VOTES}/denial-decides", "ballot.denials > 0", "ballot.denials > 1"),
    "a request without a status is denied": (f"{VOTES}/denial-decides", "IS DISTINCT FROM 'denied'", "<> 'denied'"),
    "a denial always decides": (f"{VOTES}/denial-decides", "THEN (SELECT", "THEN 0 * (SELECT"),
    "a vote needs no day": (f"{VOTES}/well-formed", r"(0[13-9]|1[0-2])-(29|30)", r"(0\d|1[0-2])-(29|30)"),
    "the usual UUIDs are any": (f"{VOTES}/one-vote-a-user", "pg_catalog.lower(s.name) = s.name", "true"),
    "a denied request is pending": (f"{VOTES}/pending-below-count", "ballot.denials = 0 AND", ""),
    "enough is not enough": (f"{VOTES}/pending-below-count", "ballot.approvers >= ", "ballot.approvers > "),
    "votes of the future are let be": (f"{VOTES}/votes-in-time", "ballot.last > pg_catalog.now()", "false"),
    "votes of before are let be": (f"{VOTES}/votes-in-time", "ballot.first < ", "ballot.last < "),
    "an orphan has no row in a join": (ORPHAN, "LEFT JOIN", "JOIN"),
    "a dangling one is let be": (DANGLING, ".dangling > 0", ".dangling > 1"),
    "a goal that waits for what is gone is not blocked": (BLOCKED, "AND COALESCE(among.dangling, 0) = 0", ""),
    "a completed one is incomplete": (BLOCKED, "IS DISTINCT FROM 'completed'", "IS NOT NULL"),
    "one without a status is completed": (BLOCKED, "IS DISTINCT FROM 'completed'", "<> 'completed'"),
    "one without a status is blocked": (BLOCKED, "'completed'), true)", "'completed'), false)"),
    "all goals that wait may be completed": (BLOCKED, "'active', 'completed')", "'active')"),
    "a goal without a status may have a time": (
        "0026/goals.completed_at/iff-completed", "IS NOT DISTINCT FROM 'completed'", "= 'completed'",
    ),
    "a completed goal needs no time": ("0026/goals.completed_at/iff-completed", "<> (t.completed_at", "< (t.completed_at"),
    "an open goal may have a time": ("0026/goals.completed_at/iff-completed", "<> (t.completed_at", "> (t.completed_at"),
    "content and uri are both asked for": ("0013/agent_documents.content+uri/content-or-uri", "NULL AND", "NULL OR"),
    "two rows are not too many": (TWICE, "count(*) > 1", "count(*) > 2"),
    "one row is too many": (TWICE, "count(*) > 1", "count(*) > 0"),
    "the same number again is let be": (RISING, "<= earlier.highest", "< earlier.highest"),
    "rows of one moment have an order": (RISING, "GROUPS BETWEEN", "ROWS BETWEEN"),
    "a full row of numbers has gaps": (GAPS, ") < pg_catalog.max", ") <= pg_catalog.max"),
    "columns do not count": (IMMUTABLE, "has_any_column_privilege(r.oid, a.oid, 'UPDATE')", "has_table_privilege(r.oid, a.oid, 'UPDATE')"),
    "two organizations are one": ("0018/goals.agent_id/same-org", " <> ", " = "),
    "no organization is another": ("0018/goals.agent_id/same-org", " <> ", " IS DISTINCT FROM "),
    "two graphs are one": ("0002/task_dependencies/one-graph", " IS DISTINCT FROM ", " IS NOT DISTINCT FROM "),
    "no graph is that of the other": ("0002/task_dependencies/one-graph", " IS DISTINCT FROM ", " <> "),
    "what is completed keeps others waiting": (COMPLETED, "IS DISTINCT FROM 'completed'", "IS NOT NULL"),
    "a task without a status is completed": (COMPLETED, "IS DISTINCT FROM 'completed'", "<> 'completed'"),
    "a plan needs no payload": ("0014/approval_requests.request_type/plan-is-whole", "t.plan_payload IS NULL", "false"),
    "JSON's null is a payload": ("0014/approval_requests.request_type/plan-is-whole", "= 'null'", "= 'none'"),
}  # fmt: skip


def put(target: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(target, name, value)


def statement(old: str, new: str, used: list[str]) -> Patch:
    """Every statement of a look with one piece of it replaced."""
    real = Statements._run

    def run_it(self: Statements, text: str, *given: Any) -> Any:
        if old in text:
            used.append(text)
        return real(self, text.replace(old, new), *given)

    return put(Statements, "_run", run_it)


def no_cycle(*given: Any, **named: Any) -> Acyclicity:
    return Acyclicity(edges=1, cycle=None, shortest=True, cyclic_edges=0, way="")


def let_by(clean: str) -> Callable[[Reading], Sieve]:
    """A sieve of the goals that lets these by."""
    columns = ("id", "depends_on_goal_ids", "status", "cascade_id")
    return lambda reading: Sieve(columns=columns, levels=(), clean=clean)


CODE: dict[str, tuple[str, Patch]] = {
    "names are not folded": (NAMES, put(rows_looks, "folded", lambda name: name)),
    "names are folded by case alone": (NAMES, put(rows_looks, "folded", str.casefold)),
    "names are folded without their blanks": (
        NAMES,
        put(rows_looks, "folded", lambda name: name.casefold().replace(" ", "")),
    ),
    "tasks have no cycle": ("0002/task_dependencies/acyclic", put(edges, "acyclic", no_cycle)),
    "goals have no cycle": ("0026/goals.depends_on_goal_ids/acyclic", put(edges, "acyclic", no_cycle)),
    "what goals depend on is not looked up": (DANGLING, put(goal_dependencies, "_sieve", let_by("true"))),
    "all goals that depend on nothing are let by": (
        BLOCKED,
        put(goal_dependencies, "_sieve", let_by("COALESCE(pg_catalog.cardinality(t.depends_on_goal_ids), 0) = 0")),
    ),
    "witnesses are lost": (RETRIES, put(rows_sql, "witnesses", lambda *given, **named: "SELECT 1 WHERE false")),
}


@pytest.fixture(scope="module")
def benches(server: Server) -> Iterator[dict[str, Planter]]:
    """A database for each stage, in which all that happens is taken back."""
    made: dict[str, Planter] = {}
    open_: list[Workbench] = []
    for stage in stages(contract()):
        bench = Workbench(server.create_database(f"sabotage_state_{stage}", template=filled(server, through=stage)))
        open_.append(bench.__enter__())
        made[stage] = Planter(bench, contract(), stage)
    yield made
    for bench in open_:
        bench.__exit__(None, None, None)


def claim_of(id_: str) -> tuple[str, Claim]:
    return next((stage, c) for stage, found in stages(contract()).items() for c in found if c.requirement.id == id_)


def wrong(benches: dict[str, Planter], id_: str) -> Iterator[str]:
    """The scenes of a claim that go wrong."""
    stage, claim = claim_of(id_)
    for trial in benches[stage].trials(claim):
        if trial.fate != ("passed" if trial.equivalent else "killed"):
            yield f"{trial.mutant}: {trial.fate}"


@pytest.mark.parametrize("sabotage", SQL)
def test_sql_that_is_sabotaged_is_noticed(
    benches: dict[str, Planter], monkeypatch: pytest.MonkeyPatch, sabotage: str
) -> None:
    id_, old, new = SQL[sabotage]
    used: list[str] = []
    monkeypatch.setattr(rows_lane, "by_sieve", lambda asked: {})  # what it lets by is tested where the sieve is
    statement(old, new, used)(monkeypatch)
    found = next(wrong(benches, id_), None)
    assert used, f"the look of {id_} has no {old!r} any more"
    assert found, f"{sabotage}, and the scenes of {id_} do not notice"


@pytest.mark.parametrize("sabotage", CODE)
def test_code_that_is_sabotaged_is_noticed(
    benches: dict[str, Planter], monkeypatch: pytest.MonkeyPatch, sabotage: str
) -> None:
    id_, patch = CODE[sabotage]
    patch(monkeypatch)
    assert next(wrong(benches, id_), None), f"{sabotage}, and the scenes of {id_} do not notice"


@pytest.mark.parametrize("id_", sorted({id_ for id_, *_ in SQL.values()} | {id_ for id_, _ in CODE.values()}))
def test_whole_nothing_goes_wrong(benches: dict[str, Planter], id_: str) -> None:
    assert list(wrong(benches, id_)) == []


# --- every module at once


def blind(look: Look | Proof) -> Look | Proof:
    """The look that sees no departure."""
    match look:
        case Rows():
            return replace(look, violates="false")
        case Groups():
            return replace(look, having="false")
        case Privileges():
            return replace(look, events=())
        case Names():
            return replace(look, name="NULL::pg_catalog.text")
        case Graph() | Proof():
            return replace(look)


@pytest.mark.parametrize("module", sorted(invariant_modules()))
def test_a_blind_look_is_noticed(benches: dict[str, Planter], monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    stage, claim = next(
        (s, c) for s, found in stages(contract()).items() for c in found if c.invariant.module == module
    )
    real = claim.invariant.look
    monkeypatch.setattr(edges, "acyclic", no_cycle)
    sightless = replace(claim, invariant=replace(claim.invariant, look=lambda reading: blind(real(reading))))
    fates = [trial.fate for trial in benches[stage].trials(sightless) if not trial.equivalent]
    assert "killed" not in fates
    assert fates


# --- what no scene shows: who may look, and how much


@pytest.fixture
def roles(server: Server) -> Iterator[str]:
    name = "sabotaged_roles"
    url = server.create_database(name, template=filled(server))
    run(
        url,
        "CREATE ROLE blinkered LOGIN; GRANT SELECT ON goals TO blinkered; ALTER TABLE goals ENABLE ROW LEVEL SECURITY",
    )
    yield named(server, name)
    server.drop_database(name)
    run(server.url, "DROP ROLE blinkered")


def test_guards_that_are_sabotaged_are_noticed(roles: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights and row security are asked for; where that is forgotten, the server itself still refuses."""
    reader = roles.replace("//postgres@", "//blinkered@")
    id_ = "0026/goals.completed_at/iff-completed"
    assert "row security of goals" in rows_of(looked(reader))[id_].note
    text = rows_guard.guard()
    assert "pg_catalog.row_security_active(a.oid)" in text
    monkeypatch.setattr(rows_guard, "guard", lambda: text.replace("pg_catalog.row_security_active(a.oid)", "false"))
    outcome = rows_of(looked(reader))[id_]
    assert outcome.verdict == "indeterminate"
    assert "row security of goals" not in outcome.note


def test_a_sample_that_is_taken_for_the_whole_is_noticed(roles: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def verdicts() -> set[str]:
        found = rows_of(looked(roles, Looking(sample=50.0)))
        return {o.verdict for o in found.values() if o.requirement.claim == "in-values"}

    assert verdicts() == {"indeterminate", "not-applicable"}
    monkeypatch.setattr(Lane, "_clean", lambda self, examined: Tally(examined=examined, violations=0))
    assert "pass" in verdicts()


def test_ids_are_all_of_the_contract() -> None:
    known = {claim.requirement.id for claim in state.claims(contract())}
    assert {id_ for id_, *_ in SQL.values()} | {id_ for id_, _ in CODE.values()} <= known
