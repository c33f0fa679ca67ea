from __future__ import annotations

from dataclasses import replace

import pytest

from daozhang.errors import PlaybookError
from daozhang.playbook.engine import MAX_TURNS, advance, start
from daozhang.playbook.loader import read_playbook
from daozhang.playbook.model import Playbook
from daozhang.playbook.state import (
    Advance,
    Ended,
    HandOver,
    Input,
    Kind,
    PassOn,
    Promise,
    Say,
    Solved,
)
from tests.playbook.kit import NOON, SMALL, ask, facts, say, small, texts

PLAYBOOK = small()


def first() -> Advance:
    return start(PLAYBOOK, facts())


def at_check() -> Advance:
    return say(PLAYBOOK, first(), Kind.DONE)


def test_the_first_step_is_asked_with_four_buttons() -> None:
    step = ask(first())
    assert (step.step_id, step.text) == ("plug", "请插上电源。")
    assert step.buttons == (
        ("step:done", "做好了"),
        ("step:failed", "没解决"),
        ("step:cannot", "做不了"),
        ("step:how", "怎么做"),
    )


def test_a_step_may_name_its_buttons_itself() -> None:
    assert ("step:done", "签好了") in ask(at_check()).buttons


@pytest.mark.parametrize(
    ("kind", "result"),
    [(Kind.DONE, "done"), (Kind.YES, "done"), (Kind.FAILED, "failed"), (Kind.NO, "failed")],
)
def test_an_outcome_leads_on_and_is_remembered(kind: Kind, result: str) -> None:
    answer = say(PLAYBOOK, first(), kind)
    assert ask(answer).step_id == "sign"
    assert answer.state.tried == (("plug", result),)
    assert answer.state.history == ("plug",)


def test_what_cannot_be_done_leads_where_the_step_says() -> None:
    answer = say(PLAYBOOK, first(), Kind.CANNOT, facts(tid="T1234567"))
    assert answer.effects == (HandOver("person", "我请同事来。", "终端T1234567签到不成。"),)
    assert (answer.state.ended, answer.state.ending) == (Ended.HAND_OVER, "person")


def test_done_is_believed_when_the_records_show_it() -> None:
    known = facts(confirmed="signed_on", detail="12:05")
    answer = say(PLAYBOOK, at_check(), Kind.DONE, known)
    assert answer.effects == (
        Say("看到了，12:05签到成功。"),
        Solved("好了。"),
        Say("每天签到一次。"),
    )
    assert answer.state.tried[-1] == ("sign", "confirmed")


def test_done_without_a_trace_is_said_honestly_and_the_step_stays() -> None:
    answer = say(PLAYBOOK, at_check(), Kind.DONE)
    assert texts(answer) == ["还没看到签到。", "请再看一眼，或等一分钟再点“签好了”。"]
    assert (ask(answer).step_id, answer.state.tries) == ("sign", 1)


def test_done_without_a_trace_leads_on_after_the_last_try() -> None:
    answer = say(PLAYBOOK, say(PLAYBOOK, at_check(), Kind.DONE), Kind.DONE)
    assert answer.effects == (Say("还没看到签到。"), Promise("reversal", "我盯着。"))
    assert answer.state.tried[-1] == ("sign", "unseen")


@pytest.mark.parametrize("kind", [Kind.DONE, Kind.TICK])
def test_the_time_out_counts_from_the_first_done(kind: Kind) -> None:
    waiting = say(PLAYBOOK, at_check(), Kind.DONE, facts(60))
    assert waiting.state.ended is None
    assert say(PLAYBOOK, waiting, Kind.TICK, facts(69)).state.ended is None
    late = say(PLAYBOOK, waiting, kind, facts(70))
    assert late.state.tried[-1] == ("sign", "timeout")
    assert texts(late)[0] == "还没看到签到。"


def test_a_refuted_step_is_left_at_once() -> None:
    answer = say(PLAYBOOK, at_check(), Kind.DONE, facts(refuted="signed_on"))
    assert texts(answer) == ["记录显示这一步没有成功。", "我请同事来。"]


