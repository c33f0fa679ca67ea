"""The tables of the ledger (DOMAIN.md §1.3). Amounts are fen; times are aware, Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from daozhang.database import Base, Clocks, Moment, Word
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
    "Clearing",
    "Hold",
    "ImportedFile",
    "Incident",
    "Merchant",
    "Notice",
    "Payout",
    "QuarantinedLine",
    "SettleItem",
    "Terminal",
    "TerminalEvent",
    "Txn",
]


class Merchant(Base):
    """A shop, its settlement terms and the account that is paid.

    Terms that are None are not known to us: `ledger.terms` fills them with what the provider has
    published for its product.
    """

    __tablename__ = "merchants"

    mid: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    trade: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(40))
    opened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16), default="active")
    trading_since: Mapped[date | None]
    """The first day of uninterrupted normal trading, as the acquirer counts it."""
    provider: Mapped[str] = mapped_column(String(40), default="")
    """Whose product it is, as `data/facts/settlement_products.csv` names it; '' when unknown."""
    product: Mapped[Product] = mapped_column(Word(Product))
    cutoff: Mapped[time | None]
    """Card trades at or after this wall-clock time belong to the next settlement day."""
    window_start: Mapped[time | None]
    window_end: Mapped[time | None]
    instant_from: Mapped[time | None]
    """The hours of instant payouts; from 00:00 to 00:00 is all day."""
    instant_until: Mapped[time | None]
    instant_minutes: Mapped[int | None]
    """The longest that an instant payout takes."""
    payout_runs: Mapped[tuple[time, ...] | None] = mapped_column(Clocks)
    """When the day's several payout runs are made; None when there is only one."""
    fallback: Mapped[Product | None] = mapped_column(Word(Product))
    """The cycle of what is refused same-day money."""
    fee_per_10k: Mapped[int]
    min_payout: Mapped[int] = mapped_column(BigInteger, default=0)
    instant_cap_single: Mapped[int | None] = mapped_column(BigInteger)
    instant_cap_day: Mapped[int | None] = mapped_column(BigInteger)
    kyc_valid_until: Mapped[date | None]
    account_bank: Mapped[str] = mapped_column(String(40))
    account_last4: Mapped[str] = mapped_column(String(4))
    account_class: Mapped[AccountClass] = mapped_column(Word(AccountClass))
    account_state: Mapped[AccountState] = mapped_column(Word(AccountState))
    balance: Mapped[int] = mapped_column(BigInteger, default=0)


