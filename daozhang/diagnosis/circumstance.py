"""What exactly lies behind a finding, finer than the article's cause (DOMAIN.md §2.4, §5)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Circumstance"]


class Circumstance(StrEnum):
    """One value for each thing that a merchant is told in words of its own."""

    # not due: the rule behind the due time
    AFTER_CUTOFF = "after_cutoff"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    NEW_MERCHANT = "new_merchant"
    DEBIT_CARD = "debit_card"
    OVER_INSTANT_CAP = "over_instant_cap"
    INSTANT_CLOSED = "instant_closed"

    # clearing
    NOT_IN_FILE = "not_in_file"
    SHORT = "short"
    """短款: our record has it approved, the clearing file lacks it for good."""
    LONG = "long"
    """长款: the clearing file has it, our record does not know the result."""
    CUSTOMER_REFUNDED = "customer_refunded"
    """No result and not in the file of its day: the customer gets the money back."""
    DEFECTIVE_SUCCESS = "defective_success"

    # payout and account
    CLASS_LIMIT = "class_limit"
    NAME_MISMATCH = "name_mismatch"
    ACCOUNT_INVALID = "account_invalid"
    ACCOUNT_RESTRICTED = "account_restricted"
    ACCOUNT_UNVERIFIED = "account_unverified"
    BANK_SILENT = "bank_silent"
    BANK_REFUSED = "bank_refused"
    NOT_ENABLED = "not_enabled"
    PUBLIC_PRIVATE = "public_private"
    CHANNEL_CLOSED = "channel_closed"
    """A payout that was made while the system that carries it was closed."""
    LARGE_VALUE = "large_value"
    """So large a sum that it may have to wait for the large-value system to open."""
    CROSS_BANK = "cross_bank"
    OLD_ACCOUNT = "old_account"
    INCIDENT = "incident"

    # what was kept back
    REFUNDS = "refunds"
    CHARGEBACK = "chargeback"
    KEPT_BACK = "kept_back"
    FEE_ONLY = "fee_only"
    NEGATIVE_BALANCE = "negative_balance"
    BELOW_MINIMUM = "below_minimum"

    # holds and rules
    RISK_REVIEW = "risk_review"
    DOCUMENT_REQUEST = "document_request"
    JUDICIAL = "judicial"
    SETTLEMENT_SUSPENDED = "settlement_suspended"
    PAPERS_EXPIRED = "papers_expired"
    UNBOUND = "unbound"
    MOVED = "moved"

    # the counter and the terminal
    CARDHOLDER_LIMIT = "cardholder_limit"
    TIMED_OUT = "timed_out"
    SIM = "sim"
    WEAK_SIGNAL = "weak_signal"
    SILENT = "silent"
    """The terminal has not been heard of for a while."""
    PRINTER = "printer"
    READER = "reader"
    LOCKED = "locked"
    VERSION = "version"
    KEYS = "keys"
    NOT_SIGNED_ON = "not_signed_on"
    BATCH_OPEN = "batch_open"
    OFFLINE_STORED = "offline_stored"
    PREAUTH_OPEN = "preauth_open"
    VOIDABLE = "voidable"
    """A wrong payment that can still be voided at the terminal: same day, batch still open."""
    DUPLICATE = "duplicate"
