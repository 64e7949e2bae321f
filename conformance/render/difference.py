"""What `conformance diff` says: for a person, and as JSON, whose schema is `reports/diff.schema.json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model.contract import LEVELS
from conformance.model.difference import KINDS, Comparison, Difference, Kind, folded
from conformance.model.outcome import Outcome
from conformance.model.report import Report
from conformance.model.shape import shapes
from conformance.render.colours import HEAD, painted
from conformance.render.encoded import indented
from conformance.render.layout import PLAIN, Look, inert, labelled, muted, wrapped

NAME = "astra-conformance-diff"
VERSION = 1

_HEADS: Mapping[Kind, str] = {
    "only a": "A has, and B has not",
    "only b": "B has, and A has not",
    "both depart": "both depart, in different ways",
    "both hold": "both have it, in different ways",
    "undecided": "could not be compared",
}
_COUNTED: Mapping[Kind, str] = {
    "only a": "only A has",
    "only b": "only B has",
    "both depart": "departed from in different ways",
    "both hold": "kept in different ways",
    "undecided": "that could not be compared",
}


def text(found: Comparison, look: Look = PLAIN) -> str:
    """The differences for a person: each root once, what follows from it counted."""
    lines = [*_header(found, look), ""]
    for kind in KINDS:
        if of := found.of(kind):
            lines += [painted(HEAD, _HEADS[kind], look), ""]
            for difference, followers in sorted(folded(of), key=_place):
                lines += [*_told(difference, followers, look), ""]
    return muted("\n".join([*lines, *wrapped(_summary(found), look.width), _last(found)])) + "\n"


def json(found: Comparison) -> str:
    """The differences for a program."""
    counts = Counter(difference.kind for difference in found.differences)
    record = {
        "format": NAME,
        "version": VERSION,
        "tool": found.a.tool if found.a.tool == found.b.tool else f"{found.a.tool}, {found.b.tool}",
        "profile": found.a.profile,
        "through": found.a.through,
        "a": _side(found.a),
        "b": _side(found.b),
        "exit_code": found.exit_code,
        "summary": {"same": found.same, **{_key(kind): counts[kind] for kind in KINDS}},
        "not_compared": found.apart,
        "differences": [_record(difference) for difference in found.differences],
    }
    return indented(record) + "\n"


def _key(kind: Kind) -> str:
    return kind.replace(" ", "_")


def _side(report: Report) -> dict[str, Any]:
    target = report.target
    return {
        "address": target.address,
        "origin": target.origin,
        "server_version": target.server_version,
        "started": report.started,
    }


def _record(difference: Difference) -> dict[str, Any]:
    requirement = difference.told.requirement
    return {
        "id": requirement.id,
        "level": requirement.level,
        "since": requirement.since,
        "expected": difference.told.expected,
        "difference": _key(difference.kind),
        "because": difference.because,
        "a": _outcome(difference.a),
        "b": _outcome(difference.b),
    }


def _outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    shaped = {"shape": shapes(outcome)} if outcome.verdict in ("fail", "waived") else {}
    return {"verdict": outcome.verdict, "observed": outcome.observed, "note": outcome.note, **shaped}


def _header(found: Comparison, look: Look) -> Iterator[str]:
    yield inert(found.a.tool)
    profile = f"{found.a.profile} ({found.a.profile_title}), through {found.a.through}"
    yield from labelled("profile", profile, look, 2)
    for name, report in (("A", found.a), ("B", found.b)):
        target = report.target
        server = f", PostgreSQL {target.server_version}" if target.session_user else ""
        yield from labelled(name, f"{target.address} ({target.origin}){server}", look, 2)
    if found.apart:
        yield from labelled("note", f"only one side was looked at in: {', '.join(found.apart)}", look, 2)


def _told(difference: Difference, followers: int, look: Look) -> Iterator[str]:
    requirement = difference.told.requirement
    yield f"  {requirement.level}  {inert(requirement.id)}"
    yield from labelled("expected", difference.told.expected, look)
    for name, outcome in (("A", difference.a), ("B", difference.b)):
        if outcome is None:
            yield from labelled(name, "not asked about", look)
            continue
        note = f" ({outcome.note})" if outcome.note else ""
        yield from labelled(name, f"{outcome.verdict}: {outcome.observed}{note}", look)
    if followers:
        yield f"    and {followers:,} that follow{'s' * (followers == 1)} from it"


def _place(found: tuple[Difference, int]) -> tuple[str, int, str]:
    requirement = found[0].told.requirement
    return requirement.since, LEVELS.index(requirement.level), requirement.id


def _summary(found: Comparison) -> str:
    counts = Counter(difference.kind for difference in found.differences)
    told = [f"{counts[kind]:,} {_COUNTED[kind]}" for kind in KINDS if counts[kind]]
    return ", ".join([f"{found.same:,} requirements the same", *told])


def _last(found: Comparison) -> str:
    words = {
        0: "they do not differ",
        1: "they differ",
        3: "nothing differs, as far as could be looked at" if found.differences else "nothing was compared",
    }
    return f"exit {found.exit_code}: {words[found.exit_code]}"
