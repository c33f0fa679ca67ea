"""Every error that the house raises on purpose.

DaoZhangError
├── ConfigError         a setting or a data file is wrong; the operator mends it
├── InputError          something a person or a file gave us cannot be used; tell them what to do
│   ├── ImportRejected  a whole file is refused, and no line of it was taken
│   └── PlaybookError   a playbook file does not hold together; names file, step and remedy
├── NotAuthorised       the token is missing, forged, expired or for somebody else
├── StaleVersion        the row changed since it was read; read again or give up the answer
├── IllegalMove         a conversation cannot go from one hand to the other that way
└── BotUnavailable      the bot's room did not answer; the message is kept and tried again
    └── BrokenTurn      it answered, with nothing that can be shown
"""

from __future__ import annotations

__all__ = [
    "BotUnavailable",
    "BrokenTurn",
    "ConfigError",
    "DaoZhangError",
    "IllegalMove",
    "ImportRejected",
    "InputError",
    "NotAuthorised",
    "PlaybookError",
    "StaleVersion",
]


class DaoZhangError(Exception):
    """Base of all errors here; `str()` is one line that a reader can act on."""


class ConfigError(DaoZhangError):
    """Raised at start when a setting or data file is wrong. Correct it and start again."""


class InputError(DaoZhangError):
    """Raised when input from outside cannot be used. The text says what to do about it."""


class ImportRejected(InputError):
    """Raised when a file is refused as a whole. Nothing of it was stored."""


class PlaybookError(InputError):
    """Raised when a playbook does not validate. Names the file, the step and the remedy."""


class NotAuthorised(DaoZhangError):
    """Raised when the caller has not proven who they are. Say nothing about the record."""


class StaleVersion(DaoZhangError):
    """Raised when a row changed between reading and writing. Drop the answer or read again."""


class IllegalMove(DaoZhangError):
    """Raised when a conversation's control cannot change that way. Read it again first."""


class BotUnavailable(DaoZhangError):
    """Raised when the bot cannot be reached or gives no answer. The message is kept."""


class BrokenTurn(BotUnavailable):
    """Raised when the bot answers with nothing usable. Try once more, then call a person."""
