from __future__ import annotations

import pytest

from components.denials import asserted
from components.features import views


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("网络是好的 钱没到", "钱没到"),
        ("机子没坏就是签到不上", "就是签到不上"),
        ("WiFi五格满 别怪网 就是没到", "就是没到"),
        ("不是网络问题是屏幕黑了", "是屏幕黑了"),
        ("跟网没关系 是你们系统崩了", "是你们系统崩了"),
        ("又不是周末 礼拜三收的没到", "礼拜三收的没到"),
        ("没输错是选错交易了", "是选错交易了"),
        ("又不是周末礼拜三收的没到", "礼拜三收的没到"),
        ("签到也签了 版本是最新的 还是刷不了", "还是刷不了"),
        ("机器没坏网没断卡没冻 钱没到", "钱没到"),
    ],
)
def test_what_is_said_to_be_fine_goes(said: str, left: str) -> None:
    assert views(said)[1] == left


@pytest.mark.parametrize(
    "said",
    [
        "网络是不是断了",
        "不是说两小时到吗",
        "有没有输错卡号",
        "跟机器型号有没有关系",
        "别人都到了就我没到",
        "机器坏了",
        "没信号",
        "没签到",
        "执照一直没换",
        "照相验证老说不是本人",
    ],
)
def test_what_is_asked_or_asserted_stays(said: str) -> None:
    assert views(said)[1] == views(said)[0]


@pytest.mark.parametrize("said", ["机子没坏", "不是网络的问题 网络好着呢"])
def test_of_a_message_that_only_denies_nothing_is_left(said: str) -> None:
    assert not asserted(said).strip()
