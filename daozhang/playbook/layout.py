"""Laying a graph without circles out in layers, from top to bottom (Sugiyama's method).

Labels of arrows are boxes too, on layers of their own between those of the nodes, so that nothing
can lie upon anything else. All sizes are in pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

__all__ = ["Arrow", "Box", "Drawing", "lay_out"]

_GAP = 28.0
_LAYER_GAP = 16.0
_THREAD = 10.0
"""The width that a passing arrow takes up on a layer."""
_SWEEPS = 24


@dataclass(slots=True)
class Box:
    """A node or a label; `x` and `y` are its middle."""

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, with the size of its label."""

    source: str
    target: str
    label: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything stands. `ways` are the points that each arrow passes, `labels` its label."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    labels: Sequence[Box]
    ways: Sequence[Sequence[tuple[float, float]]]


def lay_out(sizes: Mapping[str, tuple[float, float]], arrows: Sequence[Arrow]) -> Drawing:
    """Place boxes of these sizes (width, height) and the arrows between them.

    Every arrow leads downwards. Few arrows cross, and boxes stand near those they belong to.
    """
    graph = _Graph(sizes, arrows)
    graph.order()
    graph.place()
    return graph.drawing()


class _Graph:
    """Layers of boxes; an arrow is a chain of boxes from its source to its target."""

    def __init__(self, sizes: Mapping[str, tuple[float, float]], arrows: Sequence[Arrow]) -> None:
        depth = _depths(sizes, arrows)
        self.boxes: dict[str, Box] = {name: Box(*size) for name, size in sizes.items()}
        self.names = list(sizes)
        self.chains: list[list[str]] = []
        self.layers: list[list[str]] = [[] for _ in range(2 * max(depth.values()) + 1)]
        for name in sizes:
            self.layers[2 * depth[name]].append(name)
        for number, arrow in enumerate(arrows):
            self.chains.append(self._chain(number, arrow, depth))
        self.above: dict[str, list[str]] = defaultdict(list)
        self.below: dict[str, list[str]] = defaultdict(list)
        for chain in self.chains:
            for upper, lower in pairwise(chain):
                self.below[upper].append(lower)
                self.above[lower].append(upper)

    def _chain(self, number: int, arrow: Arrow, depth: Mapping[str, int]) -> list[str]:
        """The label on the layer after the source, then a thread on every layer that is passed."""
        first, last = 2 * depth[arrow.source] + 1, 2 * depth[arrow.target]
        between: list[str] = []
        for layer in range(first, last):
            name = f"{number}@{layer}"
            is_label = layer == first
            self.boxes[name] = Box(
                arrow.width if is_label else _THREAD, arrow.height if is_label else 0.0
            )
            self.layers[layer].append(name)
            between.append(name)
        return [arrow.source, *between, arrow.target]

    def order(self) -> None:
        """Sort each layer by where its neighbours stand, up and down, and keep the best."""
        best, fewest = [list(one) for one in self.layers], self._crossings()
        for sweep in range(_SWEEPS):
            downwards = sweep % 2 == 0
            near = self.above if downwards else self.below
            for layer in self.layers if downwards else reversed(self.layers):
                place = self._places()
                layer.sort(
                    key=lambda name: _middle((place[one] for one in near[name]), place[name])
                )
            if (crossings := self._crossings()) < fewest:
                best, fewest = [list(one) for one in self.layers], crossings
        self.layers = best

    def place(self) -> None:
        """Give every box its y by its layer, and an x near its neighbours on both sides."""
        top = 0.0
        for layer in self.layers:
            height = max((self.boxes[name].height for name in layer), default=0.0)
            for name in layer:
                self.boxes[name].y = top + height / 2
            top += height + _LAYER_GAP
            self._spread(layer, [0.0] * len(layer))
        for sweep in range(_SWEEPS):
            near = (self.above, self.below)[sweep % 2]
            for layer in self.layers if sweep % 2 == 0 else reversed(self.layers):
                wanted = [
                    _middle((self.boxes[one].x for one in near[name]), self.boxes[name].x)
                    for name in layer
                ]
                self._spread(layer, wanted)

    def drawing(self) -> Drawing:
        left = min(box.x - box.width / 2 for box in self.boxes.values())
        for box in self.boxes.values():
            box.x -= left
        return Drawing(
            width=max(box.x + box.width / 2 for box in self.boxes.values()),
            height=max(box.y + box.height / 2 for box in self.boxes.values()),
            boxes={name: self.boxes[name] for name in self.names},
            labels=[self.boxes[chain[1]] for chain in self.chains],
            ways=[list(self._points(chain)) for chain in self.chains],
        )

    def _points(self, chain: Sequence[str]) -> Iterable[tuple[float, float]]:
        source, target = self.boxes[chain[0]], self.boxes[chain[-1]]
        yield source.x, source.y + source.height / 2
        for name in chain[1:-1]:
            yield self.boxes[name].x, self.boxes[name].y
        yield target.x, target.y - target.height / 2

    def _spread(self, layer: Sequence[str], wanted: Sequence[float]) -> None:
        """Move boxes as near to the wanted x as they can stand side by side (pool adjacent
        violators: neighbours that would overlap move together)."""
        offsets, at = [], 0.0
        for number, name in enumerate(layer):
            if number:
                at += (self.boxes[layer[number - 1]].width + self.boxes[name].width) / 2 + _GAP
            offsets.append(at)
        blocks: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets, strict=True):
            mean, count = want - offset, 1
            while blocks and blocks[-1][0] > mean:
                before, more = blocks.pop()
                mean = (mean * count + before * more) / (count + more)
                count += more
            blocks.append((mean, count))
        shifts = [mean for mean, count in blocks for _ in range(count)]
        for name, offset, shift in zip(layer, offsets, shifts, strict=True):
            self.boxes[name].x = offset + shift

    def _places(self) -> dict[str, int]:
        return {name: place for layer in self.layers for place, name in enumerate(layer)}

    def _crossings(self) -> int:
        place, count = self._places(), 0
        for layer in self.layers:
            lines = [(place[upper], place[lower]) for upper in layer for lower in self.below[upper]]
            count += sum(
                (one[0] - two[0]) * (one[1] - two[1]) < 0
                for number, one in enumerate(lines)
                for two in lines[:number]
            )
        return count


def _depths(names: Iterable[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """How many arrows the longest way to each node has."""
    depth = dict.fromkeys(names, 0)
    changed = True
    while changed:
        changed = False
        for arrow in arrows:
            if depth[arrow.target] <= depth[arrow.source]:
                depth[arrow.target] = depth[arrow.source] + 1
                changed = True
    return depth


def _middle(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return fmean(found) if found else otherwise
