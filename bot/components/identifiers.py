"""Numbers that name something: merchant, terminal, reference, voucher, order, card, response code.

A number's length says what it may be, the words beside it say what it is. Phone and hotline
numbers, serial, batch and authorisation codes are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.findings import Finding

__all__ = ["read_identifiers", "read_response_codes"]

_IS = r"(?:是|为|:|\s|#|就是|应该是|尾是|的是)*"
_END = r"(?![a-z\d])"
_LABELLED = {
    "merchant_no": r"(?:商户(?:编?号|编码|id|代码)|商编|门店编?号|mid|商户)"
    + rf"{_IS}(?P<value>[a-z\d]{{10,20}}){_END}",
    "terminal_no": r"(?:终端(?:编?号|id)?|(?:机器|设备|机具)编?号|机身号|pos机?编?号|机号|tid)"
    + rf"{_IS}(?P<value>[a-z]?\d{{7,8}}){_END}",
    "ref_no": rf"参考(?:编?号|码){_IS}(?P<value>[a-z\d]{{12}}){_END}",
    "voucher_no": r"(?:凭证|票据|小票|凭条|签购单|流水)(?:编?号|号码)?"
    + rf"{_IS}(?P<value>\d{{6}})(?!\.){_END}",
}
_ORDER_NAME = re.compile(
    r"(?:商户)?(?:订单|交易|支付单|流水|商家单)(?:编?号|单号|号码)|(?:商户)?单子?号|订单(?=[a-z\d])"
)
_ORDER_VALUE = re.compile(rf"{_IS}(?P<value>[a-z\d][a-z\d_-]{{7,63}})(?![a-z\d])")
_TRAP_BEFORE = re.compile(
    r"(?:电话|手机|热线|客服|座机|微信|qq|拨打?|打了?|批次|授权|序列|sn|imei|验证码|密码|邮编"
    r"|身份证|版本|快递|运单|工单|单号|ip|区号|联系)(?:号码?|码|编号)?(?:是|为|:|\s)*$"
)
_BARE = re.compile(r"(?<![a-z\d.,/:_¥-])\d{8,64}(?![a-z\d.,/:_-]|\s?(?:元|块|万|分钟))")
_DATE = re.compile(r"20[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_CARD = re.compile(r"(?<![a-z\d])(?:\d[ -]?){14,18}\d(?![a-z\d])")
_CARD_BEFORE = re.compile(r"(?:卡号?|账号|账户|尾号)(?:是|为|:|\s|的)*$")
_MASKED_CARD = re.compile(
    r"(?<![a-z\d])\d{4,6}\s?[*x·•]{2,}\s?(?:[*x·•]{2,}\s?)?(?P<value>\d{4})(?!\d)"
)
_SPOKEN = "零〇一二三四五六七八九幺"
_DIGITS = str.maketrans(_SPOKEN, "001234567891")
_LAST_FOUR = re.compile(
    r"(?<!手机)(?<!电话)(?<!手机号)(?<!单号)(?<!订单)(?:卡?尾号|(?:卡号?)?[后末]四位|最后四位|卡?号?尾数)"
    rf"{_IS}(?P<value>\d{{4}}|[{_SPOKEN}]{{4}})(?![\d.])"
    r"|(?<![\d.a-z])(?P<value2>\d{4})"
    r"(?:结尾|尾号|收尾|[这那]张卡|的(?:银行|信用|储蓄|工行|建行|农行)?卡)"
)
_CODE_NAME = (
    "(?:(?:返回|应答|响应|错误|报错|故障|交易|拒绝)码|(?:错误|故障|返回|应答)?代码|错码|错误)"
)
_CODE_SHOWN = "(?:提示|显示|报错?|[弹蹦跳冒]出?来?|出现|(?<![打卖收拿挤])出来|返回|应答|打出)"
_QUOTE = r"[\"“'「\[【(（]"
_BETWEEN = f"的是|了个?|个|什么|出|说|码|出来|是|为|一个|交易|通讯|失败|异常|拒绝|{_QUOTE}"
_NOT_CODE = (
    r"(?![a-z\d%.:]|\s?(?:元|块|号(?!错)|点|个|分|秒|次|台|天|笔|年|月|日|小时|w|万"
    r"|千|百|折|级|多|张|单|来))"
)
_CODES = (
    re.compile(
        rf"{_CODE_NAME}(?:[\s:是为]|{_QUOTE})*"
        rf"(?P<value>[a-z]{{0,3}}\d{{1,7}}[a-z]?|[a-z]\d|[a-z]{{2,}}(?:[._][a-z]+)+){_NOT_CODE}"
    ),
    re.compile(
        rf"{_CODE_SHOWN}(?:[:\s]|{_BETWEEN})*"
        rf"(?P<value>[a-z]{{1,3}}-?\d{{1,5}}|\d[a-z]|\d{{2}}|[a-z]{{3,}}_[a-z_]+){_NOT_CODE}"
    ),
    re.compile(
        r"(?<![a-z\d.:])(?P<value>[a-z]{0,2}\d{2,3}|\d[a-z]|[a-z]\d)号?(?:这个|的|那个)?"
        r"(?:错误|报错|代码|返回码|应答码|错码)"
    ),
)
_CODE_LOOSE = re.compile(
    r"(?:原因(?:是|码)?|(?<![来退收打找发])回了?个?)[:\s]*(?P<value>[a-z]\d|\d{2})" + _NOT_CODE + ""
    r"|(?:一直|老是|总是|小票上?(?:是|写的?))[:\s]*(?P<value2>[a-z]\d|0\d)" + _NOT_CODE
)
_CODE_ALONE = re.compile(
    r"(?:^|[\s,。])(?P<value>[a-z]\d|\d{2})(?=\s?(?:超|余额|发卡|无效|密码|过期|没收|系统|交易|不予|受限"
    r"|有缺陷|格式|网络|通讯|收不到应答|重复交易|是什么意思|啥意思|什么错))"
)
_CODE_AFTER_TRY = re.compile(
    r"(?:[刷插挥扫拍]就|(?:不对|错误?|失败|不了|未登记|无效|拒绝)[\s,]+)(?P<value>[a-z]\d|\d{2})"
    r"(?=[\s,。\"”」』)）]|重复|拒绝|$)"
)
_CODE_OF_LETTER = re.compile(r"(?<![a-z\d.-])(?P<value>a[0-7])(?![a-z\d.-]|[纸机款型号座区栋])")
"""The letter codes of the card networks (DOMAIN.md §3) mean nothing else."""
_NO_CODE = re.compile(r"(?:[34]g|5g|t\d|d\d|s\d|p\d|v\d+)")


def read_identifiers(text: str) -> Iterator[Finding]:
    """Numbers of merchant, terminal, transaction and card in folded `text`."""
    yield from _cards(text)
    for kind, pattern in _LABELLED.items():
        for match in re.finditer(pattern, text):
            value = match["value"]
            if not (kind == "merchant_no" and value.isalpha()):
                yield Finding(kind, value.upper(), match.start("value"), match.end("value"))
    for match in _ORDER_NAME.finditer(text):
        order = _ORDER_VALUE.match(text, match.end())
        if order and sum(char.isdigit() for char in order["value"]) > 4 and not _phone(text, match):
            yield Finding("order_no", order["value"].upper(), order.start("value"), order.end())
    for match in _BARE.finditer(text):
        if _TRAP_BEFORE.search(text[max(0, match.start() - 10) : match.start()]):
            continue
        kind = _kind_of_bare(match.group())
        if kind:
            yield Finding(kind, match.group(), match.start(), match.end())


def _phone(text: str, match: re.Match[str]) -> bool:
    return text[max(0, match.start() - 2) : match.start()] in ("快递", "运单", "工单")


def _kind_of_bare(digits: str) -> str:
    if len(digits) == 8:
        return "" if _DATE.fullmatch(digits) or digits.startswith(("400", "800")) else "terminal_no"
    if len(digits) == 12:
        return "" if digits.startswith("0") and digits[1] in "123456789" else "ref_no"
    if len(digits) == 15:
        return "merchant_no"
    return "order_no" if len(digits) >= 20 else ""


def _cards(text: str) -> Iterator[Finding]:
    """The last four digits of a card, named so or taken out of the whole number."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        named = bool(_CARD_BEFORE.search(text[max(0, match.start() - 8) : match.start()]))
        if len(digits) in (16, 18, 19) and (named or (digits[0] in "3456" and _luhn(digits))):
            yield Finding("card_last4", digits[-4:], match.start(), match.end())
    for match in _MASKED_CARD.finditer(text):
        yield Finding("card_last4", match["value"], match.start(), match.end())
    for match in _LAST_FOUR.finditer(text):
        group = "value" if match["value"] else "value2"
        yield Finding("card_last4", match[group].translate(_DIGITS), *match.span(group))


def _luhn(digits: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812)."""
    doubled = [
        int(digit) if place % 2 else sum(divmod(int(digit) * 2, 10))
        for place, digit in enumerate(reversed(digits), 1)
    ]
    return sum(doubled) % 10 == 0


def read_response_codes(text: str) -> Iterator[Finding]:
    """Codes a terminal or a platform answered with: 05, 51, A7, E101, SYSTEM_ERROR."""
    for pattern in (*_CODES, _CODE_LOOSE, _CODE_ALONE, _CODE_AFTER_TRY, _CODE_OF_LETTER):
        for match in pattern.finditer(text):
            group = match.lastgroup or "value"
            if not _NO_CODE.fullmatch(match[group]):
                yield Finding("resp_code", match[group].upper(), *match.span(group))
