"""What the assistant says: bubbles with text, buttons and cards, as one typed JSON shape.

The same shape goes from the action server through the bot to the gateway and on to the browser;
`docs/protocol.md` shows it. Every text is plain text, never markup.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Button", "IdentityStep", "Reply", "Stage", "TicketCard", "Timeline"]


type IdentityStep = Literal["asked", "proven"]
"""With "asked" a bubble carries the form in which a stranger proves who they are; "proven" ends it.
What is typed there never passes through the talk."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Button(_Frozen):
    """Something to tap. `id` is opaque to the browser and returned as `choice`."""

    id: str = Field(max_length=80)
    label: str = Field(max_length=40)
    hint: str = Field(default="", max_length=80)
    """A second, smaller line: with it buttons are shown as a list rather than a row."""


class Stage(_Frozen):
    """One stop of the money on its way; `at` is wall-clock text such as '11月21日 15:10'."""

    key: Literal["paid", "cleared", "paid_out", "credited"]
    label: str
    at: str = ""
    note: str = ""
    state: Literal["done", "current", "pending", "stopped"]


class Timeline(_Frozen):
    """刷卡成功 → 清算 → 出款 → 到账 for one transaction, the present stage marked."""

    title: str
    amount: str
    net: str = ""
    due: str = ""
    stages: tuple[Stage, ...]


class TicketCard(_Frozen):
    """A ticket as the merchant sees it: its number and what truly happens next."""

    number: str
    summary: str
    next: str


class Reply(_Frozen):
    """One bubble."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    timeline: Timeline | None = None
    ticket: TicketCard | None = None
    identity: IdentityStep | None = None
