"""What becomes of a row when it is taken into the ledger."""

from __future__ import annotations

from enum import Enum, auto

__all__ = ["Outcome", "Taken"]


class Taken(Enum):
    """STORED brought the ledger something new; KNOWN was there already."""

    STORED = auto()
    KNOWN = auto()


type Outcome = Taken | str
"""A text is the reason why the row is refused."""