@pytest.mark.parametrize(
    "kind", [Kind.FAILED, Kind.CANNOT, Kind.SKIP, Kind.UNCLEAR, Kind.TICK, Kind.DONE]
)
def test_what_the_records_show_meanwhile_is_noticed_at_the_next_turn(kind: Kind) -> None:
    answer = say(PLAYBOOK, at_check(), kind, facts(confirmed="signed_on"))
    assert answer.state.ended is Ended.SOLVED
    assert texts(answer)[0] == "看到了，刚刚签到成功。"


def test_a_step_that_the_records_show_already_is_not_asked() -> None:
    answer = say(PLAYBOOK, first(), Kind.DONE, facts(confirmed="signed_on"))
    assert answer.state.ended is Ended.SOLVED
    assert answer.state.history == ("plug",)


def test_repeat_says_the_step_again() -> None:
    answer = say(PLAYBOOK, first(), Kind.REPEAT)
    assert answer.effects == first().effects


def test_how_explains_and_comes_back_to_the_step() -> None:
    answer = say(PLAYBOOK, first(), Kind.HOW)
    assert texts(answer)[:2] == ["用原装充电器。", "屏幕亮起。"]
    assert ask(answer).step_id == "plug"


def test_why_gives_the_reason_and_comes_back_to_the_step() -> None:
    answer = say(PLAYBOOK, first(), Kind.WHY)
    assert texts(answer)[0] == "没电开不了机。"
    assert ask(answer).step_id == "plug"


def test_back_returns_to_the_step_before_with_fresh_tries() -> None:
    waiting = say(PLAYBOOK, at_check(), Kind.DONE)
    answer = say(PLAYBOOK, waiting, Kind.BACK)
    assert ask(answer).step_id == "plug"
    assert (answer.state.history, answer.state.tries, answer.state.waiting_since) == ((), 0, None)


def test_back_at_the_first_step_says_so() -> None:
    answer = say(PLAYBOOK, first(), Kind.BACK)
    assert texts(answer) == ["这已经是第一步了：", "请插上电源。"]


def test_skip_goes_where_not_being_able_goes() -> None:
    answer = say(PLAYBOOK, at_check(), Kind.SKIP)
    assert texts(answer) == ["好，这步先跳过。", "我盯着。"]


def test_stop_ends_the_walk_without_a_result() -> None:
    answer = say(PLAYBOOK, first(), Kind.STOP)
    assert answer.state.ended is Ended.STOPPED
    assert "转人工" in texts(answer)[0]


def test_later_keeps_the_step_and_the_next_day_goes_on_there() -> None:
    pause = say(PLAYBOOK, at_check(), Kind.LATER)
    assert "回来接着做" in texts(pause)[0]
    back = say(PLAYBOOK, pause, Kind.TICK, facts(24 * 60))
    assert texts(back) == ["我们接着来，上次停在这一步：", "请签到。"]


def test_a_tick_that_finds_nothing_changes_nothing() -> None:
    assert say(PLAYBOOK, first(), Kind.TICK, facts(5)).state == first().state


def test_a_person_is_to_be_had_at_any_step() -> None:
    answer = say(PLAYBOOK, at_check(), Kind.PERSON)
    (effect,) = answer.effects
    assert isinstance(effect, HandOver)
    assert (effect.reason, effect.note) == ("asked", "商户要求人工。")


def test_the_third_misunderstanding_in_a_row_leads_to_a_person() -> None:
    one = say(PLAYBOOK, first(), Kind.UNCLEAR)
    two = say(PLAYBOOK, one, Kind.UNCLEAR)
    three = say(PLAYBOOK, two, Kind.UNCLEAR)
    assert ask(one).text == "请插上电源。"
    assert ask(two).text == "用原装充电器。"
    assert isinstance(three.effects[-1], HandOver)
    assert three.state.ending == "misunderstood"


def test_anything_understood_in_between_starts_the_count_afresh() -> None:
    answer = first()
    for kind in (Kind.UNCLEAR, Kind.UNCLEAR, Kind.HOW, Kind.UNCLEAR, Kind.UNCLEAR):
        answer = say(PLAYBOOK, answer, kind)
    assert answer.state.ended is None


