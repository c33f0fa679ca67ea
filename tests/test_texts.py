"""Every thing that can be found has its words."""

from __future__ import annotations

import csv

import pytest

from daozhang.causes import Cause
from daozhang.diagnosis.timeline import STOPS_AT
from daozhang.diagnosis.verdict import Finding, StageKey
from daozhang.errors import ConfigError
from daozhang.ledger.words import Channel, Product
from daozhang.settings import ROOT
from daozhang.settlement.due import Reason
from daozhang.texts import Texts, load_texts

VERDICTS = load_texts("verdicts")
WORDS = load_texts("words")
ASSISTANT = load_texts("assistant")

TOLD_BY_THE_RULE_ITSELF = {
    Reason.INSTANT,
    Reason.SAME_DAY,
    Reason.NEXT_DAY,
    Reason.NEXT_WORKING_DAY,
}


@pytest.mark.parametrize("finding", set(Finding) - {Finding.NOT_FOUND})
def test_every_finding_is_told_and_listed(finding: Finding) -> None:
    assert finding in VERDICTS
    assert f"status_{finding}" in ASSISTANT


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_can_be_named(cause: Cause) -> None:
    assert f"claim_{cause}" in VERDICTS


@pytest.mark.parametrize("reason", set(Reason) - TOLD_BY_THE_RULE_ITSELF)
def test_every_reason_of_a_due_time_is_told(reason: Reason) -> None:
    assert f"reason_{reason}" in VERDICTS


@pytest.mark.parametrize("product", Product)
def test_every_product_has_its_rule(product: Product) -> None:
    assert f"rule_{product}" in VERDICTS


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_a_name(channel: Channel) -> None:
    assert f"channel_{channel}" in WORDS


@pytest.mark.parametrize("stage", StageKey)
def test_every_stage_has_a_label(stage: StageKey) -> None:
    assert f"stage_{stage}" in WORDS


@pytest.mark.parametrize("finding", STOPS_AT)
def test_every_stop_of_the_money_has_its_note(finding: Finding) -> None:
    assert f"stopped_{finding}" in WORDS


def test_every_refusal_of_a_bank_has_a_remedy() -> None:
    with (ROOT / "data" / "facts" / "payout_failures.csv").open(encoding="utf-8") as file:
        reasons = {row["reason"] for row in csv.DictReader(file)} | {"other"}
    for reason in reasons:
        assert f"help_{reason}" in VERDICTS
        assert f"reason_text_{reason}" in VERDICTS


def test_a_missing_place_names_the_file_and_the_key() -> None:
    texts = Texts("area", {"key": "{amount}"})
    with pytest.raises(ConfigError, match=r"area\.yml: key .*amount"):
        texts("key")
    with pytest.raises(ConfigError, match="other"):
        texts("other")
