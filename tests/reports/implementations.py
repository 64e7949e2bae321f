"""Wrong implementations, each with the law that finds it: `python tests/reports/implementations.py` writes
`reports/implementations.md` and `.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.adapter_outcomes import outcome_of
from conformance.adapting import claims_of
from conformance.fixtures_of import build
from conformance.model.conduct import Law
from conformance.model.outcome import Outcome
from conformance.proof import Proof
from conformance.registry import areas, conduct_laws
from conformance.run import Options, load_claims
from conformance.sandbox import Server, sandbox
from conformance.sources.adapters import load
from conformance.sources.database import Session
from conformance.sources.url import parse

ROOT = Path(__file__).parent.parent.parent
REPORTS = ROOT / "reports"
WRONG = "fixtures/implementations/wrong.py"
REFERENCE = "fixtures/implementations/reference.py:Reference"


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation: its name, what is wrong in words, and the law that is to find it."""

    name: str
    words: str
    law: str


def mistakes() -> list[Mistake]:
    """All of them, in the order of the file."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("wrong_implementations", ROOT / WRONG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return [
        Mistake(name, (it.__doc__ or "").strip().splitlines()[0], it.found_by)
        for name, it in vars(module).items()
        if isinstance(it, type) and issubclass(it, module.Wrong) and it is not module.Wrong
    ]


class Bench:
    """A database with our migrations, on which implementations stand one behind the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.contract, self.claims = load_claims(Options())
        with Session(parse(url), origin="") as session:
            self.catalog = session.catalog(self.contract.tables())

    def outcomes(
        self, adapter: str, laws: Mapping[str, Law], examples: int = 25, memory: Path | None = None
    ) -> list[Outcome]:
        """What becomes of these laws, by area."""
        found: list[Outcome] = []
        with load(adapter).standing(self.url) as made:
            proof = Proof(made=made, url=self.url, examples=examples, seed=0, memory=memory)
            for area in areas().values():
                own = {id_: law for id_, law in laws.items() if law.area == area.AREA}
                if own:
                    claims = claims_of(area, self.contract, self.catalog, self.claims)
                    found += [outcome_of(told) for told in proof.area(area, own, claims)]
        return found


@contextmanager
def bench(server: Server, name: str = "implementations") -> Iterator[Bench]:
    """A bench on a database of its own."""
    url = build(server, name, "documented", "0028")
    try:
        yield Bench(url)
    finally:
        server.drop_database(name)


def of_area(law: str) -> dict[str, Law]:
    """The laws of the same area."""
    return {id_: one for id_, one in conduct_laws().items() if one.area == law.partition("/")[0]}


def reports(
    found: Sequence[tuple[Mistake, Sequence[Outcome]]], reference: Sequence[Outcome]
) -> Iterator[tuple[str, str]]:
    """File names and their texts."""
    yield "implementations.md", "\n".join(_markdown(found, reference)) + "\n"
    rows = [record(mistake, outcomes) for mistake, outcomes in found]
    yield "implementations.json", json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def _by(mistake: Mistake, outcomes: Sequence[Outcome]) -> Outcome:
    return next(o for o in outcomes if o.requirement.id == f"adapter/{mistake.law}")


def _others(mistake: Mistake, outcomes: Sequence[Outcome]) -> list[str]:
    own = f"adapter/{mistake.law}"
    return [o.requirement.id for o in outcomes if o.verdict == "fail" and o.requirement.id != own]


def record(mistake: Mistake, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What is published of a mistake."""
    own = _by(mistake, outcomes)
    return {
        "implementation": mistake.name,
        "mistake": mistake.words,
        "law": own.requirement.id,
        "verdict": own.verdict,
        "observed": own.observed,
        "history": [step for finding in own.findings for step in finding.witnesses],
        "script": next((finding.script for finding in own.findings), None),
        "also": _others(mistake, outcomes),
    }


def _markdown(found: Sequence[tuple[Mistake, Sequence[Outcome]]], reference: Sequence[Outcome]) -> Iterator[str]:
    caught = sum(_by(mistake, outcomes).verdict == "fail" for mistake, outcomes in found)
    passed = sum(outcome.verdict == "pass" for outcome in reference)
    yield from ["# Implementations with one mistake each", ""]
    yield f"{caught} of {len(found)} caught by their law; the reference passes {passed} of {len(reference)} laws."
    yield from [
        "",
        "Written by `python tests/reports/implementations.py`. Each is a small subclass of the reference in",
    ]
    yield from ["`fixtures/implementations/`, and is put to all laws of its area.", ""]
    yield from ["| implementation | mistake | caught by | also |", "| --- | --- | --- | --- |"]
    for mistake, outcomes in found:
        own = _by(mistake, outcomes)
        by = f"`{own.requirement.id}`" if own.verdict == "fail" else f"**no**: {own.verdict}"
        also = ", ".join(f"`{id_.removeprefix('adapter/')}`" for id_ in _others(mistake, outcomes))
        yield f"| {mistake.name} | {mistake.words} | {by} | {also} |"
    for mistake, outcomes in found:
        own = _by(mistake, outcomes)
        yield from ["", f"## {mistake.name}", "", mistake.words, ""]
        yield f"`{own.requirement.id}`: {own.observed}" + (f" ({own.note})" if own.note else "")
        for finding in own.findings:
            yield from ["", "```text", *finding.witnesses, "```"]
            if finding.script:
                yield from ["", "```sql", finding.script, "```"]


def main() -> None:
    with sandbox(kind="embedded") as server, bench(server) as stand:
        found = []
        for mistake in mistakes():
            found.append((mistake, stand.outcomes(f"{ROOT / WRONG}:{mistake.name}", of_area(mistake.law), 10)))
            sys.stdout.write(f"{mistake.name}: {_by(*found[-1]).verdict}\n")
            sys.stdout.flush()
        reference = stand.outcomes(str(ROOT / REFERENCE), conduct_laws())
    for name, text in reports(found, reference):
        (REPORTS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
