"""The four stops of the money: 刷卡成功 → 清算 → 出款 → 到账, with the present one marked."""

from __future__ import annotations

from datetime import datetime

from daozhang.diagnosis.verdict import Finding, StageFact, StageKey, StageState
from daozhang.ledger.models import Txn
from daozhang.ledger.words import ReconState, TxnState
from daozhang.settlement.due import Due

__all__ = ["stages"]

_ORDER = (StageKey.PAID, StageKey.CLEARED, StageKey.PAID_OUT, StageKey.CREDITED)

_STOPS_AT = {
    Finding.DECLINED: StageKey.PAID,
    Finding.REVERSED: StageKey.PAID,
    Finding.VOIDED: StageKey.PAID,
    Finding.REFUNDED: StageKey.PAID,
    Finding.REVERSAL_PENDING: StageKey.PAID,
    Finding.RESULT_UNKNOWN: StageKey.PAID,
    Finding.OFFLINE_STORED: StageKey.PAID,
    Finding.PREAUTH_OPEN: StageKey.PAID,
    Finding.HELD: StageKey.PAID_OUT,
    Finding.PAYOUT_FAILED: StageKey.PAID_OUT,
    Finding.PAYOUT_RETURNED: StageKey.CREDITED,
}


def stages(txn: Txn, finding: Finding, due: Due) -> tuple[StageFact, ...]:
    """The stops of `txn`: done ones with their times, then the present one, then what is to come.

    Where money has stopped for a reason, the stop is marked and nothing after it has a time.
    """
    reached = {
        StageKey.PAID: txn.local_at if txn.state is TxnState.APPROVED else None,
        StageKey.CLEARED: _cleared_at(txn),
        StageKey.PAID_OUT: _paid_out_at(txn),
        StageKey.CREDITED: txn.item.payout.credited_at if txn.item and txn.item.payout else None,
    }
    stopped = _STOPS_AT.get(finding)
    if stopped is StageKey.CREDITED:
        reached[StageKey.CREDITED] = None
    facts: list[StageFact] = []
    open_seen = False
    for key in _ORDER:
        if key is stopped:
            facts.append(StageFact(key, StageState.STOPPED, _stopped_at(txn, key)))
            open_seen = True
        elif open_seen or reached[key] is None:
            state = StageState.PENDING if open_seen else StageState.CURRENT
            expected = due.due_at if key is StageKey.CREDITED and stopped is None else None
            facts.append(StageFact(key, state, expected, expected=expected is not None))
            open_seen = True
        else:
            facts.append(StageFact(key, StageState.DONE, reached[key]))
    return tuple(facts)


def _cleared_at(txn: Txn) -> datetime | None:
    clearing = txn.clearing
    if clearing is None or clearing.recon_state is not ReconState.MATCHED:
        return None
    return clearing.cleared_at


def _paid_out_at(txn: Txn) -> datetime | None:
    payout = txn.item.payout if txn.item else None
    return (payout.result_at or payout.submitted_at) if payout else None


def _stopped_at(txn: Txn, key: StageKey) -> datetime | None:
    if key is StageKey.PAID:
        return txn.reversal_at or txn.local_at
    return _paid_out_at(txn)
