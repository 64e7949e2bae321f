"""HTML: one file for whoever has to decide or to sign; it asks for nothing from outside.

The verdict comes first, with what it is the verdict of; then what to do, what was not examined, and everything, all of
it readable without JavaScript. A policy in the file lets run only the style and the script that we wrote, by their
hashes; text of strangers is escaped, and characters that are not printable are shown as escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.render.layout import PLAIN, Look

if TYPE_CHECKING:
    from conformance.model.report import Report

FORMAT = "html"
SUFFIX = ".html"


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as one HTML document."""
    from conformance.render.html.document import document  # no other format waits for it

    return document(report)
