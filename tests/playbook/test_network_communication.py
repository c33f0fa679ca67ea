from __future__ import annotations

import pytest

from daozhang.playbook.engine import advance, start
from daozhang.playbook.loader import load_playbook
from daozhang.playbook.state import (
    Advance,
    Ended,
    Facts,
    HandOver,
    Input,
    Kind,
    PassOn,
    Promise,
    Solved,
    State,
)
from tests.playbook.kit import ask, facts, say, texts

PLAYBOOK = load_playbook("network_communication")
DOUBT = {"amount": "268元", "txn_time": "今天11:52", "tid": "T0000268", "ref_no": "112233445566"}


def doubt(minutes: int = 0, *flags: str, confirmed: str = "", refuted: str = "") -> Facts:
    """A transaction of 268元 without a result."""
    up = ("reversal_pending", "payment_known", *flags)
    return facts(minutes, *up, confirmed=confirmed, refuted=refuted, **DOUBT)


def settled(minutes: int, *flags: str) -> Facts:
    """The same transaction, reversed."""
    return facts(minutes, "payment_known", *flags, confirmed="reversal_out", **DOUBT)


def walk(*turns: tuple[Kind, Facts], known: Facts) -> Advance:
    answer = start(PLAYBOOK, known)
    for kind, now_known in turns:
        answer = say(PLAYBOOK, answer, kind, now_known)
    return answer


def test_scenario_4_from_weak_signal_to_the_customers_money_back() -> None:
    online = doubt(4, "terminal_online", confirmed="terminal_online")
    answer = walk((Kind.FAILED, doubt()), (Kind.DONE, doubt(2)), known=doubt())
    assert texts(answer)[0] == "后台还没看到机器上线，我们换个办法。"
    assert ask(answer).step_id == "restart"
    answer = say(PLAYBOOK, answer, Kind.DONE, online)
    assert ask(answer).step_id == "sign_on"
    answer = say(PLAYBOOK, answer, Kind.DONE, doubt(6, "signed_on", confirmed="signed_on"))
    assert ask(answer).step_id == "inquiry"
    answer = say(PLAYBOOK, answer, Kind.DONE, doubt(7))
    assert texts(answer)[0] == "还没看到那笔268元冲正，请先别重刷。"
    answer = say(PLAYBOOK, answer, Kind.DONE, settled(8))
    assert texts(answer)[0].startswith("看到了，今天11:52那笔268元已经冲正，钱会退回客人卡里。")
    assert isinstance(answer.effects[1], Solved)
    assert answer.state.ended is Ended.SOLVED


def test_a_reversal_that_goes_out_on_the_way_is_said_and_its_steps_are_passed_over() -> None:
    answer = walk(known=settled(0, "terminal_online"))
    assert ask(answer).step_id == "sign_on"
    answer = say(PLAYBOOK, answer, Kind.TICK, settled(3, "signed_on"))
    assert "已经冲正" in "".join(texts(answer))
    assert answer.state.ended is Ended.SOLVED


def at(step: str) -> State:
    return State("network_communication", PLAYBOOK.version, step, entered_at=doubt().now)


def test_a_reversal_not_seen_yet_becomes_a_promise() -> None:
    answer = advance(PLAYBOOK, at("query"), Input(Kind.DONE), doubt(1))
    answer = say(PLAYBOOK, answer, Kind.DONE, doubt(2))
    promise = answer.effects[-1]
    assert isinstance(promise, Promise)
    assert (promise.kind, "268元" in promise.text) == ("reversal", True)


def test_still_unknown_after_30_minutes_a_person_gets_reference_amount_and_time() -> None:
    answer = advance(PLAYBOOK, at("inquiry"), Input(Kind.DONE), doubt(0))
    answer = say(PLAYBOOK, answer, Kind.TICK, doubt(30))
    effect = answer.effects[-1]
    assert isinstance(effect, HandOver)
    assert "今天11:52 268元，终端T0000268，参考号112233445566" in effect.note


def test_a_failed_reversal_goes_to_a_person_before_anything_is_asked() -> None:
    answer = advance(
        PLAYBOOK, at("sign_on"), Input(Kind.TICK), doubt(1, "signed_on", refuted="reversal_out")
    )
    assert answer.state.ending == "unknown_outcome"


def test_a_sim_in_trouble_is_named_first_with_its_date_and_a_warning() -> None:
    known = facts(0, "sim_problem", sim_expires="11月20日")
    answer = start(PLAYBOOK, known)
    assert ask(answer).step_id == "sim_fee"
    assert "11月20日" in ask(answer).text
    assert "自己的App" in ask(answer).text
    assert "都不要付" in texts(say(PLAYBOOK, answer, Kind.HOW, known))[0]


def test_only_a_bad_link_asks_nothing_about_a_trade() -> None:
    answer = walk(
        (Kind.FAILED, facts()),
        (Kind.DONE, facts(2, "terminal_online", confirmed="terminal_online")),
        (Kind.DONE, facts(3, "terminal_online", "signed_on", confirmed="signed_on")),
        known=facts(),
    )
    assert ask(answer).step_id == "works"
    assert {step for step, way in answer.state.tried if way == "otherwise"} == {
        *("sim_fee", "inquiry", "offline")
    }


def test_a_terminal_that_is_well_already_is_only_asked_whether_it_works() -> None:
    well = facts(0, "terminal_online", "signed_on")
    answer = start(PLAYBOOK, well)
    assert texts(answer)[0] == "后台看到机器现在在线，网络这几步不用做了。"
    assert ask(answer).step_id == "works"
    taken = facts(2, "terminal_online", "signed_on", confirmed="trade_ok")
    answer = say(PLAYBOOK, answer, Kind.DONE, taken)
    assert answer.state.ended is Ended.SOLVED
    assert "流量卡加Wi-Fi" in texts(answer)[-1]


def test_a_terminal_with_a_good_link_that_still_fails_is_passed_on() -> None:
    well = facts(0, "terminal_online", "signed_on")
    answer = say(PLAYBOOK, start(PLAYBOOK, well), Kind.FAILED, well)
    passed = answer.effects[-1]
    assert isinstance(passed, PassOn)
    assert (passed.playbook, answer.state.ended) == ("hardware_fault", Ended.ELSEWHERE)


def test_offline_trades_are_uploaded_at_the_end() -> None:
    answer = start(PLAYBOOK, facts(0, "terminal_online", "signed_on", "offline_trades"))
    assert ask(answer).step_id == "offline"
    answer = say(PLAYBOOK, answer, Kind.DONE, facts(1, confirmed="offline_uploaded"))
    assert texts(answer)[0].startswith("看到了，机器里没有未上送的交易")


def test_a_machine_that_stays_offline_goes_to_field_service() -> None:
    answer = start(PLAYBOOK, facts())
    for _ in range(4):
        answer = say(PLAYBOOK, answer, Kind.FAILED)
    assert answer.state.ending == "field_service"


@pytest.mark.parametrize("step", sorted(PLAYBOOK.steps))
def test_no_step_invites_to_swipe_again_or_asks_for_a_secret(step: str) -> None:
    words = PLAYBOOK.steps[step]
    for text in (words.say, words.why, words.how_to, words.worked, words.skipped):
        assert "重刷" not in text
        assert "密码" not in text or "别" in text
