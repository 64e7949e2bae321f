"""What departed is kept as SQL, tried first, and forgotten when it went as documented three times."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from judged import contract
from sandboxes import changed, shown
from test_driven_areas import driven

from conformance import provocation
from conformance.model.experiment import Plainly
from conformance.model.outcome import Outcome
from conformance.model.stage import Proving, Stage
from conformance.regressions import Again, Kept, Recorded
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.proving import Rig
from conformance.sources.url import parse

KEY = "0015/agents.name/unique"
NO_KEY = "ALTER TABLE agents DROP CONSTRAINT agents_name_key"
STUCK = (
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.status = 'queued' THEN RAISE EXCEPTION 'queued for good'; END IF; RETURN NEW; END $$;"
    " CREATE TRIGGER t BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION f()"
)


class Late(Plainly):
    """Chooses the last option, and an odd text."""

    def pick(self, options):  # type: ignore[no-untyped-def]
        return options[-1]

    def text(self) -> str:
        return "odd"


def of_key(url: str, memory: Path) -> Outcome:
    over = contract("documented")
    (chosen,) = (r for r in over.requirements if r.id == KEY)
    with Session(parse(url), origin="") as session:
        catalog = session.catalog(over.tables())
    with Rig(url) as rig:
        stage = Stage(catalog=catalog, tried=rig.tried, raced=None)
        proving = Proving(examples=2, memory=memory / "examples")
        (found,) = provocation.prove(over.requirements, [chosen], stage, proving, "0028", lambda id_, left: None)
    return found


def test_choices_are_made_again() -> None:
    first = Recorded(Late())
    made = [first.pick(["a", "b", "c"]), first.text(), first.pick([None, 1])]
    again = Again(first.made)
    assert [again.pick(["a", "b", "c"]), again.text(), again.pick([None, 1])] == made == ["c", "odd", 1]
    assert again.pick(["a", "b"]) == "a", "behind them the smallest"
    assert Again(["x", 7, -1]).pick(["a", "b"]) == "a", "and where they do not fit"


def test_what_departed_is_kept_as_a_script_until_it_is_mended(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "regressions" / "0015_agents.name_unique.sql"
    with changed(server, NO_KEY) as url:
        found = of_key(url, tmp_path)
        assert found.verdict == "fail"
        assert file.read_text(encoding="utf-8").endswith(f"{found.findings[0].script}\n")
        assert shown(url, file.read_text(encoding="utf-8")) == "accepted"
    with changed(server, "") as url:
        there = []
        for _ in range(3):
            assert of_key(url, tmp_path).verdict == "pass"
            there.append(file.exists())
    assert there == [True, True, False]


def test_a_history_that_departed_is_tried_first(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "regressions" / "property_tasks_steps.sql"
    with changed(server, STUCK) as url:
        found = driven(url, "tasks", examples=1, memory=tmp_path / "examples")["tasks/steps"]
        assert found.verdict == "fail"
        assert "-- here: refused: queued for good" in file.read_text(encoding="utf-8")
        monkeypatch.setattr("conformance.machines_of_schema.walks", lambda *_: ())
        monkeypatch.setattr("conformance.machines_of_schema._Proof._drawn", lambda *_: None)
        again = driven(url, "tasks", examples=1, memory=tmp_path / "examples")["tasks/steps"]
        assert again.findings == found.findings, "without any other history"
    with changed(server, "") as url:
        for left in (True, True, False):
            driven(url, "tasks", examples=1, memory=tmp_path / "examples")
            assert file.exists() == left


def test_a_file_runs_nothing_of_its_own(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "regressions"
    folder.mkdir()
    for name, about in (("0015_agents.name_unique", KEY), ("property_tasks_steps", "property/tasks/steps")):
        head = f'{{"claim": "{about}", "passes": 0, "choices": [["stray", []], 3, {{"x": []}}, "\\u0000"]}}'
        text = f"-- conformance prove: {head}\n--\nCOMMIT; DROP TABLE chat_messages;\n"
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    with changed(server, "") as url:
        assert of_key(url, tmp_path).verdict == "pass"
        assert driven(url, "chat", examples=1, memory=tmp_path / "examples")["chat/steps"].verdict == "pass"
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT to_regclass('chat_messages') IS NOT NULL").fetchone() == (True,)


@pytest.mark.parametrize(
    "text", ["", "SELECT 1;", "-- conformance prove: {", '-- conformance prove: {"claim": "c"}', "\n"]
)
def test_what_is_no_file_of_ours_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "regressions").mkdir()
    (tmp_path / "regressions" / "c.sql").write_text(text, encoding="utf-8")
    assert Kept(tmp_path / "examples", "c").choices == ()
    kept = Kept(tmp_path / "examples", "c")
    kept.departed("SELECT 2;", [1])
    assert Kept(tmp_path / "examples", "c").choices == [1]
    Kept(None, "c").departed("SELECT 2;", [1])
