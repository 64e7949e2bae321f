"""A deployed database's schema, rebuilt in a sandbox so that it can be provoked without being touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conformance.errors import CannotEvaluate
from conformance.model.record import replace
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.leftover import Leftover
    from conformance.model.target import Target
    from conformance.testbed import Schema


def rebuilding_of(source: str, options: Options, contract: Contract) -> Rebuilding:
    """The schema of a live database, of which nothing but the catalog is read, or of a snapshot in a file.

    Raises `ConformanceError`."""
    from conformance.sources.url import names_file, parse

    if names_file(source):
        from conformance.taken import opened

        snapshot = opened(source, options, contract)
        return Rebuilding(snapshot.catalog, snapshot.target, contract)
    from conformance.sources.database import Session
    from conformance.sources.particulars import particulars

    with Session(parse(source), origin="the URL given", schema=options.schema) as session:
        catalog = particulars(session, session.catalog(contract.tables()))
        return Rebuilding(catalog, session.target(), contract)


class Rebuilding:
    """A catalog that is built anew, and what of it could not be."""

    def __init__(self, catalog: Catalog, target: Target, contract: Contract) -> None:
        from conformance.rebuild import plan

        wanted = frozenset(contract.tables())
        tables = {name: table for name, table in catalog.tables.items() if name in wanted}
        self._catalog = replace(catalog, tables=tables)
        self._target = target
        self._plan = plan(self._catalog)
        self._left: tuple[Leftover, ...] = self._plan.left

    @property
    def catalog(self) -> Catalog:
        """What is rebuilt."""
        return self._catalog

    @property
    def schema(self) -> Schema:
        """What the testbed is to build."""
        from conformance.testbed import Schema

        schemas = {table.schema for table in self._catalog.tables.values()}
        major = self._target.server_version.partition(".")[0]
        return Schema(
            words=f"the schema of {self._target.address}, rebuilt",
            build=self._build,
            settle=self._settle,
            path=self._catalog.path,
            schema=schemas.pop() if len(schemas) == 1 else "public",
            major=int(major) if major.isdigit() else None,
        )

    def _settle(self, url: str, humbly: bool) -> None:
        from conformance.sources.rebuilding import settle

        settle(url, self._catalog.path, guest=humbly)

    def _build(self, url: str, ours: bool) -> tuple[str, ...]:
        """Raises `CannotEvaluate` where the catalog does not tell the truth of its expressions, by the word of the
        server that has them now: then none of them may be run."""
        from conformance.rebuild import doubtful
        from conformance.sources.database import Session
        from conformance.sources.rebuilding import build
        from conformance.sources.url import parse

        self._settle(url, ours)
        steps = [(step.statement, step.part, step.as_owner or not ours) for step in self._plan.steps]
        self._left = (*self._plan.left, *build(url, steps, self._plan.extension_schemas))
        with Session(parse(url), origin="the sandbox") as session:
            rebuilt = session.catalog(tuple(self._catalog.tables))
        if doubt := next(doubtful(rebuilt), ""):
            raise CannotEvaluate(f"the schema is not what it says it is, and was not provoked: {doubt}")
        return ()

    def left_of(self, rebuilt: Catalog) -> tuple[Leftover, ...]:
        """What was not rebuilt, or came out otherwise."""
        from conformance.rebuild import differences

        apart = differences(self._catalog, rebuilt, self._left)
        return tuple(dict.fromkeys((*self._left, *apart)))

    def target(self, where: str) -> Target:
        """The database that the schema is of, and where it was provoked instead."""
        return replace(self._target, origin=f"{self._target.origin}; provoked: {where}")

    def remarks(self, left: tuple[Leftover, ...]) -> Iterator[str]:
        """What was not examined, a line each."""
        from conformance.rebuild import by_extensions, by_locale

        if not left:
            yield "the schema was rebuilt from the catalog, and came out equal to it"
        for call in sorted(set(by_extensions(self._catalog))):
            yield f"{call}, which an extension brought, was rebuilt as PostgreSQL's own gen_random_uuid()"
        if local := list(dict.fromkeys(by_locale(self._catalog))):
            yield f"beyond ASCII the sandbox folds and sorts text as in the locale C: {', '.join(local)}"
        for part in left:
            yield f"not examined: {part.said}"
