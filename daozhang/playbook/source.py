"""Reading a playbook's YAML with the line of every entry, so that complaints can point to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import yaml

__all__ = ["Problem", "Problems", "Table", "read_yaml"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One complaint: where it is and what to do, in words for whoever wrote the playbook."""

    line: int
    place: str
    remedy: str
    file: str

    def __str__(self) -> str:
        place = f"，{self.place}" if self.place else ""
        return f"{self.file} 第{self.line}行{place}：{self.remedy}"


@dataclass(slots=True)
class Problems:
    """The complaints about one file, gathered while it is read."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, place: str, remedy: str) -> None:
        self.found.append(Problem(line, place, remedy, self.file))


def read_yaml(text: str, problems: Problems) -> Table | None:
    """The file's outermost table, or None when it is no YAML table (which is complained about)."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        line = mark.line + 1 if mark else 1
        problems.add(line, "", "这一行的写法不对，请检查缩进、冒号后的空格和引号")
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(1, "", "文件应是“键: 内容”的表，请照 docs/playbooks.md 写")
        return None
    return Table(root, "", problems)


class Table:
    """A table of the file. Reading an entry that is missing or wrong adds a complaint and gives a
    harmless value, so that one reading finds everything."""

    def __init__(
        self, node: yaml.MappingNode, place: str, problems: Problems, line: int = 0
    ) -> None:
        self.line: int = line or node.start_mark.line + 1
        self.place = place
        self._problems = problems
        self._entries: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in self._entries:
                problems.add(line, place, f"“{name}”写了两次，请删掉一个")
            self._entries[name], self._lines[name] = value, line

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def line_of(self, key: str) -> int:
        return self._lines.get(key, self.line)

    def complain(self, key: str, remedy: str) -> None:
        self._problems.add(self.line_of(key), self.place, remedy)

    def only(self, known: Collection[str]) -> None:
        """Complain about entries with other names: mostly typing errors."""
        for name in self._entries:
            if name not in known:
                self.complain(name, f"不认识“{name}”，这里可以写：{'、'.join(known)}")

    def text(self, key: str, missing: str = "") -> str:
        """A text; '' when it is absent, which is complained about with the remedy `missing`."""
        node = self._entries.get(key)
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        if node is not None:
            self.complain(key, f"“{key}”应是一段文字，请补上")
        elif missing:
            self.complain(key, missing)
        return ""

    def number(self, key: str, low: int, high: int) -> int:
        """A whole number between `low` and `high`, which must be there."""
        node = self._entries.get(key)
        if isinstance(node, yaml.ScalarNode) and node.value.isdecimal():
            number = int(node.value)
            if low <= number <= high:
                return number
        self.complain(key, f"请写“{key}:”加一个 {low} 到 {high} 之间的整数")
        return low

    def has_table(self, key: str) -> bool:
        """Whether the entry is a table of its own."""
        return isinstance(self._entries.get(key), yaml.MappingNode)

    def table(self, key: str, missing: str = "") -> Table | None:
        node = self._entries.get(key)
        if isinstance(node, yaml.MappingNode):
            return Table(node, self.place, self._problems, self.line_of(key))
        if node is not None:
            self.complain(key, f"“{key}”下面应缩进写“键: 内容”")
        elif missing:
            self.complain(key, missing)
        return None

    def tables(self, key: str, place: str, missing: str) -> Iterator[tuple[str, Table]]:
        """Every entry below `key` as a table of its own; `place` names it in complaints."""
        inner = self.table(key, missing)
        if inner is None:
            return
        for name, node in inner._entries.items():
            if isinstance(node, yaml.MappingNode):
                yield name, Table(node, f"{place}“{name}”", self._problems, inner.line_of(name))
            else:
                inner.complain(name, f"{place}“{name}”下面应缩进写“键: 内容”")

    def rows(self, key: str, place: str) -> Iterator[Table]:
        """The tables of a list (entries with a dash) below `key`; none when it is absent."""
        node = self._entries.get(key)
        if isinstance(node, yaml.SequenceNode) and all(
            isinstance(one, yaml.MappingNode) for one in node.value
        ):
            for one in node.value:
                yield Table(one, place, self._problems)
        elif node is not None:
            self.complain(key, f"“{key}”下面每条应以“- ”开头")
