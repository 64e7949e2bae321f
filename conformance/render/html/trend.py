"""How the counts went from run to run: bars that a person sees, and a table that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.model.report import Past, Report
from conformance.render.html.words import VERDICT_WORDS, plural, shown

_DRAWN = ("fail", "indeterminate", "waived")
"""From the axis up. What passes is a thousand times as many, and stands in the table."""
_MOST = 60
_WIDTH, _HEIGHT, _LEFT, _FOOT = 720, 200, 44, 24


def trend(report: Report) -> str:
    """Nothing where no other run is known."""
    if not report.history:
        return ""
    own = Past(started=report.started, verdict=report.verdict, counts=report.counts())
    runs = sorted([*report.history, own], key=lambda run: run.started)
    rows = "".join(_row(run, own) for run in reversed(runs))
    head = "".join(f'<th scope=col class="{key}">{word}' for key, word in VERDICT_WORDS.items())
    earlier = f" The last {_MOST} of them are drawn." if len(runs) > _MOST else ""
    return (
        "<section id=trend aria-labelledby=h-trend><h2 id=h-trend>Over time</h2>"
        f"<p>{plural(len(runs), 'run')} of the same question on the same database.{earlier}</p>"
        f"<figure class=trend>{_drawn(runs[-_MOST:])}<ul class=key>{_key()}</ul></figure>"
        f"<details><summary>The same in numbers</summary><table class=matrix><thead><tr><th scope=col>run{head}"
        f"<tbody>{rows}</table></details></section>"
    )


def _key() -> str:
    return "".join(f'<li class="{verdict}">{VERDICT_WORDS[verdict]}' for verdict in _DRAWN)


def _row(run: Past, own: Past) -> str:
    cells = "".join(
        f'<td class="{verdict}">{run.counts[verdict]:,}' if run.counts[verdict] else "<td class=none>·"
        for verdict in VERDICT_WORDS
    )
    this = " (this report)" if run is own else ""
    return f"<tr><th scope=row><time>{shown(run.started)}</time>{this}{cells}"


def _drawn(runs: Sequence[Past]) -> str:
    most = max(max(_height(run) for run in runs), 1)
    label = f"What departs and what was not examined, in {plural(len(runs), 'run')}: {_height(runs[0]):,} in the first"
    label += f", {_height(runs[-1]):,} in the last, {most:,} at most"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role=img aria-label="{label}">'
        f"{_axis(runs, most)}{''.join(_bars(runs, most))}</svg>"
    )


def _height(run: Past) -> int:
    return sum(run.counts[verdict] for verdict in _DRAWN)


def _axis(runs: Sequence[Past], most: int) -> str:
    low = _HEIGHT - _FOOT
    first, last = shown(runs[0].started[:10]), shown(runs[-1].started[:10])
    return (
        f'<path d="M{_LEFT} 8V{low}H{_WIDTH}"/>'
        f'<text x="{_LEFT - 6}" y="16" class=end>{most:,}</text><text x="{_LEFT - 6}" y="{low}" class=end>0</text>'
        f'<text x="{_LEFT}" y="{_HEIGHT - 6}">{first}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 6}" class=end>{last}</text>'
    )


def _bars(runs: Sequence[Past], most: int) -> Iterator[str]:
    """A bar a run, of a piece for each verdict; what is not nothing is at least two units high."""
    step = (_WIDTH - _LEFT) / len(runs)
    low = _HEIGHT - _FOOT
    scale = (low - 8 - 2 * len(_DRAWN)) / most
    for place, run in enumerate(runs):
        top = float(low)
        pieces = []
        for verdict in _DRAWN:
            if count := run.counts[verdict]:
                height = max(count * scale, 2)
                top -= height
                pieces.append(
                    f'<rect class="{verdict}" x="{_LEFT + place * step + step * 0.15:.1f}" y="{top:.1f}"'
                    f' width="{min(step * 0.7, 40):.1f}" height="{height:.1f}"/>'
                )
        told = ", ".join(f"{run.counts[verdict]:,} {VERDICT_WORDS[verdict]}" for verdict in _DRAWN)
        yield f"<g><title>{shown(run.started)}: {told}</title>{''.join(pieces)}</g>"
