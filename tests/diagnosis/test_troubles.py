"""What a machine's own rows show when no payment is named."""

from __future__ import annotations

from typing import Any

import pytest

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.verdict import Claim
from daozhang.texts import load_texts
from tests.diagnosis.kit import NOON, Rows, looked_into


def event(kind: str, at: str = "2026-11-24T09:00", **more: Any) -> Rows:
    return {"at": at, "kind": kind, **more}


def refusals(code: str, count: int = 2, **more: Any) -> list[Rows]:
    common = {"amount": 6_600, "state": "declined", "response_code": code}
    return [{**common, "local_at": f"2026-11-24T09:{n:02d}", **more} for n in range(count)]


TROUBLES: dict[str, tuple[Rows, Cause, Circumstance | None]] = {
    "sim": (
        {"terminals": [{"sim_state": "expired"}]},
        Cause.NETWORK_COMMUNICATION,
        Circumstance.SIM,
    ),
    "time-outs": (
        {"terminals": [{}], "txns": refusals("68", 3, state="unknown")},
        Cause.NETWORK_COMMUNICATION,
        Circumstance.TIMED_OUT,
    ),
    "signal": (
        {"terminals": [{"signal": 0}]},
        Cause.NETWORK_COMMUNICATION,
        Circumstance.WEAK_SIGNAL,
    ),
    "reader": (
        {"terminals": [{}], "terminal_events": [event("read_failed"), event("read_failed")]},
        Cause.HARDWARE_FAULT,
        Circumstance.READER,
    ),
    "printer": (
        {"terminals": [{}], "terminal_events": [event("print_failed"), event("print_failed")]},
        Cause.HARDWARE_FAULT,
        Circumstance.PRINTER,
    ),
    "tamper": (
        {"terminals": [{}], "terminal_events": [event("tamper")]},
        Cause.HARDWARE_FAULT,
        Circumstance.LOCKED,
    ),
    "silence": (
        {"terminals": [{"last_heartbeat_at": "2026-11-24T08:00"}]},
        Cause.HARDWARE_FAULT,
        Circumstance.SILENT,
    ),
    "old version": (
        {"terminals": [{"latest_version": "3.2.2"}], "txns": refusals("30")},
        Cause.SOFTWARE_FAULT,
        Circumstance.VERSION,
    ),
    "keys": ({"terminals": [{}], "txns": refusals("99")}, Cause.SOFTWARE_FAULT, Circumstance.KEYS),
    "sign-on": (
        {"terminals": [{"sign_state": "signed_off"}]},
        Cause.PROCEDURE_NOT_FOLLOWED,
        Circumstance.NOT_SIGNED_ON,
    ),
    "batch": (
        {"terminals": [{}], "terminal_events": [event("batch_closed", "2026-11-20T21:00")]},
        Cause.PROCEDURE_NOT_FOLLOWED,
        Circumstance.BATCH_OPEN,
    ),
    "unbound": (
        {"terminals": [{"bound": False}]},
        Cause.REGULATION_CHANGE,
        Circumstance.UNBOUND,
    ),
    "moved": (
        {"terminals": [{}], "terminal_events": [event("moved")]},
        Cause.REGULATION_CHANGE,
        Circumstance.MOVED,
    ),
    "twice": (
        {"terminals": [{}], "txns": refusals("00", state="approved", card_last4="6688")},
        Cause.WRONG_TRANSACTION_INFO,
        Circumstance.DUPLICATE,
    ),
    "one bank's cards": (
        {"terminals": [{}], "txns": refusals("91", issuer="江州银行")},
        Cause.BANK_OUTAGE,
        None,
    ),
    "slow host": ({"terminals": [{}], "txns": refusals("96")}, Cause.SLOW_PROCESSING, None),
    "barred": ({"terminals": [{}], "txns": refusals("03")}, Cause.PLATFORM_RESTRICTION, None),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_a_machine_shows(name: str) -> None:
    rows, cause, circumstance = TROUBLES[name]
    with looked_into(rows, NOON) as investigation:
        first = investigation.terminal_trouble()[0]
    assert (first.cause, first.circumstance) == (cause, circumstance)
    assert first.evidence


def test_a_sound_machine_shows_nothing() -> None:
    with looked_into({"terminals": [{"last_heartbeat_at": "2026-11-24T11:55"}]}, NOON) as shop:
        assert shop.terminal_trouble(Claim(Cause.HARDWARE_FAULT, 0.9)) == []


def test_between_two_explanations_of_silence_the_merchants_word_decides() -> None:
    silent = {"terminals": [{"last_heartbeat_at": "2026-11-24T08:00"}]}
    for cause in (Cause.NETWORK_COMMUNICATION, Cause.HARDWARE_FAULT):
        with looked_into(silent, NOON) as shop:
            first = shop.terminal_trouble(Claim(cause, 0.9))[0]
        assert (first.cause, first.claim_fits) == (cause, True)


def test_every_trouble_has_words() -> None:
    texts = load_texts("verdicts")
    for _, cause, circumstance in TROUBLES.values():
        assert f"trouble_{circumstance}" in texts or f"trouble_{cause}" in texts
        assert f"trouble_{cause}" in texts
