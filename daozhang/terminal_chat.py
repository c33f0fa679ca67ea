"""`daozhang chat`: a client of the gateway for the terminal, on the browser's own protocol."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta

import httpx
from rich.console import Console

from daozhang.channels.tokens import mint_token, mint_visitor_token, token_key
from daozhang.conversations.log import Entry
from daozhang.conversations.models import Author
from daozhang.replies import Button
from daozhang.settings import Settings
from daozhang.terminal_identity import START, TerminalForm
from daozhang.texts import load_texts

__all__ = ["TerminalChat", "bubble", "chat", "read_events"]

_MARKS = {"done": "●", "current": "◉", "pending": "○", "stopped": "✕"}
_TOKEN_LIFE = timedelta(hours=12)
_SILENCE = 45.0
_PATIENCE = 60.0
_BUBBLES_APART = 0.3
_PAUSE = 1.0


def chat(settings: Settings, mid: str | None) -> None:
    """Talk as the merchant `mid`, or as a visitor, until the input ends."""
    base_url = f"http://{settings.host}:{settings.port}"
    if mid is None:
        token = mint_visitor_token(token_key(settings))
    else:
        token = mint_token(settings, mid, _TOKEN_LIFE, "terminal")
    headers = {"Authorization": f"Bearer {token}"}
    timeout = httpx.Timeout(10.0, read=_SILENCE)
    with httpx.Client(
        base_url=base_url, headers=headers, timeout=timeout, trust_env=False
    ) as client:
        talk = TerminalChat(client, Console(highlight=False))
        talk.run(sys.stdin, in_turn=not sys.stdin.isatty())


class TerminalChat:
    """One merchant's conversation: typed lines go out, bubbles are printed as they come."""

    def __init__(self, client: httpx.Client, console: Console) -> None:
        self._client = client
        self._console = console
        self._texts = load_texts("gateway")
        self._buttons: tuple[Button, ...] = ()
        self._mine: set[str] = set()
        self._heard = 0
        self._news = threading.Condition()
        self._over = threading.Event()
        self._form = TerminalForm(client, lambda text: self._print(text, "cyan"))

    def run(self, lines: Iterable[str], *, in_turn: bool = False) -> None:
        """Send each line; `in_turn` waits for an answer before the next, as a script needs it."""
        self._print(self._texts("chat_welcome"), "dim")
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            for line in lines:
                said = line.strip()
                sent = self._post(said) if said and not self._form.take(said) else None
                if in_turn and sent is not None:
                    self._wait_for_answer(sent)
        except KeyboardInterrupt:
            pass
        finally:
            self._over.set()

    def _post(self, line: str) -> int | None:
        """The id under which the gateway stored the line, or None when it did not."""
        body = {"client_id": uuid.uuid4().hex, "text": line}
        if line.isdecimal() and 0 < int(line) <= len(self._buttons):
            button = self._buttons[int(line) - 1]
            body |= {"text": button.label, "choice": button.id}
        self._mine.add(body["client_id"])
        try:
            response = self._client.post("/api/v1/messages", json=body)
        except httpx.HTTPError:
            self._print(self._texts("chat_lost"), "red")
            return None
        if response.is_error:
            self._print(str(response.json()["error"]["message"]), "red")
            return None
        return int(response.json()["message"])

    def _wait_for_answer(self, sent: int) -> None:
        with self._news:
            self._news.wait_for(lambda: self._heard > sent, _PATIENCE)
        time.sleep(_BUBBLES_APART)

    def _listen(self) -> None:
        last, lost = 0, False
        while not self._over.is_set():
            try:
                for entry in self._entries_after(last):
                    last, lost = entry.id, False
                    self._show(entry)
            except (httpx.HTTPError, RuntimeError):
                # RuntimeError: the talk is over, and the client was closed under our hands.
                if not lost and not self._over.is_set():
                    self._print(self._texts("chat_lost"), "red")
                lost = True
            self._over.wait(_PAUSE)

    def _entries_after(self, last: int) -> Iterator[Entry]:
        headers = {"Last-Event-ID": str(last)}
        with self._client.stream("GET", "/api/v1/events", headers=headers) as response:
            response.raise_for_status()
            for kind, data in read_events(response.iter_lines()):
                if kind == "message":
                    yield Entry.model_validate_json(data)

    def _show(self, entry: Entry) -> None:
        self._buttons = entry.buttons
        if entry.identity is not None:
            self._form.offered = entry.identity == "asked"
        style = {Author.MERCHANT: "dim", Author.SYSTEM: "yellow", Author.STAFF: "green"}
        if entry.client_id not in self._mine:
            self._print("\n".join(bubble(entry)), style.get(entry.author, ""))
        if entry.author is not Author.MERCHANT:
            with self._news:
                self._heard = entry.id
                self._news.notify_all()

    def _print(self, text: str, style: str) -> None:
        self._console.print(text, style=style, markup=False)


def bubble(entry: Entry) -> Iterator[str]:
    """A message as lines: who, text, timeline, ticket, and its buttons with numbers."""
    texts = load_texts("gateway")
    author = texts(f"chat_{entry.author}")
    yield f"{author}：{entry.text}" if entry.text else f"{author}："
    if card := entry.timeline:
        key = "chat_money" if card.net and card.due else "chat_money_plain"
        yield "  " + texts(key, **card.model_dump(exclude={"stages"}))
        for one in card.stages:
            line = texts("chat_stage", mark=_MARKS[one.state], label=one.label, at=one.at)
            yield f"    {line}" + (f" {one.note}" if one.note else "")
    if entry.ticket:
        yield "  " + texts("chat_ticket", number=entry.ticket.number, next=entry.ticket.next)
    if entry.identity == "asked":
        yield "  " + texts("chat_identity_start", start=START)
    for number, button in enumerate(entry.buttons, start=1):
        yield f"  {number}. {button.label}" + (f"（{button.hint}）" if button.hint else "")


def read_events(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Server-sent events as (type, data)."""
    kind, data = "message", list[str]()
    for line in lines:
        field, _, value = line.partition(":")
        if not line and data:
            yield kind, "\n".join(data)
        if not line:
            kind, data = "message", []
        elif field == "event":
            kind = value.strip()
        elif field == "data":
            data.append(value.removeprefix(" "))
