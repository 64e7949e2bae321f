"""The lints put to migration files: every hazard with its place, what suppresses it, and an outcome for each lint."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from conformance.deeds.ledger import Ledger
from conformance.fingerprints import fingerprints
from conformance.model.contract import FIRST_MIGRATION, Level, Requirement
from conformance.model.deed import Deed, Span
from conformance.model.lint import NEWEST, Documented, Hit, Place, Script, Statement
from conformance.model.outcome import Finding, Outcome, Verdict
from conformance.model.record import Record, replace
from conformance.registry import Lint, lints, title
from conformance.render.layout import cells, inert
from conformance.suppressing import Suppressing

PLANE = "lint"
LEVEL_OF: dict[str, Level] = {"error": "must", "warning": "should", "note": "may"}
SUPPRESSIONS = "A901"
"""The code of what is wrong with a suppression: found here, because it hangs on what all other lints say."""

_NOTHING = Documented()
_BEGINS = ("begin", "start transaction")
_ENDS = ("commit", "end", "rollback", "abort")
_SHOWN = 6
_BREAK = re.compile("\n")
_LONGEST_LINE, _NEAR = 500, 80
"""How many characters of a line are shown, and how many of them in front of the place."""


@lru_cache(maxsize=4)
def _breaks(text: str) -> array[int]:
    """Where the lines of a text end: found once, and not for each of many findings."""
    return array("Q", (match.start() for match in _BREAK.finditer(text)))


class Found(Record):
    """A hit at its place in a file; `start` and `end` are offsets in the file's text, `at` is that of the statement.
    `part` is that of the statement which it is in, `subject` what the statement does and to what. `excused` is the
    reason of the comment that suppresses it."""

    code: str
    script: Script
    start: int
    end: int
    hit: Hit
    at: int = 0
    part: Span = Span(start=0, end=0)
    subject: str = ""
    excused: str | None = None

    @property
    def line(self) -> int:
        """From 1."""
        return bisect_left(_breaks(self.script.text), self.start) + 1

    @property
    def column(self) -> int:
        """From 1, in characters."""
        breaks = _breaks(self.script.text)
        line = bisect_left(breaks, self.start)
        return self.start - (breaks[line - 1] if line else -1)

    @property
    def place(self) -> str:
        """`0013_documents.sql:7:1`."""
        return f"{self.script.file}:{self.line}:{self.column}"


def hazards(
    scripts: Sequence[Script],
    *,
    assume_transaction: bool = False,
    major: int = NEWEST,
    rows: Mapping[str, int] = MappingProxyType({}),
    documented: Documented = _NOTHING,
) -> list[Found]:
    """Everything that the lints find in files that run in this order on a server of this major, those that are
    suppressed among them; `rows` says how many some of the tables have, `documented` what they should be like."""
    known = Ledger((deed for script in scripts for statement in script.statements for deed in statement.deeds), rows)
    found: list[Found] = []
    for before, script in zip([None, *scripts], scripts, strict=False):
        known.begin_file(script)
        previous = before.number if before else None
        whole = assume_transaction or script.whole
        raw = list(_of_file(script, known, documented, previous, major, whole=whole))
        found += sorted(_suppressed(script, raw), key=lambda one: (one.start, one.code))
    return found


def _of_file(
    script: Script, known: Ledger, documented: Documented, previous: int | None, major: int, *, whole: bool
) -> Iterator[Found]:
    transaction = whole
    for number, statement in enumerate(script.statements):
        for deed in statement.deeds:
            if deed.verb in _BEGINS:
                transaction = True
                known.begin_transaction()
            place = Place(script=script, statement=statement, number=number, deed=deed, known=known,
                          transaction=transaction, previous=previous, major=major,
                          documented=documented)  # fmt: skip
            hits = [(code, hit) for code, lint in lints().items() for hit in lint.look(place)]
            yield from _placed(script, statement, deed, hits)
            known.enter(deed)
            if deed.verb in _ENDS:
                transaction = whole
            if not transaction:
                known.begin_transaction()


def _placed(script: Script, statement: Statement, deed: Deed, hits: Sequence[tuple[str, Hit]]) -> Iterator[Found]:
    """The hits of one deed, each with the smallest part of it that is known: a column, a constraint or an action."""
    if not hits:
        return
    at, subject = statement.offset, f"{deed.verb}\n{deed.name}\n{deed.table}"
    spans = [one.span for one in deed.definitions] + [one.span for one in deed.constraints]
    parts = sorted(spans + [one.span for one in deed.actions], key=lambda span: span.start)
    starts = [span.start for span in parts]
    for code, hit in hits:
        nearest = bisect_right(starts, hit.span.start) - 1
        part = parts[nearest] if nearest >= 0 and hit.span.end <= parts[nearest].end else deed.span
        yield Found(code=code, script=script, start=at + hit.span.start, end=at + hit.span.end, hit=hit, at=at,
                    part=Span(start=at + part.start, end=at + part.end), subject=subject)  # fmt: skip


def _suppressed(script: Script, found: Sequence[Found]) -> Iterator[Found]:
    """The hits, each with what suppresses it, and those about the suppressions themselves."""
    offsets = [statement.offset for statement in script.statements]
    suppressing = Suppressing(script)
    for one in found:
        number = bisect_right(offsets, one.start) - 1
        yield replace(one, excused=suppressing.reason(number, one.code))
    for comment, why in suppressing.wrong():
        yield Found(code=SUPPRESSIONS, script=script, start=comment.span.start, end=comment.span.end,
                    hit=Hit(span=comment.span, message=why))  # fmt: skip


def outcomes(found: Sequence[Found], files: int) -> tuple[Outcome, ...]:
    """One outcome a lint: what it found, and what of that is suppressed."""
    by_code: dict[str, list[Found]] = {}
    for one in found:
        by_code.setdefault(one.code, []).append(one)
    return tuple(_outcome(code, lint, by_code.get(code, ()), files) for code, lint in lints().items())


def _outcome(code: str, lint: Lint, found: Sequence[Found], files: int) -> Outcome:
    open_, excused = [o for o in found if o.excused is None], [o for o in found if o.excused is not None]
    notes = [f"{one.place} suppressed: {one.excused}" for one in excused[:_SHOWN]]
    if len(excused) > _SHOWN:
        notes.append(f"and {len(excused) - _SHOWN} more")
    return Outcome(
        requirement=_requirement(code, lint, found),
        plane=PLANE,
        verdict=_verdict(open_, excused),
        expected=f"none of: {title(lint.__doc__)}",
        observed=_places(open_ or excused),
        note="; ".join(notes),
        evidence={"examined": files},
        findings=tuple(_findings(open_)),
    )


def _verdict(found: Sequence[Found], excused: Sequence[Found]) -> Verdict:
    if found:
        return "indeterminate" if all(one.hit.unsure for one in found) else "fail"
    return "waived" if excused else "pass"


def _places(found: Sequence[Found]) -> str:
    count = len({one.script.file for one in found})
    files = f"{count} file" + ("s" if count != 1 else "")
    return f"{len(found)} place{'s' if len(found) != 1 else ''} in {files}" if found else "none"


def _requirement(code: str, lint: Lint, found: Sequence[Found]) -> Requirement:
    return Requirement(
        id=code,
        claim=code,
        kind=PLANE,
        level=LEVEL_OF[lint.LEVEL],
        source=f"conformance explain {code}",
        since=FIRST_MIGRATION,
        until=None,
        table="",
        columns=(),
        file=found[0].script.file if found else "",
        line=found[0].line if found else 0,
    )


def _findings(found: Sequence[Found]) -> Iterator[Finding]:
    for one, fingerprint in zip(found, fingerprints(found), strict=True):
        yield Finding(
            fingerprint=fingerprint,
            message=one.hit.message,
            location=one.place,
            file=one.script.file,
            line=one.line,
            column=one.column,
            frame=frame(one),
            repair=one.hit.rewrite or None,
        )


def frame(found: Found) -> str:
    """The line of the file, and the place in it marked; of a place of several lines, the first; and of a line that is
    very long, what is near."""
    text = found.script.text
    first = text.rfind("\n", 0, found.start) + 1
    last = text.find("\n", found.start)
    last = last if last >= 0 else len(text)
    start, end = first, last
    if last - first > _LONGEST_LINE:
        start, end = max(first, found.start - _NEAR), min(last, found.start + _LONGEST_LINE - _NEAR)
    line = text[start:end].rstrip("\r")
    head, tail = "…" * (start > first), "…" * (end < last)
    before = inert(head + line[: found.start - start])
    marked = inert(line[found.start - start : found.end - start]) or " "
    number = str(found.line)
    return f"{number} | {head}{inert(line)}{tail}\n{' ' * len(number)} | {' ' * cells(before)}{'^' * cells(marked)}"
