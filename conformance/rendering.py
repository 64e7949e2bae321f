"""`conformance render`: what a run would have given in another format, from its JSON report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.report import Report
from conformance.render.json import document as told
from conformance.sources import report_file

_SHOWN = 60


def report(file: Path) -> Report:
    """The report in a file. Raises `UsageError` where it is none, or says of itself what does not follow from it."""
    document = report_file.read(file)
    found = report_file.report_of(document)
    try:
        place = _difference(document, told(found), "")
    except RecursionError:
        place = "it is nested too deeply"
    if place is not None:
        raise UsageError(f"{file} is a report that was changed or cut: {place}")
    return found


def _difference(one: Any, other: Any, at: str) -> str | None:
    """The first place where what a report says is not what its outcomes say."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in [*one, *(key for key in other if key not in one)]:
            name = key if key.isidentifier() else ascii(key[:_SHOWN])
            place = f"{at}.{name}" if at else name
            if (key in one) != (key in other):
                return f"{place} does not go with the rest"
            if (found := _difference(one[key], other[key], place)) is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((d for n, (a, b) in pairs if (d := _difference(a, b, f"{at}[{n}]")) is not None), None)
    return None if type(one) is type(other) and one == other else f"{at} does not go with the rest"
