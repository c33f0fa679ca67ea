"""What a machine's own records show, told to whoever complained without naming a payment."""

from __future__ import annotations

from daozhang.diagnosis.trouble import Trouble
from daozhang.replies import Reply
from daozhang.texts import load_texts

__all__ = ["tell_trouble"]


def tell_trouble(trouble: Trouble) -> list[Reply]:
    """One bubble on the machine, and one on the money, which mostly is not late for that."""
    texts = load_texts("verdicts")
    key = f"trouble_{trouble.circumstance}"
    seen = texts(
        key if key in texts else f"trouble_{trouble.cause}",
        tid=trouble.tid,
        count=trouble.doubtful,
    )
    money = texts("trouble_money_late" if trouble.money_late else "trouble_money_safe")
    return [Reply(text=seen), Reply(text=money)]
