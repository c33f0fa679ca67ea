"""The names that playbooks use and the cases layer answers for, each with what it means.

A playbook that uses any other name is refused by the loader. A new name is added here, and in
the cases layer where it is looked up.
"""

from __future__ import annotations

__all__ = ["CHECKS", "DETAIL", "FLAGS", "PROMISES", "TERMINALS", "VALUES"]

CHECKS = {
    "terminal_online": "这一步开始之后，后台收到过机器的心跳",
    "signed_on": "机器现在是签到状态",
    "reversal_out": "有疑问的那笔交易已经冲正（不成：冲正失败，或那笔其实成功了）",
    "offline_uploaded": "机器里的离线交易已经全部上送",
    "signed_on_again": "这一步开始之后，机器重新签到过",
    "trade_ok": "这一步开始之后，这台机器收成了一笔，或做成了一次余额查询",
    "collected": "这一步开始之后，店里收成了一笔，不论用机器还是收款码",
    "batch_closed": "那笔交易之后做过批结算（没有那笔时：这一步开始之后）",
    "version_current": "机器的程序是最新版本",
    "sim_ok": "流量卡状态正常，没有到期",
    "terminal_bound": "机器已绑定在这家商户名下",
    "preauth_completed": "预授权已经完成（不成：已撤销、冲正或没成功）",
    "undone": "那笔交易已经撤销或退货（不成：那笔本来就没收成）",
    "account_verified": "结算账户验证通过，是一类卡或对公账户，也不再是银行拒收的那个",
    "new_payout": "已经重新打款，或那笔已经打出（不成：重新打的又被拒了）",
    "paid_out": "那笔钱已经打出",
    "balance_filled": "账户余额不再是负的",
    "hold_in_review": "核实的材料已经在审核，或已经通过",
    "papers_valid": "登记的证件在有效期内",
    "incident_over": "碰到这笔钱的故障或维护已经结束",
}
"""What the ledger can confirm. Refuted means: the records prove that it can no longer succeed."""

FLAGS = {
    "reversal_pending": "有一笔交易还没有定论（结果未知、等待冲正或冲正失败）",
    "offline_trades": "机器里有还没上送的离线交易",
    "terminal_online": "机器现在在线",
    "signed_on": "机器现在是签到状态",
    "sim_problem": "后台显示流量卡停机、超量或到期",
    "payment_known": "问的是账上查得到的一笔交易",
    "money_awaited": "那笔收成了，钱还没到账",
    "not_due": "那笔钱还没到该到的时间",
    "long_overdue": "那笔钱过了该到的时间两小时以上",
    "declined": "那笔交易没有成功，钱没有动",
    "preauth_open": "那笔是还没完成的预授权",
    "voidable": "那笔是今天在这台机器上刷的，还没结算，可以撤销",
    "batch_open": "这台机器平时手动结算，最近这次还没做",
    "update_waiting": "机器的程序有新版本",
    "locked": "机器因为防拆报警锁住了",
    "reader_failing": "机器近来读卡失败的次数比打印多",
    "terminal_unbound": "机器没有绑定在这家商户名下",
    "name_refused": "银行因为户名不符拒收",
    "bank_must_act": "要开户银行先处理：账户受限，或没开通收款",
    "negative_balance": "账户余额是负的",
    "below_minimum": "那笔净额不够最低出款额",
    "reminder_on": "余额提醒已经打开",
    "held": "有一笔核实可以补材料（司法冻结不算）",
    "over_cap": "那笔超过秒到单笔上限",
    "incident": "有一次碰到这笔钱的故障或维护正在进行",
    "incident_public": "这次故障或维护已经有公告",
    "papers_expired": "登记的证件已经过期",
    "rule_notice": "有已经生效的规则通知",
}
"""What is so at this moment. A flag that is not given is not so."""

VALUES = {
    "amount": "那笔交易的金额，如 268元",
    "txn_time": "那笔交易的时间，如 今天14:02",
    "tid": "终端号",
    "model": "机器型号",
    "signal": "后台看到的信号格数",
    "sim_expires": "流量卡到期日，如 11月20日",
    "card_last4": "客人卡号后四位",
    "ref_no": "检索参考号",
    "net": "扣过手续费的净额，如 2,982元",
    "due": "该到账的时间，如 明天(11月23日) 18:00",
    "bank": "结算账户的开户银行",
    "account_last4": "结算账户后四位",
    "payout_no": "出款单号",
    "fail_text": "银行拒收时的原话",
    "balance": "账户余额，如 -32元",
    "min_payout": "最低出款额",
    "instant_cap": "秒到单笔上限",
    "materials": "核实要的材料",
    "review": "核实预计有结果的时间",
    "papers_until": "证件有效期，如 2026年10月29日",
    "version": "机器上的程序版本",
    "latest": "最新的程序版本",
    "sn_last4": "机器序列号后四位",
    "incident_text": "故障或维护的公告",
    "notice": "规则通知的标题和生效日期",
}
"""What texts may name as {amount}. For each the engine has a word for when it is not known."""

TERMINALS = {
    "smart_pos": "智能POS：触摸大屏，安卓系统",
    "keypad_pos": "传统POS：小屏幕，实体按键",
    "card_reader": "手刷：蓝牙刷卡器，连着手机App用",
    "qr_speaker": "收款码和云喇叭：没有屏幕，不能刷卡",
}
"""Kinds of terminal for which a step can say how it is done (`data/facts/terminals.yml`)."""

DETAIL = "detail"
"""The one place more that a check's own texts have: what the record shows, such as a time."""

PROMISES = {
    "reversal": "盯着那笔交易，冲正成功或失败时告诉商户",
    "arrival": "盯着那笔钱，到账、被退或到了时间时告诉商户",
}
"""What the worker can watch and tell the merchant about."""
