"""The action for GitHub and the template for GitLab: right by the hosts' schemas, and run as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.fixtures_of import migrations
from conformance.sandbox import Server
from conformance.sources.throwaway import apply

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SPEC, JOBS = yaml.safe_load_all((ROOT / "templates" / "conformance.yml").read_text(encoding="utf-8"))
OURS = str(Path(sys.executable).with_name("conformance"))
HAZARD = "CREATE INDEX idx ON tasks (priority);\n"


def validated(schema: str, *files: Path) -> None:
    """Raises `CalledProcessError` for files that are not of the host's schema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    subprocess.run([*command, *transform, *map(str, files)], check=True, capture_output=True, text=True)


def test_they_are_of_the_hosts_schemas(tmp_path: Path) -> None:
    validated("github-actions", ROOT / "action.yml")
    for name, part in (("spec", SPEC), ("jobs", JOBS)):
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(part), encoding="utf-8")
    validated("gitlab-ci", tmp_path / "spec.yml", tmp_path / "jobs.yml")


def test_the_action_says_where_no_database_was_judged(repository: Path) -> None:
    """One of the two steps runs; a step that is passed over says nothing, and a secret may be empty."""
    conditions = {one["id"]: one.get("if", "") for one in ACTION["runs"]["steps"]}
    assert "inputs.database-url != ''" in conditions["check"]
    assert "inputs.database-url == ''" in conditions["unjudged"]
    assert step("unjudged", repository).stdout.startswith("::notice title=conformance::no database was judged")


def test_what_a_caller_gives_is_no_code() -> None:
    """Expressions stand in `env` alone: within `run` the text of an input would be run."""
    assert not [step["id"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]]


def step(id_: str, folder: Path, conformance: str = OURS, **inputs: str) -> subprocess.CompletedProcess[str]:
    """A step of the action, in a folder, as the runner runs it."""
    (found,) = [one for one in ACTION["runs"]["steps"] if one["id"] == id_]
    given = {name: one["default"] for name, one in ACTION["inputs"].items()} | {
        name.replace("_", "-"): value for name, value in inputs.items()
    }
    known = {f"inputs.{name}": value for name, value in given.items()}
    known |= {"github.action_path": str(ROOT), "steps.install.outputs.conformance": conformance}
    told = {name: known[re.fullmatch(r"\$\{\{ (\S+) \}\}", value)[1]] for name, value in found.get("env", {}).items()}  # type: ignore[index]
    environment = {**_clean(), **told, "RUNNER_TEMP": str(folder / "temp"), "GITHUB_OUTPUT": str(folder / "output")}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "a b").mkdir()
    (tmp_path / "temp").mkdir()
    (tmp_path / "conformance-sarif").mkdir()
    (tmp_path / "a b" / "0029_old.sql").write_text(HAZARD, encoding="utf-8")
    for words in (["init", "-q"], ["add", "a b"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "m"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "a b" / "0030_new.sql").write_text(HAZARD, encoding="utf-8")
    return tmp_path


def test_the_action_installs(repository: Path) -> None:
    done = step("install", repository, python=sys.executable)
    if done.returncode and "pip" in done.stderr:
        pytest.skip(f"pip cannot install here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in (repository / "output").read_text(encoding="utf-8").splitlines())
    linted = step("lint", repository, told["conformance"], paths="a b")
    assert (linted.returncode, linted.stderr) == (1, "")


def test_the_action_lints(repository: Path) -> None:
    given = {"paths": "a b/0029_old.sql\n\na b/0030_new.sql\n", "arguments": "--select=A001\n--no-color\n"}
    done = step("lint", repository, **given)
    assert (done.returncode, done.stderr) == (1, "")
    assert "::error title=A001,file=a b/0029_old.sql,line=1::" in done.stdout
    (run,) = json.loads((repository / "conformance-sarif" / "lint.sarif").read_text(encoding="utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["A001", "A001"]
    done = step("lint", repository, **given, since="HEAD")
    assert "0029_old.sql,line" not in done.stdout
    assert "::error title=A001,file=a b/0030_new.sql,line=1::" in done.stdout


@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "--fix"])
def test_the_action_runs_no_input(repository: Path, text: str) -> None:
    done = step("lint", repository, paths=text)
    assert done.returncode == 2
    assert not (repository / "pwned").exists()


def test_the_action_checks(repository: Path, server: Server) -> None:
    url = server.create_database("action")
    apply(url, migrations("documented", "0028"))
    done = step("check", repository, database_url=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "conforms" in done.stdout
    assert (
        json.loads((repository / "conformance-sarif" / "check.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    )
    done = step("check", repository, database_url=url, check_arguments="--profile=reference\n--strict")
    assert done.returncode == 1
    server.drop_database("action")


def job(name: str, folder: Path, variables: Mapping[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """The script of a job, in a folder, with the inputs put in as the host does."""
    given = {key: one["default"] for key, one in SPEC["spec"]["inputs"].items()} | inputs
    script = "\n".join(JOBS[name]["script"])
    for key, value in given.items():
        script = script.replace(f"$[[ inputs.{key} ]]", value)
    environment = {**_clean(), **variables, "PATH": f"{Path(OURS).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def reports(name: str, folder: Path) -> Iterator[str]:
    for file in JOBS[name]["artifacts"]["reports"].values():
        yield (folder / file).read_text(encoding="utf-8")


def test_the_template_lints(repository: Path) -> None:
    done = job("conformance-lint", repository, {}, paths="'a b'", arguments="--select A001")
    assert (done.returncode, done.stderr) == (1, "")
    quality, junit = reports("conformance-lint", repository)
    *found, selected = json.loads(quality)
    assert [one["location"]["path"] for one in found] == ["a b/0029_old.sql", "a b/0030_new.sql"]
    assert (selected["severity"], selected["description"].partition(";")[0]) == ("info", "selected: A001")
    assert junit.startswith("<?xml")
    base = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD"}
    done = job("conformance-lint", repository, base, paths="'a b'", arguments="--select A001")
    assert (done.returncode, done.stderr) == (1, "")
    quality, _ = reports("conformance-lint", repository)
    assert [one["location"]["path"] for one in json.loads(quality)[:-1]] == ["a b/0030_new.sql"]


def test_the_template_checks(repository: Path, server: Server) -> None:
    assert JOBS["conformance-check"]["rules"] == [{"if": "$CONFORMANCE_DATABASE_URL"}]
    url = server.create_database("template")
    done = job("conformance-check", repository, {"CONFORMANCE_DATABASE_URL": url})
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(next(reports("conformance-check", repository)))
    server.drop_database("template")
