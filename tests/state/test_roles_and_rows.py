"""What a role may not read is indeterminate, by name and with what would help; all else keeps its verdict."""

from collections.abc import Callable

import pytest
from filled import as_role, ids, living, looked, needing, own_world, rows_of, run, structure_of

from conformance.model.report import Report
from conformance.sandbox import Server

PROVEN = "a valid unique index: no row was read"


def without_rows(report: Report) -> set[str]:
    """The claims that an index or the privileges decide, for which no row is read."""
    return {id_ for id_, o in rows_of(report).items() if PROVEN in o.observed or o.requirement.claim == "immutable"}


def tables(kind: int) -> list[str]:
    """Every other table of the claims."""
    return sorted({table for claim in living().values() for table in claim.invariant.needs})[kind::2]


def name_of(url: str) -> str:
    return url.partition("//")[2].partition("@")[0]


def test_the_world_is_clean(world: str) -> None:
    report = looked(world)
    assert set(rows_of(report)) >= set(living())
    assert ids(rows_of(report), "fail", "indeterminate", "waived") == set()
    assert report.exit_code == 0


def test_a_role_that_may_only_connect(world: str, role: Callable[..., str]) -> None:
    by_superuser = looked(world)
    run(world, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    report = looked(role())
    rows = rows_of(report)
    assert structure_of(report) == structure_of(by_superuser)
    assert ids(rows, "indeterminate") == set(living()) - without_rows(by_superuser)
    assert ids(rows, "fail") == set()
    musts = {id_ for id_, o in rows.items() if o.requirement.level == "must"} & ids(rows, "indeterminate")
    assert musts, "some claims are musts"
    for id_ in ids(rows, "indeterminate"):
        note = rows[id_].note
        for table in living()[id_].invariant.needs:
            assert f"GRANT SELECT ON public.{table} TO " in note, f"{id_}: {note}"
        assert "GRANT USAGE ON SCHEMA public TO " in note, id_
    assert report.exit_code == 3


def test_what_a_report_asks_to_be_granted_is_enough(world: str, role: Callable[..., str]) -> None:
    run(world, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    visitor = role()
    grants = {
        part
        for outcome in rows_of(looked(visitor)).values()
        for part in outcome.note.split("; ")
        if part.startswith("GRANT ")
    }
    assert all(f" TO {name_of(visitor)}" in grant for grant in grants)
    run(world, "; ".join(sorted(grants)))
    report = looked(visitor)
    assert ids(rows_of(report), "fail", "indeterminate") == set()
    assert report.exit_code == 0


@pytest.mark.parametrize("half", [0, 1])
def test_a_role_that_may_read_half_of_the_tables(world: str, role: Callable[..., str], half: int) -> None:
    by_superuser = looked(world)
    reader = role()
    run(world, f"GRANT SELECT ON {', '.join(tables(half))} TO {name_of(reader)}")
    report = looked(reader)
    rows = rows_of(report)
    denied = tables(1 - half)
    assert ids(rows, "indeterminate") == needing(denied, living()) - without_rows(by_superuser)
    assert ids(rows, "fail") == set()
    for id_ in ids(rows, "indeterminate"):
        lacking = set(living()[id_].invariant.needs) & set(denied)
        granted = {table for table in tables(0) + tables(1) if f"GRANT SELECT ON public.{table} TO" in rows[id_].note}
        assert granted == lacking, f"{id_}: {rows[id_].note}"
    assert structure_of(report) == structure_of(by_superuser)


def test_a_violation_is_found_beside_what_may_not_be_read(world: str, role: Callable[..., str]) -> None:
    """What can be seen decides (exit code 1); what can't be does not hide it."""
    reader = role()
    run(
        world,
        f"GRANT SELECT ON task_dependencies TO {name_of(reader)}; SET session_replication_role = replica;"
        "INSERT INTO task_dependencies (task_id, depends_on) SELECT id, id FROM tasks LIMIT 1",
    )
    report = looked(reader)
    assert ids(rows_of(report), "fail") == {
        "0002/task_dependencies/acyclic",
        "0002/task_dependencies/no-self-dependency",
    }
    assert report.exit_code == 1


def test_a_role_that_may_read_some_columns(world: str, role: Callable[..., str]) -> None:
    reader = role()
    run(
        world,
        f"GRANT SELECT (id, status) ON tasks TO {name_of(reader)};"
        f"GRANT SELECT ON task_dependencies, workers TO {name_of(reader)}",
    )
    rows = rows_of(looked(reader))
    decided = {id_ for id_, o in rows.items() if o.verdict == "pass" and PROVEN not in o.observed}
    assert "0002/task_dependencies/dependencies-completed" in decided
    assert "0002/task_dependencies.task_id/no-orphan" in decided
    assert rows["0002/task_dependencies/one-graph"].verdict == "indeterminate"
    assert "graph_id" in rows["0002/task_dependencies/one-graph"].note
    for id_, claim in living().items():
        needs = claim.invariant.needs
        if set(needs) <= {"tasks", "task_dependencies", "workers"} and "tasks" in needs:
            expected = "pass" if set(needs["tasks"]) <= {"id", "status"} else "indeterminate"
            assert rows[id_].verdict == expected or PROVEN in rows[id_].observed, id_


def test_the_witness_of_a_role_that_may_not_read_its_ids(world: str, role: Callable[..., str]) -> None:
    """A departure is told even where what would name the row may not be read."""
    reader = role()
    run(
        world,
        f"GRANT SELECT (max_concurrent_goals, daily_token_budget) ON agents TO {name_of(reader)};"
        "UPDATE agents SET daily_token_budget = -1",
    )
    outcome = rows_of(looked(reader))["0024/agents.daily_token_budget/not-negative"]
    assert outcome.verdict == "fail"
    assert outcome.findings[0].witnesses == ()
    assert "permission denied" in outcome.note


@pytest.mark.parametrize("schema_granted", [True, False])
def test_a_schema_that_may_not_be_used(world: str, role: Callable[..., str], schema_granted: bool) -> None:
    reader = role()
    run(
        world,
        f"REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name_of(reader)}",
    )
    if schema_granted:
        run(world, f"GRANT USAGE ON SCHEMA public TO {name_of(reader)}")
    report = looked(reader)
    if schema_granted:
        assert report.exit_code == 0
        return
    assert ids(rows_of(report), "indeterminate") == set(living()) - without_rows(report)
    notes = {rows_of(report)[id_].note for id_ in ids(rows_of(report), "indeterminate")}
    assert all("GRANT USAGE ON SCHEMA public TO" in note for note in notes)


OWN = "ALTER TABLE goals OWNER TO {0}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0};"
FILTER = "CREATE POLICY p ON goals USING (status = 'active'); ALTER TABLE goals ENABLE ROW LEVEL SECURITY;"


@pytest.mark.parametrize(
    ("options", "script", "hidden"),
    [
        ("", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0};" + FILTER, True),
        ("", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0}; ALTER TABLE goals ENABLE ROW LEVEL SECURITY", True),
        ("", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0}; CREATE POLICY p ON goals USING (false)", False),
        ("BYPASSRLS", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {0};" + FILTER, False),
        ("BYPASSRLS", OWN + FILTER + "ALTER TABLE goals FORCE ROW LEVEL SECURITY", False),
        ("", OWN + FILTER, False),
        ("", OWN + FILTER + "ALTER TABLE goals FORCE ROW LEVEL SECURITY", True),
        ("SUPERUSER", FILTER + "ALTER TABLE goals FORCE ROW LEVEL SECURITY", False),
        ("", "CREATE ROLE {0}_o; GRANT {0}_o TO {0};" + OWN.replace("TO {0};", "TO {0}_o;") + FILTER, False),
        ("", "CREATE ROLE {0}_o; GRANT {0}_o TO {0};" + OWN.replace("TO {0};", "TO {0}_o;") + FILTER
         + "ALTER TABLE goals FORCE ROW LEVEL SECURITY", True),
    ],
    ids=["a policy", "no policy", "not enabled", "bypassrls", "forced on bypassrls", "owner", "forced on the owner",
         "superuser", "member of the owner", "forced on a member of the owner"],
)  # fmt: skip
def test_row_security(world: str, role: Callable[..., str], options: str, script: str, hidden: bool) -> None:
    """A row that a policy would hide departs: it is found, or it is said that it could not be looked for."""
    reader = role(options)
    name = name_of(reader)
    run(world, "UPDATE goals SET completed_at = now() WHERE status = 'blocked'")
    try:
        run(world, script.format(name))
        report = looked(reader)
        rows = rows_of(report)
        departing = "0026/goals.completed_at/iff-completed"
        if not hidden:
            assert ids(rows, "indeterminate") == set()
            assert ids(rows, "fail") == {departing}
            return
        assert ids(rows, "fail") == set()
        assert ids(rows, "indeterminate") == needing(["goals"], living()) - without_rows(report)
        assert all("row security of goals" in rows[id_].note for id_ in ids(rows, "indeterminate"))
        assert all("BYPASSRLS" in rows[id_].note for id_ in ids(rows, "indeterminate"))
        assert report.exit_code == 3
    finally:
        run(world, f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}_o') THEN "
            f"REASSIGN OWNED BY {name}_o TO postgres; DROP OWNED BY {name}_o; DROP ROLE {name}_o; END IF; END $$")  # fmt: skip


def test_a_password_is_never_told(world: str, role: Callable[..., str]) -> None:
    secret = "c4n4ry"
    reader = role(f"PASSWORD '{secret}'")
    report = looked(reader.replace("@", f":{secret}@", 1))
    assert secret not in repr(report)


def test_a_member_of_the_owner_sees_what_the_owner_sees(world: str, role: Callable[..., str]) -> None:
    owner, member = role(), role()
    run(
        world,
        f"GRANT {name_of(owner)} TO {name_of(member)};"
        f"DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        f" WHERE nspname = 'public' AND relkind IN ('r', 'p') LOOP"
        f" EXECUTE format('ALTER TABLE %s OWNER TO {name_of(owner)}', t); END LOOP; END $$",
    )
    # whoever may act as the owner may rewrite the record, too: that is all there is to say, and both see it
    for reader in (as_role(world, name_of(owner)), member):
        rows = rows_of(looked(reader))
        assert ids(rows, "fail", "indeterminate") == {"0006/events/immutable"}
        assert name_of(member) in str(rows["0006/events/immutable"].findings[0].witness)


def test_what_everybody_may_do_is_said_of_public(server: Server) -> None:
    """Whatever other roles the server has: they may do it too, and are not the ones to whom it was granted."""
    with own_world(server) as url:
        run(url, "GRANT UPDATE ON events TO PUBLIC")
        (finding,) = rows_of(looked(url))["0006/events/immutable"].findings
        assert "PUBLIC may UPDATE" in finding.witnesses
        run(url, "REVOKE UPDATE ON events FROM PUBLIC; GRANT UPDATE (event_type) ON events TO PUBLIC")
        (finding,) = rows_of(looked(url))["0006/events/immutable"].findings
        assert "PUBLIC may UPDATE" in finding.witnesses
