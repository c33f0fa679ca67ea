"""What a reader makes of the lines of a bill. Amounts are fen; times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from daozhang.ledger.words import CardType, Channel, PayoutState, TxnKind, TxnState

__all__ = ["About", "BadLine", "Line", "PassedLine", "PayoutRow", "TradeRow"]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a bill besides its lines.

    `mid` is whose bill it is, when a person said so; `today` is the day of the import, from which
    years that a bill leaves out are counted.
    """

    name: str
    today: date
    mid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeRow:
    """One transaction. `amount` is what payer and merchant saw, `settled` what counts for the
    merchant after coupons that others gave; both positive, for refunds too.

    `fee` is negative where a refund gives it back. `wallet_no` is the wallet's or the clearing
    house's number of the order; a refund carries that of its sale, and its own as `refund_no`.
    `order_no` is the merchant's own number of order or refund. `clear_date` is None as long as
    the transaction was in no clearing file.
    """

    line_no: int
    text: str
    mid: str
    channel: Channel
    kind: TxnKind
    state: TxnState
    at: datetime
    amount: int
    settled: int
    fee: int
    clear_date: date | None
    wallet_no: str | None = None
    order_no: str | None = None
    refund_no: str | None = None
    ref_no: str | None = None
    tid: str | None = None
    trace_no: str | None = None
    batch_no: str | None = None
    auth_code: str | None = None
    response_code: str | None = None
    card_last4: str | None = None
    card_type: CardType | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRow:
    """One order to the merchant's bank, as it stood when the bill was made.

    `settle_day` is the settlement day whose items it pays, and `items` how many they are, where
    the bill says so. Account and bank are None where the bill leaves them out.
    """

    line_no: int
    text: str
    mid: str
    no: str
    state: PayoutState
    plan: int
    suspended: int = 0
    real: int
    created_at: datetime
    result_at: datetime | None = None
    credited_at: datetime | None = None
    account_bank: str | None = None
    account_last4: str | None = None
    fail_text: str | None = None
    previous_no: str | None = None
    settle_day: date | None = None
    items: int | None = None


@dataclass(frozen=True, slots=True)
class PassedLine:
    """A line that was read and counted, and holds nothing that the ledger keeps."""

    line_no: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used, and why."""

    line_no: int
    reason: str
    text: str


type Line = TradeRow | PayoutRow | PassedLine | BadLine
