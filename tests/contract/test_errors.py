"""What is wrong with a contract is told all at once, with file and line, and ends in exit code 2."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from judged import Bench, contract

from conformance.errors import ContractError, UsageError
from conformance.model.contract import Contract
from conformance.registry import claims
from conformance.run import Options, load_contract
from conformance.sources import contract as source
from conformance.sources import contract_toml

FOLDER = Path(__file__).parents[2] / "fixtures" / "contracts"
EXPECTED = re.compile(r"#! (\d+): (.*)")
WRONG = {
    path.stem: expected for path in sorted(FOLDER.glob("*.toml")) if (expected := EXPECTED.findall(path.read_text()))
}


def problems(*paths: Path, profile: str = "documented") -> tuple[str, ...]:
    with pytest.raises(ContractError) as caught:
        load_contract(Options(profile=profile, contract=paths))
    assert caught.value.exit_code == 2
    assert str(caught.value).count("\n") == len(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("profile", source.profiles())
@pytest.mark.parametrize("name", WRONG)
def test_each_error_is_told_with_its_line(name: str, profile: str) -> None:
    path = FOLDER / f"{name}.toml"
    told = problems(path, profile=profile)
    for line, words in WRONG[name]:
        assert [p for p in told if p.startswith(f"{path}:{line}: ") and words in p], (line, words, told)
    assert {problem.removeprefix(f"{path}:").partition(":")[0] for problem in told} == {line for line, _ in WRONG[name]}


def test_all_are_told_at_once() -> None:
    told = problems(*(FOLDER / f"{name}.toml" for name in WRONG))
    by_file = Counter(re.match(r"(.*?):\d+: ", problem)[1] for problem in told)  # type: ignore[index]
    assert set(by_file) == {str(FOLDER / f"{name}.toml") for name in WRONG}
    for name, expected in WRONG.items():
        assert by_file[str(FOLDER / f"{name}.toml")] >= len(expected) - 1, name  # ids may clash between files


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b'["acme/0028/\xff"]\n')
    told = problems(tmp_path / "none.toml", tmp_path / "bytes.toml", tmp_path)
    assert [problem.partition(": ")[2].partition(": ")[0] for problem in told] == ["cannot be read"] * 3


def test_a_profile_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="there is no profile 'mine'; there are: documented, reference"):
        contract("mine")


def test_the_contract_of_our_own_has_no_error() -> None:
    for profile in source.profiles():
        assert contract_toml.read(source.FOLDER, profile, claims()).requirements


def test_a_conflict_that_names_nothing_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "contract"
    shutil.copytree(source.FOLDER, folder)
    file = folder / "conflicts.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("0006/events/table", "0006/gone/table"), encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        contract_toml.read(folder, "documented", claims())
    assert caught.value.problems == ("conflicts.toml: C15 names 0006/gone/table, which is no requirement",)


def test_a_claim_of_our_own_that_cites_nothing_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "contract"
    shutil.copytree(source.FOLDER, folder)
    file = folder / "0015.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("{ page = 27 }", "{ facts = false }"), encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        contract_toml.read(folder, "documented", claims())
    assert caught.value.problems == ("0015.toml:5: nothing is cited; give page, facts or meaning",)


# --- what third parties add ---


def added(name: str, profile: str = "documented") -> Contract:
    return contract(profile, FOLDER / f"{name}.toml")


def test_third_parties_add_requirements() -> None:
    ours, theirs = contract("documented"), added("good")
    new = [r for r in theirs.requirements if r.id not in {o.id for o in ours.requirements}]
    assert len(theirs.requirements) == len(ours.requirements) + len(new)
    assert {r.id.partition("/")[0] for r in new} == {"acme"}
    assert all(r.file.endswith("good.toml") and r.line for r in new)
    assert len(new) == 17
    by_profile = {
        profile: next(r for r in added("good", profile).requirements if r.id == "acme/0028/audit_log.verdict/one-of")
        for profile in source.profiles()
    }
    assert {profile: len(r.spec["values"]) for profile, r in by_profile.items()} == {"documented": 2, "reference": 3}


AUDIT_LOG = """
CREATE TABLE audit_log (
    id bigserial PRIMARY KEY, agent_id uuid REFERENCES agents ON DELETE RESTRICT, verdict text,
    UNIQUE (verdict, agent_id), CHECK (verdict IN ('ok', 'bad')), CHECK (num_nonnulls(agent_id, verdict) > 0))
"""


def test_what_third_parties_add_is_judged(bench: Bench) -> None:
    over = added("good")
    theirs = {r.id for r in over.requirements if r.id.startswith("acme/")}
    absent = bench.outcomes("", over)
    assert {o.verdict for id_, o in absent.items() if id_ not in theirs} == {"pass", "not-applicable"}
    assert absent["acme/0028/agents.name/index"].verdict == "pass"
    assert (absent["acme/0028/audit_log/table"].verdict, absent["acme/0028/audit_log/table"].because) == ("fail", None)
    assert absent["acme/0028/audit_log.verdict/accepts"].because == "acme/0028/audit_log/table"
    present = bench.outcomes(AUDIT_LOG, over)
    assert {id_: present[id_].verdict for id_ in theirs} == dict.fromkeys(theirs, "pass")
    narrower = bench.outcomes(AUDIT_LOG.replace("'ok', 'bad'", "'ok'"), over)
    assert {id_ for id_ in theirs if narrower[id_].verdict == "fail"} == {
        "acme/0028/audit_log.verdict/accepts",
        "acme/0028/audit_log.verdict/one-of",
    }


def test_a_weaker_claim_of_a_third_party_does_not_hide_ours(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        '["acme/0028/agent_documents"]\ntable = { level = "may" }\n'
        '["acme/0028/agent_documents.name"]\ncolumn = { level = "may" }\n'
    )
    over = contract("documented", path)
    table, column = "0013/agent_documents/table", "0013/agent_documents.name/column"
    gone = bench.outcomes("DROP TABLE agent_documents CASCADE", over)
    assert (gone[table].verdict, gone[table].because) == ("fail", None)
    assert (gone[column].verdict, gone[column].because) == ("fail", table)
    assert gone["acme/0028/agent_documents/table"].because == table
    renamed = bench.outcomes("ALTER TABLE agent_documents RENAME name TO title", over)
    assert (renamed[column].verdict, renamed[column].because) == ("fail", None)
    assert renamed["0013/agent_documents.name/type"].because == column


def test_a_third_party_is_its_own_source(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        '["acme/0028/agents.priority"]\nnot-null = {}\nindex = { method = "btree", level = "may", page = 36 }\n'
    )
    theirs = {r.claim: (r.level, r.source) for r in contract("documented", path).requirements if r.id[:4] == "acme"}
    assert theirs == {"not-null": ("must", "acme"), "index": ("may", "acme; the page, line 36")}


def test_problems_are_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(
            f'["{name}/0028/none.x"]\ncolumn = {{}}\n' + "\n" * 9 + f'["{name}/9999/agents"]\nmagic = {{}}\n'
        )
    (tmp_path / "bytes.toml").write_bytes(b"# \n# \xff\n")
    told = problems(tmp_path / "b.toml", tmp_path / "a.toml", tmp_path / "bytes.toml")
    places = [re.match(r".*/(\w+)\.toml:(\d+): ", problem) for problem in told]
    found = [(match[1], int(match[2])) for match in places if match]
    assert found == sorted(found)
    assert ("bytes", 2) in found
    assert {line for name, line in found if name == "a"} == {2, 12, 13}
