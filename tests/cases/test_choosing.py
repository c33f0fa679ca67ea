"""What the merchant wants to look into is walked, and what the records point to is not lost."""

from __future__ import annotations

import pytest

from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus
from daozhang.causes import Cause
from daozhang.texts import load_texts
from tests.cases.conftest import Talker, amount, button_ids

TEXTS = load_texts("assistant")
NETWORK = (("network_communication", 0.8),)


def test_a_claim_that_records_refute_can_still_be_looked_into(merchant: Talker) -> None:
    merchant.say("report_delay", amount(1_260_000), causes=NETWORK, text="网络不好所以没到账吧")
    told = merchant.case().id
    replies = merchant.say("ask_fix", text="我想先查查网络", causes=NETWORK, route=Route.ANSWER)
    assert replies[0].text.startswith(TEXTS("choose_network_communication") + TEXTS("choose_then"))
    assert len(replies) <= 3
    case = merchant.case()
    assert (case.status, case.playbook) == (CaseStatus.WALKING, "network_communication")
    back = button_ids(merchant.say("say_stop"))
    assert f"resume:{told}" in back
    merchant.clock.pass_by(minutes=1)
    merchant.tap(f"resume:{told}")
    assert (merchant.case().id, merchant.case().finding) == (told, "payout_failed")
    assert merchant.case().status is CaseStatus.INFORMED


def test_another_wish_in_the_middle_of_a_walk_sets_it_aside(merchant: Talker) -> None:
    merchant.say("report_fault", amount(26_800))
    walked = merchant.case().id
    merchant.say("report_fault", text="还是先帮我看看打印机", causes=(("hardware_fault", 0.9),))
    assert merchant.case().playbook == "hardware_fault"
    assert f"resume:{walked}" in button_ids(merchant.say("say_stop"))


def test_what_is_in_hand_is_not_begun_anew(merchant: Talker) -> None:
    merchant.say("report_fault", amount(26_800))
    before = merchant.case().id
    merchant.say("ask_fix", text="你带我弄网络", causes=NETWORK)
    assert merchant.case().id == before


@pytest.mark.parametrize(
    "text",
    [
        "还是不行，试过重启机器了",
        "还是看不到信号，机器没反应",
        "我重启过机器还是试不出来",
        "还是修不好，屏幕黑的",
        "试过了还是查不到，机器不行",
        "还是不行，我要不要看看打印机",
    ],
)
def test_how_a_step_went_chooses_nothing(merchant: Talker, text: str) -> None:
    merchant.say("report_fault", amount(26_800))
    walked = merchant.case().id
    merchant.say("step_failed", text=text)
    assert merchant.case().id == walked


@pytest.mark.parametrize(
    "text", ["帮我查下是不是网络不好钱没到", "网络不好", "帮我看看昨天那笔", "帮我弄一下"]
)
def test_other_words_choose_nothing(merchant: Talker, text: str) -> None:
    causes = NETWORK if "网络" in text else ()
    merchant.say("report_delay", text=text, causes=causes)
    assert merchant.case().playbook is None


@pytest.mark.parametrize(
    ("text", "playbook"),
    [
        ("我想先查查网络", "network_communication"),
        ("还是先帮我看看打印机吧", "hardware_fault"),
        ("带我弄一下签到", "procedure_not_followed"),
    ],
)
def test_the_thing_can_be_named_in_words_alone(merchant: Talker, text: str, playbook: str) -> None:
    merchant.say("ask_fix", text=text, route=Route.ANSWER)
    assert merchant.case().playbook == playbook


def test_strangers_choose_nothing(merchant: Talker) -> None:
    merchant.mid = None
    replies = merchant.say("ask_fix", text="我想先查查网络", causes=NETWORK, route=Route.ANSWER)
    assert not any(one.startswith("step:") for one in button_ids(replies))


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_can_be_chosen(merchant: Talker, cause: Cause) -> None:
    replies = merchant.say(
        "ask_fix", text="我想先看看这个", causes=((cause.value, 0.9),), route=Route.ANSWER
    )
    assert replies[0].text.startswith(TEXTS(f"choose_{cause}"))
