"""One module for each cause of the article: what confirms it, what refutes it, with the rows."""

from __future__ import annotations

from collections.abc import Mapping

from daozhang.causes import Cause
from daozhang.diagnosis.rules import (
    bank_outage,
    bank_rules,
    clearing_delay,
    hardware_fault,
    insufficient_balance,
    network_communication,
    platform_restriction,
    procedure_not_followed,
    regulation_change,
    slow_processing,
    software_fault,
    wrong_transaction_info,
)
from daozhang.diagnosis.rules.rule import Ground, Rule

__all__ = ["RULES", "Ground", "Rule"]

RULES: Mapping[Cause, Rule] = {
    rule.cause: rule
    for rule in (
        network_communication.RULE,
        slow_processing.RULE,
        clearing_delay.RULE,
        insufficient_balance.RULE,
        bank_rules.RULE,
        hardware_fault.RULE,
        software_fault.RULE,
        wrong_transaction_info.RULE,
        procedure_not_followed.RULE,
        bank_outage.RULE,
        platform_restriction.RULE,
        regulation_change.RULE,
    )
}
