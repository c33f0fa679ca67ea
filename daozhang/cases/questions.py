"""What was asked last and waits for an answer, in a form that survives a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from daozhang.causes import Cause
from daozhang.diagnosis.verdict import Claim
from daozhang.ledger.lookups import TxnQuery
from daozhang.ledger.words import Channel

__all__ = [
    "Asked",
    "DetailQuestion",
    "Fault",
    "FaultQuestion",
    "IntentQuestion",
    "PickQuestion",
    "ProofQuestion",
    "Question",
    "read_question",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Asked(_Frozen):
    """What is known of the payment so far, and the cause that the merchant named, if any."""

    amount_low: int | None = None
    amount_high: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ref_no: str | None = None
    order_no: str | None = None
    card_last4: str | None = None
    tid: str | None = None
    channels: tuple[Channel, ...] = ()
    cause: Cause | None = None
    cause_confidence: float = 0.0
    explains: bool = False
    """Whether the cause is what the merchant blames, rather than what they merely see."""
    which: bool = False
    """Whether the merchant asks which payments, and not just about all of them."""

    @property
    def query(self) -> TxnQuery:
        return TxnQuery(
            **self.model_dump(exclude={"cause", "cause_confidence", "explains", "which"})
        )

    @property
    def claim(self) -> Claim | None:
        """The merchant's own explanation; a symptom alone is none."""
        if self.cause is None or not self.explains:
            return None
        return Claim(self.cause, self.cause_confidence)

    @property
    def names_any(self) -> bool:
        """Whether an amount, a number, a card or a time is known: enough to look for."""
        return self.query.names_one or self.names_time

    @property
    def names_time(self) -> bool:
        return self.since is not None


class PickQuestion(_Frozen):
    """Which of these? Each option is the ids of payments that share one fate."""

    kind: Literal["pick"] = "pick"
    options: tuple[tuple[int, ...], ...]
    asked: Asked
    relaxed: bool = False
    named_ids: tuple[int, ...] = ()
    """The missing payments of the days asked about that have been named one by one."""


class DetailQuestion(_Frozen):
    """Amount, time or number, please: nothing was found with what is known."""

    kind: Literal["detail"] = "detail"
    asked: Asked


class IntentQuestion(_Frozen):
    """Did you mean the one or the other? The message's own details are kept for the answer."""

    kind: Literal["intent"] = "intent"
    options: tuple[str, ...]
    text: str
    asked: Asked


class Fault(_Frozen):
    """A trouble without a payment, and its machine where one is meant."""

    cause: Cause
    tid: str | None = None


class FaultQuestion(_Frozen):
    """Which trouble, or which machine, is meant? `asked` is what the merchant told."""

    kind: Literal["fault"] = "fault"
    options: tuple[Fault, ...]
    asked: Asked

    @property
    def by_machine(self) -> bool:
        """Whether each option is another machine: then that is what is asked."""
        machines = {one.tid for one in self.options if one.tid}
        return len(machines) == len(self.options)


class ProofQuestion(_Frozen):
    """Who are you? What a stranger wanted is kept, to be answered once they have proven it."""

    kind: Literal["proof"] = "proof"
    intent: str
    asked: Asked


type Question = Annotated[
    PickQuestion | DetailQuestion | IntentQuestion | FaultQuestion | ProofQuestion,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[
    PickQuestion | DetailQuestion | IntentQuestion | FaultQuestion | ProofQuestion
] = TypeAdapter(Question)


def read_question(
    stored: dict[str, object] | None,
) -> PickQuestion | DetailQuestion | IntentQuestion | FaultQuestion | ProofQuestion | None:
    """The question that a case's row holds, or None when nothing is open."""
    return None if stored is None else _ADAPTER.validate_python(stored)
