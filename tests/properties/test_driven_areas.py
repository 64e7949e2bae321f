"""Each area driven step by step: on our own schemas nothing departs, and what is broken is told with a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from judged import contract
from sandboxes import changed, shown

from conformance import machines_of_schema, state, stepping
from conformance.driven import requirements
from conformance.model.look import Seen
from conformance.model.looking import Asked, Looking
from conformance.model.outcome import Outcome
from conformance.model.specimen import specimens
from conformance.model.stage import Proving
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.steps import Steps
from conformance.sources.url import parse


@contextmanager
def ground(url: str, profile: str, through: str = "0028") -> Iterator[tuple[stepping.Ground, Steps]]:
    """What is driven, and where."""
    over = contract(profile)
    with Session(parse(url), origin="") as session:
        catalog = session.catalog(over.tables())
    living = [r for r in over.requirements if r.alive(through)]
    made = specimens(living, catalog)
    with Steps(url, catalog, ("public",)) as server:
        yield stepping.ground_of(living, state.claims(over), catalog, made, profile, through, ()), server


def driven(
    url: str,
    *areas: str,
    profile: str = "documented",
    through: str = "0028",
    examples: int = 3,
    memory: Path | None = None,
) -> Mapping[str, Outcome]:
    """What becomes of these areas, or of all."""
    chosen = [r for r in requirements() if not areas or r.id.split("/")[1] in areas]
    proving = Proving(examples=examples, memory=memory)
    with ground(url, profile, through) as (what, server):
        found = machines_of_schema.prove(chosen, what, server, (), (), proving, lambda id_, n: None)
        return {outcome.requirement.id.removeprefix("property/"): outcome for outcome in found}


@pytest.mark.parametrize(
    ("profile", "through"),
    [("documented", "0028"), ("reference", "0028"), ("reference", "0018")],
)
def test_our_own_schemas_keep_to_the_oracles(server: Server, profile: str, through: str) -> None:
    with changed(server, "", profile, through) as url:
        found = driven(url, profile=profile, through=through, examples=1)
    bad = {id_: (o.verdict, o.observed, o.note) for id_, o in found.items() if o.verdict in ("fail", "indeterminate")}
    assert not bad
    told = {id_ for id_, o in found.items() if o.verdict == "pass"}
    assert {"tasks/steps", "tasks/invariants", "goals/invariants" if through > "0025" else "tasks/steps"} <= told
    if profile == "documented":
        assert len(told) == len(requirements())
        assert all(o.evidence["examined"] > 0 for o in found.values())
        broken = [o.evidence["broken"] for id_, o in found.items() if id_.endswith("invariants")]
        assert all(broken), "in every area invariants are seen both to hold and to be broken"
    elif through == "0028":
        assert found["tenants/steps"].verdict == "not-applicable"


@pytest.mark.parametrize(
    ("sql", "area", "words", "by"),
    [
        ("ALTER TABLE agents DROP CONSTRAINT agents_name_key", "agents", "accepted", "0015/agents.name/unique"),
        (
            "ALTER TABLE goals DROP CONSTRAINT goals_agent_id_fkey, ADD FOREIGN KEY (agent_id) REFERENCES agents (id)",
            "agents",
            "refused: ",
            "",
        ),
        (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF OLD.status = 'queued' THEN RAISE EXCEPTION 'queued for good'; END IF; RETURN NEW; END $$;"
            " CREATE TRIGGER t BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION f()",
            "tasks",
            "refused: queued for good",
            "",
        ),
        (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " UPDATE tasks SET retries = retries + 1 WHERE id = NEW.task_id; RETURN NULL; END $$;"
            " CREATE TRIGGER t AFTER INSERT ON task_dependencies FOR EACH ROW EXECUTE FUNCTION f()",
            "tasks",
            "in tasks a row is otherwise",
            "",
        ),
    ],
)
def test_what_departs_ends_as_a_script(server: Server, sql: str, area: str, words: str, by: str) -> None:
    with changed(server, sql) as url:
        found = driven(url, area, examples=20)[f"{area}/steps"]
        assert found.findings, found
        script = found.findings[0].script or ""
        again = shown(url, script)
    assert found.verdict == "fail"
    assert found.observed.startswith(words)
    assert by in found.observed
    assert script.startswith("BEGIN;")
    assert script.count("\n-- documented: ") == script.count("\n-- here: ") == 1
    assert again == "accepted" or words.startswith("refused")
    with changed(server, "") as url:
        assert (shown(url, script) == "accepted") == (not by), "on a schema that conforms it goes as documented"


@pytest.mark.parametrize(
    ("area", "sql"),
    [
        ("tasks", "ALTER TABLE task_dependencies ADD CHECK (task_id <> depends_on)"),
        ("tasks", "ALTER TABLE tasks ADD CHECK (retries <= max_retries), ADD COLUMN title text NOT NULL"),
        (
            "goals",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.status = 'completed' THEN NEW.completed_at := now(); ELSE NEW.completed_at := NULL; END IF;"
            " RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT OR UPDATE ON goals FOR EACH ROW EXECUTE FUNCTION f()",
        ),
        ("agents", "ALTER TABLE tasks ADD FOREIGN KEY (agent_id) REFERENCES agents (id) ON DELETE CASCADE"),
    ],
)
def test_a_schema_that_keeps_more_than_it_has_to_departs_from_nothing(server: Server, area: str, sql: str) -> None:
    with changed(server, sql) as url:
        found = driven(url, area, examples=1)
    assert {o.verdict for o in found.values()} == {"pass"}, [(o.observed, o.note) for o in found.values()]


def test_an_invariant_that_is_not_what_the_oracle_says_is_not_relied_on(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conformance.violations import look, single_ids

    id_ = "0002/task_dependencies/acyclic"
    assert id_ in single_ids()
    monkeypatch.setitem(look.SINGLE, id_, (look.SINGLE[id_][0], lambda _: []))
    with changed(server, "") as url:
        found = driven(url, "tasks")
        assert found["tasks/steps"].verdict == "pass"
        told = found["tasks/invariants"]
        assert (told.verdict, told.requirement.level) == ("indeterminate", "must")
        assert f"finds that {id_} is broken, and the oracle that it holds" in told.note
        assert "INSERT INTO task_dependencies" in told.note
        assert not told.findings


def test_what_has_not_changed_need_not_be_looked_at(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind each step what was left out says what it said before."""
    looked = Steps.looked
    before: dict[str, Seen] = {}
    left_out = []

    def every(self: Steps, asked: Sequence[Asked], looking: Looking) -> Mapping[str, Seen]:
        now = looked(self, what.asked, looking)
        ids = {one.id for one in asked}
        for id_, seen in now.items():
            if id_ not in ids and len(ids) < len(now):
                left_out.append(id_)
                assert bool(getattr(seen, "violations", 0)) == bool(getattr(before[id_], "violations", 0)), id_
        before.update(now)
        return now

    undo = Steps.undo

    def undone(self: Steps) -> None:
        undo(self)
        before.update(looked(self, what.asked, stepping.LOOKING))

    monkeypatch.setattr(Steps, "looked", every)
    monkeypatch.setattr(Steps, "undo", undone)
    begin = Steps.begin

    def begun(self: Steps, statements: Sequence[str]) -> str:
        words = begin(self, statements)
        before.update(looked(self, what.asked, stepping.LOOKING))
        return words

    monkeypatch.setattr(Steps, "begin", begun)
    chosen = [r for r in requirements() if "/chat/" in r.id]
    with changed(server, "") as url, ground(url, "documented") as (what, where):
        found = list(machines_of_schema.prove(chosen, what, where, (), (), Proving(examples=1), lambda id_, n: None))
    assert {o.verdict for o in found} == {"pass"}
    assert len(left_out) > 500


@pytest.mark.parametrize(
    ("sql", "area", "steps", "invariants"),
    [
        (
            "ALTER TABLE chat_messages RENAME TO said; CREATE VIEW chat_messages AS SELECT * FROM said",
            "chat",
            "no table chat_messages",
            "no table chat_messages",
        ),
        (
            "ALTER TABLE chat_sessions DROP COLUMN retention_days",
            "chat",
            "",
            "0024/chat_sessions.retention_days/positive: no column retention_days in chat_sessions",
        ),
        ("ALTER TABLE teams ADD CHECK (false)", "tenants", "", ""),
        (
            "ALTER TABLE organizations ADD CHECK (false)",
            "tenants",
            "the rows with which histories begin are refused",
            "",
        ),
    ],
)
def test_what_cannot_be_driven_is_never_a_pass(
    server: Server, sql: str, area: str, steps: str, invariants: str
) -> None:
    with changed(server, sql) as url:
        found = driven(url, area, examples=1)
    for law, words in (("steps", steps), ("invariants", invariants)):
        one = found[f"{area}/{law}"]
        if words:
            assert one.verdict == "indeterminate", one.observed
            assert words in one.note
    assert {o.verdict for o in found.values()} != {"pass"}