def test_a_comment_is_kept_and_acknowledged() -> None:
    answer = say(PLAYBOOK, first(), Kind.YES, comment="不过屏幕有点暗")
    assert answer.state.notes == (("plug", "不过屏幕有点暗"),)
    assert texts(answer) == ["您补充的我也记下了。", "请签到。"]


def test_going_round_for_ever_leads_to_a_person() -> None:
    answer = first()
    for _ in range(MAX_TURNS):
        answer = say(PLAYBOOK, answer, Kind.REPEAT)
        assert answer.state.ended is None
    assert say(PLAYBOOK, answer, Kind.REPEAT).state.ending == "going_round"


@pytest.mark.parametrize("ended", list(Ended))
def test_an_ended_walk_stays_as_it_is_and_says_so(ended: Ended) -> None:
    state = replace(first().state, ended=ended)
    answer = advance(PLAYBOOK, state, Input(Kind.DONE), facts())
    assert answer.state == state
    assert texts(answer)[0]


def test_a_person_is_to_be_had_after_the_end() -> None:
    state = replace(first().state, ended=Ended.PROMISE)
    assert advance(PLAYBOOK, state, Input(Kind.PERSON), facts()).state.ending == "asked"


def test_a_running_walk_keeps_its_version() -> None:
    newer = replace(PLAYBOOK, version=2)
    with pytest.raises(PlaybookError, match="第1版，不能换成 small 第2版"):
        advance(newer, first().state, Input(Kind.DONE), facts())


def test_a_step_that_is_gone_is_an_error_not_a_guess() -> None:
    state = replace(first().state, step="gone")
    with pytest.raises(PlaybookError, match="没有步骤“gone”"):
        advance(PLAYBOOK, state, Input(Kind.DONE), facts())


def test_the_moment_of_entering_is_kept() -> None:
    assert first().state.entered_at == NOON
    assert say(PLAYBOOK, first(), Kind.DONE, facts(3)).state.entered_at == facts(3).now


@pytest.mark.parametrize(
    ("terminal", "words"),
    [("keypad_pos", "按“菜单”键选“签到”。"), ("smart_pos", "点“签到”。"), ("", "点“签到”。")],
)
def test_how_a_step_is_done_is_said_for_the_terminal(terminal: str, words: str) -> None:
    known = replace(facts(), terminal=terminal)
    assert texts(say(PLAYBOOK, at_check(), Kind.HOW, known))[0] == words
    missed = say(PLAYBOOK, at_check(), Kind.UNCLEAR, known)
    assert ask(say(PLAYBOOK, missed, Kind.UNCLEAR, known)).text == words


def passing(to: str = "hardware_fault") -> Playbook:
    """The small playbook, in which 没解决 at the second step passes on."""
    text = SMALL.replace("failed: person\n    cannot: wait", "failed: other\n    cannot: wait")
    ending = f"  other: {{kind: elsewhere, to: {to}, say: 看看别处。}}\n"
    return read_playbook(text + ending, "small")


def test_a_walk_that_finds_another_trouble_passes_on_to_its_playbook() -> None:
    playbook = passing()
    answer = say(playbook, say(playbook, start(playbook, facts()), Kind.DONE), Kind.FAILED)
    assert answer.effects[-1] == PassOn("hardware_fault", "看看别处。")
    assert answer.state.ended is Ended.ELSEWHERE


def test_what_was_tried_before_is_kept_and_asked_once() -> None:
    before = replace(
        first().state, playbook="earlier", tried=(("plug", "done"),), history=("plug",), turns=7
    )
    plain = small()
    once = read_playbook(SMALL.replace("say: 请插", "once: true\n    say: 请插"), "small")
    assert ask(start(plain, facts(), before)).step_id == "plug"
    answer = start(once, facts(), before)
    assert ask(answer).step_id == "sign"
    assert answer.state.tried == (("plug", "done"), ("plug", "failed"))
    assert (answer.state.passed, answer.state.turns) == (("earlier",), 7)
    assert ask(start(once, facts())).step_id == "plug"


def test_nobody_is_passed_round_in_circles() -> None:
    playbook = passing()
    state = replace(first().state, step="sign", passed=("hardware_fault",))
    answer = advance(playbook, state, Input(Kind.FAILED), facts())
    assert answer.state.ending == "going_round"
    assert answer.state.ended is Ended.HAND_OVER
