"""A conforming database of ours, changed for the length of one judgement: what many tests share."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from conformance.fixtures_of import migrations
from conformance.judge import judge, questions_for
from conformance.model.contract import Contract
from conformance.model.outcome import Outcome
from conformance.run import Options, load_contract
from conformance.sandbox import Server
from conformance.sources.database import Session
from conformance.sources.throwaway import apply, lend_random_uuids
from conformance.sources.url import parse
from conformance.sources.workbench import Refused, Workbench

LAST = "0028"


@cache
def contract(profile: str = "documented", *extra: Path) -> Contract:
    """The contract of a profile, with the files of third parties."""
    return load_contract(Options(profile=profile, contract=extra))


def conforming(server: Server, profile: str = "documented", through: str = LAST) -> str:
    """The name of a database with our migrations; made once a server."""
    name = f"conforming_{profile}_{through}"
    with psycopg.connect(server.url, autocommit=True) as admin:
        there = admin.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if there is None:
        url = server.create_database(name)
        lend_random_uuids(url)
        apply(url, migrations(profile, through))
    return name


def named(server: Server, database: str) -> str:
    """The URL of a database."""
    return urlsplit(server.url)._replace(path=f"/{database}").geturl()


def looked(url: str, over: Contract, through: str = LAST, schema: str | None = None) -> tuple[Outcome, ...]:
    """The outcomes that a look at a live database gives."""
    with Session(parse(url), origin="a test", schema=schema) as session:
        catalog = session.catalog(over.tables())
        answers = session.answers(questions_for(over.requirements, catalog, through))
    return judge(over.requirements, replace(catalog, answers=answers), through)


def told(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """What a report says of each outcome."""
    return [
        (o.requirement.id, o.verdict, o.expected, o.observed, o.note, o.because or "", o.object or "", str(o.findings))
        for o in outcomes
    ]


@dataclass
class Bench:
    """A database with our migrations, which scripts change for the length of one judgement."""

    url: str
    over: Contract
    stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.workbench = self.stack.enter_context(Workbench(self.url))

    @property
    def major(self) -> int:
        """The server's major version."""
        return self.workbench.major

    def outcomes(self, script: str, over: Contract | None = None, through: str = LAST) -> Mapping[str, Outcome]:
        """What becomes of every requirement once the script has run."""
        over = over or self.over
        with self.workbench.changed(script, over.tables()) as look:
            assert not isinstance(look, Refused), look.reason
            catalog = look.answered(questions_for(over.requirements, look.catalog, through))
        return {o.requirement.id: o for o in judge(over.requirements, catalog, through)}

    def outcome(self, script: str, id_: str, over: Contract | None = None, through: str = LAST) -> Outcome:
        """What becomes of one requirement, judged beside those of its table."""
        over = over or self.over
        table = next(r.table for r in over.requirements if r.id == id_)
        own = [r for r in over.requirements if r.table == table]
        names = [table, *{str(r.spec["references"]).partition(".")[0] for r in own if "references" in r.spec}]
        with self.workbench.changed(script, names) as look:
            assert not isinstance(look, Refused), look.reason
            catalog = look.answered(questions_for(own, look.catalog, through))
        return next(o for o in judge(own, catalog, through) if o.requirement.id == id_)
