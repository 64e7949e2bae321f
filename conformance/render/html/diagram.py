"""The tables and their relations as a drawing, and the same as a table for whoever does not see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.model.report import Report
from conformance.render.html.placing import GAP_X, WIDTH, Box, placed
from conformance.render.html.relations import STATES, Relation, Table, relations, tables
from conformance.render.html.words import VERDICT_WORDS, cell, code, plural, shown
from conformance.render.layout import cells, inert

_MARGIN = 8
_LONGEST = 22
_MARKS = {"there": "✓", "missing": "∅", "wrong": "×", "undecided": "?", "waived": "◇"}


def diagram(report: Report, fragments: Mapping[str, str]) -> str:
    """The section; nothing where no outcome is about a table."""
    found = tables(report.outcomes)
    if not found:
        return ""
    edges = relations(report.outcomes)
    counted = ", ".join(
        f"{count} {state}" for state in STATES if (count := sum(table.state == state for table in found))
    )
    related = ", ".join(f"{count} {state}" for state in STATES if (count := sum(edge.state == state for edge in edges)))
    key = "".join(f"<li class={state}>{_MARKS[state]} {state}" for state in STATES)
    return (
        "<section id=tables aria-labelledby=h-tables><h2 id=h-tables>Tables and relations</h2>"
        f"<p>{plural(len(found), 'table')} of the contract: {counted}. "
        + (f"{plural(len(edges), 'relation')}: {related}. " if edges else "No relation was asked for. ")
        + "A line leads from the foreign key to the table that it refers to. A table is wrong where anything that must"
        " or should hold of it or of its columns does not."
        f"<ul class=key>{key}</ul>"
        f'<div class=scroll tabindex=0 role=region aria-label="Diagram of the tables">{_drawing(found, edges)}</div>'
        f"<details><summary>The relations as a table</summary>{_listed(edges, fragments)}</details></section>"
    )


def _drawing(found: Sequence[Table], edges: Sequence[Relation]) -> str:
    boxes = placed([table.name for table in found], [(edge.table, edge.parent) for edge in edges])
    drawn = [edge for edge in edges if edge.table in boxes and edge.parent in boxes]
    width = max(box.x for box in boxes.values()) + WIDTH + 2 * _MARGIN + GAP_X / 2
    height = max(box.y + box.height for box in boxes.values()) + 2 * _MARGIN
    lines = "".join(_lines(drawn, boxes))
    nodes = "".join(_node(table, boxes[table.name]) for table in found)
    return (
        f'<svg class=er viewBox="{-_MARGIN} {-_MARGIN} {width:.0f} {height:.0f}" width="{width:.0f}" role=img'
        f' aria-label="{plural(len(found), "table")} and {plural(len(drawn), "relation")};'
        f' the table below says the same">{lines}{nodes}</svg>'
    )


def _node(table: Table, box: Box) -> str:
    middle = box.y + box.height / 2
    counts = ", ".join(
        f"{table.counts[verdict]} {word}" for verdict, word in VERDICT_WORDS.items() if table.counts[verdict]
    )
    return (
        f"<g class={table.state}><title>{shown(table.name)}: {table.state}; {counts}</title>"
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" height="{box.height:.0f}" rx="5"/>'
        f'<text x="{box.x + 10:.0f}" y="{middle - 3:.0f}">{shown(_cut(table.name))}</text>'
        f'<text class=sub x="{box.x + 10:.0f}" y="{middle + 12:.0f}">'
        f"{_MARKS[table.state]} {table.state}{_beside(table)}</text></g>"
    )


def _beside(table: Table) -> str:
    total = sum(table.counts.values())
    if table.state == "there":
        return f", {plural(total, 'claim')}"
    departing = table.counts["fail"] or table.counts["indeterminate"] or table.counts["waived"]
    return f": {departing:,} of {plural(total, 'claim')}"


def _cut(name: str) -> str:
    """The name, no longer than its box."""
    name = inert(name)
    while cells(name) > _LONGEST:
        name = name[: min(_LONGEST, len(name) - 1) - 1].removesuffix("…") + "…"
    return name


def _lines(edges: Sequence[Relation], boxes: Mapping[str, Box]) -> Iterator[str]:
    """From the left side of what refers to the right side of what it refers to, each at a place of its own."""
    out, into = _ports(edges, boxes, of_child=True), _ports(edges, boxes, of_child=False)
    for number in sorted(range(len(edges)), key=lambda n: STATES.index(edges[n].state)):
        edge = edges[number]
        child, parent = boxes[edge.table], boxes[edge.parent]
        x, y = parent.x + WIDTH, into[number]
        if child.column > parent.column:
            start, bend = child.x, max((child.x - x) * 0.45, 30)
            path = f"M{start:.0f} {out[number]:.1f}C{start - bend:.0f} {out[number]:.1f}"
        else:  # a table that refers to itself, or a cycle of tables
            start, bend = child.x + WIDTH, 34
            path = f"M{start:.0f} {out[number]:.1f}C{start + bend:.0f} {out[number]:.1f}"
        path += f" {x + bend:.0f} {y:.1f} {x + 6:.0f} {y:.1f}"
        yield (
            f"<g class={edge.state}><title>{shown(f'{edge.table}.{edge.columns}')} refers to {shown(edge.parent)}:"
            f' {edge.state}</title><path d="{path}"/>'
            f'<polygon points="{x},{y:.1f} {x + 7},{y - 3:.1f} {x + 7},{y + 3:.1f}"/></g>'
        )


def _ports(edges: Sequence[Relation], boxes: Mapping[str, Box], *, of_child: bool) -> Mapping[int, float]:
    """For each edge where it meets the side of its box, in the order in which the other ends lie."""
    ends: dict[str, list[int]] = {}
    for number, edge in enumerate(edges):
        ends.setdefault(edge.table if of_child else edge.parent, []).append(number)
    found = {}
    for name, numbers in ends.items():
        box = boxes[name]

        def place(number: int) -> tuple[float, int]:
            other = boxes[edges[number].parent if of_child else edges[number].table]
            return other.y + other.height / 2, number

        for rank, number in enumerate(sorted(numbers, key=place)):
            found[number] = box.y + box.height * (rank + 1) / (len(numbers) + 1)
    return found


def _listed(edges: Sequence[Relation], fragments: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope=row><a href="#{fragments[edge.outcome.requirement.id]}">'
        f"{code(f'{edge.table}.{edge.columns}')}</a><td>{code(edge.parent)}"
        f"<td class={edge.state}>{_MARKS[edge.state]} {edge.state}<td>{cell(edge.outcome.observed)}"
        for edge in edges
    )
    head = "<tr><th scope=col>foreign key<th scope=col>refers to<th scope=col>is<th scope=col>observed"
    return f"<table><thead>{head}<tbody>{rows}</table>"
