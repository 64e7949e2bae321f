"""A structure taken away in a file: it comes back equal, gives the same verdicts, and a file that is none is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from judged import conforming, named

from conformance import check, snapshot
from conformance.cli import main
from conformance.errors import UsageError
from conformance.model.report import Report
from conformance.render import json as as_json
from conformance.sandbox import Server
from conformance.sources.snapshot import _digest, read

DEFECTS = Path(__file__).parent.parent.parent / "fixtures" / "defects"
PARTED = """
CREATE TYPE public."a ""type" AS ENUM ('x', 'it''s', E'a\\nline');
CREATE DOMAIN short AS varchar(10) CHECK (VALUE <> 'é') NOT NULL DEFAULT 'x';
ALTER TABLE workers ADD COLUMN "odd "" name" "a ""type" DEFAULT 'x', ADD COLUMN s short, ADD COLUMN big bigint[];
ALTER TABLE agents ADD CHECK (length(name) > 0), ADD EXCLUDE USING btree (id WITH =);
DROP TABLE prompts CASCADE;
CREATE TABLE prompts (id uuid, name text) PARTITION BY LIST (name);
CREATE TABLE prompts_a PARTITION OF prompts FOR VALUES IN ('a') PARTITION BY HASH (id);
CREATE TABLE prompts_b PARTITION OF prompts DEFAULT;
"""


@pytest.fixture
def odd(server: Server, database: str) -> str:
    """A database with what our own does not have: odd names, domains, partitions."""
    url = named(server, database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PARTED)
    return url


def verdicts(report: Report) -> Any:
    """The report but for when it was made, and of what."""
    document = json.loads(as_json.render(replace(report, started="", seconds=0.0)))
    document["target"] = document["remarks"] = None
    return document


def test_a_snapshot_comes_back_equal_and_holds_no_password(odd: str, tmp_path: Path) -> None:
    from conformance.sources.snapshot import written

    file = tmp_path / "s.json"
    file.write_text(snapshot(odd + "&password=s3cret"), encoding="utf-8")
    taken = read(file)
    assert "prompts" in taken.catalog.tables
    assert taken.catalog.answers
    assert written(taken) == file.read_text(encoding="utf-8")
    assert "s3cret" not in file.read_text(encoding="utf-8")
    file.write_text(written(taken), encoding="utf-8")
    assert read(file) == taken


@pytest.mark.parametrize("profile", ["documented", "reference"])
@pytest.mark.parametrize("through", ["0012", "0028"])
def test_the_verdicts_are_the_databases_own(odd: str, tmp_path: Path, profile: str, through: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(snapshot(odd), encoding="utf-8")
    taken = check(str(file), profile=profile, through=through)
    assert verdicts(taken) == verdicts(check(odd, profile=profile, through=through))
    assert str(file) in taken.target.origin


@pytest.mark.parametrize("kind", ["one_of", "default", "trigger", "check"])
@pytest.mark.parametrize("scene", ["clean", "violation", "near_miss", "repair"])
def test_the_scenes_look_the_same_from_afar(
    server: Server, database: str, tmp_path: Path, kind: str, scene: str
) -> None:
    url, file = named(server, database), tmp_path / "s.json"
    scripts = ["violation", "repair"] if scene == "repair" else [scene]
    with psycopg.connect(url, autocommit=True) as connection:
        for script in scripts:
            connection.execute((DEFECTS / kind / f"{script}.sql").read_text(encoding="utf-8").encode())
    file.write_text(snapshot(url), encoding="utf-8")
    assert verdicts(check(str(file))) == verdicts(check(url))


def test_a_role_that_may_only_connect_can_take_one(server: Server, tmp_path: Path) -> None:
    url = named(server, conforming(server))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS taker")
        connection.execute("CREATE ROLE taker LOGIN")
    file = tmp_path / "s.json"
    assert main(["snapshot", url.replace("postgres@", "taker@", 1), "-o", str(file)]) == 0
    assert check(str(file)).exit_code == 0


def spoilt(change: Callable[[Any], None], *, digested: bool = True) -> Callable[[str], str]:
    """What becomes of the file's text where its document is changed, and its digest made to fit or not."""

    def spoil(text: str) -> str:
        document = json.loads(text)
        change(document)
        told = {key: value for key, value in document.items() if key not in ("format", "version", "digest")}
        return json.dumps({**document, "digest": _digest(told)} if digested else document)

    return spoil


def _renamed(document: Any) -> None:
    document["catalog"]["tables"]["agents"]["name"] = "tasks"


def _wrong_type(document: Any) -> None:
    document["catalog"]["tables"]["agents"]["columns"]["id"]["not_null"] = "yes"


def _unknown_part(document: Any) -> None:
    document["catalog"]["tables"]["agents"]["colour"] = "red"


def _cut_answer(document: Any) -> None:
    next(a for _, a in document["catalog"]["answers"] if "Accepted" in a)["Accepted"]["rows"].pop()


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "nothing": (lambda _: "", "is no snapshot"),
    "no JSON": (lambda text: "{" + text[:-10].replace("astra", "other"), "is no snapshot"),
    "cut": (lambda text: text[: len(text) // 2], "was changed or cut: it is no JSON any more"),
    "another document": (lambda _: '{"format": "astra-conformance-report"}', "is no snapshot"),
    "nested without end": (lambda _: "[" * 100_000, "is no snapshot"),
    "another version": (spoilt(lambda d: d.update(version=1)), "version 1; this is of version 2"),
    "a change that its digest shows": (spoilt(_renamed, digested=False), "its digest is another; take it anew"),
    "a time that its digest shows": (spoilt(lambda d: d.update(taken="2099"), digested=False), "its digest is another"),
    "no digest": (spoilt(lambda d: d.pop("digest"), digested=False), "its digest is another"),
    "no UTF-8": (lambda text: text[:-9] + "\udcff", "is no UTF-8"),
    "a renamed table": (spoilt(_renamed), "agents: it is no relation of this name"),
    "a wrong type": (spoilt(_wrong_type), "columns.id.not_null: it should hold bool, not str"),
    "an unknown part": (spoilt(_unknown_part), "agents: it has an unknown part 'colour'"),
    "a missing part": (spoilt(lambda d: d["target"].pop("address")), "Snapshot.target: it lacks address"),
    "an answer cut": (spoilt(_cut_answer), "it is no answer to its question"),
}


@pytest.mark.parametrize("words", SPOILT)
def test_a_file_that_is_no_snapshot_is_refused(server: Server, tmp_path: Path, words: str) -> None:
    spoil, message = SPOILT[words]
    file = tmp_path / "s.json"
    spoilt_text = spoil(snapshot(named(server, conforming(server))))
    file.write_text(spoilt_text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(UsageError, match=message):
        check(str(file))


def test_what_makes_no_sense_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.json"
    file.write_text("{}", encoding="utf-8")
    for arguments in (["audit", str(file)], ["check", str(tmp_path)], ["snapshot"], ["snapshot", "nonsense"]):
        assert main(arguments) == 2, arguments
        assert capsys.readouterr().err.startswith("conformance: ")
    assert main(["snapshot", "postgresql://ann:s3cret@127.0.0.1:1/x", "-o", str(tmp_path / "no" / "s.json")]) == 2
    assert main(["snapshot", "postgresql://ann:s3cret@127.0.0.1:1/x"]) == 3
    assert "s3cret" not in capsys.readouterr().err
