"""A look at the structure of a database: its catalog, with answers to what is asked of the server about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from conformance.model.record import replace
from conformance.options import Options

if TYPE_CHECKING:
    from conformance.model.catalog import Catalog
    from conformance.model.contract import Contract
    from conformance.model.question import Question
    from conformance.model.target import Target
    from conformance.sources.ahead import Ahead
    from conformance.sources.database import Session
    from conformance.sources.url import DatabaseUrl

    Ask: TypeAlias = Callable[[Catalog], Iterable[Question]]


@contextmanager
def live(
    url: DatabaseUrl,
    origin: str,
    schema: str | None,
    tables: Sequence[str],
    ask: Ask,
    *,
    ahead: Ahead | None = None,
    deadline: float = math.inf,
) -> Iterator[tuple[Catalog, Target, Session]]:
    """Of a live database; `ask` says what of the catalog the server is asked about, `deadline` (of `time.monotonic()`)
    by when it has answered. The session is still open."""
    from conformance.sources.database import Session

    with Session(url, origin=origin, schema=schema, ahead=ahead, deadline=deadline) as session:
        catalog = session.catalog(tables)
        answers = session.answers(tuple(dict.fromkeys(ask(catalog))))
        yield replace(catalog, answers=answers), session.target(), session


@contextmanager
def seen(
    address: str, origin: str, options: Options, contract: Contract, steps: Sequence[str] = ()
) -> Iterator[tuple[Catalog, Target, Session | None]]:
    """Of a live database, or from the file that its snapshot is in, without a session. It is judged through `steps`
    (that of the options). Raises `UsageError`."""
    from conformance.sources.url import names_file, parse
    from conformance.taken import opened, questions

    if names_file(address):
        snapshot = opened(address, options, contract, steps)
        yield snapshot.catalog, snapshot.target, None
        return

    def ask(catalog: Catalog) -> Iterable[Question]:
        return questions([contract], catalog, steps or (options.through,))

    with live(parse(address), origin, options.schema, contract.tables(), ask) as found:
        yield found
