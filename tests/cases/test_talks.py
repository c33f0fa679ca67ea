"""What the assistant does with a complaint: facts, cases, tickets and promises, not wording."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from daozhang.cases.assistant import Route
from daozhang.cases.models import CaseStatus, Promise, PromiseKind, Ticket, Turn
from daozhang.cases.promises import REVERSAL_PATIENCE, news, promise
from daozhang.cases.search import asked_of
from daozhang.ledger.models import Merchant, Terminal, Txn
from daozhang.ledger.words import Channel, PayoutState, SignState, SimState, TxnState
from daozhang.replies import Reply
from daozhang.understanding import Entity, Understanding
from tests.cases.conftest import StoppedClock, Talker, amount, button_ids
from tests.worlds import CALENDAR, MID, a_payout, a_sale

YESTERDAY_AFTERNOON = Entity("time", "2026-11-21T12:00/2026-11-21T18:00", "昨天下午")
FRIDAY_NIGHT = Entity("time", "2026-11-20T23:00/2026-11-21T00:00", "周五晚上11点多")
TODAY = Entity("time", "2026-11-22", "今天")


def test_a_payment_named_by_amount_and_time_gets_its_verdict(merchant: Talker) -> None:
    replies = merchant.say("report_delay", YESTERDAY_AFTERNOON, amount(300_000))
    case = merchant.case()
    assert (case.outcome, case.status) == ("not_yet_due", CaseStatus.INFORMED)
    timeline = replies[0].timeline
    assert timeline is not None
    assert timeline.net == "2,982元"
    assert [stage.state for stage in timeline.stages] == ["done", "done", "current", "pending"]
    assert button_ids(replies) == ["watch", "person"]
    assert len(replies) <= 3


def test_a_verdict_and_what_its_walk_finds_done_share_three_bubbles(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        terminal = session.scalars(select(Terminal)).one()
        terminal.last_heartbeat_at = merchant.clock.now()
        terminal.sign_state = SignState.SIGNED_ON
    replies = merchant.say("report_delay", amount(26_800))
    assert replies[0].timeline is not None
    assert button_ids(replies)[0] == "step:done"
    assert len(replies) == 3


def test_of_two_times_the_earlier_is_the_payments(merchant: Talker) -> None:
    merchant.say("report_delay", TODAY, FRIDAY_NIGHT)
    case = merchant.case()
    assert (case.outcome, case.cause) == ("not_yet_due", "clearing_delay")


def test_who_says_swiped_means_the_card_payment(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get(Merchant, MID)
        assert shop is not None
        a_sale(session, shop, 4_500, "2026-11-20 23:20", channel=Channel.WECHAT)
    replies = merchant.say("report_delay", FRIDAY_NIGHT, text="周五晚上刷的没到")
    assert replies[0].timeline is not None
    assert replies[0].timeline.amount == "1,680元"


def test_a_wrong_word_for_the_way_of_paying_still_finds_it(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000), Entity("pay_method", "wechat", "微信"))
    assert merchant.case().outcome == "not_yet_due"


def test_a_wrong_explanation_is_contradicted_with_the_row(merchant: Talker) -> None:
    replies = merchant.say(
        "report_delay",
        amount(1_260_000),
        text="网络不好所以那笔没到账吧",
        causes=(("network_communication", 0.8),),
    )
    case = merchant.case()
    assert (case.outcome, case.cause) == ("payout_failed", "bank_rules")
    assert any(row.startswith("payouts P00000001: failed") for row in case.evidence)
    assert "P00000001" in "".join(reply.text for reply in replies)


def test_a_symptom_is_no_explanation_to_contradict(merchant: Talker) -> None:
    symptom = (("network_communication", 0.8),)
    told = merchant.say("report_delay", amount(1_260_000), text="信号一格没到账", causes=symptom)
    plain = merchant.say("report_delay", amount(1_260_000))
    assert told[0].text == plain[0].text


@pytest.mark.parametrize(
    ("words", "explains"),
    [
        ("网络不好所以没到账吧？", True),
        ("是不是机器坏了", True),
        ("我网吧的机器没信号没到账", False),
        ("奇怪了一直没信号", False),
        ("什么原因没到账 信号一格", False),
    ],
)
def test_a_reason_is_told_from_a_symptom(words: str, explains: bool) -> None:
    heard = Understanding(words, "report_delay", causes=(("network_communication", 0.8),))
    assert asked_of(heard).explains is explains


def test_a_why_about_stuck_money_is_looked_up(merchant: Talker) -> None:
    blamed = (("bank_rules", 0.8),)
    merchant.say("ask_cause", causes=blamed, route=Route.ANSWER)
    assert merchant.case().status is CaseStatus.CLARIFYING


def test_a_general_question_that_names_a_payment_is_about_it(merchant: Talker) -> None:
    merchant.say("ask_arrival_time", YESTERDAY_AFTERNOON, amount(300_000))
    assert merchant.case().outcome == "not_yet_due"


def test_a_whole_day_is_told_at_a_glance_with_a_list_to_tap(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get(Merchant, MID)
        assert shop is not None
        a_sale(session, shop, 5_000, "2026-11-21 11:00", state=TxnState.UNKNOWN)
    replies = merchant.say("report_delay", Entity("time", "2026-11-21", "昨天"), text="昨天的没到")
    assert "3,050元" in replies[0].text
    assert len(button_ids(replies)) == 2
    merchant.tap("pick:1")
    assert merchant.case().outcome == "not_yet_due"


def test_a_machine_that_plays_up_is_walked_with_what_its_records_show(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        for doubtful in session.scalars(select(Txn).where(Txn.amount.in_((26_800, 1_260_000)))):
            doubtful.state = TxnState.REVERSED
        terminal = session.get(Terminal, "31000001")
        assert terminal is not None
        terminal.sim_state = SimState.OVER_QUOTA
    flaky = (("network_communication", 0.8),)
    replies = merchant.say("report_delay", text="机器天天掉线钱老是晚", causes=flaky)
    assert merchant.case().playbook == "sim_card"
    assert "31000001" in replies[0].text
    assert "step:done" in button_ids(replies)


def test_several_missing_among_others_are_named_one_by_one(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get(Merchant, MID)
        assert shop is not None
        sales = [a_sale(session, shop, 5_000 + one, f"2026-11-19 10:{one:02}") for one in range(37)]
        a_payout(session, *sales[3:], state=PayoutState.CREDITED, at="2026-11-20 08:30")
    thursday = Entity("time", "2026-11-19", "19号")
    replies = merchant.say("ask_status", thursday, text="19号37笔里哪几笔没到")
    labels = [one.label for reply in replies for one in reply.buttons]
    assert labels[:4] == ["50.02元", "50.01元", "50元", "12,600元"]
    merchant.tap("pick:2")
    assert merchant.case().outcome == "overdue"


def test_a_day_of_one_fate_gets_its_verdict_unless_which_payments_is_asked(
    merchant: Talker,
) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get(Merchant, MID)
        assert shop is not None
        a_sale(session, shop, 4_000, "2026-11-21 10:00")
        a_sale(session, shop, 5_000, "2026-11-21 11:00", state=TxnState.DECLINED)
    yesterday = Entity("time", "2026-11-21", "昨天")
    assert merchant.say("report_delay", yesterday, text="昨天的没到")[0].timeline is not None
    named = merchant.say("ask_status", yesterday, text="昨天哪几笔没到")
    assert button_ids(named) == ["pick:0", "pick:1", "pick:2"]


def test_more_missing_ones_than_fit_are_told_on_the_next_page(merchant: Talker) -> None:
    with merchant.sessions.begin() as session:
        shop = session.get(Merchant, MID)
        assert shop is not None
        for one in range(30):
            a_sale(session, shop, 5_000 + one, f"2026-11-21 10:{one:02}")
        paid = a_sale(session, shop, 9_900, "2026-11-21 09:00")
        a_payout(session, paid, state=PayoutState.CREDITED, at="2026-11-21 09:30")
    yesterday = Entity("time", "2026-11-21", "昨天")
    first = merchant.say("ask_status", yesterday, text="昨天哪几笔没到")
    page, rest = merchant.tap("more"), merchant.tap("more")
    assert ["more" in button_ids(one) for one in (first, page, rest)] == [True, True, False]
    named = "".join(reply.text for reply in [*page, *rest])
    assert all(f"50.{one:02}元" in named for one in range(1, 30) if one % 10)
    merchant.tap("pick:0")
    assert merchant.case().outcome == "not_yet_due"


def test_a_wish_for_a_day_is_no_time_of_payment(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    tomorrow = Entity("time", "2026-11-23", "明天")
    replies = merchant.say("ask_arrival_time", tomorrow, TODAY, text="房租明天要交，钱能不能今天到")
    assert replies[0].timeline is not None
    assert replies[0].timeline.amount == "3,000元"


def test_the_time_before_the_amount_is_that_payments(merchant: Talker) -> None:
    other = Entity("time", "2026-11-20", "前天")
    text = "昨天下午刷的3000没到，还有前天的那笔"
    named = Entity("amount", 300_000, "3000")
    replies = merchant.say("report_delay", YESTERDAY_AFTERNOON, named, other, text=text)
    assert replies[0].timeline is not None
    assert replies[0].timeline.amount == "3,000元"


def test_a_wrong_amount_does_not_stick(merchant: Talker) -> None:
    merchant.say("report_delay", amount(88_800))
    merchant.say("report_delay", Entity("time", "2026-11-20", "前天"), text="前天的钱没到")
    assert merchant.case().outcome == "not_yet_due"


def test_an_approximate_amount_is_named_as_the_range_it_is(merchant: Talker) -> None:
    about = Entity("amount", 77_000, "770", approx=True)
    text = merchant.say("report_delay", about)[0].text
    assert "693元到847元" in text


def test_a_cause_is_not_carried_into_the_next_complaint(merchant: Talker) -> None:
    blamed = (("hardware_fault", 0.9),)
    merchant.say("report_delay", amount(88_800), text="机器坏了吧888没到", causes=blamed)
    merchant.say("report_delay", amount(300_000), text="3000没到")
    question = merchant.case()
    assert question.outcome == "not_yet_due"
    assert question.asked is not None
    assert question.asked["cause"] is None


def test_anger_hears_first_where_the_money_is(merchant: Talker) -> None:
    replies = merchant.say("complain_anger", amount(300_000), text="骗子，3000不给我")
    assert replies[0].timeline is not None
    assert replies[-1].ticket is not None


def test_a_bare_complaint_is_asked_back_with_a_list(merchant: Talker) -> None:
    replies = merchant.say("report_delay")
    assert button_ids(replies) == ["pick:0", "pick:1", "pick:2", "pick:none"]
    assert merchant.case().status is CaseStatus.CLARIFYING
    merchant.tap("pick:1")
    assert merchant.case().outcome == "payout_failed"


def test_an_option_can_be_named_in_words(merchant: Talker) -> None:
    merchant.say("report_delay")
    merchant.say("nlu_fallback", text="第二个")
    assert merchant.case().outcome == "payout_failed"


def test_an_amount_narrows_an_open_list(merchant: Talker) -> None:
    merchant.say("report_delay")
    merchant.say("nlu_fallback", amount(300_000))
    assert merchant.case().outcome == "not_yet_due"


def test_a_wrong_time_is_never_silently_corrected(merchant: Talker) -> None:
    replies = merchant.say("report_delay", TODAY, amount(300_000))
    assert merchant.case().status is CaseStatus.CLARIFYING
    assert button_ids(replies) == ["pick:0", "pick:none"]
    merchant.say("affirm")
    assert merchant.case().outcome == "not_yet_due"


def test_three_misses_lead_to_a_person(merchant: Talker) -> None:
    first = merchant.say("report_delay", amount(88_800))
    assert first[0].ticket is None
    second = merchant.say("nlu_fallback", YESTERDAY_AFTERNOON)
    assert second[0].ticket is None
    third = merchant.say("nlu_fallback", amount(99_900))
    assert third[0].ticket is not None
    assert merchant.case().status is CaseStatus.HANDED_OVER


def test_a_found_payment_forgives_earlier_misses(merchant: Talker) -> None:
    merchant.say("report_delay", amount(88_800))
    merchant.say("nlu_fallback", amount(99_900))
    merchant.say("nlu_fallback", amount(300_000))
    assert (merchant.case().misses, merchant.case().outcome) == (0, "not_yet_due")


def test_what_is_not_understood_is_asked_back(merchant: Talker) -> None:
    ranking = (("ask_fee", 0.3), ("ask_refund", 0.25), ("greet", 0.2))
    replies = merchant.say("nlu_fallback", text="那个咋算的", ranking=ranking)
    assert button_ids(replies) == ["intent:ask_fee", "intent:ask_refund", "person"]
    answer = merchant.tap("intent:ask_fee")
    assert answer
    assert merchant.case().status is CaseStatus.CLOSED


def test_asking_for_a_person_gives_a_ticket_once(merchant: Talker) -> None:
    first = merchant.say("ask_human")[0].ticket
    second = merchant.say("ask_human")[0].ticket
    assert first is not None
    assert second is not None
    assert first.number == second.number == "DZ261122-0001"
    with merchant.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_without_a_known_merchant_no_row_is_shown(merchant: Talker) -> None:
    merchant.mid = None
    replies = merchant.say("report_delay", amount(300_000))
    assert [(reply.timeline, reply.buttons) for reply in replies] == [(None, ())]


def test_answering_a_message_again_changes_nothing(merchant: Talker) -> None:
    once = merchant.say("report_delay", amount(88_800), message_id="same")
    again = merchant.say("report_delay", amount(88_800), message_id="same", route=Route.DIAGNOSE)
    assert once == again
    assert merchant.case().misses == 1
    with merchant.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 1


def test_a_button_of_an_earlier_question_is_told_to_be_gone(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000), YESTERDAY_AFTERNOON)
    replies = merchant.tap("pick:0")
    assert replies[0].timeline is None
    assert merchant.case().outcome == "not_yet_due"


def test_when_does_it_come_follows_on_the_payment_told_of(merchant: Talker) -> None:
    merchant.say("report_delay", amount(300_000))
    replies = merchant.say("ask_arrival_time")
    assert replies[0].timeline is not None
    assert replies[0].timeline.amount == "3,000元"


def test_after_a_day_the_question_is_general_again(merchant: Talker, clock: StoppedClock) -> None:
    merchant.say("report_delay", amount(300_000))
    clock.pass_by(hours=25)
    assert merchant.say("ask_arrival_time")[0].timeline is None


class TestNetworkPlaybook:
    """机器没出票，客人说扣了268: the walk, its check against the ledger and its two ends."""

    def begin(self, merchant: Talker) -> None:
        replies = merchant.say("report_fault", amount(26_800))
        assert merchant.case().status is CaseStatus.WALKING
        assert len(replies) <= 3
        assert "step:done" in button_ids(replies)

    def come_online(self, merchant: Talker) -> None:
        with merchant.sessions.begin() as session:
            terminal = session.get(Terminal, "31000001")
            assert terminal is not None
            terminal.last_heartbeat_at = merchant.clock.now()
            terminal.sign_state = SignState.SIGNED_ON

    def send_reversal(self, merchant: Talker) -> None:
        with merchant.sessions.begin() as session:
            doubtful = session.scalars(select(Txn).where(Txn.amount == 26_800)).one()
            doubtful.state = TxnState.REVERSED
            doubtful.reversal_at = merchant.clock.now()
            doubtful.reversal_code = "00"

    def test_the_reversal_in_the_ledger_solves_it(self, merchant: Talker) -> None:
        self.begin(merchant)
        merchant.tap("step:failed")
        merchant.clock.pass_by(minutes=1)
        self.come_online(merchant)
        merchant.tap("step:done")
        self.send_reversal(merchant)
        for _ in range(8):
            if not merchant.case().status.is_open:
                break
            merchant.tap("step:done")
        assert merchant.case().status is CaseStatus.SOLVED

    def test_done_is_not_believed_before_the_ledger_shows_it(self, merchant: Talker) -> None:
        self.begin(merchant)
        merchant.tap("step:failed")
        replies = merchant.tap("step:done")
        assert merchant.case().status is CaseStatus.WALKING
        assert "step:done" in button_ids(replies)

    def test_steps_that_fail_end_with_a_ticket_that_tells_them(self, merchant: Talker) -> None:
        self.begin(merchant)
        replies: list[Reply] = []
        for _ in range(12):
            if not merchant.case().status.is_open:
                break
            replies = merchant.tap("step:failed")
        assert merchant.case().status is CaseStatus.HANDED_OVER
        assert replies[-1].ticket is not None
        with merchant.sessions() as session:
            ticket = session.get(Ticket, replies[-1].ticket.number)
            assert ticket is not None
            assert any("failed" in line for line in ticket.summary)

    def test_a_question_in_between_is_answered_and_the_step_asked_again(
        self, merchant: Talker
    ) -> None:
        self.begin(merchant)
        replies = merchant.say("ask_fee")
        assert "step:done" in button_ids(replies)
        assert merchant.case().status is CaseStatus.WALKING

    def test_another_payment_is_looked_at(self, merchant: Talker) -> None:
        self.begin(merchant)
        merchant.say("report_delay", amount(300_000))
        assert merchant.case().outcome == "not_yet_due"

    def test_three_misunderstandings_call_a_person(self, merchant: Talker) -> None:
        self.begin(merchant)
        for _ in range(3):
            merchant.say("nlu_fallback", text="嗯")
        assert merchant.case().status is CaseStatus.HANDED_OVER


class TestPromises:
    def watch(self, merchant: Talker) -> None:
        merchant.say("report_delay", amount(300_000))
        merchant.tap("watch")

    def news(self, merchant: Talker) -> list[str]:
        with merchant.sessions.begin() as session:
            told = news(session, CALENDAR, merchant.clock.now(), MID)
            return [one.conversation_id for one in told]

    def test_nothing_is_told_while_nothing_happens(self, merchant: Talker) -> None:
        self.watch(merchant)
        assert self.news(merchant) == []

    def test_the_credit_is_told_once(self, merchant: Talker, clock: StoppedClock) -> None:
        self.watch(merchant)
        clock.pass_by(days=1)
        with merchant.sessions.begin() as session:
            sale = session.scalars(select(Txn).where(Txn.amount == 300_000)).one()
            a_payout(session, sale, state=PayoutState.CREDITED, at="2026-11-23 08:32")
        assert self.news(merchant) == ["conversation"]
        assert self.news(merchant) == []
        assert merchant.case().status is CaseStatus.SOLVED

    def test_the_due_time_passing_is_told(self, merchant: Talker, clock: StoppedClock) -> None:
        self.watch(merchant)
        clock.pass_by(days=1, hours=8)
        assert self.news(merchant) == ["conversation"]
        assert merchant.case().outcome == "overdue"

    def test_after_the_due_time_the_arrival_is_told_too(
        self, merchant: Talker, clock: StoppedClock
    ) -> None:
        self.watch(merchant)
        clock.pass_by(days=1, hours=8)
        assert self.news(merchant) == ["conversation"]
        assert self.news(merchant) == []
        with merchant.sessions.begin() as session:
            sale = session.scalars(select(Txn).where(Txn.amount == 300_000)).one()
            a_payout(session, sale, state=PayoutState.CREDITED, at="2026-11-23 20:32")
        clock.pass_by(hours=3)
        assert self.news(merchant) == ["conversation"]
        assert self.news(merchant) == []

    def test_the_same_watch_is_kept_once(self, merchant: Talker) -> None:
        self.watch(merchant)
        merchant.tap("watch")
        with merchant.sessions() as session:
            assert session.scalar(select(func.count()).select_from(Promise)) == 1

    def test_a_reversal_that_does_not_come_calls_a_person(
        self, merchant: Talker, clock: StoppedClock
    ) -> None:
        with merchant.sessions.begin() as session:
            merchant.say("report_fault", amount(26_800))
            case = merchant.case()
            assert promise(session, case, PromiseKind.REVERSAL, clock.now())
        assert self.news(merchant) == []
        clock.time += REVERSAL_PATIENCE
        assert self.news(merchant) == ["conversation"]
        assert merchant.case().status is CaseStatus.HANDED_OVER
