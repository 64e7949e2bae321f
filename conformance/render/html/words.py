"""Text in HTML: escaped, inert, and as short as it can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from conformance.model.contract import LEVELS
from conformance.model.outcome import Outcome
from conformance.render.layout import inert

VERDICT_WORDS = {
    "fail": "fail",
    "indeterminate": "indeterminate",
    "waived": "waived",
    "not-applicable": "not applicable",
    "pass": "pass",
}
"""The verdicts in the order in which a person wants them, in words."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def shown(text: str) -> str:
    """The text for an element or a quoted attribute. What is not printable is a visible escape."""
    text = inert(text)
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace('"', "&quot;").replace("'", "&#39;")
    if "::" in text or "##[" in text:  # where a runner prints the page in its log, it would take these for commands
        text = text.replace("::", "&#58;:").replace("##[", "#&#35;[")
    return text


def cell(text: str) -> str:
    """The same for a cell of a table, which a spreadsheet that it is copied into does not take for a formula."""
    return shown(f"'{text}" if text.startswith(_FORMULA) else text)


def shown_lines(text: str) -> str:
    """The same for a text whose line feeds are meant."""
    return "\n".join(shown(line) for line in text.split("\n"))


def code(text: str) -> str:
    return f"<code>{shown(text)}</code>"


def by_level(outcomes: Iterable[Outcome]) -> str:
    """`2 must, 1 should`."""
    found = Counter(outcome.requirement.level for outcome in outcomes)
    return ", ".join(f"{found[level]:,} {level}" for level in LEVELS if found[level])


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
