"""The form of the JSON document that `catalog.sql` gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Record = Sequence[Any]


class Torn(Exception):
    """What the document names was gone when the server printed it: DDL ran meanwhile."""

    def __init__(self) -> None:
        super().__init__("what it names was gone when the server printed it")


def rows(document: Mapping[str, Any], of: str) -> Iterator[Record]:
    """The rows of what comes as one list for each of its columns, which is null where there is no row.

    `json_build_array` finds out anew for each row how its arguments are printed, `json_agg` once.
    """
    return zip(*(column or () for column in document[of]), strict=True)
