"""Every circumstance of DOMAIN.md §4 and §5 as a small world: rows, moment, and what they say."""

from __future__ import annotations

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.verdict import Finding
from tests.diagnosis.kit import (
    NOON,
    SALE,
    TUESDAY_NIGHT,
    Rows,
    a_sale_in,
    declined,
    held,
    paid,
    refused,
    shop,
    unknown,
)

__all__ = ["CASES"]

INSTANT = {"product": "S0"}
WAITING = {"carries": ["sale"], "state": "created"}
MOVED = {"at": "2026-11-23T09:00", "kind": "moved", "detail": "杭州"}
CHARGEBACK = {
    "kind": "chargeback",
    "amount": 300_000,
    "local_at": "2026-11-24T09:00",
    "original": "sale",
    "response_code": "4512",
    "settle": True,
}

CASES: dict[str, tuple[Rows, str, Finding, Cause | None, Circumstance | None]] = {
    "a new merchant": (
        a_sale_in({}, **shop(product="S0", opened_on="2026-11-01")),
        NOON,
        Finding.BEFORE_DUE,
        Cause.BANK_RULES,
        Circumstance.NEW_MERCHANT,
    ),
    "a debit card goes the slow way": (
        a_sale_in(
            {"card_type": "debit", "item": {"due_at": "2026-11-24T18:00"}}, **shop(**INSTANT)
        ),
        NOON,
        Finding.BEFORE_DUE,
        Cause.BANK_RULES,
        Circumstance.DEBIT_CARD,
    ),
    "outside the instant hours": (
        a_sale_in({"local_at": "2026-11-24T05:30"}, **shop(**INSTANT)),
        NOON,
        Finding.BEFORE_DUE,
        Cause.PLATFORM_RESTRICTION,
        Circumstance.INSTANT_CLOSED,
    ),
    "over the weekend": (
        a_sale_in({"local_at": "2026-11-20T15:10"}),
        "2026-11-22 10:00",
        Finding.BEFORE_DUE,
        Cause.BANK_RULES,
        Circumstance.WEEKEND,
    ),
    "not in the file": (
        a_sale_in({"clearing": {"recon_state": "not_in_file"}}),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.CLEARING_DELAY,
        Circumstance.NOT_IN_FILE,
    ),
    "short in the file": (
        a_sale_in({"clearing": {"recon_state": "short"}}),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.CLEARING_DELAY,
        Circumstance.SHORT,
    ),
    "long in the file": (
        unknown("68", txns=[SALE | {"state": "unknown", "clearing": {"recon_state": "long"}}]),
        NOON,
        Finding.RESULT_UNKNOWN,
        Cause.CLEARING_DELAY,
        Circumstance.LONG,
    ),
    "charged one-sidedly": (
        unknown(None),
        "2026-11-26 12:00",
        Finding.RESULT_UNKNOWN,
        None,
        Circumstance.CUSTOMER_REFUNDED,
    ),
    "a defective success": (
        a_sale_in({"response_code": "A4"}),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.CLEARING_DELAY,
        Circumstance.DEFECTIVE_SUCCESS,
    ),
    "an account that is being checked": (
        a_sale_in({}, **shop(account_state="verifying")),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.BANK_RULES,
        Circumstance.ACCOUNT_UNVERIFIED,
    ),
    "an account that failed its check": (
        a_sale_in({}, **shop(account_state="failed")),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.WRONG_TRANSACTION_INFO,
        Circumstance.ACCOUNT_UNVERIFIED,
    ),
    "an account number nobody knows": (
        refused("卡号无效"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.WRONG_TRANSACTION_INFO,
        Circumstance.ACCOUNT_INVALID,
    ),
    "a name that does not match": (
        refused("收款户名不符"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.WRONG_TRANSACTION_INFO,
        Circumstance.NAME_MISMATCH,
    ),
    "an account that may not receive": (
        refused("收付控制状态不允许"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.BANK_RULES,
        Circumstance.ACCOUNT_RESTRICTED,
    ),
    "a bank that was silent": (
        refused("日间撤销"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.BANK_OUTAGE,
        Circumstance.BANK_SILENT,
    ),
    "a bank that refuses": (
        refused("银联风险受限"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.BANK_RULES,
        Circumstance.BANK_REFUSED,
    ),
    "a card not enabled": (
        refused("未开通无卡支付"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.BANK_RULES,
        Circumstance.NOT_ENABLED,
    ),
    "public and private mixed up": (
        refused("平台路由失败"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.WRONG_TRANSACTION_INFO,
        Circumstance.PUBLIC_PRIVATE,
    ),
    "a defective success of the bank": (
        refused("有缺陷的成功"),
        NOON,
        Finding.PAYOUT_FAILED,
        Cause.CLEARING_DELAY,
        None,
    ),
    "a large payout after hours": (
        a_sale_in(
            {}, payouts=[WAITING | {"bank_channel": "HVPS", "created_at": "2026-11-24T17:40"}]
        ),
        TUESDAY_NIGHT,
        Finding.BEFORE_DUE,
        Cause.BANK_RULES,
        Circumstance.CHANNEL_CLOSED,
    ),
    "so large a sum on a day of rest": (
        a_sale_in(
            {"amount": 60_000_000, "local_at": "2026-11-21T15:10"},
            **shop(product="D1"),
        ),
        "2026-11-22 10:00",
        Finding.BEFORE_DUE,
        Cause.BANK_RULES,
        Circumstance.LARGE_VALUE,
    ),
    "paid, the bank has not entered it": (
        paid("success"),
        NOON,
        Finding.PAID_UNCONFIRMED,
        None,
        Circumstance.CROSS_BANK,
    ),
    "paid to the old card": (
        paid(account_last4="1111"),
        NOON,
        Finding.CREDITED,
        None,
        Circumstance.OLD_ACCOUNT,
    ),
    "already arrived": (paid(), NOON, Finding.CREDITED, None, None),
    "part of it kept back": (
        paid(suspended_amount=50_000),
        NOON,
        Finding.CREDITED,
        Cause.INSUFFICIENT_BALANCE,
        Circumstance.KEPT_BACK,
    ),
    "charged back": (
        {**paid(), "txns": [SALE, CHARGEBACK]},
        NOON,
        Finding.CHARGED_BACK,
        Cause.INSUFFICIENT_BALANCE,
        Circumstance.CHARGEBACK,
    ),
    "under the least payout": (
        a_sale_in({}, **shop(min_payout=500_000)),
        TUESDAY_NIGHT,
        Finding.BEFORE_DUE,
        Cause.INSUFFICIENT_BALANCE,
        Circumstance.BELOW_MINIMUM,
    ),
    "under review": (
        held("risk_review"),
        NOON,
        Finding.HELD,
        Cause.PLATFORM_RESTRICTION,
        Circumstance.RISK_REVIEW,
    ),
    "frozen by an authority": (
        held("judicial"),
        NOON,
        Finding.HELD,
        Cause.PLATFORM_RESTRICTION,
        Circumstance.JUDICIAL,
    ),
    "all settlement stopped": (
        held("settlement_suspended", txn=None),
        NOON,
        Finding.HELD,
        Cause.PLATFORM_RESTRICTION,
        Circumstance.SETTLEMENT_SUSPENDED,
    ),
    "papers that ran out": (
        a_sale_in({}, **shop(kyc_valid_until="2026-11-01")),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.REGULATION_CHANGE,
        Circumstance.PAPERS_EXPIRED,
    ),
    "a serial number that is not bound": (
        declined("97", bound=False),
        NOON,
        Finding.DECLINED,
        Cause.REGULATION_CHANGE,
        Circumstance.UNBOUND,
    ),
    "a machine that was moved": (
        {**declined("58"), "terminal_events": [MOVED]},
        NOON,
        Finding.DECLINED,
        Cause.REGULATION_CHANGE,
        Circumstance.MOVED,
    ),
    "a type of payment not opened": (
        declined("58"),
        NOON,
        Finding.DECLINED,
        Cause.PLATFORM_RESTRICTION,
        None,
    ),
    "a SIM out of order": (
        unknown("68", terminals=[{"sim_state": "suspended"}]),
        NOON,
        Finding.RESULT_UNKNOWN,
        Cause.NETWORK_COMMUNICATION,
        Circumstance.SIM,
    ),
    "an answer that never came": (
        unknown("68"),
        NOON,
        Finding.RESULT_UNKNOWN,
        Cause.NETWORK_COMMUNICATION,
        Circumstance.TIMED_OUT,
    ),
    "a reversal that waits behind a SIM": (
        a_sale_in(
            {"state": "reversal_pending", "settle": False},
            terminals=[{"sim_state": "over_quota"}],
        ),
        NOON,
        Finding.REVERSAL_PENDING,
        Cause.NETWORK_COMMUNICATION,
        Circumstance.SIM,
    ),
    "reversed": (
        a_sale_in({"state": "reversed", "settle": False}),
        NOON,
        Finding.REVERSED,
        None,
        None,
    ),
    "a printer that jammed": (
        unknown(None, terminal_events=[{"at": "2026-11-23T15:11", "kind": "print_failed"}]),
        NOON,
        Finding.RESULT_UNKNOWN,
        Cause.HARDWARE_FAULT,
        Circumstance.PRINTER,
    ),
    "keys that do not fit": (
        declined("A0"),
        NOON,
        Finding.DECLINED,
        Cause.SOFTWARE_FAULT,
        Circumstance.KEYS,
    ),
    "a wrong amount": (declined("13"), NOON, Finding.DECLINED, Cause.WRONG_TRANSACTION_INFO, None),
    "a bank that is down": (declined("91"), NOON, Finding.DECLINED, Cause.BANK_OUTAGE, None),
    "a host that is slow": (
        unknown("09"),
        NOON,
        Finding.RESULT_UNKNOWN,
        Cause.SLOW_PROCESSING,
        None,
    ),
    "a batch that was not closed": (
        a_sale_in(
            {"clearing": {"recon_state": "not_in_file"}},
            terminals=[{}],
            terminal_events=[{"at": "2026-11-20T21:00", "kind": "batch_closed"}],
        ),
        TUESDAY_NIGHT,
        Finding.OVERDUE,
        Cause.PROCEDURE_NOT_FOLLOWED,
        Circumstance.BATCH_OPEN,
    ),
}
