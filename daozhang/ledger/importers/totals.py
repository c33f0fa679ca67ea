"""Hold the lines of a bill against the totals at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from daozhang.errors import ImportRejected

__all__ = ["Side", "Tally"]


@dataclass(frozen=True, slots=True)
class Side:
    """What a summary states of one kind of line; `fen` is None where it states no sum."""

    count: int
    fen: int | None


@dataclass(slots=True)
class Tally:
    """What was read so far, by kind of line. Lines without readable figures are only counted."""

    unreadable: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, fen: int) -> None:
        self.counts[kind] += 1
        self.sums[kind] += fen

    def hold_against(self, stated: Mapping[str, Side]) -> None:
        """Raises ImportRejected naming the total that does not match.

        Every line whose figures could be read counts, also one that is quarantined. Unreadable
        lines may make up for what is missing, for no more lines than they are.
        """
        missing = 0
        for kind, side in stated.items():
            lacking = side.count - self.counts[kind]
            if lacking < 0:
                raise ImportRejected(
                    f"汇总写{kind} {side.count} 笔，明细有 {self.counts[kind]} 笔，对不上；"
                    "请重新下载账单"
                )
            missing += lacking
            gap = 0 if side.fen is None else side.fen - self.sums[kind]
            if gap < 0 or (gap and not lacking):
                raise ImportRejected(f"{kind}金额与明细之和对不上，文件可能被改过；请重新下载账单")
        if missing > self.unreadable:
            raise ImportRejected(f"明细比汇总少 {missing} 笔，文件可能没有下载完整；请重新下载")
