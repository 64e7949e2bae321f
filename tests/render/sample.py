"""Reports made by hand: one with everything that can be in a report, one that is empty, one that is green."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reported
from reported import outcome

from conformance.model.baseline import Baseline
from conformance.model.contract import Level
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.report import Past, Report

HOSTILE = "a]]>b\x1b[31mc\u202ed\ufffee\nf<script>&\"'g\udc80h\x00i\u00a0j\x7fk\x9bl"

MARK = "m4rk"
"""Stands in each of the following, so that it can be looked for."""

WILES = (
    "`m4rk`` ``` | \\| m4rk",
    "m4rk <script>alert(1)</script> <img src=x onerror=alert(1)> </details> <!-- m4rk -->",
    "@m4rk m4rk/m4rk#123 #123 GH-123 !123 ~m4rk https://m4rk.example www.m4rk.example m4rk@m4rk.example",
    "![m4rk](https://m4rk.example/x.png) [m4rk](1) [m4rk]: https://m4rk.example {0} {{0}} $m4rk$",
    "::error::m4rk ##[error]m4rk ::stop-commands::m4rk",
    "m4rk\n::error file=x,line=1::m4rk\r\n::set-output name=m4rk::x\x0b::error::\u2028::error::\x85::error::",
    "%0A::error::m4rk %25 , : m4rk%0D",
    "m4rk]]>\x1b]0;m4rk\x07\x1b[2J\u202e\u2066\u200b\ufffe\ud800\x00m4rk",
    "=cmd|'/c calc'!m4rk",
    "# m4rk\n\n- m4rk\n| m4rk | m4rk |\n| --- | --- |\n> m4rk\n***m4rk***\n~~~\nm4rk",
    "&#64;m4rk &lt;m4rk&gt; &m4rk; \\@m4rk",
    "".join(chr(0x1F600 + number % 60) for number in range(63)) + MARK,
)
"""What names may try: Markdown, HTML, mentions and references, workflow commands, terminals, parsers."""

TARGET = replace(reported.TARGET, origin="$DATABASE_URL", schemas=("platform", "public"), in_recovery=True)


def finding(message: str, location: str, witness: str | None = None) -> tuple[Finding, ...]:
    """One finding, as a tuple."""
    return (Finding(fingerprint="0123456789abcdef", message=message, location=location, witness=witness),)


def report(*outcomes: Outcome, **more: Any) -> Report:
    """A report on these outcomes."""
    return reported.report(*outcomes, **{"target": TARGET, "through": "0026", **more})


def hostile() -> Outcome:
    """A departure in which everything that a stranger may choose is hostile."""
    return outcome(
        f"acme/0026/{HOSTILE}.name/unique",
        "must",
        "fail",
        table=HOSTILE,
        expected=f"unique ({HOSTILE})",
        observed=f"no constraint on {HOSTILE}",
        note=HOSTILE,
        object=HOSTILE,
        evidence={"examined": 1, "names": [HOSTILE], HOSTILE: None},
        findings=finding(f"{HOSTILE}: departs", f"public.{HOSTILE}", HOSTILE),
        repair=f'ALTER TABLE "{HOSTILE}" RENAME TO harmless;',
        source=f"acme's {HOSTILE}",
    )


def wily() -> Report:
    """A report in which everything that a stranger may choose is one of the wiles, in every verdict and everywhere."""
    outcomes = []
    for number, wile in enumerate(WILES):
        verdict: Verdict = ("fail", "indeterminate", "waived")[number % 3]
        outcomes.append(
            outcome(
                f"acme/0026/{number}{wile}.name/unique",
                ("must", "should", "may")[number // 3 % 3],
                verdict,
                table=wile,
                expected=wile,
                observed=wile,
                note=f"{number} {wile}",
                object=wile,
                evidence={"examined": 1, wile: [wile]},
                findings=() if verdict == "indeterminate" else finding(f"{wile}: departs", wile, wile),
                repair=f"-- {wile}" if verdict == "fail" else None,
                source=wile,
            )
        )
        outcomes.append(outcome(f"acme/0026/p{number}{wile}/table", "must", "pass", table=wile, observed=wile))
        outcomes.append(outcome(f"acme/0026/n{number}{wile}/table", "may", "not-applicable", table=wile, note=wile))
    target = replace(
        TARGET,
        address=f"u@h:1/{WILES[2]}",
        origin=WILES[0],
        database=WILES[3],
        server_version=WILES[4],
        session_user=WILES[5],
        current_user=WILES[6],
        schemas=WILES,
    )
    told = (replace(o, requirement=replace(o.requirement, since="0026", columns=("name",))) for o in outcomes)
    return report(
        *told, target=target, profile=WILES[0], profile_title=WILES[1], tool=f"conformance {WILES[9]}", remarks=WILES
    )


def _missing_table() -> tuple[Outcome, ...]:
    table = outcome(
        "0013/agent_documents/table",
        "must",
        "fail",
        expected="a table agent_documents that clients can read and write",
        observed="no relation agent_documents on the search path (platform, public); one is in attic, which is off"
        " it: --schema attic would look there",
        findings=finding("agent_documents: asked for a table, found none", "agent_documents"),
        repair="CREATE TABLE agent_documents (\n  id uuid\n);",
    )
    because = {"because": "0013/agent_documents/table", "observed": "no relation agent_documents"}
    column = outcome("0013/agent_documents.doc_type/column", "must", "fail", **because)
    chain = outcome(
        "0013/agent_documents.doc_type/one-of",
        "should",
        "fail",
        because="0013/agent_documents.doc_type/column",
        observed="no relation agent_documents",
    )
    return table, column, chain, outcome("0013/agent_documents.meta/column", "may", "fail", **because)


def _departures() -> tuple[Outcome, ...]:
    values = outcome(
        "0014/approval_requests.request_type/one-of",
        "should",
        "fail",
        expected="one of plan, risky_task",
        observed="also accepts another",
        note="the CHECK approval_requests_type has NULL among its values, so it refuses nothing",
        object="approval_requests_type",
        findings=finding("approval_requests.request_type: …", "public.approval_requests.request_type", "'Plan'"),
        repair="ALTER TABLE approval_requests ADD CONSTRAINT c CHECK (request_type IN ('plan', 'risky_task')) NOT"
        " VALID;\nALTER TABLE approval_requests VALIDATE CONSTRAINT c;",
    )
    orphan = outcome(
        "0015/agents.name/unique",
        "must",
        "fail",
        expected="unique (name)",
        observed="no column name",
        because="0001/agents.name/column",
    )
    stronger = outcome(
        "0014/approval_requests.request_type/accepts",
        "must",
        "fail",
        kind="one-of",
        expected="accepts plan, risky_task",
        observed="refuses plan",
        because="0014/approval_requests.request_type/one-of",
    )
    return values, orphan, stronger


def _undecided() -> tuple[Outcome, ...]:
    body = "BEGIN\n\tPERFORM acme.touch(NEW);\n\tRETURN NEW;\nEND"
    trigger = outcome(
        "0016/chat_sessions.updated_at/trigger",
        "must",
        "indeterminate",
        expected="before each update, updated_at becomes now()",
        observed=f"trigger touch runs acme.touch: {body}",
        note="the function is never run here",
        evidence={"examined": 0},
    )
    check = outcome("0016/chat_messages.role/one-of", "should", "indeterminate", note="acme.f(text) is never run")
    return trigger, check, outcome("0016/chat_messages.meta/check", "may", "indeterminate", note="not decided")


def _excused() -> tuple[Outcome, ...]:
    note = "waived until 2027-01-31 by dba@example.org: the new key comes with release 9, see ticket 4711"
    waived = outcome("0024/agents.owner/column", "must", "waived", note=note, findings=finding("…", "public.agents"))
    followers = (
        outcome("0024/agents.owner/type", "must", "waived", note=note, because="0024/agents.owner/column"),
        outcome("0024/agents.owner/not-null", "should", "fail", because="0024/agents.owner/column"),
        outcome("0024/agents.owner/default", "should", "fail", because="0024/agents.owner/column"),
    )
    return waived, *followers


ENFORCED = "unique index agents_name_key"
NOTHING = "nothing in the catalog"


def invariant(
    id_: str, level: Level, verdict: Verdict, witnesses: tuple[str, ...] = (), total: int = 0, **more: Any
) -> Outcome:
    """An outcome of the state plane; what fails has the witnesses, and `total` departures."""
    examined, kept = more.pop("examined", 120_000), more.pop("kept", NOTHING)
    rows = f"{examined:,} rows; enforced by {kept}"
    observed = f"{total:,} departure{'s' * (total != 1)} in {rows}" if total else f"none in {rows}"
    details = {
        "observed": observed,
        "plane": "state",
        "kind": "invariant",
        "evidence": {"examined": examined, "violations": total, "enforced_by": kept},
        "source": "the documentation of the fields",
    }
    departures = Finding(
        fingerprint="fedcba9876543210",
        message=f"{id_.split('/')[-2]}: asked for what is asked for, found {observed}",
        location=f"public.{id_.split('/')[-2]}",
        witness=witnesses[0] if witnesses else None,
        witnesses=witnesses,
        total=total or None,
    )
    return outcome(id_, level, verdict, **{**details, "findings": (departures,) if total else (), **more})


def rows() -> Report:
    """An audit: what becomes of invariants, beside the structure that two of them hang on."""
    ids = [f"{number:08x}-0000-4000-8000-00000000000{number}" for number in range(10)]
    return report(
        outcome("0001/agents/table", "must", "pass", observed="table public.agents"),
        outcome(
            "0026/goals.depends_on_goal_ids/column",
            "must",
            "fail",
            observed="no column depends_on_goal_ids",
            findings=finding("goals.depends_on_goal_ids: …", "public.goals.depends_on_goal_ids"),
        ),
        invariant(
            "0026/goals.depends_on_goal_ids/no-dangling",
            "should",
            "fail",
            because="0026/goals.depends_on_goal_ids/column",
            observed="no column depends_on_goal_ids in goals",
            evidence={"examined": 0},
        ),
        invariant(
            "0002/task_dependencies/acyclic",
            "must",
            "fail",
            (" → ".join([*ids[:3], ids[0]]),),
            4,
            expected="no task waits for itself, by any way",
            note="4 edges lie on cycles; the witness is a cycle of 3; streamed over two connections, peeled on hashes",
            repair="-- delete one row of each cycle, such as one of the witness",
        ),
        invariant(
            "0015/agents.name/no-near-duplicates",
            "should",
            "fail",
            (f"{ids[1]}, {ids[2]} (name = 'Planner', name = 'planner')",),
            1,
            kept="in part perhaps agents_lower",
        ),
        invariant("0001/tasks.goal_id/no-orphan", "must", "fail", tuple(ids), 993, kept="foreign key k (NOT VALID)"),
        invariant("0006/events.name/in-values", "should", "fail", (HOSTILE,), 1),
        invariant(
            "0014/approval_requests.approvals/well-formed",
            "must",
            "indeterminate",
            observed="not looked at to the end",
            note="the current role may not read approval_requests (approvals);"
            ' GRANT SELECT ON "public"."approval_requests" TO …',
            examined=0,
        ),
        invariant(
            "0009/chat_messages/sampled",
            "should",
            "indeterminate",
            observed="none in a sample of 1,200 rows",
            note="of 1,200 rows drawn at random none violates it: with 95 % confidence at most 0.25% of the rows do",
            examined=1200,
        ),
        invariant("0024/agents.priority/within", "should", "pass"),
        invariant("0015/agents.name/no-duplicates", "must", "pass", kept=ENFORCED, object="agents_name_key"),
        invariant(
            "0027/agents.tags/in-catalogue",
            "should",
            "not-applicable",
            observed="",
            note="not there before 0027",
            evidence={"examined": 0},
        ),
        remarks=("1 invariant holds and nothing in the database enforces it",),
    )


def full() -> Report:
    """Every verdict and level, chains of causes, a cause that is not shown, hostile names."""
    return report(
        outcome("0001/agents/table", "must", "pass", observed="table public.agents"),
        outcome("0001/agents.id/type", "should", "pass", observed="bigint", note="bigint holds every integer"),
        *_missing_table(),
        *_departures(),
        *_undecided(),
        *_excused(),
        hostile(),
        outcome("0008/tasks.status/one-of", "should", "not-applicable", until="0025", note="taken away by 0025"),
        outcome("0018/goals.user_id/column", "should", "not-applicable", until="0023", note="taken away by 0023"),
        outcome("0027/agents.tags/column", "must", "not-applicable", note="not there before 0027"),
        outcome(
            "0026/goals.x/type", "must", "not-applicable", note="0026/goals.x/column, …", because="0026/goals.x/column"
        ),
        remarks=(f"agents was looked at in platform; there is also one in {HOSTILE}, which was not",),
        history=tuple(_past(day) for day in range(1, 13)),
    )


def _past(day: int) -> Past:
    """A run in which a little less departed than in the one before."""
    counts = {"pass": 1100 + day, "fail": max(8 - day, 0), "waived": day % 3, "not-applicable": 45, "indeterminate": 2}
    return Past(started=f"2025-10-{day:02}T03:00:00Z", verdict="fail" if counts["fail"] else "pass", counts=counts)


def green() -> Report:
    """Nothing to say."""
    return report(
        outcome("0001/agents/table", "must", "pass", observed="table public.agents"),
        outcome("0018/goals.user_id/column", "should", "not-applicable", until="0023", note="taken away by 0023"),
    )


def tolerated() -> Report:
    """A `should` that is departed from, and one that could not be looked at, where only `must` counts."""
    return report(outcome("0001/agents/table", "must", "pass"), *_departures()[:1], _undecided()[1])


def baselined() -> Report:
    """Beside a baseline: what is tolerated, what of it is a lint in part, what is new, and what is wrong with a
    waiver."""
    base = Baseline(
        file="base.json",
        tool="conformance 0.0.9",
        address="reader@db.example:5432/astra",
        started="2026-01-30T12:00:00Z",
        mended=("0013/agents.name/type",),
        unseen=("0014/approval_requests/table",),
    )
    told = "the baseline has it too"
    old, new = (
        Finding(
            fingerprint=c * 16,
            message="locked",
            location=f"a.sql:{n}:1",
            file="a.sql",
            line=n,
            column=1,
            frame=f"{n} | x",
        )
        for n, c in enumerate("ab", 1)
    )
    lint = outcome(
        "0001/x/A001", "must", "fail", plane="lint", kind="lint", table="", findings=(replace(old, tolerated=True), new)
    )
    known = replace(_missing_table()[0], tolerated=told)
    followers = tuple(replace(one, tolerated=told) for one in _missing_table()[1:3])
    undecided = replace(
        _undecided()[0], tolerated="in the baseline it could not be looked at either, for the same reason"
    )
    fault = outcome(
        "waiver/0024/agents.owner/column",
        "should",
        "fail",
        plane="waivers",
        kind="waiver",
        table="",
        observed="it expired on 2026-01-01, and excuses nothing",
        findings=finding("the waiver for 0024/agents.owner/column of Ann: it expired on 2026-01-01", "w.toml:7"),
    )
    return report(
        outcome("0001/agents/table", "must", "pass", observed="table public.agents"),
        known,
        *followers,
        undecided,
        replace(lint, requirement=replace(lint.requirement, id="A001", claim="A001", since="0001", file="a.sql")),
        replace(fault, requirement=replace(fault.requirement, since="0024", file="w.toml")),
        baseline=base,
        select=("0013/*", "A001"),
        ignore=(HOSTILE,),
        remarks=("compared with the baseline base.json",),
    )


SAMPLES = {
    "full": full,
    "rows": rows,
    "green": green,
    "tolerated": tolerated,
    "empty": report,
    "wily": wily,
    "baselined": baselined,
}
