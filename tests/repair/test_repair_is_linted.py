"""Our own linter passes the script: it sees no hazard, understands each statement, and what is built conforms."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from judged import LAST, Bench
from mending import Mended, mended, mutants

from conformance.defects import Mutant
from conformance.fixtures_of import migrations
from conformance.linting import lint
from conformance.model.contract import Requirement
from conformance.model.target import Target
from conformance.repair_script import script

TARGET = Target(
    address="me@host/astra", origin="the URL given", database="astra", server_version="18.4", session_user="me",
    current_user="me", schemas=("public",), in_recovery=False, superuser=False,
)  # fmt: skip
CHOSEN = [
    ("0013/agent_documents.doc_type/one-of", "or true"),
    ("0013/agent_documents.content+uri/check", "only content"),
    ("0013/agent_documents.priority/not-null", "nullable, with a check that refuses nothing"),
    ("0013/agent_documents.agent_id/on-delete", "dropped"),
    ("0013/agent_documents.priority/column", "generated always as identity"),
    ("0015/agents.name/unique", "folded"),
    ("0001/agents.id/primary-key", "deferrable"),
    ("0013/agent_documents/table", "dropped"),
    ("0013/agent_documents.updated_at/trigger", "a body that does nothing"),
    ("0006/events.id/default", "dropped"),
    ("0013/agent_documents.name/type", "integer"),
    ("0013/agent_documents.priority/type", "a domain over smallint"),
    ("0013/agent_documents.created_at/type", "timestamptz(0)"),
]
"""A defect of each kind that a text can show."""


def found(bench: Bench, id_: str, name: str) -> tuple[Mutant, Mended]:
    requirement: Requirement
    for requirement, mutant in mutants(bench, LAST):
        if (requirement.id, mutant.name) == (id_, name) and (one := mended(bench, LAST, requirement, mutant)):
            return mutant, one
    raise LookupError(f"{id_} has no mutant {name}")


@pytest.mark.parametrize(("id_", "name"), CHOSEN)
def test_the_script_passes_and_so_does_what_it_builds(bench: Bench, tmp_path: Path, id_: str, name: str) -> None:
    mutant, one = found(bench, id_, name)
    assert (one.departs, one.plan.left) == ((), ())
    for file in migrations("documented", LAST):
        shutil.copy(file, tmp_path)
    (tmp_path / "0029_mutant.sql").write_text(f"{mutant.sql};\n", encoding="utf-8")
    text = script(one.plan, TARGET, "conformance 0", "documented", LAST, "today")
    (tmp_path / "0030_repair.sql").write_text(text, encoding="utf-8")
    report = lint([tmp_path])
    assert not [remark for remark in report.remarks if "not understood" in remark]
    hazards = [f for o in report.outcomes if o.plane == "lint" and o.requirement.level != "may" for f in o.findings]
    assert [f.message for f in hazards if "0030_repair" in f.location] == []
    structure = [o for o in report.outcomes if o.plane != "lint" and o.requirement.level != "may"]
    assert {o.requirement.id: o.note for o in structure if o.verdict in ("fail", "indeterminate")} == {}
