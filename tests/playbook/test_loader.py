from __future__ import annotations

import re
from pathlib import Path

import pytest

from daozhang.errors import PlaybookError
from daozhang.playbook.loader import find_problems, load_all, load_playbook, read_playbook
from daozhang.playbook.vocabulary import CHECKS, DETAIL, FLAGS, PROMISES, TERMINALS, VALUES
from daozhang.settings import ROOT
from daozhang.texts import load_texts
from tests.playbook.kit import SMALL

GUIDE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")


def complaints(old: str, new: str) -> str:
    assert old in SMALL
    return "\n".join(map(str, find_problems(SMALL.replace(old, new, 1), "small")))


def test_a_good_playbook_has_no_complaints() -> None:
    assert find_problems(SMALL, "small") == ()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("done: sign", "done: sgin", "第12行，步骤“plug”：“done”指向“sgin”，但没有这个步骤或结局"),
        ("unseen: wait", "unseen: wiat", "第30行，步骤“sign”：“unseen”指向“wiat”"),
        ("      usual: 点“签到”。\n", "", "第18行，步骤“sign”：请写“usual:”，机器类型不知道时用"),
        ("keypad_pos", "key_pos", "步骤“sign”：不认识“key_pos”，这里可以写：usual、smart_pos"),
        ("start: plug", "start: plg", "第5行：start 指向“plg”，但没有这个步骤"),
        ("    done: sign\n", "", "步骤“plug”：“做好了”没有去处，请补上“done:”"),
        ("    failed: sign\n", "", "步骤“plug”：“没解决”没有去处，请补上“failed:”"),
        ("    cannot: person\n", "", "步骤“plug”：“做不了”没有去处，请补上“cannot:”"),
        ("      timeout: person\n", "", "步骤“sign”：一直没看到时没有去处，请补上“timeout:”"),
        ("      confirmed: fine\n", "", "看到后没有去处，请补上“confirmed:”"),
        ("      refuted: person\n", "", "记录显示不成时没有去处，请补上“refuted:”"),
        (
            "    done: sign\n    failed: sign",
            "    done: fine\n    failed: fine",
            "第15行，步骤“sign”：没有任何步骤会走到这里",
        ),
        ("confirmed: fine", "confirmed: wait", "结局“fine”：没有任何步骤会走到这里"),
        ("    failed: person\n", "    failed: plug\n", "步骤“sign”：从这里会绕回前面的“plug”"),
        ("    failed: person\n", "    failed: sign\n", "步骤“sign”：从这里会绕回前面的“sign”"),
        ("name: signed_on", "name: sign_on", "“name”不能是“sign_on”，只能是：terminal_online"),
        ("promise: reversal", "promise: all", "“promise”不能是“all”，只能是：reversal"),
        ("kind: solved", "kind: happy", "没有“happy”这种结局，只能是：solved"),
        ("kind: solved, say", "kind: elsewhere, say", "结局“fine”：请写“to:”"),
        (
            "kind: solved, say",
            "kind: elsewhere, to: nowhere, say",
            "没有手册“nowhere”，请写 data/playbooks 里的名字",
        ),
        (
            "kind: solved, say",
            "kind: elsewhere, to: frozen, say",
            "后面还有别的步骤，“tip:”写到那份手册里",
        ),
        ("    say: 请签到。", "    once: yes\n    say: 请签到。", "“once:”只能写 true"),
        (', note: "终端{tid}签到不成。"', "", "结局“person”：请写“note:”"),
        ("请签到。", "请{who}签到。", "“say”里的 {who} 填不出来，只能用：{amount}"),
        ("请签到。", "请{detail}签到。", "“say”里的 {detail} 填不出来"),
        ("请签到。", "请签到{amount。", "花括号不成对"),
        ("请签到。", "请{amount.real}签到。", "填不出来"),
        ("请签到。", "签" * 121, "“say”有121个字，最多120个"),
        ("签好了", "我已经把它签好了哦", "“done”有9个字，最多8个"),
        ("title: 小手册", "title: ''", "“title”应是一段文字，请补上"),
        ("say: 请插上电源。", "sya: 请插上电源。", "不认识“sya”，这里可以写：only_if、unless"),
        ("    why: 没电开不了机。\n", "", "步骤“plug”：请写“why:”"),
        (
            "done: sign",
            "only_if: offline_trades\n    done: sign",
            "条件不成立时没有去处，请补上“otherwise:”",
        ),
        (
            "done: sign",
            "only_if: rain\n    otherwise: sign\n    done: sign",
            "“only_if”不能是“rain”",
        ),
        (
            "done: sign",
            "otherwise: sign\n    done: sign",
            "没有 only_if 或 unless 就用不到 otherwise",
        ),
        ("    cannot: wait", "    cannot: wait\n    done: fine", "有 check 的步骤由记录决定去向"),
        ("tries: 2", "tries: 0", "请写“tries:”加一个 1 到 5 之间的整数"),
        ("minutes: 10", "minutes: soon", "请写“minutes:”加一个 1 到 1440 之间的整数"),
        ("version: 1", "version: v1", "请写“version:”加一个"),
        ("key: small", "key: tiny", "key 是“tiny”，文件名却是“small”"),
        ("start: plug", "start: plug\nstart: sign", "“start”写了两次，请删掉一个"),
        ("  fine: {", "  Fine-1: {", "结局“Fine-1”：名字只能用小写字母、数字和下划线"),
        ("  fine: {", "  plug: {", "步骤和结局都叫“plug”"),
        ("start: plug", "opening: 您好\nstart: plug", "“opening”下面每条应以“- ”开头"),
        ("    labels: {done: 签好了}", "    labels: 签好了", "“labels”下面应缩进写“键: 内容”"),
        ("  plug:\n", "  hm: 1\n  plug:\n", "步骤“hm”下面应缩进写“键: 内容”"),
        ("    say: 请签到。", "    say: [请签到。", "这一行的写法不对，请检查缩进"),
    ],
)
def test_a_complaint_names_the_place_and_the_remedy(old: str, new: str, complaint: str) -> None:
    found = complaints(old, new)
    assert complaint in found
    assert re.match(r"small\.yml 第\d+行", found)


