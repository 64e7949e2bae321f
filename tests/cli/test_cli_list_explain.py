"""`list`, `explain` and `ddl`: the contract told to a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from looking import Conformance

from conformance import listing, registry, state
from conformance.cli import main
from conformance.explain import _check, explain
from conformance.render.layout import Look
from conformance.run import Options, load_contract
from conformance.sources.contract import FOLDER
from conformance.sources.kept import Kept
from conformance.sources.page import conflicts


@pytest.mark.parametrize("profile", ["documented", "reference"])
@pytest.mark.parametrize("through", ["0012", "0028"])
def test_list_names_what_lives(profile: str, through: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--profile", profile, "--through", through]) == 0
    lines = capsys.readouterr().out.splitlines()
    contract = load_contract(Options(profile=profile, through=through))
    invariants = (claim.requirement for claim in state.claims(contract))
    living = [r for r in (*contract.requirements, *invariants) if r.alive(through)]
    assert [line.split()[:3] for line in lines] == [[r.level, r.kind, r.id] for r in living]
    assert all(len(line.split()) > 3 for line in lines)


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_what_is_kept_of_the_list_is_what_is_worked_out(profile: str) -> None:
    found = listing.lines(profile, ())
    assert found == listing.lines(profile, ()) == list(listing._worked_out(profile, ()))
    assert {line.kind for line in found} >= {"invariant", "unique"}


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b"[[1]]", b"5"])
def test_what_is_broken_of_the_kept_list_is_worked_out_anew(
    broken: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listing.lines("documented", ())
    monkeypatch.setattr(Kept, "_file", lambda self: tmp_path / f"{self.name}.json")
    (tmp_path / "list-documented.json").write_bytes(broken)
    assert listing.lines("documented", ()) == whole


def test_list_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list"])
    lines = capsys.readouterr().out.splitlines()
    assert len({re.match(r"\w+ +\S+ +", line).end() for line in lines}) == 1  # type: ignore[union-attr]
    assert all(line.isprintable() for line in lines)


def test_list_conflicts_tells_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--conflicts"]) == 0
    out = capsys.readouterr().out
    for conflict in conflicts(FOLDER):
        assert f"{conflict.id}  {conflict.about}\n" in out
    assert out.count("  decided   ") == len(conflicts(FOLDER))
    assert max(len(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize("arguments", [["list"], ["ddl"]])
@pytest.mark.parametrize(("flag", "value"), [("--profile", "nonesuch"), ("--through", "12")])
def test_calls_that_are_wrong(arguments: list[str], flag: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, flag, value]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert value in err or "0012 to 0028" in err


@pytest.fixture(scope="module")
def every_id() -> list[str]:
    ids = {r.id for p in ("documented", "reference") for r in load_contract(Options(profile=p)).requirements}
    return sorted(ids)


def test_every_requirement_can_be_explained(every_id: list[str]) -> None:
    for id_ in every_id[::17]:
        text = "\n".join(explain(id_, (), Look()))
        assert text.startswith(f"{id_}\n")
        for label in ("expects", "level", "lives", "source", "in", "repair"):
            assert f"\n  {label} " in text, id_


def test_a_requirement_is_explained_with_the_page_s_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "0015/agents.name/unique"]) == 0
    out = capsys.readouterr().out
    assert "documented must, reference must" in out
    assert "UNIQUE(agents.name)" in out
    assert "CREATE UNIQUE INDEX CONCURRENTLY" in out
    assert "unique: No two rows agree" in out


def test_where_the_profiles_differ_both_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "0018/agents.visibility/one-of"]) == 0
    out = capsys.readouterr().out
    assert "documented: one of private, org, public" in out
    assert "reference: one of global, public, team, private" in out
    assert "conflict  C04" in out
    assert "-- documented" in out


def test_kinds_claims_and_conflicts_are_explained_too(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in registry.checks():
        assert main(["explain", kind]) == 0
        assert capsys.readouterr().out.startswith(f"{kind}: ")
    for claim, (kind, *_) in registry.claims().items():
        assert main(["explain", claim]) == 0
        assert capsys.readouterr().out.startswith(f"{kind}: ")
    for conflict in conflicts(FOLDER):
        assert main(["explain", conflict.id.lower()]) == 0
        assert capsys.readouterr().out.startswith(f"{conflict.id}  ")


@pytest.mark.parametrize("word", ["waiver", "waivers", "waiver/0015/*", "waiver/0015/agents.name/unique'"])
def test_what_is_wrong_with_waivers_is_explained(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", word]) == 0
    out = capsys.readouterr().out
    assert out.startswith("waiver: What is wrong with waivers themselves")
    for part in ("Why:", "Example:", "Fails:", "Passes:", "Repair:", "Limits:"):
        assert f"\n{part} " in out


def test_every_invariant_can_be_explained() -> None:
    claims = {
        claim.requirement.id: claim
        for profile in ("documented", "reference")
        for claim in state.claims(load_contract(Options(profile=profile)))
    }
    modules = set()
    for id_, claim in claims.items():
        if claim.invariant.module not in modules or id_.endswith("0"):
            modules.add(claim.invariant.module)
            text = "\n".join(explain(id_, (), Look()))
            assert text.startswith(f"{id_}\n")
            for label in ("expects", "level", "lives", "source", "in", "reads"):
                assert f"\n  {label} " in text, id_
            assert f"\n{claim.invariant.module}: " in text
    assert modules == set(registry.invariant_modules())


def test_an_invariant_is_explained_with_the_page_s_words_and_what_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "0002/task_dependencies/acyclic"]) == 0
    out = capsys.readouterr().out
    assert "documented must, reference must" in out
    assert "  line 16   - Tasks link via dependencies forming a DAG." in out
    assert "  reads     task_dependencies (task_id, depends_on)" in out
    assert "  repair    -- delete one row of each cycle" in out
    assert "tasks_acyclic: The dependencies of tasks form a directed acyclic graph." in out
    assert max(len(line) for line in out.splitlines() if "DELETE" not in line) <= 80


def test_an_invariant_s_claim_and_module_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for name in registry.invariant_modules():
        assert main(["explain", name]) == 0
        assert capsys.readouterr().out.startswith(f"{name}: ")
    assert main(["explain", "no-orphan"]) == 0
    assert capsys.readouterr().out.startswith("no_orphan: Every row that points at another one")
    assert main(["explain", "acyclic"]) == 0
    out = capsys.readouterr().out
    assert "goals_acyclic: " in out
    assert "tasks_acyclic: " in out


def test_no_invariant_is_called_as_a_claim_or_a_kind() -> None:
    of_rows = {claim.invariant.name for claim in state.claims(load_contract(Options()))}
    assert not of_rows & {*registry.claims(), *registry.checks()}


def test_the_module_of_a_check_has_the_name_of_its_kind() -> None:
    for kind, check in registry.checks().items():
        assert _check(kind) is check


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("0015/agents.nam/unique", "did you mean 0015/agents.name/unique"),
        ("0015/agents.name/*", "did you mean 0015/agents.name/no-duplicates, 0015/agents.name/no-near-duplicates,"),
        ("0002/task_dependencies/acyclc", "did you mean 0002/task_dependencies/acyclic"),
        ("no-orphn", "did you mean no-orphan"),
        ("tasks_acyclc", "did you mean tasks_acyclic"),
        ("uniqe", "did you mean unique?"),
        ("C99", "did you mean C"),
        ("qqqqqqqq", "`conformance list` shows the ids"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(word: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", word]) == 2
    assert said in capsys.readouterr().err


def test_third_parties_requirements_are_listed_and_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("acme.toml").write_text('["acme/0028/agents.acme_id"]\ncolumn = { meaning = true }\n', encoding="utf-8")
    assert main(["list", "--contract", "acme.toml"]) == 0
    assert "acme/0028/agents.acme_id/column" in capsys.readouterr().out
    assert main(["explain", "acme/0028/agents.acme_id/column", "--contract", "acme.toml"]) == 0
    assert "acme.toml:2" in capsys.readouterr().out


def test_ddl_prints_sql(conformance: Conformance) -> None:
    done = conformance("ddl", "--profile", "reference", "--through", "0012")
    assert (done.returncode, done.stderr) == (0, "")
    assert "CREATE TABLE" in done.stdout
    assert "chat_sessions" not in done.stdout
