"""Settings, read once from the environment (prefix `DAOZHANG_`) at start."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from daozhang.clock import Clock
from daozhang.errors import ConfigError

__all__ = ["ROOT", "Settings", "load_settings"]

ROOT = Path(__file__).resolve().parent.parent

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What a deployment decides. Every field is an environment variable `DAOZHANG_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="DAOZHANG_", extra="ignore")

    database_url: str = f"sqlite:///{ROOT / 'var' / 'daozhang.sqlite3'}"
    """SQLAlchemy address of the store; SQLite by default, `postgresql+psycopg://` for real."""
    ledger_mapping: Path | None = None
    """File that maps an acquirer's own ledger (docs/own-tables.md); None: the ledger is ours."""
    var_dir: Path = ROOT / "var"
    """Where the store, the logs and the demo secret live."""
    models_dir: Path = ROOT / "models"
    """Where trained bots are kept, one archive for each state of the training data."""
    host: str = "127.0.0.1"
    """The address that the gateway listens on. Nothing else listens beyond loopback."""
    port: Port = 8080
    bot_port: Port = 5005
    actions_port: Port = 5055
    token_secret: SecretStr = SecretStr("")
    """Key with which the portal signs merchant tokens (HS256), at least 32 bytes."""
    demo: bool = False
    """Serve the demo portal and the simulated terminals. Never on where merchants are real."""
    code_push_url: Annotated[str, Field(pattern="^(https?://.+)?$")] = ""
    """The acquirer's service that sends one-time codes to merchants (docs/identity.md); empty: only
    the portal's tokens say who somebody is."""
    clock_offset_seconds: int = 0
    """Moves the clock for demonstrations and tests; 0 in service."""
    turn_timeout_seconds: float = 20.0
    """How long the bot may take for one turn before the merchant is told and it is tried again."""
    bot_patience_seconds: float = 180.0
    """How long a message waits for a bot that restarts before a person takes over."""

    @cached_property
    def clock(self) -> Clock:
        return Clock(timedelta(seconds=self.clock_offset_seconds))

    @property
    def sends_codes(self) -> bool:
        """Whether strangers can prove who they are in the talk: the demo shows its codes itself."""
        return self.demo or bool(self.code_push_url)

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.bot_port}"


def load_settings() -> Settings:
    """Read the environment. Raises ConfigError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "DAOZHANG_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(f"环境变量 {name} 不对：{first['msg']}") from None
