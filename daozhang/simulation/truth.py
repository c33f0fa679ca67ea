"""What was planted in a demo world: the truth that verdicts are tested against.

Only tests and the demo page read this table. The diagnosis does not know that it exists.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from daozhang.database import Base

__all__ = ["PlantedFault"]


class PlantedFault(Base):
    """One complaint with its true answer. `outcome` is the gate's word (DOMAIN.md §4)."""

    __tablename__ = "planted_faults"

    id: Mapped[int] = mapped_column(primary_key=True)
    mid: Mapped[str] = mapped_column(ForeignKey("merchants.mid"), index=True)
    txn_id: Mapped[int | None] = mapped_column(ForeignKey("txns.id"))
    """The payment that the complaint means; None when there is none, as with not_found."""
    fault: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str | None] = mapped_column(String(32))
    """A key of ARTICLE.md, or None when nothing is wrong."""
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """The amount in fen that the merchant has in mind."""
    tid: Mapped[str | None] = mapped_column(String(8))
    complaint: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(120), default="")
