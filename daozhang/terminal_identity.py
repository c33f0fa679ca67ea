"""The form in which a visitor proves who they are, line by line in a terminal.

What is typed here goes to addresses of its own (docs/identity.md) and is no part of the talk.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

from daozhang.texts import load_texts

__all__ = ["START", "TerminalForm"]

START = "/确认"
"""What is typed to begin; the gateway never gets it."""


class TerminalForm:
    """Takes the lines that are meant for it: merchant number, machine, code."""

    def __init__(self, client: httpx.Client, write: Callable[[str], None]) -> None:
        self._client = client
        self._write = write
        self._texts = load_texts("gateway")
        self._wanted: str | None = None
        self._mid = ""
        self.offered = False
        """Whether the assistant has asked who this is."""

    def take(self, line: str) -> bool:
        """Whether the line was meant for the form; then it is dealt with."""
        if self._wanted is None:
            if not (self.offered and line == START):
                return False
            self._ask("mid")
            return True
        match self._wanted:
            case "mid":
                self._mid = line
                self._ask("machine")
            case "machine":
                claim = {"mid": self._mid, "machine": line}
                if self._post("/api/v1/identity", claim) is not None:
                    self._ask("code")
            case _:
                self._enter(line)
        return True

    def _enter(self, code: str) -> None:
        answer = self._post("/api/v1/identity/confirm", {"code": code})
        if answer is None:
            return
        if answer["result"] == "wrong":
            self._write(self._texts("chat_identity_wrong", left=answer["left"]))
            return
        self._wanted = None
        if answer["result"] == "expired":
            self._write(self._texts("chat_identity_expired", start=START))

    def _ask(self, field: str) -> None:
        self._wanted = field
        self._write(self._texts(f"chat_identity_{field}"))

    def _post(self, path: str, body: dict[str, str]) -> dict[str, object] | None:
        """The answer; None when the call was refused, which ends the form."""
        try:
            response = self._client.post(path, json=body)
        except httpx.HTTPError:
            self._wanted = None
            self._write(self._texts("chat_lost"))
            return None
        if response.is_error:
            self._wanted = None
            self._write(str(response.json()["error"]["message"]))
            return None
        answer: dict[str, object] = response.json()
        return answer
