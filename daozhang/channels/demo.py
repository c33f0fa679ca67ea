"""The demo portal: its page, its merchants and their simulated machines. Never in service."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select

from daozhang.channels.codes import DemoPhones
from daozhang.channels.problems import Problem, describe, refusal
from daozhang.channels.tokens import mint_token
from daozhang.channels.web import TheGateway
from daozhang.errors import InputError
from daozhang.ledger.models import Merchant, Terminal
from daozhang.settings import ROOT, Settings
from daozhang.simulation.questions import featured_questions
from daozhang.simulation.simulated_terminal import Action, press, view
from daozhang.texts import load_texts

__all__ = ["router"]

_TOKEN_LIFE = timedelta(hours=1)


class DemoTerminal(BaseModel):
    tid: str
    model: str


class DemoMerchant(BaseModel):
    """A shop of the demo town, and what its owner might ask."""

    mid: str
    name: str
    trade: str
    questions: list[str]
    terminals: list[DemoTerminal]


class TokenRequest(BaseModel):
    mid: Annotated[str, StringConstraints(min_length=1, max_length=32)]


class Token(BaseModel):
    token: str


class PhoneMessage(BaseModel):
    """A message on the phone that a merchant has registered."""

    name: str
    text: str


class Press(BaseModel):
    action: Action


class TerminalState(BaseModel):
    """A machine as somebody in front of it sees it."""

    tid: str
    signal: int
    online: bool
    signed_on: bool
    screen: str


router = APIRouter(tags=["demo"])


@router.get("/", include_in_schema=False)
def get_page() -> FileResponse:
    return FileResponse(ROOT / "web" / "demo" / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/demo/merchants")
def get_merchants(gateway: TheGateway) -> list[DemoMerchant]:
    """All merchants of the demo town, the featured ones first."""
    with gateway.sessions() as session:
        questions = featured_questions(session, gateway.clock.now())
        order = {mid: place for place, mid in enumerate(questions)}
        merchants = session.scalars(select(Merchant).order_by(Merchant.mid)).all()
        terminals = session.scalars(select(Terminal).order_by(Terminal.tid)).all()
    machines: dict[str, list[DemoTerminal]] = {}
    for one in terminals:
        machines.setdefault(one.mid, []).append(DemoTerminal(tid=one.tid, model=one.model))
    return [
        DemoMerchant(
            mid=one.mid,
            name=one.name,
            trade=one.trade,
            questions=questions.get(one.mid, []),
            terminals=machines.get(one.mid, []),
        )
        for one in sorted(merchants, key=lambda one: order.get(one.mid, len(order)))
    ]


@router.post("/demo/token", responses=describe(Problem.NOT_FOUND))
def post_token(asked: TokenRequest, gateway: TheGateway, request: Request) -> Token:
    """A token as a real portal would give to the merchant who is logged in there."""
    with gateway.sessions() as session:
        if session.get(Merchant, asked.mid) is None:
            raise refusal(Problem.NOT_FOUND)
    settings: Settings = request.app.state.settings
    return Token(token=mint_token(settings, asked.mid, _TOKEN_LIFE))


@router.get("/demo/phones")
def get_phones(gateway: TheGateway) -> list[PhoneMessage]:
    """The one-time codes that lie on the merchants' phones, the newest first."""
    assert isinstance(gateway.codes, DemoPhones)  # noqa: S101 - the app factory sets it
    with gateway.sessions() as session:
        return [
            PhoneMessage(
                name=session.get_one(Merchant, one.mid).name,
                text=load_texts("gateway")("code_message", code=one.code),
            )
            for one in gateway.codes.messages(gateway.clock.now())
        ]


@router.get("/demo/terminals/{tid}", responses=describe(Problem.NOT_FOUND))
def get_terminal(tid: str, gateway: TheGateway) -> TerminalState:
    """The machine as it stands."""
    with gateway.sessions() as session:
        try:
            seen = view(session, tid, gateway.clock.now())
        except InputError:
            raise refusal(Problem.NOT_FOUND) from None
    return TerminalState.model_validate(seen, from_attributes=True)


@router.post("/demo/terminals/{tid}/actions", responses=describe(Problem.NOT_FOUND))
def post_action(tid: str, pressed: Press, gateway: TheGateway) -> TerminalState:
    """Do something at the machine, as the merchant would; the ledger sees it."""
    with gateway.sessions.begin() as session:
        try:
            seen = press(session, tid, pressed.action, gateway.clock.now())
        except InputError:
            raise refusal(Problem.NOT_FOUND) from None
    return TerminalState.model_validate(seen, from_attributes=True)
