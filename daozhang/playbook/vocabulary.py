"""The names that playbooks use and the cases layer answers for, each with what it means.

A playbook that uses any other name is refused by the loader. A new name is added here, and in
the cases layer where it is looked up.
"""

from __future__ import annotations

__all__ = ["CHECKS", "DETAIL", "FLAGS", "PROMISES", "VALUES"]

CHECKS = {
    "terminal_online": "这一步开始之后，后台收到过机器的心跳",
    "signed_on": "机器现在是签到状态",
    "reversal_out": "有疑问的那笔交易已经冲正（不成：冲正失败，或那笔其实成功了）",
    "offline_uploaded": "机器里的离线交易已经全部上送",
}
"""What the ledger can confirm. Refuted means: the records prove that it can no longer succeed."""

FLAGS = {
    "reversal_pending": "有一笔交易还没有定论（结果未知、等待冲正或冲正失败）",
    "offline_trades": "机器里有还没上送的离线交易",
    "terminal_online": "机器现在在线",
    "signed_on": "机器现在是签到状态",
    "sim_problem": "后台显示流量卡停机、超量或到期",
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
}
"""What texts may name as {amount}. For each the engine has a word for when it is not known."""

DETAIL = "detail"
"""The one place more that a check's own texts have: what the record shows, such as a time."""

PROMISES = {"reversal": "盯着那笔交易，冲正成功或失败时告诉商户"}
"""What the worker can watch and tell the merchant about."""
