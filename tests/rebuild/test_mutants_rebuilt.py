"""Every way to break a law that the laws are tried on, rebuilt: the verdict is the original's, or none, and never better."""

from __future__ import annotations

import os

import pytest
from judged import contract
from properties.properties_cases import EQUIVALENTS, MUTANTS
from properties.sandboxes import changed
from rebuilds import rebuilt

from conformance.provocation import Proving, Stage, prove
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.proving import Rig, raced
from conformance.sources.url import parse

CASES = [*((*case, "fail") for case in MUTANTS), *((*case, "pass") for case in EQUIVALENTS)]
LARGE = bool(os.environ.get("CONFORMANCE_LARGE"))


@pytest.mark.parametrize(("id_", "words", "sql", "verdict"), CASES if LARGE else CASES[::12])
def test_the_verdict_is_the_originals_or_none(server: Server, id_: str, words: str, sql: str, verdict: str) -> None:
    over = contract("documented")
    (requirement,) = (r for r in over.requirements if r.id == id_)
    with changed(server, sql) as source, rebuilt(server, source) as (url, left):
        with Session(parse(url), origin="a test") as session:
            catalog = session.catalog(over.tables())
        with Rig(url) as rig:
            stage = Stage(catalog=catalog, tried=rig.tried, raced=lambda race: raced(url, race), left=left)
            (found,) = prove(over.requirements, [requirement], stage, Proving(), "0028", lambda id_, left: None)
    assert found.verdict in (verdict, "indeterminate"), (words, found.observed, found.note)
    if found.verdict == "indeterminate":
        assert any(part.bears_on(requirement) for part in left) or "provoked" in found.note, (words, found.note)
