"""Serve the actions on loopback: `python -m actions`."""

from __future__ import annotations

import gc
import logging
import warnings

from actions.shells import doors
from daozhang.cases.assistant import Assistant
from daozhang.ledger.source import open_store
from daozhang.settings import Settings, load_settings
from daozhang.settlement.calendar import WorkCalendar

__all__ = ["serve"]


def serve(settings: Settings) -> None:
    """Run until stopped. Nothing outside this machine can reach it."""
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    _engine, sessions = open_store(settings)
    executor = ActionExecutor()
    assistant = Assistant(
        sessions, WorkCalendar.load(), settings.clock, can_prove=settings.sends_codes
    )
    for door in doors(assistant):
        executor.register_action(door)
    app = create_app(executor, cors_origins="")
    # What is loaded by now stays; looking it through for garbage takes 50 ms of somebody's turn.
    gc.collect()
    gc.freeze()
    app.run(host="127.0.0.1", port=settings.actions_port, single_process=True, motd=False)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    serve(load_settings())
