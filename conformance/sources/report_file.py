"""A JSON report of ours, read back: what `conformance render` goes on from.

The file may be anybody's. Its size is bounded, every part of it is judged by the published schema, and what follows
from its outcomes (the verdict, the counts) is left for the caller to compare: none of it is believed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.model.baseline import Baseline
from conformance.model.breach import Breach
from conformance.model.contract import Requirement
from conformance.model.outcome import Finding, Outcome
from conformance.model.report import FORMAT, VERSION, Past, Report
from conformance.model.target import Target
from conformance.model.waiver import Waiver
from conformance.sources.json_schema import Schema, misfit

LARGEST_MB = 100

_HERE = Path(__file__).parent
_HEAD = 200
_SCHEMAS = (_HERE / "report.schema.json", _HERE.parent.parent / "reports" / "report.schema.json")
_SINCE = ("file", "line", "columns")
"""What outcomes have had since reports could be rendered again."""


@cache
def schema() -> Schema:
    """The published schema, as it was installed or as it stands in a checkout."""
    file = next((file for file in _SCHEMAS if file.is_file()), _SCHEMAS[0])
    found: Schema = json.loads(file.read_text(encoding="utf-8"))
    return found


def read(file: Path) -> Mapping[str, Any]:
    """The document in a file, which keeps to the schema. Raises `UsageError` where it is no report of ours."""
    hint = "`conformance check --format json -o FILE` writes one"
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_MB * 1_000_000 + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_MB * 1_000_000:
        raise UsageError(f"{file} is larger than {LARGEST_MB} MB: no report is")
    try:
        document: Any = json.loads(
            data.decode("utf-8"), parse_float=_finite, parse_constant=_finite, object_pairs_hook=_once
        )
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise UsageError(f"{file} is no report; {hint}")
        if document.get("version") != VERSION:
            raise UsageError(f"{file} is a report of another version; this is of version {VERSION}: write it anew")
        found = misfit(document, schema()) or _twice(document)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and FORMAT.encode() in data[:_HEAD]:
            raise UsageError(f"{file} is a report that was changed or cut: it is no JSON any more") from None
        raise UsageError(f"{file} is no report; {hint}") from None
    if found is not None:
        raise UsageError(f"{file} is a report that was changed or cut: {found}")
    if "profile_title" not in document or any(key not in o for o in document["outcomes"] for key in _SINCE):
        raise UsageError(f"{file} is a report of an earlier version, without what other formats show: write it anew")
    return document


def report_of(document: Mapping[str, Any]) -> Report:
    """The report that a document tells, which keeps to the schema."""
    told = ("tool", "profile", "profile_title", "through", "threshold", "started", "seconds")
    return Report(
        **{key: document[key] for key in told},
        target=Target(**{**document["target"], "schemas": tuple(document["target"]["schemas"])}),
        outcomes=tuple(map(_outcome, document["outcomes"])),
        remarks=tuple(document["remarks"]),
        breaches=tuple(map(_breach, document.get("enforcement", ()))),
        select=tuple(document["selection"]["select"]),
        ignore=tuple(document["selection"]["ignore"]),
        baseline=_baseline(document["baseline"]) if "baseline" in document else None,
        history=tuple(map(_past, document.get("history", ()))),
    )


def _baseline(told: Mapping[str, Any]) -> Baseline:
    own = {key: told[key] for key in ("file", "tool", "address", "started")}
    return Baseline(**own, mended=tuple(told["mended"]), unseen=tuple(told["unseen"]))


def _past(told: Mapping[str, Any]) -> Past:
    return Past(started=told["started"], verdict=told["verdict"], counts=told["summary"])


def _outcome(told: Mapping[str, Any]) -> Outcome:
    own = ("id", "kind", "level", "since", "until", "source", "file", "line", "table")
    found = ("plane", "verdict", "expected", "observed", "object", "because", "note", "evidence", "repair")
    return Outcome(
        requirement=Requirement(
            **{key: told[key] for key in own}, claim=told["id"].rpartition("/")[2], columns=tuple(told["columns"])
        ),
        **{key: told[key] for key in found},
        findings=tuple(map(_finding, told["findings"])),
        waiver=_waiver(told["waiver"]) if "waiver" in told else None,
        tolerated=told.get("tolerated", ""),
    )


def _waiver(told: Mapping[str, Any]) -> Waiver:
    return Waiver(**{**told, "shape": tuple(told["shape"])})


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(
        fingerprint=told["fingerprint"],
        message=told["message"],
        location=told["location"]["object"],
        witness=told["witness"],
        witnesses=tuple(told["witnesses"]),
        total=told["total"],
        script=told.get("script"),
        **_placed(told["location"]),
        frame=told.get("frame"),
        repair=told.get("repair"),
        tolerated="tolerated" in told,
    )


def _placed(location: Mapping[str, Any]) -> Mapping[str, Any]:
    """The place in a file, which the finding of a lint has."""
    return {key: location[key] for key in ("file", "line", "column")} if "column" in location else {}


def _breach(told: Mapping[str, Any]) -> Breach:
    """Of the requirement a report tells the id and the level, and nobody shows more."""
    return Breach(
        requirement=Requirement(
            id=told["id"],
            claim=told["id"].rpartition("/")[2],
            kind="invariant",
            level=told["level"],
            source="",
            since="",
            until=None,
            table="",
            columns=(),
        ),
        **{key: told[key] for key in ("expected", "enforced_by", "entry", "detail", "script")},
    )


def _twice(document: Mapping[str, Any]) -> str | None:
    seen: set[str] = set()
    for number, outcome in enumerate(document["outcomes"]):
        if outcome["id"] in seen:
            return f"outcomes[{number}].id is that of an outcome before it"
        seen.add(outcome["id"])
    return None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object no key of which stands twice: two readers could take two things from it."""
    listed = list(pairs)
    found = dict(listed)
    if len(found) < len(listed):
        raise ValueError("a key stands twice")
    return found
