from __future__ import annotations

import pytest

from daozhang.cases.terminals import kind_of
from daozhang.ledger.models import Terminal
from daozhang.playbook.loader import load_playbook
from daozhang.playbook.state import State
from daozhang.playbook.vocabulary import TERMINALS
from tests.cases.conftest import Talker, amount


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("云掌柜 K1 智能POS", "smart_pos"),
        ("云掌柜 M2 移动POS", "keypad_pos"),
        ("蓝牙手刷 智能版", "card_reader"),
        ("收款云喇叭", "qr_speaker"),
        ("某某 mpos", "card_reader"),
        ("A90", ""),
        ("", ""),
    ],
)
def test_a_model_is_known_by_its_words(model: str, kind: str) -> None:
    assert kind_of(model) == kind
    assert kind == "" or kind in TERMINALS


def test_a_merchant_is_told_how_on_their_own_machine(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        session.get_one(Terminal, "31000001").model = "按键POS"
    merchant.say("report_fault", amount(26_800))
    merchant.tap("step:failed")
    step = State.from_json(merchant.case().playbook_state or "").step
    words = load_playbook("network_communication").steps[step].on_terminals
    assert merchant.tap("step:how")[0].text == words["keypad_pos"]
