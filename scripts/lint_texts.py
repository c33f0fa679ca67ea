"""Read everything that merchants may be told, and complain about what they must not be.

`python scripts/lint_texts.py` prints one line for each complaint and ends with 1 if there is any.
Length and tone: docs/glossary.md; what is never told: DOMAIN.md §4, §8.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 120
"""Characters in a bubble; a place in braces counts as four."""
READS_WELL = 60

_SOMEBODY_ELSES = {"simulation.yml", "terminal.yml"}
"""What the demo's merchants and the display of its terminal say; the assistant does not."""
_FOR_STAFF = {"note"}
_NO_TEXT = {
    *("key", "version", "start", "kind", "promise", "name", "tries", "minutes", "only_if"),
    *("unless", "otherwise", "done", "failed", "cannot", "confirmed", "refuted", "unseen"),
    *("timeout", "once", "to"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its place, such as 'data/playbooks/frozen.yml steps.notice.say'."""

    place: str
    words: str
    for_staff: bool = False

    @property
    def length(self) -> int:
        """In characters, a place in braces as four."""
        return len(re.sub(r"{\w+}", "····", self.words))


@dataclass(frozen=True, slots=True)
class Never:
    """A sentence with `pattern` is refused, unless `but` in the same sentence makes it right."""

    complaint: str
    pattern: re.Pattern[str]
    but: re.Pattern[str] | None = None

    def caught_in(self, words: str) -> str | None:
        """The first sentence that is refused."""
        for sentence in re.split(r"(?<=[。！？；\n])", words):
            if self.pattern.search(sentence) and not (self.but and self.but.search(sentence)):
                return sentence.strip()
        return None


def _never(complaint: str, pattern: str, but: str = "") -> Never:
    return Never(complaint, re.compile(pattern), re.compile(but) if but else None)


NEVER = (
    _never(
        "不要在聊天里要密码、验证码、卡号或证件照",
        r"密码|(?<![A-Z])PIN(?!错)|CVV|CVN|安全码|验证码|完整卡号|卡片照|拍卡",
        r"别|不要|不用|自己输|没有保存|不会问",
    ),
    _never("卡号不能发到这里", r"卡号", r"不要发|别发|遮住|后四位|后4位|核对|看|不对|登记|留"),
    _never(
        "不教人拆分、错开交易",
        r"拆(成|分|单)|拆开(刷|收)|分(成)?[几多两三二][笔次](刷|收|付)|化整为零|错开|换个时间刷",
    ),
    _never(
        "不说触发了什么规则",
        r"风控|触发(了|的)?(规则|模型)|评分|阈值|可疑|反洗钱|黑名单|套现|命中",
    ),
    _never("只能提醒这是骗局", r"解冻费|保证金|升级费|扫码升级|刷流水", r"骗|别|不要|不收"),
    _never(
        "不承诺记录里没有的事",
        r"保证(?!金)|一定(会|能|到)|肯定(会|能|到)|绝对|(马上|立刻|立即)(就)?到账|百分之百",
        r"不(敢|能)?保证",
    ),
    _never(
        "不给链接和电话",
        r"https?:|www\.|\.com|\.cn\b|\d{3,4}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)400\d{7}",
    ),
    _never(
        "不怪商户",
        r"(?<!不)是您的(错|问题)|怪您|您(自己)?(操作|弄|搞)错|您应该早|谁让您|您怎么(不|没)",
    ),
    _never("结果没定就别重收", r"重刷|再刷一次|重复收", r"别|不|放心|容易|免得"),
    _never("不让人转账", r"转账|汇款", r"别|不|转账的都"),
    _never("中文里用中文标点", r"[\u4e00-\u9fff][,;:!?]"),
)


def texts(root: Path = ROOT) -> Iterator[Text]:
    """Every text of the playbooks, the answers and the assistant's own sentences."""
    for folder in ("playbooks", "rehearsals", "answers", "texts"):
        for path in sorted((root / "data" / folder).glob("*.yml")):
            if path.name not in _SOMEBODY_ELSES:
                table = yaml.safe_load(path.read_text(encoding="utf-8"))
                walked = folder in {"playbooks", "rehearsals"}
                yield from _within(f"data/{folder}/{path.name} ", table, walked)


def terms(root: Path = ROOT) -> dict[str, str]:
    """From the words that are not used to the one that is, as docs/glossary.md has them."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$",
        (root / "docs" / "glossary.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {wrong: right for right, wrongs in rows[1:] for wrong in wrongs.split("、")}


def complaints(text: Text, instead: dict[str, str]) -> Iterator[str]:
    """What is wrong with one text."""
    length = text.length
    if length > LONGEST:
        yield f"{text.place}：有{length}个字，最多{LONGEST}个"
    for rule in NEVER:
        sentence = rule.caught_in(text.words)
        if sentence is not None and not (text.for_staff and rule.complaint == "卡号不能发到这里"):
            yield f"{text.place}：{rule.complaint}（“{sentence}”）"
    plain = re.sub(r"“[^”]*”|《[^》]*》", "", text.words)
    for wrong, right in instead.items():
        if wrong in plain and not (text.for_staff and right in {"机器", "二类卡", "客人"}):
            yield f"{text.place}：“{wrong}”请写“{right}”"


def _within(place: str, node: object, playbook: bool, key: str = "") -> Iterator[Text]:
    """The texts below `node`; those of a playbook that are names of its own are none."""
    if isinstance(node, str):
        if not (playbook and key in _NO_TEXT):
            yield Text(place, node, key in _FOR_STAFF)
    elif isinstance(node, dict):
        for name, inner in node.items():
            dot = "" if place.endswith(" ") else "."
            targets = playbook and key != "labels"
            yield from _within(f"{place}{dot}{name}", inner, targets, str(name))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _within(f"{place}.{number}", inner, playbook, key)


def main() -> int:
    """Print every complaint and how many texts read well."""
    instead, found, count, short = terms(), 0, 0, 0
    for text in texts():
        count += 1
        short += text.length <= READS_WELL
        for complaint in complaints(text, instead):
            found += 1
            print(complaint)
    print(f"{count}条文字，{short}条不超过{READS_WELL}个字，{found}处要改")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
