"""The desk: what people who take tickets can do."""

from __future__ import annotations

from daozhang.desk.desk import Desk, TicketLine, TicketView

__all__ = ["Desk", "TicketLine", "TicketView"]
