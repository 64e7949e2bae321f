"""A cycle among the witnesses, drawn: its members in a ring, by number, and which number is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import atan2, cos, pi, sin

from conformance.render.html.words import code, plural

_PATH = re.compile(r"[^\s→]+(?: → [^\s→]+)+")
_MOST = 8
_SIZE = 180
_RING = 62
_NODE = 15


def drawn(witness: str) -> str:
    """The drawing, where the witness is a path that ends where it began; else nothing."""
    if not _PATH.fullmatch(witness):
        return ""
    *members, last = witness.split(" → ")
    if last != members[0]:
        return ""
    left_out = len(members) - _MOST
    kept = members if left_out <= 0 else [*members[: _MOST - 1], members[-1]]
    labels = [str(number) for number in range(1, len(kept) + 1)]
    if left_out > 0:
        labels[-1] = str(len(members))
    names = "".join(f"<li value={label}>{code(name)}" for label, name in zip(labels, kept, strict=True))
    said = f"<figcaption>A cycle of {len(members):,}" + (
        f"; {left_out:,} between {labels[-2]} and {labels[-1]} are not drawn" if left_out > 0 else ""
    )
    return (
        f"<figure class=cycle>{_ring(labels, len(members), left_out > 0)}{said}<ol>{names}</ol></figcaption></figure>"
    )


def _ring(labels: Sequence[str], length: int, gap: bool) -> str:
    half = _SIZE / 2
    if len(labels) == 1:
        arrows = f'<path d="M{half - 9:.0f} {half - 12:.0f}C{half - 50:.0f} {half - 80:.0f} {half + 50:.0f}'
        arrows += f' {half - 80:.0f} {half + 9:.0f} {half - 12:.0f}"/>' + _head(half + 9, half - 12, pi * 0.68)
        places = [(half, half)]
    else:
        angles = [2 * pi * place / len(labels) - pi / 2 for place in range(len(labels))]
        places = [(half + _RING * cos(angle), half + _RING * sin(angle)) for angle in angles]
        arrows = "".join(
            _arrow(places[n], places[(n + 1) % len(places)], dashed=gap and n == len(places) - 2)
            for n in range(len(places))
        )
    nodes = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_NODE}"/><text x="{x:.1f}" y="{y + 4.5:.1f}">{label}</text>'
        for (x, y), label in zip(places, labels, strict=True)
    )
    title = f"A cycle of {plural(length, 'member')}"
    return f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img" aria-label="{title}">{arrows}{nodes}</svg>'


def _arrow(tail: tuple[float, float], head: tuple[float, float], *, dashed: bool) -> str:
    """A bow from one circle's rim to another's, so that the two arrows of a pair lie apart."""
    (x, y), (to_x, to_y) = tail, head
    length = max(((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5, 1)
    along, across = ((to_x - x) / length, (to_y - y) / length), (-(to_y - y) / length, (to_x - x) / length)
    bend = 0.16 * length
    middle = (x + along[0] * length / 2 - across[0] * bend, y + along[1] * length / 2 - across[1] * bend)
    start, end = _towards(tail, middle, _NODE), _towards(head, middle, _NODE + 2)
    turned = atan2(end[1] - middle[1], end[0] - middle[0])
    style = " class=gap" if dashed else ""
    curve = f"M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return f'<path{style} d="{curve}"/>' + _head(*end, turned)


def _towards(point: tuple[float, float], other: tuple[float, float], far: float) -> tuple[float, float]:
    length = max(((other[0] - point[0]) ** 2 + (other[1] - point[1]) ** 2) ** 0.5, 1)
    return point[0] + (other[0] - point[0]) / length * far, point[1] + (other[1] - point[1]) / length * far


def _head(x: float, y: float, turned: float) -> str:
    """The point of an arrow that comes in at this angle."""
    wings = [(x - 9 * cos(turned + side), y - 9 * sin(turned + side)) for side in (0.42, -0.42)]
    corners = " ".join(f"{a:.1f},{b:.1f}" for a, b in ((x, y), *wings))
    return f'<polygon points="{corners}"/>'
