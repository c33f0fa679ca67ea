"""Drawing a playbook as an SVG picture that stands for itself: no script, no font, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from daozhang.playbook.layout import Arrow, Box, lay_out
from daozhang.playbook.model import EndingKind, Playbook
from daozhang.playbook.show import arrows_of

__all__ = ["to_svg"]

_FONT = 14
_LINE = 20
_PADDING = 12
_PER_LINE = 15
"""Chinese characters in a line of a box."""
_MARGIN = 24
_TITLE = 44
_SMALL = 12
_COLOURS = {
    None: ("#ffffff", "#576273"),
    EndingKind.SOLVED: ("#e5f5ee", "#0b7a52"),
    EndingKind.PROMISE: ("#eaf1fe", "#1b5bd0"),
    EndingKind.HAND_OVER: ("#fff5e2", "#8a5300"),
    EndingKind.ELSEWHERE: ("#f3effc", "#6437b8"),
}
_HEAD = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
    ' orient="auto"><path d="M0 0L8 4L0 8z" fill="#8794a8"/></marker></defs>'
)


def to_svg(playbook: Playbook) -> str:
    """The playbook as SVG text: steps white, endings coloured by their kind."""
    texts = {one.id: one.say for one in playbook.steps.values()}
    texts |= {one.id: one.say for one in playbook.endings.values()}
    lines = {name: list(_wrapped(text)) for name, text in texts.items()}
    sizes = {name: _size(name, rows) for name, rows in lines.items()}
    arrows = [
        Arrow(source, target, label, _width(label, _SMALL) + 8, _SMALL + 8)
        for source, target, label in arrows_of(playbook)
    ]
    drawing = lay_out(sizes, arrows)
    width, height = drawing.width + 2 * _MARGIN, drawing.height + 2 * _MARGIN + _TITLE
    kinds = {one.id: one.kind for one in playbook.endings.values()}
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
            f' width="{width:.0f}" height="{height:.0f}" font-size="{_FONT}" fill="#1b2330"'
            ' font-family="PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif">',
            f"<title>{escape(playbook.title)}</title>",
            _HEAD,
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#f4f6fa"/>',
            f'<text x="{_MARGIN}" y="{_MARGIN + 16}" font-size="18" font-weight="600">'
            f"{escape(playbook.title)}</text>",
            f'<g transform="translate({_MARGIN} {_MARGIN + _TITLE})">',
            *(_way(points) for points in drawing.ways),
            *(_label(arrow.label, box) for arrow, box in zip(arrows, drawing.labels, strict=True)),
            *(
                _node(name, lines[name], box, *_COLOURS[kinds.get(name)])
                for name, box in drawing.boxes.items()
            ),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _node(name: str, rows: Sequence[str], box: Box, fill: str, stroke: str) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    radius = 10 if fill == "#ffffff" else min(box.height / 2, 22)
    text = "".join(
        f'<tspan x="{left + _PADDING:.1f}" dy="{_LINE}">{escape(row)}</tspan>' for row in rows
    )
    return (
        f'<g><rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
        f' rx="{radius:.0f}" fill="{fill}" stroke="{stroke}"/>'
        f'<text x="{left + _PADDING:.1f}" y="{top + _PADDING + _SMALL - 2:.1f}">'
        f'<tspan font-size="{_SMALL}" fill="{stroke}" font-weight="600">{escape(name)}</tspan>'
        f"{text}</text></g>"
    )


def _label(text: str, box: Box) -> str:
    return (
        f'<rect x="{box.x - box.width / 2:.1f}" y="{box.y - box.height / 2:.1f}"'
        f' width="{box.width:.1f}" height="{box.height:.1f}" rx="6" fill="#f4f6fa"/>'
        f'<text x="{box.x:.1f}" y="{box.y + _SMALL / 2 - 2:.1f}" font-size="{_SMALL}"'
        f' fill="#576273" text-anchor="middle">{escape(text)}</text>'
    )


def _way(points: Sequence[tuple[float, float]]) -> str:
    """A smooth line that comes in and goes out vertically at every point."""
    x, y = points[0]
    path = f"M{x:.1f} {y:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (y1 + y2) / 2
        path += f"C{x1:.1f} {half:.1f} {x2:.1f} {half:.1f} {x2:.1f} {y2:.1f}"
    return f'<path d="{path}" fill="none" stroke="#8794a8" marker-end="url(#head)"/>'


def _size(name: str, rows: Sequence[str]) -> tuple[float, float]:
    widest = max(_width(name, _SMALL) * 1.1, *(_width(row, _FONT) for row in rows))
    return widest + 2 * _PADDING, _LINE * len(rows) + _SMALL + 2 * _PADDING


def _width(text: str, font: int) -> float:
    """About as wide as fonts draw it: Chinese characters are square, Latin ones half."""
    return sum(font if ord(char) > 0x2E7F else font * 0.6 for char in text)


def _wrapped(text: str) -> Iterator[str]:
    """Lines of about `_PER_LINE` characters. Numbers, words and places stay whole, and no line
    begins with a closing mark."""
    line = ""
    for piece in re.findall(r"[!-~]+|.", text):
        if line and _width(line + piece, 1) > _PER_LINE and piece not in "，。！？：；、”）":
            yield line
            line = ""
        line += piece
    yield line
