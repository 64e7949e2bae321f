"""The verdicts, migration by migration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conformance.model.contract import LAST_MIGRATION
from conformance.model.report import Report
from conformance.render.html.words import VERDICT_WORDS, shown

_FIRST_DOCUMENTED = "0013"


def matrix(report: Report) -> str:
    """A row for each documented migration, whether or not anything is asked of it, and for what else there is."""
    counts = Counter[tuple[str, str]]((o.requirement.since, o.verdict) for o in report.outcomes)
    documented = [f"{number:04d}" for number in range(int(_FIRST_DOCUMENTED), int(LAST_MIGRATION) + 1)]
    others = sorted({since for since, _ in counts} - {*documented})
    rows = "".join(_row(since, counts) for since in sorted([*documented, *others]))
    head = "".join(f'<th scope=col class="{key}">{word}' for key, word in VERDICT_WORDS.items())
    return (
        "<section id=migrations aria-labelledby=h-migrations><h2 id=h-migrations>By migration</h2>"
        "<p>Each requirement is counted under the migration that brings it. A dot says that nothing has this verdict;"
        " a row of dots asks nothing in this profile and plane.</p>"
        f"<table class=matrix><thead><tr><th scope=col>migration{head}<tbody>{rows}</table></section>"
    )


def _row(since: str, counts: Counter[tuple[str, str]]) -> str:
    total = sum(counts[since, verdict] for verdict in VERDICT_WORDS)
    name = shown(since)
    head = f'<a href="#m{name}">{name}</a>' if total else name
    return f"<tr><th scope=row>{head}{''.join(_cells(since, counts))}"


def _cells(since: str, counts: Counter[tuple[str, str]]) -> Iterator[str]:
    for verdict in VERDICT_WORDS:
        if count := counts[since, verdict]:
            yield (
                f'<td class="{verdict}"><a href="#m{shown(since)}" data-migration="{shown(since)}"'
                f" data-verdict={verdict}>{count:,}</a>"
            )
        else:
            yield "<td class=none>·"