@pytest.mark.parametrize("text", ["", "- a", "42"])
def test_a_file_that_is_no_table_is_refused(text: str) -> None:
    assert "文件应是“键: 内容”的表" in str(find_problems(text, "small")[0])


def test_a_playbook_without_steps_or_endings_is_refused() -> None:
    found = "\n".join(
        map(str, find_problems("key: small\nversion: 1\ntitle: 空\nstart: a", "small"))
    )
    assert "请在“steps:”下写步骤" in found
    assert "请在“ends:”下写结局" in found


def test_a_step_reached_only_by_a_time_out_that_cannot_happen_is_unreachable() -> None:
    once = SMALL.replace("tries: 2", "tries: 1").replace("timeout: person", "timeout: late")
    once += "  late: {kind: hand_over, say: 太久了。, note: 超时。}\n"
    assert [str(one) for one in find_problems(once, "small")] == [
        "small.yml 第39行，结局“late”：没有任何步骤会走到这里，请接上或删掉"
    ]


def test_loading_raises_the_first_complaint_and_counts_the_rest() -> None:
    wrong = SMALL.replace("tries: 2", "tries: 9").replace("version: 1", "version: x")
    with pytest.raises(PlaybookError, match=r"^small\.yml 第3行：请写“version:”.*（另有1处）$"):
        read_playbook(wrong, "small")


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match=r"读不到 small\.yml"):
        load_playbook("small", None, tmp_path)


def test_an_earlier_version_is_found_among_the_retired(tmp_path: Path) -> None:
    (tmp_path / "retired").mkdir()
    (tmp_path / "small.yml").write_text(SMALL.replace("version: 1", "version: 2"), "utf-8")
    (tmp_path / "retired" / "small.v1.yml").write_text(SMALL, "utf-8")
    assert load_playbook("small", None, tmp_path).version == 2
    assert load_playbook("small", 1, tmp_path).version == 1
    assert list(load_all(tmp_path)) == ["small"]


def test_a_retired_file_must_hold_the_version_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "retired").mkdir()
    (tmp_path / "small.yml").write_text(SMALL.replace("version: 1", "version: 3"), "utf-8")
    (tmp_path / "retired" / "small.v2.yml").write_text(SMALL, "utf-8")
    with pytest.raises(PlaybookError, match="请改一致"):
        load_playbook("small", 2, tmp_path)


def test_all_playbooks_of_the_house_load() -> None:
    assert "network_communication" in load_all()


def test_every_value_has_a_word_for_when_it_is_not_known() -> None:
    assert all(f"value_{name}" in load_texts("playbook") for name in (*VALUES, DETAIL))


def test_the_guides_example_is_a_good_playbook() -> None:
    example = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
    assert find_problems(example, "offline_upload") == ()


def test_the_guide_names_everything_a_playbook_may_use() -> None:
    names = [*CHECKS, *FLAGS, *PROMISES, *TERMINALS, *(f"{{{name}}}" for name in (*VALUES, DETAIL))]
    assert [name for name in names if name not in GUIDE] == []
