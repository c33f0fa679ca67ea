"""Visitors, and how they prove who they are: fields and addresses of their own, beside the talk."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Request
from pydantic import BaseModel, SecretStr, StringConstraints
from pydantic.functional_validators import AfterValidator
from starlette.concurrency import run_in_threadpool

from daozhang.channels.problems import Problem, describe, refusal
from daozhang.channels.tokens import Caller, mint_visitor_token
from daozhang.channels.web import Gateway, TheCaller, TheGateway, conversation_of
from daozhang.identity import CODE_LIFE, DIGITS, Answer, Claim, Result

__all__ = ["router"]

router = APIRouter()


def _digits(code: SecretStr) -> SecretStr:
    value = code.get_secret_value()
    if len(value) != DIGITS or not (value.isascii() and value.isdecimal()):
        raise ValueError("not a code")
    return code


_REFUSALS = (
    Problem.BAD_REQUEST,
    Problem.NOT_AUTHORISED,
    Problem.REFUSED,
    Problem.NOT_FOUND,
    Problem.INVALID,
    Problem.TOO_MANY,
)
"""What either half of a proof may be answered with."""


class VisitorToken(BaseModel):
    """Good for one talk of twelve hours; what is proven in it ends with it."""

    token: str


class IdentityClaim(BaseModel):
    """Who the visitor says they are: the shop, and one of its machines."""

    mid: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z_-]{1,32}$")]
    machine: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z]{6,32}$")
    ]
    """The terminal number, or the serial number's end, six characters at least."""


class CodeAsked(BaseModel):
    """If the claim fits, a code is on its way. The answer is the same if it does not."""

    seconds: int
    """For how long a code is good."""


class CodeEntered(BaseModel):
    code: Annotated[SecretStr, AfterValidator(_digits)]
    """Six digits."""


class CodeResult(BaseModel):
    """`proven`: the talk goes on as the merchant's, the answer comes as events. `left`: tries."""

    result: Literal[Result.PROVEN, Result.WRONG, Result.EXPIRED]
    left: int


@router.post("/api/v1/visitors", status_code=201, responses=describe(Problem.TOO_MANY))
async def post_visitor(gateway: TheGateway, request: Request) -> VisitorToken:
    """A token for somebody who has none: enough for general questions."""
    caller = request.client.host if request.client else ""
    if wait := gateway.visitors.wait(caller):
        raise refusal(Problem.TOO_MANY, {"Retry-After": str(math.ceil(wait))})
    return VisitorToken(token=mint_visitor_token(gateway.token_key))


@router.post(
    "/api/v1/identity",
    status_code=202,
    responses=describe(*_REFUSALS, Problem.TOO_MANY_CODES),
)
async def post_claim(
    claim: IdentityClaim, gateway: TheGateway, caller: TheCaller, after: BackgroundTasks
) -> CodeAsked:
    """Ask for a one-time code, which goes to the merchant's registered channel."""
    conversation_id = await _visitors_talk(gateway, caller)
    begun = await run_in_threadpool(
        gateway.proving.ask,
        conversation_id,
        Claim(claim.mid, claim.machine),
        gateway.clock.now(),
    )
    if begun.answer is Answer.REFUSED:
        raise refusal(Problem.REFUSED)
    if begun.answer is Answer.TOO_SOON:
        raise refusal(Problem.TOO_MANY_CODES)
    if begun.message is not None and gateway.codes is not None:
        # After the response, so that its time does not tell whether there is such a merchant.
        after.add_task(gateway.codes.send, begun.message)
    return CodeAsked(seconds=int(CODE_LIFE.total_seconds()))


@router.post("/api/v1/identity/confirm", responses=describe(*_REFUSALS))
async def post_code(entered: CodeEntered, gateway: TheGateway, caller: TheCaller) -> CodeResult:
    """Enter the code. What was asked before is answered in the talk at once."""
    conversation_id = await _visitors_talk(gateway, caller)
    proof = await run_in_threadpool(
        gateway.proving.enter,
        conversation_id,
        entered.code.get_secret_value(),
        gateway.clock.now(),
    )
    gateway.hub.notify(conversation_id)
    if proof.result is Result.REFUSED:
        raise refusal(Problem.REFUSED)
    return CodeResult(result=proof.result, left=proof.left)


async def _visitors_talk(gateway: Gateway, caller: Caller) -> str:
    """The conversation of a visitor; whoever the portal vouches for has nothing to prove here."""
    if wait := gateway.limit.wait(caller.address):
        raise refusal(Problem.TOO_MANY, {"Retry-After": str(math.ceil(wait))})
    if caller.mid is not None or gateway.codes is None:
        raise refusal(Problem.NOT_FOUND)
    return await run_in_threadpool(conversation_of, gateway, caller)
