from __future__ import annotations

from daozhang.playbook.loader import load_playbook
from daozhang.playbook.show import to_mermaid
from tests.playbook.kit import small


def test_steps_endings_and_arrows_are_drawn() -> None:
    lines = to_mermaid(small()).splitlines()
    assert lines[0] == "flowchart TD"
    assert '    plug["plug<br/>请插上电源。"]' in lines
    assert '    plug -->|"做好了、没解决"| sign' in lines
    assert (
        '    sign -->|"没看到、做不了"| wait' in lines
        or '    sign -->|"做不了、没看到"| wait' in lines
    )
    assert '    fine(["fine<br/>好了。"])' in lines


def test_quotation_marks_do_not_break_the_drawing() -> None:
    book = small()
    assert 'how"' not in to_mermaid(book)
    drawn = to_mermaid(load_playbook("network_communication"))
    assert all(line.count('"') == 2 for line in drawn.splitlines()[1:])
