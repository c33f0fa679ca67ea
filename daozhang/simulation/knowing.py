"""What the truth about a planted fault says of a talk: which walk fits, what a look would show.

The merchant does not know the cause, but sees the machine, the card and the app; so the answers to
steps that only eyes can judge follow from what was planted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from daozhang.ledger.facts import payout_failure
from daozhang.playbook.state import Kind
from daozhang.simulation.truth import PlantedFault

__all__ = ["fitting_walks", "is_of_use", "needed", "sees"]

_LINK = {"terminal_online", "signed_on", "signed_on_again", "sim_ok"}
_DOUBT = {"reversal_out", "trade_ok", "offline_uploaded", *_LINK}

_WALKS: Mapping[str, Collection[str]] = {
    "outcome_unknown": {"network_communication"},
    "no_answer": {"network_communication", "one_sided_charge", "slow_processing", "bank_outage"},
    "nothing_printed": {"one_sided_charge", "hardware_fault", "network_communication"},
    "one_sided": {"one_sided_charge", "network_communication"},
    "long_in_file": {"one_sided_charge", "clearing_delay", "network_communication"},
    "sim_over_quota": {"sim_card", "network_communication"},
    "sim_stopped": {"sim_card", "network_communication"},
    "preauth_open": {"preauth_open"},
    "offline_stored": {"offline_not_uploaded"},
    "held": {"frozen"},
    "suspended": {"frozen"},
    "kyc_expired": {"verification_expired"},
    "papers_expired": {"verification_expired"},
    "payout_returned": {"payout_returned"},
    "unbound": {"serial_not_bound"},
    "moved": {"regulation_change"},
    "not_signed_on": {"procedure_not_followed"},
    "mistyped": {"wrong_transaction_info"},
    "batch_open": {"procedure_not_followed", "clearing_delay"},
}
"""The walks for faults whose cause's own is not, or not alone, the one that helps."""
_REFUSED: Mapping[str, str] = {
    "class_limit": "class_two_limit",
    "bank_silent": "bank_outage",
    "wait_days": "clearing_delay",
}
_NEEDED: Mapping[str, str] = {
    "outcome_unknown": "reversal_out",
    "sim_over_quota": "sim_ok",
    "sim_stopped": "sim_ok",
    "preauth_open": "preauth_completed",
    "offline_stored": "offline_uploaded",
    "held": "hold_in_review",
    "suspended": "hold_in_review",
    "kyc_expired": "papers_valid",
    "papers_expired": "papers_valid",
    "payout_returned": "account_verified",
    "unbound": "terminal_bound",
    "not_signed_on": "signed_on",
    "batch_open": "batch_closed",
    "mistyped": "undone",
}
_USELESS: Mapping[str, Collection[str]] = {
    "reader_broken": {"power", "paper", "doubtful"},
    "tampered": {"power", "restart", "paper", "reader", "doubtful", "try_one"},
    "nothing_printed": {"reader", "power"},
    "outcome_unknown": {"sim_fee"},
    "sim_over_quota": {"move"},
    "sim_stopped": {"move"},
    "batch_open": {"sign_on", "offline"},
    "declined": {"fill_up", "compare", "too_small"},
}
"""Steps of a fitting walk that cannot help, by fault."""


def fitting_walks(fault: PlantedFault) -> Collection[str]:
    """The playbooks that can help with a fault; none for money on its ordinary way."""
    if fault.fault == "payout_failed":
        return {_REFUSED.get(payout_failure(fault.note).reason, "settlement_account")}
    if fault.fault in _WALKS:
        return _WALKS[fault.fault]
    return {fault.cause} if fault.cause else set()


def needed(fault: PlantedFault) -> str | None:
    """The check that must be confirmed before the matter can be called solved, if any must."""
    if fault.fault == "held" and fault.note == "judicial":
        return None
    if fault.fault == "payout_failed":
        reason = payout_failure(fault.note).reason
        return None if reason in {"bank_silent", "wait_days"} else "account_verified"
    return _NEEDED.get(fault.fault)


def is_of_use(fault: PlantedFault, playbook: str, step: str) -> bool:
    """Whether a step of that playbook can help, or find out something, with this fault."""
    return playbook in fitting_walks(fault) and step not in _USELESS.get(fault.fault, ())


def sees(fault: PlantedFault, playbook: str, step: str) -> Kind:
    """What the merchant answers truly to a step that only eyes can judge."""
    kind, text = fault.fault, fault.note or ""
    limited = kind == "payout_failed" or kind == "account_verifying"
    truths: Mapping[tuple[str, str], Kind] = {
        ("bank_outage", "one_bank"): _yes(fault.cause == "bank_outage"),
        ("bank_rules", "account"): _yes(not limited),
        ("bank_rules", "ask_bank"): _yes(not limited),
        ("bank_rules", "large"): Kind.DONE if kind == "large_waits" else Kind.CANNOT,
        ("class_two_limit", "class"): _yes("类" in text),
        ("class_two_limit", "how"): Kind.FAILED,
        ("clearing_delay", "statement"): _yes(fault.outcome == "credited"),
        ("hardware_fault", "lock"): _yes(kind != "tampered"),
        ("hardware_fault", "restart"): Kind.FAILED,
        ("hardware_fault", "paper"): Kind.DONE if kind == "nothing_printed" else Kind.CANNOT,
        ("hardware_fault", "reader"): Kind.FAILED if kind == "reader_broken" else Kind.CANNOT,
        ("network_communication", "look"): _yes(not kind.startswith("sim")),
        ("one_sided_charge", "query"): Kind.FAILED,
        ("payout_returned", "account"): Kind.CANNOT,
        ("settlement_account", "bank_first"): Kind.FAILED,
        ("settlement_account", "name"): Kind.CANNOT,
        ("settlement_account", "compare"): Kind.CANNOT,
        ("preauth_open", "wanted"): Kind.DONE,
        ("slow_processing", "compare"): Kind.DONE,
        ("regulation_change", "others"): Kind.CANNOT,
        ("software_fault", "restart"): Kind.FAILED,
    }
    return truths.get((playbook, step), Kind.DONE)


def _yes(so: bool) -> Kind:
    return Kind.DONE if so else Kind.FAILED
