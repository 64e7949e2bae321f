"""An index is made on a table in use, and not CONCURRENTLY.

In production: SHARE lock: nobody writes to the table until the whole of it has been read and sorted.

Example: `CREATE INDEX ON tasks (status);`

Instead: CREATE INDEX CONCURRENTLY, outside of a transaction.

Silent: on a table that the same file makes, or of which --rows says that it has few rows.

Limits: a partitioned table, which cannot be indexed concurrently, is known as one where its file is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.deeds.asking import after_words, brief, inserted, said
from conformance.model.lint import Hit, Place

LEVEL = "error"


def look(place: Place) -> Iterator[Hit]:
    deed = place.deed
    if deed.verb != "create index" or deed.flags & {"concurrently", "only"} or brief(place, deed.table):
        return
    words = ("create", "unique", "index") if "unique" in deed.flags else ("create", "index")
    at = after_words(place, deed.span.start, *words)
    rewrite = f"{said(place, deed.span.start, at)} CONCURRENTLY{said(place, at, deed.span.end)};" if at >= 0 else ""
    parted = place.known.partitioned(deed.table)
    if parted:
        rewrite = f"-- {deed.table} is partitioned: CREATE INDEX … ON ONLY it, CONCURRENTLY on each partition, then\n"
        rewrite += "-- ALTER INDEX … ATTACH PARTITION …;"
    alone = not place.transaction and not deed.guarded and not parted and len(place.statement.deeds) == 1
    yield Hit(
        span=deed.span,
        message=f"nobody can write to {deed.table} while its index is built",
        rewrite=rewrite,
        edits=inserted(at, " CONCURRENTLY") if alone else (),
    )
