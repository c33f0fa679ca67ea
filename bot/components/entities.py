"""Entities by rules, carried by spaCy: the readers' findings and the names of the trade.

spaCy's Chinese tokenizer cuts into characters here, so that every border of a rule is a border of
a token: jieba's words do not keep to them (3000元刷完 becomes 3000, 元刷, 完).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from components.amounts import read_amounts
from components.findings import Finding, without_overlaps
from components.identifiers import read_identifiers, read_response_codes
from components.text import Folded, fold
from components.times import read_times

__all__ = ["find_entities", "reference_time"]

_SHANGHAI = timezone(timedelta(hours=8))
_NAMES = Path(__file__).resolve().parent.parent / "vocabulary" / "names.jsonl"
_LONGEST = 2000
_WECHAT_PAY, _ALIPAY = "微信支付", "支付宝"
"""微信支付宝都能收 names both."""
_NOT_A_NAME = {
    "中行": re.compile(r"中行(?:业|为|驶|动|情|程|走|政)|(?:集|其|当|途|空|进|市|店|库)中行"),
    "人行": re.compile(r"人行(?:道|为)|(?:路|行|个|同|两|有)人行"),
    "平安": re.compile(r"平安(?:夜|险|保险|扣|符|无事)|一路平安|报平安"),
    "中信": re.compile(r"中信(?:号|任|息|用|仰)|(?:其|店|屋|网络|机器|库|途)中信"),
    "民生": re.compile(r"民生(?:问题|意|工程|活)"),
    "农信": re.compile(r"农信(?:息)"),
    "建行": re.compile(r"[修兴创]建行|建行业"),
    "扫码": re.compile(r"扫码(?:枪|器|墩|盒)"),
}


@Language.component("daozhang_readers")
def _readers(doc: Doc) -> Doc:
    """Sets `doc.ents` from the readers; what they found stays in `doc.user_data`."""
    text: str = doc.user_data["folded"]
    now: datetime = doc.user_data["now"]
    findings = without_overlaps(_read_all(text, now))
    spans = []
    for finding in findings:
        span = doc.char_span(
            finding.start, finding.end, label=finding.kind, alignment_mode="expand"
        )
        if span is not None:
            doc.user_data[(span.start, span.end)] = finding
            spans.append(span)
    doc.ents = spacy.util.filter_spans(spans)
    return doc


def _read_all(text: str, now: datetime) -> Iterator[Finding]:
    """All that the readers find, the surest kind first."""
    yield from read_identifiers(text)
    yield from read_response_codes(text)
    yield from read_times(text, now)
    yield from read_amounts(text)


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.from_disk(_NAMES)
    nlp.add_pipe("daozhang_readers", before="entity_ruler")
    return nlp


def reference_time(metadata: dict[str, Any] | None) -> datetime:
    """The moment that times count from: `now` of the message's metadata, else the clock."""
    stated = (metadata or {}).get("now")
    try:
        moment = datetime.fromisoformat(str(stated)) if stated else datetime.now(_SHANGHAI)
    except ValueError:
        moment = datetime.now(_SHANGHAI)
    return (
        moment.replace(tzinfo=_SHANGHAI) if moment.tzinfo is None else moment.astimezone(_SHANGHAI)
    )


def find_entities(raw: str, now: datetime) -> list[dict[str, Any]]:
    """The entities of a message as Rasa passes them on; places and `raw` are those of `raw`."""
    folded = fold(raw[:_LONGEST])
    nlp = _pipeline()
    doc = nlp.make_doc(folded.text)
    doc.user_data["folded"] = folded.text
    doc.user_data["now"] = now
    found: list[dict[str, Any]] = []
    for span in nlp(doc).ents:
        finding = doc.user_data.get((span.start, span.end))
        findings = [finding] if finding else list(_named(folded.text, span))
        found.extend(_passed_on(one, folded, raw) for one in findings)
    return found


def _named(text: str, span: Span) -> Iterator[Finding]:
    """What a name of the vocabulary stands for there: nothing, itself, or two names in one."""
    name, start, end = span.text, span.start_char, span.end_char
    if name == _WECHAT_PAY and text.startswith(_ALIPAY, end - 2):
        yield Finding(span.label_, "wechat", start, end - 2)
        yield Finding(span.label_, "alipay", end - 2, end - 2 + len(_ALIPAY))
    elif not _is_other_word(text, name, start):
        yield Finding(span.label_, span.ent_id_, start, end)


def _passed_on(finding: Finding, folded: Folded, raw: str) -> dict[str, Any]:
    start, end = folded.span(finding.start, finding.end)
    return {
        "entity": finding.kind,
        "value": finding.value,
        "raw": _masked(finding, raw[start:end]),
        "approx": finding.approx,
        "start": start,
        "end": end,
        "confidence": 1.0,
    }


def _is_other_word(text: str, name: str, start: int) -> bool:
    pattern = _NOT_A_NAME.get(name)
    if pattern is None:
        return False
    near = slice(max(0, start - 2), start + len(name) + 2)
    return pattern.search(text[near]) is not None


def _masked(finding: Finding, surface: str) -> str:
    """A whole card number is never passed on, only its last four digits."""
    if finding.kind == "card_last4" and len(surface) > 4:
        return re.sub(r"\d", "*", surface[:-4]) + surface[-4:]
    return surface
