"""A plan of repair as a script of SQL: what it is, what is left out, and each statement with what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.mending import comment
from conformance.model.repair import ALONE, PATIENT, REASONS, Left
from conformance.model.sql import identifier
from conformance.model.target import Target
from conformance.planning import Blind, Doing, Plan
from conformance.render.layout import Look, inert, wrapped

_SESSION = (
    "SET statement_timeout = 0;",
    "SET standard_conforming_strings = on;",
    "SET default_transaction_read_only = off;",
)
_TIMES_TRANSACTIONS = 17
_STANDBY = "It was looked at on a standby, where nothing can be changed: run it on the primary."
_BRIEF, _LONG = "2s", "10min"
_SHOWN = 4

_ALONE = (
    "Indexes are built and dropped beside the work. PostgreSQL refuses these within a transaction; they wait for others"
    " to end, and nobody waits behind them."
)
_PATIENT = "Rows are proven while everybody reads and writes. Nobody waits behind these."
_HOW = "Run it in one session, each statement by itself, outside of a transaction, and stop where one fails:"
_AGAIN = (
    "It can be run again at any point: what is done is passed over, and what was interrupted is finished. No row is"
    " changed, moved or deleted. What is dropped are constraints, indexes and triggers that depart, and in whose place"
    " another one stands."
)
_SHORT = "Short locks: no row is read under them, and none is written anew."


def script(plan: Plan, target: Target, tool: str, profile: str, through: str, taken: str) -> str:
    """The script, its head included."""
    parts = [_head(plan, target, tool, profile, through, taken), *_left(plan.left), *_blind(plan.blind)]
    if plan.doing:
        parts.append("\n".join(_session(target)))
        parts += _statements(plan.doing)
    return "\n\n".join(parts) + "\n"


def _session(target: Target) -> Iterator[str]:
    """What the session may begin with, and would stop a statement or give its words another meaning."""
    path = dict.fromkeys(("pg_catalog", *target.schemas))
    yield f"SET search_path = {', '.join(map(identifier, path))};"
    yield from _SESSION
    if target.major >= _TIMES_TRANSACTIONS:
        yield "SET transaction_timeout = 0;"


def _head(plan: Plan, target: Target, tool: str, profile: str, through: str, taken: str) -> str:
    if target.origin.startswith("the snapshot"):
        looked = f"{target.address}, {target.origin}"
    else:
        looked = f"{target.address}, looked at {taken}"
    counted = f"{_several(len(plan.mends), 'requirement')} mended by {_several(len(plan.doing), 'statement')}"
    left = sum(len(one.leaves) for one in plan.left)
    lines = [
        _said(f"Mends what departs from Astra's schema through {through}, profile {profile}."),
        _said(f"Made by {tool}: conformance repair. For {looked}."),
        _said(f"{counted}; {left} left out." if plan.doing else f"Nothing is mended, {left} left out."),
        *(_said(f"{words}: {shown(plan.passed_over)}.") for words in _passed_over(plan)),
    ]
    if plan.doing:
        lines += [_said(_STANDBY)] if target.in_recovery else []
        lines += ["--", _said(_HOW), "--   psql -X -v ON_ERROR_STOP=1 -f repair.sql URL", _said(_AGAIN)]
    return "\n".join(lines)


def _passed_over(plan: Plan) -> Iterator[str]:
    """What is to be said before the ids of what is not to be mended, where there is any."""
    if plan.passed_over:
        yield f"{_several(len(plan.passed_over), 'departure')} waived or not selected, not mended either"


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _left(left: Sequence[Left]) -> Iterator[str]:
    if left:
        yield "\n".join([_said("Left out:"), *(_said(line, "  ") for line in told(left))])


def told(left: Sequence[Left]) -> Iterator[str]:
    """What is left out, a line each."""
    for one in left:
        yield f"{shown(one.leaves)}: {REASONS[one.why]}: {one.reason}"


def _blind(blind: Sequence[Blind]) -> Iterator[str]:
    for why, several in _by_reason(blind).items():
        lines = [_said(f"Not looked for. Where there is one of these, a statement stops and changes nothing ({why}):")]
        lines += [_said(f"{one.stops} ({shown(one.mends)})", "  ") for one in several]
        yield "\n".join(lines)


def _by_reason(blind: Sequence[Blind]) -> dict[str, list[Blind]]:
    found: dict[str, list[Blind]] = {}
    for one in blind:
        found.setdefault(one.why, []).append(one)
    return found


def _briefly(blind: Sequence[Blind]) -> Iterator[str]:
    """The same, or how many there are of one reason, where the head of the script has them all."""
    for why, several in _by_reason(blind).items():
        if len(several) > _SHOWN:
            yield f"{len(several)} kinds of things that may stop a statement, at the head of the script: {why}"
        else:
            yield from (f"{shown(one.mends)}: {one.stops}: {why}" for one in several)


def _statements(doing: Sequence[Doing]) -> Iterator[str]:
    """Each statement with its comment, behind a heading and a limit of waiting wherever another kind begins."""
    kind = ""
    for one in doing:
        own = _ALONE if one.step.stage in ALONE else _PATIENT if one.step.stage in PATIENT else _SHORT
        if own != kind:
            wait = _BRIEF if own == _SHORT else _LONG
            yield f"{_said(own)}\nSET lock_timeout = '{wait}';"
            kind = own
        yield "\n".join(
            [
                _said(f"{one.step.does} ({shown(one.mends)})"),
                _said(f"lock: {one.step.lock}", "  "),
                one.step.sql,
            ]
        )


def summary(plan: Plan, unlooked: Sequence[str], look: Look) -> str:
    """What is said on the terminal: what is mended, what is left out, and what nobody could look at."""
    lines = [f"{len(plan.mends)} mended, {sum(len(one.leaves) for one in plan.left)} left out"]
    for heading, items in (
        ("left out", told(plan.left)),
        ("not looked for", _briefly(plan.blind)),
        ("passed over", (f"{words}: {shown(plan.passed_over)}" for words in _passed_over(plan))),
        ("could not be looked at", ([shown(unlooked)] if unlooked else [])),
    ):
        for item in items:
            first, *rest = wrapped(f"{heading}  {inert(item)}", max(look.width - 4, 20))
            lines += [first, *(f"    {line}" for line in rest)]
    return "".join(f"{line}\n" for line in lines)


def shown(ids: Sequence[str]) -> str:
    """A few ids, and how many more."""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more


def _said(text: str, indent: str = "") -> str:
    """A comment. What a stranger chose in it is inert, and no line of it says anything to the linter."""
    harmless = inert(text).replace("conformance:", "conformance :")
    return comment(harmless).replace("-- ", f"-- {indent}") if indent else comment(harmless)
