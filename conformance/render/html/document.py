"""The document as a whole, and the policy that it carries."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from conformance.model.report import Report
from conformance.render.html.cards import by_verdict, not_enforced, to_do, tolerated, waived
from conformance.render.html.details import anchors
from conformance.render.html.diagram import diagram
from conformance.render.html.everything import everything
from conformance.render.html.matrix import matrix
from conformance.render.html.provenance import provenance
from conformance.render.html.trend import trend
from conformance.render.html.unexamined import not_examined
from conformance.render.html.verdict import headline, notes, verdict
from conformance.render.html.words import shown

_PARTS = {
    "to-do": "What to do",
    "not-examined": "What was not examined",
    "tolerated": "Tolerated",
    "waived": "Waived",
    "not-enforced": "Not enforced",
    "trend": "Over time",
    "migrations": "By migration",
    "tables": "Tables",
    "everything": "Everything",
    "how": "How this was found",
}


def document(report: Report) -> str:
    """The report as one HTML document: the same bytes for the same report."""
    style, script = _ours("report.css"), _ours("report.js")
    fragments = anchors(report)
    found = by_verdict(report)
    sections = (
        to_do(report, found["fail"], fragments),
        not_examined(report, found["indeterminate"], fragments),
        tolerated(report, found["tolerated"], fragments),
        waived(found["waived"], fragments),
        not_enforced(report.breaches, fragments),
        notes(report),
        trend(report),
        matrix(report),
        diagram(report, fragments),
        everything(report, fragments),
        provenance(report),
    )
    body = "".join(sections)
    parts = "".join(f"<li><a href=#{key}>{word}</a>" for key, word in _PARTS.items() if f"<section id={key} " in body)
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return (
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
        f'<meta http-equiv=Content-Security-Policy content="{policy}">\n'
        '<meta name=viewport content="width=device-width, initial-scale=1">\n<meta name=referrer content=no-referrer>\n'
        f"<title>{shown(f'{headline(report)}: {report.target.address}')} – Astra conformance</title>\n"
        f"<style>{style}</style>\n<body>\n{verdict(report)}\n<nav aria-label=Parts><ul>{parts}</ul></nav>\n<main>\n"
        + "\n".join(filter(None, sections))
        + f"\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _ours(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"
