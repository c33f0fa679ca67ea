"""The form of a world written by hand: one JSON file with rows of every table (docs/worlds.md).

Times are ISO, in Shanghai unless they say otherwise; amounts are fen. What is left out gets the
ordinary value, so that a file only tells what matters in it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from daozhang.clock import SHANGHAI
from daozhang.ledger.words import (
    AccountClass,
    AccountState,
    CardType,
    Channel,
    HoldKind,
    HoldState,
    IncidentScope,
    ItemState,
    PayoutState,
    Product,
    ReconState,
    SignState,
    SimState,
    TerminalEventKind,
    TxnKind,
    TxnState,
)

__all__ = [
    "ClearingRow",
    "EventRow",
    "HoldRow",
    "IncidentRow",
    "ItemRow",
    "MerchantRow",
    "NoticeRow",
    "PayoutRow",
    "TerminalRow",
    "TxnRow",
    "World",
]


def _in_shanghai(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


type Moment = Annotated[datetime, AfterValidator(_in_shanghai)]
type Fen = Annotated[int, Field(strict=True)]
type Positive = Annotated[int, Field(strict=True, gt=0)]
type Last4 = Annotated[str, Field(pattern=r"^\d{4}$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MerchantRow(_Row):
    mid: str = "898310058120001"
    name: str = ""
    trade: str = ""
    region: str = ""
    opened_on: date = date(2024, 1, 1)
    status: str = "active"
    trading_since: date | None = None
    provider: str | None = None
    product: Product = Product.T1
    cutoff: time | None = None
    window_start: time | None = None
    window_end: time | None = None
    instant_from: time | None = None
    instant_until: time | None = None
    instant_minutes: Annotated[int, Field(strict=True, gt=0)] | None = None
    payout_runs: tuple[time, ...] = ()
    fallback: Product | None = None
    fee_per_10k: Fen = 60
    min_payout: Fen = 0
    instant_cap_single: Fen | None = None
    instant_cap_day: Fen | None = None
    kyc_valid_until: date | None = None
    account_bank: str = "中国工商银行"
    account_last4: Last4 = "4882"
    account_class: AccountClass = AccountClass.I
    account_state: AccountState = AccountState.VERIFIED
    balance: Fen = 0


class TerminalRow(_Row):
    tid: str = "31000001"
    sn: str | None = None
    mid: str | None = None
    model: str = "A90"
    bound: bool = True
    sim_state: SimState = SimState.OK
    sim_expires_on: date | None = None
    last_heartbeat_at: Moment | None = None
    signal: Annotated[int, Field(strict=True, ge=0, le=4)] = 3
    app_version: str = "3.2.1"
    latest_version: str | None = None
    sign_state: SignState = SignState.SIGNED_ON
    registered_area: str | None = None


class EventRow(_Row):
    tid: str | None = None
    at: Moment
    kind: TerminalEventKind
    detail: str = ""


class ClearingRow(_Row):
    clear_date: date | None = None
    cleared_at: Moment | None = None
    recon_state: ReconState = ReconState.MATCHED


class ItemRow(_Row):
    settle_date: date | None = None
    due_at: Moment | None = None
    fee: Fen | None = None
    deducted: Fen | None = None
    net: Fen | None = None
    state: ItemState | None = None


class TxnRow(_Row):
    key: str | None = None
    """What other rows of the file call it; never stored."""
    mid: str | None = None
    tid: str | None = None
    channel: Channel = Channel.CARD
    kind: TxnKind = TxnKind.SALE
    amount: Positive
    local_at: Moment
    host_at: Moment | None = None
    state: TxnState = TxnState.APPROVED
    response_code: str | None = None
    ruleset: str | None = None
    card_last4: Last4 | None = None
    card_type: CardType | None = None
    issuer: str | None = None
    ref_no: str | None = None
    trace_no: str | None = None
    batch_no: str | None = None
    auth_code: str | None = None
    order_no: str | None = None
    wallet_no: str | None = None
    original: str | None = None
    reversal_at: Moment | None = None
    reversal_code: str | None = None
    settle: bool = False
    """Compute what `clearing` and `item` leave out, by the merchant's terms."""
    clearing: ClearingRow | None = None
    item: ItemRow | None = None


class PayoutRow(_Row):
    no: str | None = None
    mid: str | None = None
    carries: tuple[str, ...] = ()
    state: PayoutState
    plan_amount: Fen | None = None
    suspended_amount: Fen = 0
    real_amount: Fen | None = None
    due_at: Moment | None = None
    created_at: Moment | None = None
    submitted_at: Moment | None = None
    result_at: Moment | None = None
    credited_at: Moment | None = None
    bank_channel: str = "BEPS"
    account_bank: str | None = None
    account_last4: Last4 | None = None
    fail_code: str | None = None
    fail_text: str | None = None
    previous: str | None = None


class HoldRow(_Row):
    mid: str | None = None
    txn: str | None = None
    kind: HoldKind
    state: HoldState = HoldState.OPEN
    since: Moment
    review_due: Moment | None = None
    materials: tuple[str, ...] = ()


class IncidentRow(_Row):
    scope: IncidentScope
    target: str = ""
    since: Moment
    until: Moment | None = None
    planned: bool = False
    public_text: str | None = None


class NoticeRow(_Row):
    title: str
    effective_on: date
    text: str = ""


class World(_Row):
    """Everything in a file. `scenario` is for whoever tests with it and is not loaded."""

    about: str = ""
    now: Moment | None = None
    merchants: Annotated[tuple[MerchantRow, ...], Field(min_length=1)] = (MerchantRow(),)
    terminals: tuple[TerminalRow, ...] = ()
    terminal_events: tuple[EventRow, ...] = ()
    txns: tuple[TxnRow, ...] = ()
    payouts: tuple[PayoutRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    scenario: JsonValue = None
