"""The report of `conformance level`, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.level import FORMAT as LEVEL_FORMAT
from conformance.model.level import VERSION, Claim, Ledger, Mark, Reached, Stage, Trace
from conformance.render.colours import BAD, CLEAN, GOOD, HEAD, UNSEEN, painted
from conformance.render.encoded import indented
from conformance.render.json import target
from conformance.render.layout import Look, inert, labelled, muted
from conformance.render.text import connected

_SHOWN = 8
_COLOURS = {"reached": GOOD, "half applied": BAD, "partly undone": BAD, "undone": BAD, "unknown": UNSEEN}
_WORDS: dict[str, tuple[Mark, ...]] = {
    "there": ("there", "early"),
    "missing": ("missing",),
    "taken": ("taken away",),
    "left": ("left",),
    "unseen": ("unknown",),
}
_MIXED = ("half applied", "partly undone", "undone", "unknown")
_UNTOLD = "untold: nothing that is asked for would show it"


def as_text(found: Reached, look: Look) -> str:
    """The level, each migration, and what each ledger says of them."""
    strict = "" if found.threshold == "must" else f", {found.threshold} shows it too"
    lines = [inert(found.tool)]
    lines += labelled("profile", f"{found.profile} ({found.profile_title}){strict}", look, 2)
    lines += connected(found.target, look)
    lines += labelled("time", f"{found.started}, {round(found.seconds, 3):.2f} s", look, 2)
    lines += [line for remark in found.remarks for line in labelled("note", remark, look, 2)]
    lines += ["", *(line for stage in found.stages for line in _stage(stage, look)), ""]
    lines += [*_ledgers(found, look), ""]
    return muted("\n".join([*lines, *_verdict(found, look)])) + "\n"


def _verdict(found: Reached, look: Look) -> Iterator[str]:
    clean = found.exit_code == 0
    reached = "no migration" if found.level is None else found.level
    yield painted(CLEAN if clean else HEAD, f"reached: {reached}", look) + (", cleanly" if clean else "")
    for reason in found.reasons:
        yield painted(BAD, f"exit {found.exit_code}:", look) + f" {inert(reason)}"


def _stage(stage: Stage, look: Look) -> Iterator[str]:
    state = _UNTOLD if stage.state == "untold" else stage.state
    yield f"  {stage.name.ljust(12)}  {painted(_COLOURS.get(stage.state, ''), state, look)}"
    if stage.state in _MIXED:
        for label, marks in _WORDS.items():
            if traces := stage.marked(*marks):
                yield from labelled(label, _listed(traces), look)


def _listed(traces: Sequence[Trace]) -> str:
    heads = roots(traces)
    rest = len(traces) - len(heads)
    text = ", ".join(trace.id for trace in heads[:_SHOWN])
    text += f" and {len(heads) - _SHOWN} more" if len(heads) > _SHOWN else ""
    text += (
        f", with {rest} that {'goes' if rest == 1 else 'go'} with {'it' if len(heads) == 1 else 'them'}" if rest else ""
    )
    notes = {trace.note for trace in heads if trace.mark == "unknown"}
    return f"{text} ({'; '.join(sorted(notes))})" if notes else text


def roots(traces: Sequence[Trace]) -> list[Trace]:
    """Those that do not go with a table or a column that is among them."""
    parts = [trace.id.split("/") for trace in traces]
    tables = {subject for _, subject, claim in parts if claim == "table"}
    columns = {subject for _, subject, claim in parts if claim == "column"}
    found = []
    for trace, (_, subject, claim) in zip(traces, parts, strict=True):
        table, _, names = subject.partition(".")
        with_table = claim != "table" and table in tables
        with_column = claim != "column" and any(f"{table}.{name}" in columns for name in names.split("+"))
        if not with_table and not with_column:
            found.append(trace)
    return found


def _ledgers(found: Reached, look: Look) -> Iterator[str]:
    if found.ledgers is None:
        yield from labelled("ledger", "none was looked for: a snapshot holds no rows", look, 2)
    elif not found.ledgers:
        tools = "golang-migrate, Flyway, Alembic, goose, dbmate and sqitch"
        yield from labelled("ledger", f"there is none of {tools}", look, 2)
    for ledger in found.ledgers or ():
        yield from labelled("ledger", f"{ledger.table} ({ledger.tool}): {_recorded(ledger)}", look, 2)
        for line in ledger.disagrees:
            yield from labelled("", line, look, 2)
        if not ledger.counts and not ledger.unread:
            yield from labelled("", "it lies elsewhere than the tables, and is not held against them", look, 2)


def _recorded(ledger: Ledger) -> str:
    if ledger.unread:
        return f"not read: {ledger.unread}"
    claim = ledger.claim
    parts = [f"all to {claim.through}"] if claim.through and claim.through != "0000" else []
    parts += [", ".join(_runs(sorted(claim.run)))] if claim.run else []
    parts += [f"{', '.join(claim.failed)} broken off"] if claim.failed else []
    if claim.foreign:
        shown = ", ".join(claim.foreign[:3])
        more = f" and {len(claim.foreign) - 3} more" if len(claim.foreign) > 3 else ""
        parts.append(
            f"{shown}{more}, which {'are no documented numbers' if claim.foreign[1:] else 'is no documented number'}"
        )
    return "; ".join(parts) or "nothing was run"


def _runs(numbers: Sequence[str]) -> Iterator[str]:
    """`0001 to 0012`, `0014`: neighbours in one."""
    first = last = numbers[0]
    for number in (*numbers[1:], ""):
        if number and int(number) == int(last) + 1:
            last = number
            continue
        yield first if first == last else f"{first} to {last}"
        first = last = number


def as_json(found: Reached) -> str:
    """The same with nothing left out, as one JSON object."""
    document = {
        "format": LEVEL_FORMAT,
        "version": VERSION,
        "tool": found.tool,
        "target": target(found.target),
        "profile": found.profile,
        "threshold": found.threshold,
        "started": found.started,
        "seconds": round(found.seconds, 3),
        "level": found.level,
        "exit_code": found.exit_code,
        "reasons": found.reasons,
        "remarks": found.remarks,
        "migrations": [_migration(stage) for stage in found.stages],
        "ledgers": None if found.ledgers is None else [_ledger(ledger) for ledger in found.ledgers],
    }
    return indented(document) + "\n"


def _migration(stage: Stage) -> dict[str, object]:
    traces = [
        {"id": trace.id, "mark": trace.mark, "note": trace.note, "because": trace.because} for trace in stage.traces
    ]
    return {"migration": stage.migration, "state": stage.state, "traces": traces}


def _ledger(ledger: Ledger) -> dict[str, object]:
    claim: Claim = ledger.claim
    return {
        "tool": ledger.tool,
        "table": ledger.table,
        "counts": ledger.counts,
        "unread": ledger.unread,
        "through": claim.through,
        "run": sorted(claim.run),
        "failed": claim.failed,
        "foreign": claim.foreign,
        "disagrees": ledger.disagrees,
    }
