"""Settlement products (DOMAIN.md §2.1)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Product"]


class Product(StrEnum):
    """How long after the settlement day money is due; T counts working days, D calendar days."""

    T1 = "T1"
    D1 = "D1"
    T0 = "T0"
    D0 = "D0"
    S0 = "S0"
