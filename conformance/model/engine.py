"""Which engine answers PostgreSQL's protocol, by what it says of itself; what is known of it, and what not examined."""

from __future__ import annotations

import re

from conformance.model.record import Record

CITUS = "citus"


class Engine(Record):
    """One that is not PostgreSQL as it comes. `judged` says whether its catalogs can be taken for PostgreSQL's; `words`
    what is to be said of it either way."""

    name: str
    judged: bool
    words: str


# What is found in version(), and the words for it.
_ENGINES = (
    Engine(
        name="CockroachDB",
        judged=False,
        words="its catalogs imitate PostgreSQL's in part, and do not say what a constraint or an index depends on, so"
        " that nothing was examined",
    ),
    Engine(
        name="Redshift",
        judged=False,
        words="it declares keys and enforces none of them, and has no indexes and no triggers, so that nothing was"
        " examined",
    ),
    Engine(
        name="YugabyteDB",
        judged=True,
        words="its catalogs are PostgreSQL's and were judged as such; how its storage keeps what they say across nodes"
        " was not examined",
    ),
    Engine(
        name="PGlite",
        judged=True,
        words="its catalogs are PostgreSQL's and were judged as such; it is one process for all its clients, keeps none"
        " of our time-outs, and what several sessions at once would do was not examined",
    ),
)
_MARKS = {"CockroachDB": r"\ACockroachDB\b", "Redshift": r"\bRedshift \d", "YugabyteDB": r"\A\S+ [\d.]+-YB-",
          "PGlite": r"\(PGlite\b"}  # fmt: skip
_CITUS = Engine(
    name="Citus",
    judged=True,
    words="its coordinator's catalog was judged; that the shards of distributed tables on its workers are of the same"
    " structure was not examined",
)


def engine(version: str, extensions: tuple[str, ...] = ()) -> Engine | None:
    """The engine whose `version()` this is, with these extensions; none for PostgreSQL itself."""
    for found in _ENGINES:
        if re.search(_MARKS[found.name], version):
            return found
    return _CITUS if CITUS in extensions else None
