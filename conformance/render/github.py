"""Workflow commands: annotations of a GitHub run, below what a terminal would show in short.

A run shows ten annotations of a kind and drops the rest in silence: the worst come first, and where there are more, the
tenth says how many. `must` is an error, `should` a warning, `may`, what is waived and what the baseline has too a
notice; what could not be evaluated counts as what fails, and says so.

Text that a stranger chose cannot become a command: within one it is escaped, and the lines before stand between
`::stop-commands::` and a token that follows from them, so that they cannot hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from conformance.model.report import Report
from conformance.render.layout import PLAIN, Look, inert
from conformance.render.results import Result, place_of, results
from conformance.render.text import summary

FORMAT = "github"
SUFFIX = ".github.txt"

MOST = 10
_KINDS = ("error", "warning", "notice")
_LONGEST = 4_000
_LONGEST_TITLE = 250


def render(report: Report, look: Look = PLAIN) -> str:
    """The summary, inert, and then the commands, a line each."""
    told = summary(report) + "".join(f"note: {inert(remark)}\n" for remark in report.notes)
    token = sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    lines = [f"::stop-commands::{token}", *told.splitlines(), f"::{token}::"]
    of_kind: dict[str, list[Result]] = {kind: [] for kind in _KINDS}
    for result in results(report):
        of_kind[_kind(result)].append(result)
    for kind, found in of_kind.items():
        lines += _annotations(kind, found)
    if not any(found for kind, found in of_kind.items() if kind == "error") and report.exit_code:
        lines.append(_command("error", "; ".join(report.reasons), title="conformance"))
    return "\n".join(lines) + "\n"


def _kind(result: Result) -> str:
    return "notice" if result.excused else _KINDS[result.severity]


def _annotations(kind: str, found: Sequence[Result]) -> Iterator[str]:
    shown = found if len(found) <= MOST else found[: MOST - 1]
    for result in shown:
        file, line = place_of(result)
        yield _command(kind, result.message, title=result.outcome.requirement.id, file=file, line=str(line))
    if more := len(found) - len(shown):
        which = f"{kind}s, worst first; the report in another format names them"
        yield _command(kind, f"and {more:,} more {which}", title="conformance")


def _command(kind: str, message: str, **properties: str) -> str:
    told = {key: _property(_bounded(inert(value), _LONGEST_TITLE)) for key, value in properties.items()}
    return f"::{kind} {','.join(f'{key}={value}' for key, value in told.items())}::{_data(_bounded(message, _LONGEST))}"


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _data(text: str) -> str:
    for character, escape in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, escape)
    return text


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
