"""Where the tables of the diagram stand: what is referred to on the left of what refers to it, and few crossings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from conformance.model.record import Record

WIDTH, GAP_X = 176, 70
LEAST_HEIGHT, GAP_Y = 40, 14
PORT = 7
_FEWEST = 4
_SWEEPS = 6


class Box(Record):
    """The upper left corner of a table, and its height."""

    x: float
    y: float
    height: float
    column: int


def placed(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, Box]:
    """A box for each name; `pairs` are (child, parent), as often as one refers to the other."""
    known = [pair for pair in pairs if pair[0] in names and pair[1] in names]
    parents: dict[str, list[str]] = {name: [] for name in names}
    ports = {name: [0, 0] for name in names}
    for child, parent in known:
        ports[parent][1] += 1
        ports[child][0] += 1
        if child != parent and parent not in parents[child]:
            parents[child].append(parent)
    columns = _ordered(_columns(parents), parents)
    columns += [[] for _ in range(_FEWEST - len(columns))]
    for name in sorted({*names} - {name for column in columns for name in column}):  # related to nothing: fills up
        min(columns, key=len).append(name)
    columns = [column for column in columns if column]
    heights = {name: max(LEAST_HEIGHT, max(ports[name]) * PORT + 12) for name in names}
    boxes = {}
    tallest = max((_height(column, heights) for column in columns), default=0)
    for number, column in enumerate(columns):
        y = (tallest - _height(column, heights)) / 2
        for name in column:
            boxes[name] = Box(x=number * (WIDTH + GAP_X), y=y, height=heights[name], column=number)
            y += heights[name] + GAP_Y
    return boxes


def _height(column: Sequence[str], heights: Mapping[str, float]) -> float:
    return sum(heights[name] for name in column) + GAP_Y * (len(column) - 1)


def _columns(parents: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each name one column behind the last of its parents, save those that are related to nothing; what would close a
    cycle is left out of account."""
    depth: dict[str, int] = {}
    for name in parents:
        _descend(name, parents, depth)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name, above in parents.items():
        if above or any(name in others for others in parents.values()):
            columns[depth[name]].append(name)
    return columns


def _descend(start: str, parents: Mapping[str, Sequence[str]], depth: dict[str, int]) -> None:
    """Fills in the depth of `start` and of all above it, without recursion."""
    stack = [(start, iter(sorted(parents[start])))]
    under_way = {start}
    while stack:
        name, rest = stack[-1]
        above = next((p for p in rest if p not in depth and p not in under_way), None)
        if above is None:
            depth[name] = max((depth[p] + 1 for p in parents[name] if p in depth), default=0)
            under_way.discard(name)
            stack.pop()
        else:
            under_way.add(above)
            stack.append((above, iter(sorted(parents[above]))))


def _ordered(columns: list[list[str]], parents: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The columns, each in the order of the middles of its neighbours, swept to and fro."""
    beside: dict[str, list[str]] = {name: list(above) for name, above in parents.items()}
    for child, above in parents.items():
        for parent in above:
            beside[parent].append(child)
    for sweep in range(_SWEEPS):
        places = {n: (i + 0.5) / len(column) for column in columns for i, n in enumerate(column)}
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda n: (sum(places[b] for b in beside[n]) / len(beside[n]) if beside[n] else 1.0, n))
            places |= {n: (i + 0.5) / len(column) for i, n in enumerate(column)}
    return columns
