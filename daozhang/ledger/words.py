"""The closed vocabularies of the ledger (DOMAIN.md §1.1, §1.3)."""

from __future__ import annotations

from enum import StrEnum

from daozhang.settlement.products import Product

__all__ = [
    "AccountClass",
    "AccountState",
    "CardType",
    "Channel",
    "HoldKind",
    "HoldState",
    "IncidentScope",
    "ItemState",
    "PayoutState",
    "Product",
    "ReconState",
    "SignState",
    "SimState",
    "TerminalEventKind",
    "TxnKind",
    "TxnState",
]


class Channel(StrEnum):
    """The way the customer paid."""

    CARD = "card"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY_QR = "unionpay_qr"


class CardType(StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"


class TxnKind(StrEnum):
    SALE = "sale"
    REFUND = "refund"
    VOID = "void"
    PREAUTH = "preauth"
    PREAUTH_COMPLETION = "preauth_completion"
    CHARGEBACK = "chargeback"
    """退单: the issuer took the money of `original_id` back; the code says why."""


class TxnState(StrEnum):
    """Where a transaction stands on its way from terminal to clearing (DOMAIN.md §1.1)."""

    APPROVED = "approved"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    REVERSAL_PENDING = "reversal_pending"
    REVERSED = "reversed"
    REVERSAL_FAILED = "reversal_failed"
    VOIDED = "voided"
    REFUNDED = "refunded"
    PREAUTH_OPEN = "preauth_open"
    OFFLINE_STORED = "offline_stored"


class ReconState(StrEnum):
    """Whether the clearing house's file holds the transaction: 长款 is LONG, 短款 SHORT."""

    NOT_IN_FILE = "not_in_file"
    MATCHED = "matched"
    LONG = "long"
    SHORT = "short"


class ItemState(StrEnum):
    """A transaction's part in settlement; PAID points to the payout that carried it."""

    PENDING = "pending"
    HELD = "held"
    DUE = "due"
    PAID = "paid"


class PayoutState(StrEnum):
    """SUCCESS is the payer's word, CREDITED the receiving bank's; RETURNED is 退票."""

    CREATED = "created"
    PAYING = "paying"
    SUCCESS = "success"
    CREDITED = "credited"
    FAILED = "failed"
    RETURNED = "returned"
    FROZEN = "frozen"


class AccountClass(StrEnum):
    """Class of a bank account (I/II/III类户), or a company's public account (对公)."""

    I = "I"  # noqa: E741 - the class is called I
    II = "II"
    III = "III"
    PUBLIC = "public"


class AccountState(StrEnum):
    VERIFIED = "verified"
    VERIFYING = "verifying"
    FAILED = "failed"


class SimState(StrEnum):
    OK = "ok"
    SUSPENDED = "suspended"
    OVER_QUOTA = "over_quota"
    EXPIRED = "expired"


class SignState(StrEnum):
    """Whether the terminal holds today's work keys (签到)."""

    SIGNED_ON = "signed_on"
    SIGNED_OFF = "signed_off"
    LOCKED = "locked"


class TerminalEventKind(StrEnum):
    HEARTBEAT_LOST = "heartbeat_lost"
    HEARTBEAT_BACK = "heartbeat_back"
    RESTARTED = "restarted"
    SIGNED_ON = "signed_on"
    BALANCE_INQUIRY = "balance_inquiry"
    REVERSAL_SENT = "reversal_sent"
    PRINT_FAILED = "print_failed"
    UPDATED = "updated"
    TAMPER = "tamper"
    BATCH_CLOSED = "batch_closed"
    READ_FAILED = "read_failed"
    SIM_LOW = "sim_low"
    """The data plan is nearly used up; the detail says how far."""
    MOVED = "moved"
    """It was located outside its registered area; the detail names the place."""


class HoldKind(StrEnum):
    """What kind of hold it is; the rule that fired is never stored (DOMAIN.md §4, §4.11)."""

    RISK_REVIEW = "risk_review"
    DOCUMENT_REQUEST = "document_request"
    JUDICIAL = "judicial"
    SETTLEMENT_SUSPENDED = "settlement_suspended"


class HoldState(StrEnum):
    OPEN = "open"
    REVIEWING = "reviewing"
    RELEASED = "released"


class IncidentScope(StrEnum):
    BANK = "bank"
    CHANNEL = "channel"
    PLATFORM = "platform"
    REGION = "region"
    VERSION = "version"
    """Of the terminals' program, named by its version."""
