"""The twelve causes of ARTICLE.md; their keys are used by every room of the house."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Cause"]


class Cause(StrEnum):
    """Why money comes late. The order is that of ARTICLE.md, C1 to C12."""

    NETWORK_COMMUNICATION = "network_communication"
    SLOW_PROCESSING = "slow_processing"
    CLEARING_DELAY = "clearing_delay"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    BANK_RULES = "bank_rules"
    HARDWARE_FAULT = "hardware_fault"
    SOFTWARE_FAULT = "software_fault"
    WRONG_TRANSACTION_INFO = "wrong_transaction_info"
    PROCEDURE_NOT_FOLLOWED = "procedure_not_followed"
    BANK_OUTAGE = "bank_outage"
    PLATFORM_RESTRICTION = "platform_restriction"
    REGULATION_CHANGE = "regulation_change"
