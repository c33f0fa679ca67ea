"""Every cause and circumstance is found by the rows that confirm it (DOMAIN.md §4, §5)."""

from __future__ import annotations

import json

import pytest

from daozhang.causes import Cause
from daozhang.diagnosis.circumstance import Circumstance
from daozhang.diagnosis.render import tell
from daozhang.diagnosis.verdict import Claim, Outcome
from daozhang.ledger.lookups import TxnQuery
from tests.diagnosis.circumstances import CASES
from tests.diagnosis.kit import NOON, a_sale_in, looked_into, paid, verdict_on
from tests.diagnosis.test_scenarios import FILES
from tests.diagnosis.test_troubles import TROUBLES
from tests.worlds import moment


@pytest.mark.parametrize("name", CASES)
def test_what_the_rows_say(name: str) -> None:
    rows, now, finding, cause, circumstance = CASES[name]
    verdict = verdict_on(rows, now)
    assert (verdict.finding, verdict.cause, verdict.circumstance) == (finding, cause, circumstance)
    assert verdict.evidence


FOR_A_PERSON = {
    "short in the file",
    "long in the file",
    "charged back",
    "frozen by an authority",
    "a serial number that is not bound",
}


@pytest.mark.parametrize("name", CASES)
def test_a_person_is_called_for_what_only_a_person_can_mend(name: str) -> None:
    rows, now, *_ = CASES[name]
    assert verdict_on(rows, now).needs_person == (name in FOR_A_PERSON)


def test_a_sum_on_the_statement_finds_its_payments() -> None:
    with looked_into(paid(), NOON) as investigation:
        (verdict,) = investigation.fitting(TxnQuery(amount_low=298_200, amount_high=298_200))
        (short,) = investigation.fitting(TxnQuery(amount_low=1_800, amount_high=1_800))
    assert verdict.outcome is short.outcome is Outcome.CREDITED
    assert (short.cause, short.circumstance) == (None, Circumstance.FEE_ONLY)


def test_who_speaks_of_a_short_balance_means_what_a_payout_lacks() -> None:
    rows = paid(suspended_amount=12_000)
    rows["txns"].append({"amount": 12_000, "local_at": "2026-11-24T11:00", "settle": True})
    query = TxnQuery(amount_low=12_000, amount_high=12_000)
    with looked_into(rows, NOON) as investigation:
        (sale,) = investigation.fitting(query)
        (short,) = investigation.fitting(query, Claim(Cause.INSUFFICIENT_BALANCE, 0.8))
    assert sale.outcome is Outcome.NOT_YET_DUE
    assert (short.circumstance, short.claim_fits) == (Circumstance.KEPT_BACK, True)


def test_no_time_is_promised_while_the_rows_show_what_may_delay_it() -> None:
    def due_on_the_card(code: str) -> str:
        verdict = verdict_on(a_sale_in({"response_code": code}))
        card = tell(verdict, moment(NOON))[0].timeline
        assert card is not None
        return card.due

    assert due_on_the_card("00")
    assert not due_on_the_card("A4")


def test_every_circumstance_is_met_somewhere() -> None:
    met = {case[4] for case in CASES.values()} | {case[2] for case in TROUBLES.values()}
    met |= {Circumstance.FEE_ONLY}
    scenarios = "".join(json.dumps(json.loads(path.read_text("utf-8"))) for path in FILES)
    missing = [one for one in Circumstance if one not in met and f'"{one}"' not in scenarios]
    assert missing == []
