"""The drawing of a playbook: everything on it, nothing on top of anything else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daozhang.playbook.layout import Arrow, Box, lay_out
from daozhang.playbook.loader import load_all
from daozhang.playbook.show import arrows_of
from daozhang.playbook.svg import to_svg
from tests.playbook.kit import small

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("key", list(load_all()))
def test_every_step_ending_and_arrow_is_drawn(key: str) -> None:
    book = load_all()[key]
    root = ElementTree.fromstring(to_svg(book))  # noqa: S314 - our own text
    words = "".join(root.itertext())
    assert all(name in words for name in (*book.steps, *book.endings))
    ways = [one for one in root.iter(f"{SVG}path") if one.get("marker-end")]
    assert len(ways) == len(arrows_of(book))


def test_what_a_text_says_is_no_markup() -> None:
    book = replace(small(), title="<script>1 & 2</script>")
    drawn = to_svg(book)
    assert "<script" not in drawn
    assert "&lt;script&gt;1 &amp; 2" in drawn


def overlap(one: Box, two: Box) -> bool:
    wide = abs(one.x - two.x) < (one.width + two.width) / 2 - 0.01
    return wide and abs(one.y - two.y) < (one.height + two.height) / 2 - 0.01


graphs = st.integers(2, 9).flatmap(
    lambda count: st.sets(
        st.tuples(st.integers(0, count - 2), st.integers(1, count - 1)).filter(
            lambda pair: pair[0] < pair[1]
        ),
        max_size=14,
    ).map(lambda pairs: (count, sorted(pairs)))
)


@given(graphs)
def test_nothing_lies_upon_anything_and_arrows_lead_down(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, pairs = graph
    sizes = {f"n{number}": (60.0 + 10 * number, 40.0) for number in range(count)}
    arrows = [Arrow(f"n{one}", f"n{two}", "做好了", 50.0, 18.0) for one, two in pairs]
    drawing = lay_out(sizes, arrows)
    boxes = [*drawing.boxes.values(), *drawing.labels]
    assert not any(overlap(one, two) for one, two in combinations(boxes, 2))
    assert all(box.x - box.width / 2 >= -0.01 for box in boxes)
    assert all(box.x + box.width / 2 <= drawing.width + 0.01 for box in boxes)
    for way in drawing.ways:
        heights = [y for _, y in way]
        assert heights == sorted(heights)
