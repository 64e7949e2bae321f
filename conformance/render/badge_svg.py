"""A badge as a picture: one small SVG without scripts and without anything from elsewhere.

It says what the endpoint for shields says, in two boxes. Its text is as wide as it is told to be, whatever the font.
"""

from __future__ import annotations

from html import escape

from conformance.model.report import Report
from conformance.render.badge import badge
from conformance.render.layout import PLAIN, Look

FORMAT = "badge-svg"
SUFFIX = ".svg"

_COLOURS = {"brightgreen": "#2f7d0b", "green": "#4f7a12", "red": "#b3261e", "orange": "#9a5b00", "yellow": "#7a6a00"}
_NARROW, _WIDE = "ijl:., ", "mwMW"


def render(report: Report, look: Look = PLAIN) -> str:
    """The badge, with its whole text as title and as label for those who do not see it."""
    shown = badge(report)
    left, right = _width(shown.label), _width(shown.message)
    whole = left + right + 40
    message = escape(shown.message)
    said = f"{shown.label}: {message}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img"'
        f' aria-label="{said}">\n'
        f"  <title>{said}</title>\n"
        f'  <rect width="{whole}" height="20" rx="3" fill="#444"/>\n'
        f'  <path d="M{left + 20} 0h{right + 17}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right + 17}z"'
        f' fill="{_COLOURS[shown.colour]}"/>\n'
        '  <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">\n'
        f'    <text x="10" y="14" textLength="{left}">{shown.label}</text>\n'
        f'    <text x="{left + 30}" y="14" textLength="{right}">{message}</text>\n'
        "  </g>\n"
        "</svg>\n"
    )


def _width(text: str) -> int:
    """About how wide Verdana of 11 pixels sets it."""
    return round(sum(4 if c in _NARROW else 10 if c in _WIDE else 6.9 for c in text))
