"""Sums of money in folded text, as fen. A bare number is one only where its neighbours say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from components.findings import Finding, Value
from components.numerals import ARABIC, NUMERAL, read_number

__all__ = ["read_amounts"]

_ABOUT_BEFORE = "大概|大约|差不多|将近|接近|约莫|约|近|快|至少|起码|好像|左右"
_ABOUT_AFTER = "多|左右|上下|出头|来|几|余|好几|不到"
_YUAN = r"(?:块钱|元钱|块|元|圆|rmb|人民币|(?<=万)(?=块|元))"
_SMALL = r"[一二两三四五六七八九\d]"
_NUMBER = rf"(?<![\d.a-z])(?<!\d,)(?<!\d-){NUMERAL}(?![\d])"
_PHONE = re.compile(r"(?<![\d.])\d{3,4}-\d{3,4}-?\d{3,4}(?!\d)")

_SUM = re.compile(
    rf"(?P<about>{_ABOUT_BEFORE})?\s?(?P<sign>[¥$]|rmb|人民币)?\s?"
    rf"(?P<low>{_NUMBER})(?:(?P<few>[多来余几])(?P<scale>[百千万亿])?)?"
    rf"(?:\s?(?P<unit_low>{_YUAN})?\s?(?:到|至|-|~|—|–)\s?(?P<high>{NUMERAL}(?!\d))(?P<few_high>[多来余几])?)?"
    rf"\s?(?P<unit>{_YUAN})?(?P<parts>(?<=[块元])(?:零?{_SMALL}毛{_SMALL}?分?|{_SMALL}角(?:{_SMALL}分)?|"
    rf"\d{{1,2}}(?![\d.])|[一二三四五六七八九](?![{'十百千万'}]))(?:钱)?)?"
    rf"(?P<rest>\s?(?:多|左右|上下|出头|来块|不到))?"
)
_CENTS = re.compile(rf"(?<![\d.])(?P<jiao>{_SMALL})[毛角](?:钱|(?P<fen>{_SMALL})分?)?")
_PAIR = re.compile(r"^[一二两三四五六七八九]{2}(?=[十百千万])")
_LAST_PAIR = re.compile(r"(?<=[十百千万w])(?:一二|二三|三四|四五|五六|六七|七八|八九)$")
"""三五百 is 300 to 500, 一千五六 is 1500 to 1600."""

_MONEY_BEFORE = re.compile(
    r"(?:刷卡?|扫|押金|定金|订金|房租|小票写|单子写|收|付|扣|转|打|卖|提现?|退|消费|支付|交易|交|充|存|输|按|进|入|到|给|赚|卡|欠|少|差|冻|押|贷|垫"
    r"|花|买|结|补|加|负|限额|额度|上限|最[多高]|封顶|笔|应该|实际|其实|明明|金额|总共|一共|共|货款|营业额|流水|本金|余额|实收|应收|款项?|单子|[一那这两几每]笔|[一那这]单|成|为|就|才|只|还有)"
    r"(?:了|的|过|着|来|完|走|掉|款|账|到|我|你|他|她|钱|卡|出去|进来|的?是|的?有|成|的那笔|那笔|一笔|人家|客人|顾客|才|就|只有|个|是|为|都|整整|才到"
    r"|[:\s,])*$"
)
_MONEY_AFTER = re.compile(
    r"\s?(?:的?(?:那|这|一)(?:笔|单)|[刷输打按摁收看](?:成|作)|的?(?:单子?|款项?|货款|钱|账|交易|消费|流水)(?!号)"
    r"|(?:都|也|就|到现在)*(?:还|怎么|咋|为什么|为啥|一直|现在)*(?:还)?(?:没|未|不)(?:有)?(?:看[到见]|查到|到|收|进|入|来|结|见|给|打|下|清算)"
    r"|(?:付|刷|扫|转|退)(?:了|没|过|掉)|(?:迟迟|什么时候|啥时候|何时|几时|多久)(?:能|才|会)?(?:不|没)?(?:到|收|入|进)|(?:到|入|进)账|整$|收不到)"
)
_COUNTED = re.compile(
    r"\s?(?:台|个|人|次|家|户|张|桌|楼|层|房|路|度|斤|公斤|克|包|栋|秒|位|岁|米|瓦|毫|升|件|箱|瓶|份|名|条|步|字|年|月|日|号|点|时|天|分"
    r"|小时|周|星期|礼拜|%|‰|笔(?!钱)|单(?!子)|遍|回|代|版|折|倍|期|种|样|本|块(?:屏|板|电池|牌|儿|去|地)|元(?:旦|宵|件|素|老)"
    r"|店|商户|km|m(?![a-z])|g(?![a-z])|kg|ml|v(?![a-z])|p(?![a-z])|寸|英寸|粒|颗|只|双|套|车|趟|辆|顿|杯|碗|盒|支|根|卷|行|头|级|档|线|栏|页|厘)"
)
_NO_MONEY_BEFORE = re.compile(
    r"(?:第|[a-z+]|尾号|后四位|末四位|卡号|号码?|编号|代码|码|批次|授权|电话|热线|拨|拨打|客服|手机|版本|房|桌|包间|序列|费率|单价|型号|周|星期|礼拜|[./_#*])"
    r"(?:是|为|:|\s)*$"
)
_ONE_OF_THEM = re.compile(r"\s?的?[那这](?:一?[笔单个]|一)")
"""12600那笔, 3000的那个."""
_SAID_BEFORE = re.compile(r"(?:不是|应该是|说的是?|(?:^|[\s,。!;对])是)\s*$")
_OF_SOMETHING = re.compile(r"的\s*$")
_CLAUSE_ENDS = re.compile(r"\s?(?:的|那个)?(?=[\s,。.!?;]|[吧啊呢吗哦呀]?$)")
"""说错了，不是3000，是1680; 三号桌的320."""
_LEFT_OPEN = re.compile(r"[几好]$|(?<![总金份额])数$")
_RATE = re.compile(r"率|扣点|个点")
_HOTLINE = re.compile(r"95\d{3}|100\d{2}|1[23]\d{3}|1[12]\d|400\d*|800\d{7}|1[3-9]\d{9}|20[23]\d")
_IDIOMS = re.compile(
    r"一块(?!钱|五|[一-九\d]|\s?(?:的|没|还没))|千万别|千万不|千万(?=[^元块]|$)|万一|万分|百分|十分|一千零一夜|"
    r"三番五次|七七八八|乱七八糟|一五一十|百度|千牛|十全|(?<![块元])八成|万达|万通|百货|千禧|一一|一二三|三三两两|百福|三百六十行"
)
_LARGEST = Decimal(10) ** 11


def read_amounts(text: str) -> Iterator[Finding]:
    """Amounts in `text`: value in fen, 'a/b' for a range, `approx` for 多, 左右, 出头."""
    taken = [match.span() for pattern in (_IDIOMS, _PHONE) for match in pattern.finditer(text)]
    last = 0
    for match in _SUM.finditer(text):
        start, end = match.start("sign" if match["sign"] else "low"), match.end()
        if any(low < end and start < high for low, high in taken):
            continue
        found = _amount(text, match, start)
        if found is not None:
            last = found.end
            yield found
    for match in _CENTS.finditer(text, last):
        fen = _cents(match.group())
        if fen and not _COUNTED.match(text, match.end()):
            yield Finding("amount", fen, match.start(), match.end())


def _amount(text: str, match: re.Match[str], start: int) -> Finding | None:
    end = len(match.group().rstrip()) + match.start()
    unit = match["unit"] or match["sign"] or match["unit_low"]
    if match["parts"] and match["parts"].isdigit() and _counts_something(text, match.end("parts")):
        end, parts = match.end("unit"), None
    else:
        parts = match["parts"]
    before, after = text[max(0, start - 16) : start], text[end : end + 16]
    if match["about"]:
        before = text[max(0, match.start() - 16) : match.start()]
    if _LEFT_OPEN.search(text[:start]) or (not unit and not _is_money(match, before, after)):
        return None
    if unit and _spoiled_unit(text, match):
        return None
    value = _value(match, parts)
    if value is None:
        return None
    approx = any(match[name] for name in ("about", "few", "few_high", "rest"))
    return Finding("amount", value, start, end, approx and match["about"] not in ("快", "好像"))


def _counts_something(text: str, end: int) -> bool:
    """Whether the digits that end there count what follows at once: 2块5个, not 22块5 回了98."""
    return not text[end : end + 1].isspace() and _COUNTED.match(text, end) is not None


def _spoiled_unit(text: str, match: re.Match[str]) -> bool:
    """一块屏, 元旦: what looks like a unit is the start of another word."""
    if not match["unit"]:
        return False
    return _COUNTED.match(text, match.start("unit")) is not None or bool(
        re.match(r"(?:屏|板|电池|牌|儿|地|旦|宵|件|素)", text[match.end("unit") :])
    )


def _is_money(match: re.Match[str], before: str, after: str) -> bool:
    number = match["high"] or match["low"]
    if _COUNTED.match(after) or _NO_MONEY_BEFORE.search(before):
        return False
    alone = not before.strip(" ,。.?!") and not after.strip(" ,。.?!吧啊呢的吗哦嗯")
    plain = re.fullmatch(r"\d+", number)
    if plain and (len(number) > 7 or _HOTLINE.fullmatch(number)):
        likely = _MONEY_BEFORE.search(before) if len(number) < 5 else _ONE_OF_THEM.match(after)
        return bool(likely)
    if plain and number.startswith("0"):
        return False
    if match["scale"]:
        return match["few"] != "几"
    if alone and (not plain or 1 < len(number) < 6):
        return len(number) > 1
    if re.search(r"[百千万亿wk]", number):
        return not _PAIR.fullmatch(number)
    if number.startswith("0.") and _RATE.search(before + after):
        return False
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{2}", number):
        return True
    if not plain and re.fullmatch(r"[零一二两三四五六七八九十]", number):
        return False
    if plain and len(number) == 1:
        return False
    if _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after) or _ONE_OF_THEM.match(after):
        return True
    stands_for_it = _SAID_BEFORE.search(before) or _OF_SOMETHING.search(before)
    return bool(len(number) > 2 and stands_for_it and _CLAUSE_ENDS.match(after))


def _value(match: re.Match[str], parts: str | None) -> Value | None:
    pair = _PAIR.search(match["low"]) or _LAST_PAIR.search(match["low"])
    if pair and not match["high"]:
        head, rest = match["low"][: pair.start()], match["low"][pair.end() :]
        low, high = (read_number(head + digit + rest) for digit in pair.group())
    else:
        low = read_number(match["low"])
        high = read_number(match["high"]) if match["high"] else None
    if low is None or low > _LARGEST or (high is not None and high > _LARGEST):
        return None
    if match["scale"]:
        low *= read_number("1" + match["scale"]) or 1
    if high is None:
        fen = low * 100 + (_cents(parts) if parts else 0)
        return int(fen) if fen == fen.to_integral_value() and fen > 0 else None
    low = _lifted(match["low"], low, match["high"] or "", high)
    if low >= high:
        return None
    return f"{int(low * 100)}/{int(high * 100)}"


def _lifted(low_text: str, low: Decimal, high_text: str, high: Decimal) -> Decimal:
    """三到四千, 1-2万: the first number borrows the unit of the second."""
    unit = re.search(r"[百千万wk]$", high_text)
    if unit and re.fullmatch(rf"{ARABIC}|[一二两三四五六七八九]", low_text) and low < 100:
        return low * (read_number("1" + unit.group()) or 1)
    return low


def _cents(parts: str) -> int:
    """五, 5, 50, 五毛, 零五毛, 2毛5, 5角2分 after 块 or alone, as fen."""
    if re.search("[毛角]", parts):
        parts = parts.lstrip("零")
    if re.fullmatch(r"\d{2}", parts):
        return int(parts)
    digits = [read_number(char) for char in parts if read_number(char) is not None]
    values = [int(digit) for digit in digits if digit is not None]
    return values[0] * 10 + (values[1] if len(values) > 1 else 0) if values else 0