class Terminal(Base):
    """One machine: what it is, how it is connected and whether it is signed on."""

    __tablename__ = "terminals"

    tid: Mapped[str] = mapped_column(String(8), primary_key=True)
    sn: Mapped[str] = mapped_column(String(32), unique=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"), index=True)
    model: Mapped[str] = mapped_column(String(40))
    bound: Mapped[bool] = mapped_column(default=True)
    sim_state: Mapped[SimState] = mapped_column(Word(SimState))
    sim_expires_on: Mapped[date | None]
    last_heartbeat_at: Mapped[datetime | None] = mapped_column(Moment)
    signal: Mapped[int]
    """Bars on the screen, 0 to 4."""
    app_version: Mapped[str] = mapped_column(String(16))
    latest_version: Mapped[str] = mapped_column(String(16))
    sign_state: Mapped[SignState] = mapped_column(Word(SignState))
    registered_area: Mapped[str] = mapped_column(String(40))


class TerminalEvent(Base):
    """Something that a terminal did or suffered, as its management platform recorded it."""

    __tablename__ = "terminal_events"
    __table_args__ = (Index(None, "tid", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tid: Mapped[str] = mapped_column(ForeignKey("terminals.tid"))
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[TerminalEventKind] = mapped_column(Word(TerminalEventKind))
    detail: Mapped[str] = mapped_column(String(120), default="")


class Txn(Base):
    """One transaction as terminal and host saw it. No full card number is ever kept."""

    __tablename__ = "txns"
    __table_args__ = (
        Index(None, "mid", "local_at"),
        Index(None, "mid", "amount", "local_at"),
        Index(None, "mid", "ref_no"),
        Index(None, "mid", "order_no"),
        Index(None, "mid", "wallet_no"),
        Index(None, "mid", "card_last4", "local_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"))
    tid: Mapped[str | None] = mapped_column(String(8))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    kind: Mapped[TxnKind] = mapped_column(Word(TxnKind))
    amount: Mapped[int] = mapped_column(BigInteger)
    local_at: Mapped[datetime] = mapped_column(Moment)
    host_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[TxnState] = mapped_column(Word(TxnState))
    response_code: Mapped[str | None] = mapped_column(String(8))
    ruleset: Mapped[str | None] = mapped_column(String(16))
    """Which generation of the response-code table the raw code belongs to (DOMAIN.md §3)."""
    card_last4: Mapped[str | None] = mapped_column(String(4))
    card_type: Mapped[CardType | None] = mapped_column(Word(CardType))
    issuer: Mapped[str | None] = mapped_column(String(40))
    ref_no: Mapped[str | None] = mapped_column(String(32))
    trace_no: Mapped[str | None] = mapped_column(String(6))
    batch_no: Mapped[str | None] = mapped_column(String(6))
    auth_code: Mapped[str | None] = mapped_column(String(6))
    order_no: Mapped[str | None] = mapped_column(String(64))
    wallet_no: Mapped[str | None] = mapped_column(String(64))
    """The wallet's own number, 微信订单号 or 支付宝交易号."""
    original_id: Mapped[int | None] = mapped_column(ForeignKey("txns.id"), index=True)
    reversal_at: Mapped[datetime | None] = mapped_column(Moment)
    reversal_code: Mapped[str | None] = mapped_column(String(8))

    clearing: Mapped[Clearing | None] = relationship(back_populates="txn")
    item: Mapped[SettleItem | None] = relationship(back_populates="txn")


class Clearing(Base):
    """The clearing house's view of a transaction."""

    __tablename__ = "clearings"

    txn_id: Mapped[int] = mapped_column(ForeignKey("txns.id"), primary_key=True)
    clear_date: Mapped[date]
    cleared_at: Mapped[datetime | None] = mapped_column(Moment)
    recon_state: Mapped[ReconState] = mapped_column(Word(ReconState))

    txn: Mapped[Txn] = relationship(back_populates="clearing")


class SettleItem(Base):
    """What the merchant is owed for one transaction: net = amount - fee - deducted."""

    __tablename__ = "settle_items"

    txn_id: Mapped[int] = mapped_column(ForeignKey("txns.id"), primary_key=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"))
    settle_date: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(Moment)
    fee: Mapped[int] = mapped_column(BigInteger)
    deducted: Mapped[int] = mapped_column(BigInteger, default=0)
    net: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"))
    payout_no: Mapped[str | None] = mapped_column(ForeignKey("payouts.no"), index=True)

    txn: Mapped[Txn] = relationship(back_populates="item")
    payout: Mapped[Payout | None] = relationship()
    hold: Mapped[Hold | None] = relationship()


class Payout(Base):
    """One order to the merchant's bank: planned, suspended and really paid amounts in fen.

    A returned payout (退票) gets a new one, whose `previous_no` names it (DOMAIN.md §1.1).
    """

    __tablename__ = "payouts"
    __table_args__ = (Index(None, "mid", "created_at"),)

    no: Mapped[str] = mapped_column(String(40), primary_key=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"))
    state: Mapped[PayoutState] = mapped_column(Word(PayoutState))
    plan_amount: Mapped[int] = mapped_column(BigInteger)
    suspended_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    real_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    due_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    result_at: Mapped[datetime | None] = mapped_column(Moment)
    credited_at: Mapped[datetime | None] = mapped_column(Moment)
    bank_channel: Mapped[str] = mapped_column(String(16))
    account_bank: Mapped[str] = mapped_column(String(40))
    account_last4: Mapped[str] = mapped_column(String(4))
    fail_code: Mapped[str | None] = mapped_column(String(16))
    fail_text: Mapped[str | None] = mapped_column(String(120))
    """The bank's own words; `data/facts/payout_failures.csv` says what they mean."""
    previous_no: Mapped[str | None] = mapped_column(ForeignKey("payouts.no"), index=True)


class Hold(Base):
    """Money or a merchant that is held, and what is asked for. Never why the rule fired."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"), index=True)
    txn_id: Mapped[int | None] = mapped_column(ForeignKey("txns.id"), index=True)
    """The transaction that is held; None when the merchant's whole settlement is."""
    kind: Mapped[HoldKind] = mapped_column(Word(HoldKind))
    state: Mapped[HoldState] = mapped_column(Word(HoldState))
    since: Mapped[datetime] = mapped_column(Moment)
    review_due: Mapped[datetime | None] = mapped_column(Moment)
    materials: Mapped[list[str]] = mapped_column(JSON, default=list)


class Incident(Base):
    """A disturbance of a bank, channel, platform or region, planned or not."""

    __tablename__ = "incidents"
    __table_args__ = (Index(None, "scope", "target", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[IncidentScope] = mapped_column(Word(IncidentScope))
    target: Mapped[str] = mapped_column(String(40))
    """The bank's name, the channel, the region, or '' for the platform."""
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    planned: Mapped[bool] = mapped_column(default=False)
    public_text: Mapped[str | None] = mapped_column(String(200))
    """What may be told to merchants; None while nothing has been made public."""


class Notice(Base):
    """A change of rules that merchants have to act on."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    effective_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(400))


class ImportedFile(Base):
    """A bill that was taken in; its hash makes importing it again do nothing."""

    __tablename__ = "imported_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(32))
    imported_at: Mapped[datetime] = mapped_column(Moment)
    lines: Mapped[int]
    stored: Mapped[int]
    known: Mapped[int]


class QuarantinedLine(Base):
    """A line of a bill that could not be used, kept with its number and the reason."""

    __tablename__ = "quarantined_lines"
    __table_args__ = (UniqueConstraint("sha256", "line_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("imported_files.sha256"))
    line_no: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(2000))
